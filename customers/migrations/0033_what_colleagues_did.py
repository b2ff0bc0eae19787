"""What colleagues did lately is found by an index; the table in use is not locked while it grows."""

from django.db import migrations, models

from customers.migrations._online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0032_lists_as_files")]
    operations = [
        AddIndexOnline(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("author__isnull", False)),
                fields=["-occurred_at", "author"],
                name="interaction_by_colleagues",
            ),
        )
    ]
