"""Customer value is a kind of model, with a place in the weekly schedule that from then on belongs to the admins."""

import json

from django.db import migrations, models

KINDS = [
    ("churn", "Churn risk"),
    ("segments", "Segments"),
    ("products", "Recommendations"),
    ("value", "Customer value"),
]
NAMED = {"choices": KINDS, "max_length": 12, "verbose_name": "model"}


def seed(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    when, _ = CrontabSchedule.objects.get_or_create(
        minute="0", hour="4", day_of_week="0", timezone="UTC"
    )
    PeriodicTask.objects.get_or_create(
        name="Train customer value",
        defaults={
            "task": "insights.tasks.train_on_schedule",
            "args": json.dumps(["value"]),
            "crontab": when,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0011_who_watches_a_training"),
        ("customers", "0015_outlook"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.AlterField("modelversion", "kind", models.CharField(**NAMED)),
        migrations.AlterField("trainingrun", "kind", models.CharField(**NAMED)),
        migrations.AlterField("publishrequest", "kind", models.CharField(**NAMED)),
        migrations.AlterField(
            "predictionledger", "kind", models.CharField(choices=KINDS, max_length=12)
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
