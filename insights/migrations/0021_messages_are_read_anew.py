"""Quoted mail, other languages and irony are read better, and products are found by their other names and numbers: what
earlier rules have read is read anew."""

from importlib import import_module

from django.db import migrations

RULES = "rules-4"
ask = import_module("insights.migrations.0019_messages_are_read_anew").ask


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0041_products_that_messages_name"),
        ("insights", "0020_messages_are_read_anew"),
    ]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
