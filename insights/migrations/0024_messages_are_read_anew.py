"""Threats, concerns and keywords are read better, and a trained model judges only what it knows: what earlier rules
have read is read anew."""

from importlib import import_module

from django.db import migrations

RULES = "rules-5"
ask = import_module("insights.migrations.0019_messages_are_read_anew").ask


class Migration(migrations.Migration):
    dependencies = [("insights", "0023_no_daily_sums_of_moves")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
