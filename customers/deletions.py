"""Triggers that note which records were deleted, so that systems which keep a copy can delete theirs.

The database itself writes the note, so that no way of deleting can forget it, however many rows go at once. It says
which record it was: by our id, and by what a shop calls an order or a product. Of a person it says nothing else;
owner and team are those of the customer, for who may read it.
"""

# What is noted of a row: source, key, and whose it was.
OWNED = ", ".join(
    f"(SELECT {column} FROM customers_customer WHERE id = {{gone}}.customer_id)"
    for column in ("owner_id", "team_id")
)
NOTED = {
    "customer": "'', '', {gone}.owner_id, {gone}.team_id",
    "product": "'', {gone}.sku, NULL, NULL",
    "order": "{gone}.source, {gone}.number, " + OWNED,
    "interaction": "'', '', " + OWNED,
}
INTO = (
    "INSERT INTO customers_deletion (kind, object_id, source, key, owner_id, team_id, deleted_at)"
)

POSTGRESQL = """
CREATE OR REPLACE FUNCTION perennial_deleted_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {into} SELECT '{kind}', gone.id, {noted}, clock_timestamp() FROM gone;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER perennial_deleted AFTER DELETE ON customers_{kind}
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION perennial_deleted_{kind}();
"""
# As Django writes a moment, see customers.stamping.
SQLITE = """
CREATE TRIGGER IF NOT EXISTS perennial_deleted_{kind} AFTER DELETE ON customers_{kind} BEGIN
{into} SELECT '{kind}', OLD.id, {noted}, strftime('%Y-%m-%d %H:%M:%f', 'now') || '001'; END
"""


def make_triggers(connection) -> None:
    """As often as you like: SQLite loses those of a table that a migration makes anew."""
    on_postgresql = connection.vendor == "postgresql"
    made, gone = (POSTGRESQL, "gone") if on_postgresql else (SQLITE, "OLD")
    with connection.cursor() as cursor:
        for kind, noted in NOTED.items():
            cursor.execute(made.format(kind=kind, into=INTO, noted=noted.format(gone=gone)))
