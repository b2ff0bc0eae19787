"""What the database knows of its tables when it plans a query: plans for the tables as they were before, or as they
never were, take quadratic time."""

import logging

from django.db import OperationalError, connection, transaction
from django.db.models import Model

from customers.models import Customer, Event, Interaction, MessageReading, Order, OrderLine

logger = logging.getLogger(__name__)

FACTS = (Customer, Order, OrderLine, Event, Interaction, MessageReading)
SAMPLE_ROWS = 1_000  # of each index, on SQLite: a look at a million rows takes milliseconds


def look_again(*models: type[Model], tidy: bool = False) -> None:
    """Tell the database how these tables look now, FACTS if none are named. tidy: and let PostgreSQL clear away what
    was there before."""
    tables = [model._meta.db_table for model in models or FACTS]
    if connection.vendor == "sqlite":
        # What SQLite has counted within a transaction, the connection goes on believing after a roll-back.
        transaction.on_commit(lambda: _look_on_sqlite(tables))
        return
    vacuum = tidy and not connection.in_atomic_block
    what = "VACUUM (ANALYZE, SKIP_LOCKED)" if vacuum else "ANALYZE (SKIP_LOCKED)"
    with connection.cursor() as cursor:
        cursor.execute(f"{what} {', '.join(tables)}")


def look_at_what_grows() -> None:
    """PostgreSQL looks by itself, SQLite never does."""
    if connection.vendor == "sqlite":
        look_again()


def _look_on_sqlite(tables: list[str]) -> None:
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {SAMPLE_ROWS}")
        try:
            for table in tables:
                cursor.execute(f"ANALYZE {table}")
        except OperationalError:
            logger.warning("Others are writing: the database keeps its older statistics")
