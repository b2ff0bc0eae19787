"""Words in messages are found by trigrams on PostgreSQL; SQLite reads through its smaller tables."""

from django.db import migrations

INDEX = """
CREATE INDEX IF NOT EXISTS interaction_search_text ON customers_interaction
USING gin (upper(text) gin_trgm_ops)
"""


def add(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone():  # said by the migration that could not add it
            return
    schema_editor.execute(INDEX)
    schema_editor.execute("ANALYZE customers_interaction")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS interaction_search_text")


class Migration(migrations.Migration):
    dependencies = [("customers", "0019_readings_of_messages")]

    operations = [migrations.RunPython(add, remove)]
