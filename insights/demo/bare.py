"""Fill big tables of an empty company as PostgreSQL likes it best: rows first, indexes and foreign keys after.

A row that goes into a table with eight indexes and four foreign keys costs ten times the row itself. Everything
happens in the transaction that is open: whatever ends it early puts the indexes back together with the rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby

from django.db import connection, models

from customers.models import (
    Customer,
    CustomerMonth,
    CustomerTotals,
    CustomerValue,
    Event,
    ExternalId,
    Interaction,
    MessageReading,
    Order,
    OrderLine,
    Task,
)

BIG: tuple[type[models.Model], ...] = (
    Customer, Customer.tags.through, ExternalId, CustomerValue, Order, OrderLine, Event, Interaction, MessageReading, Task,
    CustomerTotals, CustomerMonth,
)  # fmt: skip
# Below this many customers the rebuilding costs more than it saves.
WORTH_IT = 20_000
MEMORY = "512MB"

# Primary keys stay: their rows come in order, and the foreign keys point to them.
CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC, 1, 2
"""
INDEXES = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index i WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'x', 'p'))
ORDER BY 1, 2
"""


def fits(customers: int) -> bool:
    """Whether it pays, and disturbs nobody: the tables are locked until the transaction ends."""
    return (
        connection.vendor == "postgresql"
        and customers >= WORTH_IT
        and not Customer.objects.exists()
    )


@contextmanager
def bare_tables(say: Callable[[str], None]) -> Iterator[None]:
    """Inside, the big tables have neither secondary indexes nor foreign keys; afterwards they have them again."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in BIG]
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [names])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for _table, name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        for table, definitions in groupby(indexes, key=lambda row: row[0]):
            say(f"  Indexes of {table}")
            for _table, _name, definition in definitions:
                cursor.execute(definition)
        # Unique ones first: foreign keys may lean on them.
        for table, definitions in groupby(constraints, key=lambda row: row[0]):
            say(f"  Constraints of {table}")
            for _table, name, definition in definitions:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
