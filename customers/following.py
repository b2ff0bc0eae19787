"""Triggers that keep, beside the totals that lists are sorted by, what lists are narrowed by: owner, team, lifecycle.

An index over both finds a page of one owner's customers by value without looking at everybody else's. The copies
are made by the database itself, so that no way of writing a customer can forget them. They are there for indexes
alone: what a person may see is decided on the customer's own record.
"""

POSTGRESQL = """
CREATE OR REPLACE FUNCTION perennial_totals_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE customers_customertotals
    SET owner_key = COALESCE(NEW.owner_id, 0), team_key = COALESCE(NEW.team_id, 0), lifecycle = NEW.lifecycle
    WHERE customer_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION perennial_totals_begin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT COALESCE(owner_id, 0), COALESCE(team_id, 0), customers_customer.lifecycle
    INTO NEW.owner_key, NEW.team_key, NEW.lifecycle
    FROM customers_customer WHERE id = NEW.customer_id;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER perennial_totals_follow AFTER UPDATE OF owner_id, team_id, lifecycle ON customers_customer
FOR EACH ROW WHEN ((OLD.owner_id, OLD.team_id, OLD.lifecycle)
    IS DISTINCT FROM (NEW.owner_id, NEW.team_id, NEW.lifecycle))
EXECUTE FUNCTION perennial_totals_follow();
CREATE OR REPLACE TRIGGER perennial_totals_begin BEFORE INSERT ON customers_customertotals
FOR EACH ROW EXECUTE FUNCTION perennial_totals_begin();
"""

SET = """
UPDATE customers_customertotals SET (owner_key, team_key, lifecycle) = (
    SELECT COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0), c.lifecycle
    FROM customers_customer c WHERE c.id = customers_customertotals.customer_id)
"""
SQLITE = [
    f"""
CREATE TRIGGER IF NOT EXISTS perennial_totals_follow AFTER UPDATE OF owner_id, team_id, lifecycle
ON customers_customer BEGIN {SET} WHERE customer_id = NEW.id; END
""",
    f"""
CREATE TRIGGER IF NOT EXISTS perennial_totals_begin AFTER INSERT ON customers_customertotals
BEGIN {SET} WHERE customer_id = NEW.customer_id; END
""",
]


def make_triggers(connection) -> None:
    """As often as you like: SQLite loses those of a table that a migration makes anew."""
    with connection.cursor() as cursor:
        for statement in [POSTGRESQL] if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def fill(connection) -> None:
    """Copy for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(SET)


def before_migrating(sender, using: str, **kwargs) -> None:
    """SQLite makes a table anew to change it, which a trigger that names the table would refuse."""
    from django.db import connections

    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'perennial_*'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def after_migrating(sender, using: str, **kwargs) -> None:
    from django.db import connections

    from customers import deletions, stamping, unread

    connection = connections[using]
    tables = connection.introspection.table_names()
    if "customers_customertotals" in tables:
        make_triggers(connection)
    if "customers_messagereading" in tables:
        unread.make_triggers(connection)
    if "customers_deletion" in tables:
        deletions.make_triggers(connection)
    if stamping.has_columns(connection):
        stamping.make_triggers(connection)
