"""A nightly backup on the schedule, switched off: whoever wants it has looked at where it goes and how large it is."""

import json

from django.db import migrations


def seed(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    when, _ = CrontabSchedule.objects.get_or_create(
        minute="30", hour="1", day_of_week="*", timezone="UTC"
    )
    PeriodicTask.objects.get_or_create(
        name="Back up",
        defaults={
            "task": "crm.operations.tasks.back_up",
            "kwargs": json.dumps({"keep": 7}),
            "crontab": when,
            "enabled": False,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0001_first"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
