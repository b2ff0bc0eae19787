"""Orders by amount, conversations by time, concern and whether they wait; views
of these lists. Tables in use are not locked while their indexes grow."""

from django.db import migrations, models

from customers.migrations._online import AddIndexOnline

# What PostgreSQL needs to find parts of words; SQLite has no like of it.
ON_POSTGRESQL = {
    "interaction_search_subject": "customers_interaction USING gin (upper(subject) gin_trgm_ops)",
}


def add(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        has_trigrams = cursor.fetchone() is not None
    # Inside a transaction (tests) the table has to be locked.
    how = "" if connection.in_atomic_block else "CONCURRENTLY"
    for name, on in ON_POSTGRESQL.items():
        # One that was broken off is there all the same, and of no use.
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
        if has_trigrams or "trgm" not in on:
            schema_editor.execute(f"CREATE INDEX {how} {name} ON {on}")
    schema_editor.execute("ANALYZE customers_interaction")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in ON_POSTGRESQL:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0037_erasures")]
    operations = [
        migrations.AddField(
            "savedview",
            "page",
            models.CharField(
                choices=[
                    ("customers", "Customers"),
                    ("orders", "Orders"),
                    ("interactions", "Conversations"),
                ],
                default="customers",
                editable=False,
                max_length=12,
                verbose_name="list",
            ),
        ),
        AddIndexOnline("order", models.Index(fields=["-base_amount", "-id"], name="order_largest")),
        AddIndexOnline(
            "interaction",
            models.Index(fields=["-occurred_at", "-id"], name="interaction_newest"),
        ),
        AddIndexOnline(
            "messagereading",
            models.Index(
                fields=["intent", "-occurred_at", "-interaction"],
                condition=~models.Q(intent=""),
                name="reading_intent",
            ),
        ),
        AddIndexOnline(
            "messagereading",
            models.Index(
                fields=["-occurred_at", "-interaction"],
                condition=models.Q(inbound=True, answered_at=None),
                name="reading_unanswered",
            ),
        ),
        migrations.RunPython(add, remove),
    ]
