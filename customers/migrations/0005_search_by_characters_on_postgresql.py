"""One or two Chinese characters are found by an index of characters and pairs: trigrams are too long for them."""

from django.db import migrations

# Customers without such characters, most of them in most companies, cost one look at their name.
FUNCTION = r"""
CREATE OR REPLACE FUNCTION perennial_han(name text, company text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN name || company ~ '^[\x01-\x7f]*$' THEN '{}'::text[] ELSE (
        SELECT coalesce(array_agg(DISTINCT part), '{}') FROM (
            SELECT substr(name || ' ' || company, at, size) AS part
            FROM generate_series(1, length(name) + length(company) + 1) AS at, generate_series(1, 2) AS size
        ) AS parts
        WHERE part ~ '^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+$'
    ) END
$$
"""
INDEX = (
    "CREATE INDEX {how} customer_search_han ON customers_customer "
    "USING gin (perennial_han(name::text, company::text))"
)


def add(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION, params=None)
    # One that was broken off is there all the same, and of no use.
    schema_editor.execute("DROP INDEX IF EXISTS customer_search_han")
    # A table in use is not locked while the index grows; inside a transaction (tests) it has to be.
    how = "" if connection.in_atomic_block else "CONCURRENTLY"
    schema_editor.execute(INDEX.format(how=how), params=None)
    # Without figures about the new expression the planner would not use it.
    schema_editor.execute("ANALYZE customers_customer", params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS customer_search_han")
        schema_editor.execute("DROP FUNCTION IF EXISTS perennial_han")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0004_nothing_lies_in_the_future")]
    operations = [migrations.RunPython(add, remove)]
