"""The first schedule. It is made once; from then on it belongs to the admins, who edit it in the admin site."""

import json

from django.db import migrations

HOURS = {  # name: (task, arguments, minute, hour, day of week), UTC
    "Score everyone": ("insights.tasks.score_nightly", [], "30", "2", "*"),
    "Train churn risk": ("insights.tasks.train_on_schedule", ["churn"], "0", "3", "0"),
    "Train segments": ("insights.tasks.train_on_schedule", ["segments"], "20", "3", "0"),
    "Train recommendations": ("insights.tasks.train_on_schedule", ["products"], "40", "3", "0"),
}


def seed(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    for name, (task, arguments, minute, hour, day) in HOURS.items():
        when, _ = CrontabSchedule.objects.get_or_create(
            minute=minute, hour=hour, day_of_week=day, timezone="UTC"
        )
        PeriodicTask.objects.get_or_create(
            name=name, defaults={"task": task, "args": json.dumps(arguments), "crontab": when}
        )
    minute, _ = IntervalSchedule.objects.get_or_create(every=1, period="minutes")
    # A sweep that waited longer than a minute has been overtaken by the next one.
    PeriodicTask.objects.get_or_create(
        name="Sweep",
        defaults={"task": "insights.tasks.sweep", "interval": minute, "expire_seconds": 60},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0003_loop_state"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
