"""Which records were deleted, for systems that keep a copy; written by triggers (see customers.deletions)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def without_triggers(apps, schema_editor):
    """They speak of the table that goes."""
    if schema_editor.connection.vendor == "postgresql":
        for kind in ("customer", "product", "order", "interaction"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS perennial_deleted ON customers_{kind}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0034_what_was_sold_of_products")]

    operations = [
        migrations.CreateModel(
            name="Deletion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Customer"),
                            ("product", "Product"),
                            ("order", "Order"),
                            ("interaction", "Interaction"),
                        ],
                        max_length=11,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("source", models.CharField(max_length=50)),
                ("key", models.CharField(max_length=100)),
                ("deleted_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "deletion",
                "verbose_name_plural": "deletions",
                "indexes": [models.Index(fields=["deleted_at", "id"], name="deletion_when")],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, without_triggers),
    ]
