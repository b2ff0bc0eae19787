"""A part of a name is found by trigrams on PostgreSQL; SQLite reads through its smaller tables."""

import logging

from django.db import DatabaseError, migrations, transaction

COLUMNS = {
    "name": "upper(name::text)",
    "company": "upper(company::text)",
    "email": "upper(email::text)",
    "phone": "(phone::text)",
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic():
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        # Search still works, it only reads more; an administrator of the database can add both later.
        logging.getLogger(__name__).warning(
            "The extension pg_trgm is missing and could not be added: searching many customers will be slow."
        )
        return
    for column, expression in COLUMNS.items():
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS customer_search_{column} ON customers_customer "
            f"USING gin ({expression} gin_trgm_ops)"
        )
    # Without figures about the new expressions the planner would not use them.
    schema_editor.execute("ANALYZE customers_customer")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            schema_editor.execute(f"DROP INDEX IF EXISTS customer_search_{column}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
