from django.db import migrations

from customers.totalling import refresh_usual_gaps


def fill(apps, schema_editor):
    refresh_usual_gaps(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_risk_as_published"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
