"""Triggers that say when a record was last changed, so that another system can ask for what is new since it last read.

Customers, products, orders and messages carry ``updated_at``. The database itself moves it with whatever changes the
row, and with what a record shows besides: a customer's tags and external ids, who looks after a message. So no way of
writing can forget it, however many rows it writes at once. Who sets the moment outright is taken at their word.
"""

import datetime

from django.db import connection
from django.utils import timezone

STAMPED = ("customer", "product", "order", "interaction")
# Table -> (whose part it is, the column that says so).
PARTS = {
    "customers_customer_tags": ("customer", "customer_id"),
    "customers_externalid": ("customer", "customer_id"),
    "customers_messageassignment": ("interaction", "interaction_id"),
}

POSTGRESQL = """
CREATE OR REPLACE FUNCTION perennial_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$;
"""
POSTGRESQL_STAMPED = """
CREATE OR REPLACE TRIGGER perennial_stamp BEFORE UPDATE ON customers_{name}
FOR EACH ROW WHEN (NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at) EXECUTE FUNCTION perennial_stamp();
"""
# Once a transaction is enough, and in the order of the ids, so that two never wait for each other.
POSTGRESQL_PARTS = """
CREATE OR REPLACE FUNCTION perennial_stamp_by_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM customers_{whole} WHERE id IN (SELECT {column} FROM parts) AND updated_at < now()
    ORDER BY id FOR NO KEY UPDATE;
    UPDATE customers_{whole} SET updated_at = clock_timestamp()
    WHERE id IN (SELECT {column} FROM parts) AND updated_at < now();
    RETURN NULL;
END $$;
"""
POSTGRESQL_PART = """
CREATE OR REPLACE TRIGGER perennial_stamp_{event} AFTER {event} ON {table}
REFERENCING {rows} TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION perennial_stamp_by_{table}();
"""
# As Django writes a moment, in microseconds; never a whole second, which it would write without them.
NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now') || '001'"
SQLITE_STAMPED = f"""
CREATE TRIGGER IF NOT EXISTS perennial_stamp_{{name}} AFTER UPDATE ON customers_{{name}}
WHEN NEW.updated_at IS OLD.updated_at BEGIN
UPDATE customers_{{name}} SET updated_at = {NOW} WHERE id = NEW.id; END
"""
SQLITE_PART = f"""
CREATE TRIGGER IF NOT EXISTS perennial_stamp_{{event}}_{{table}} AFTER {{event}} ON {{table}} BEGIN
UPDATE customers_{{whole}} SET updated_at = {NOW} WHERE id = {{row}}.{{column}}; END
"""
EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def make_triggers(connection) -> None:
    """As often as you like: SQLite loses those of a table that a migration makes anew."""
    made = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in made:
            cursor.execute(statement)


def has_columns(connection) -> bool:
    """Not so where somebody has migrated back to a time before them."""
    with connection.cursor() as cursor:
        if "customers_messageassignment" not in connection.introspection.table_names(cursor):
            return False
        columns = connection.introspection.get_table_description(cursor, "customers_order")
    return "updated_at" in {column.name for column in columns}


def _postgresql() -> list[str]:
    made = [POSTGRESQL, *(POSTGRESQL_STAMPED.format(name=name) for name in STAMPED)]
    for table, (whole, column) in PARTS.items():
        made.append(POSTGRESQL_PARTS.format(table=table, whole=whole, column=column))
        made += [
            POSTGRESQL_PART.format(table=table, event=event, rows=rows)
            for event, rows in EVENTS.items()
        ]
    return made


def _sqlite() -> list[str]:
    return [SQLITE_STAMPED.format(name=name) for name in STAMPED] + [
        SQLITE_PART.format(table=table, event=event, whole=whole, row=row, column=column)
        for table, (whole, column) in PARTS.items()
        for event, row in EVENTS.items()
    ]


# Clocks of two machines differ by no more than this.
APART = datetime.timedelta(minutes=1)
# How long one who writes may hold SQLite's only pen; an import of millions of rows is one transaction.
LONGEST_WRITE = datetime.timedelta(hours=1)
OLDEST = """
SELECT MIN(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def all_seen_before() -> datetime.datetime:
    """What was changed before this moment can be read from now on.

    A row carries the moment it was written, and is seen by others when its transaction ends, which may be an import
    of many minutes: of those under way, the one that began first says how far back there may be more to come.
    """
    now = timezone.now()
    if connection.vendor != "postgresql":
        return now - LONGEST_WRITE
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        (began,) = cursor.fetchone()
    return min(now, began or now) - APART
