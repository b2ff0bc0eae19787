"""What reads messages is learnt like the other models, with a place in the schedule that belongs to the admins."""

import json

from django.db import migrations, models

KINDS = [
    ("churn", "Churn risk"),
    ("segments", "Segments"),
    ("products", "Recommendations"),
    ("value", "Customer value"),
    ("sentiment", "Feelings"),
    ("intent", "Concerns"),
]
NAMED = {"choices": KINDS, "max_length": 12, "verbose_name": "model"}
# Every night, after backup and scoring, where enough has been rated or set right since.
SCHEDULE = {"Train feelings": ("sentiment", "0"), "Train concerns": ("intent", "20")}


def seed(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    for name, (kind, minute) in SCHEDULE.items():
        when, _ = CrontabSchedule.objects.get_or_create(
            minute=minute, hour="5", day_of_week="*", timezone="UTC"
        )
        PeriodicTask.objects.get_or_create(
            name=name,
            defaults={
                "task": "insights.tasks.train_on_schedule",
                "args": json.dumps([kind]),
                "crontab": when,
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0016_topics_of_messages"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.AlterField("modelversion", "kind", models.CharField(**NAMED)),
        migrations.AlterField("trainingrun", "kind", models.CharField(**NAMED)),
        migrations.AlterField("publishrequest", "kind", models.CharField(**NAMED)),
        migrations.AlterField(
            "predictionledger", "kind", models.CharField(choices=KINDS, max_length=12)
        ),
        migrations.CreateModel(
            name="Rereading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("requested", models.PositiveIntegerField(default=0)),
                ("served", models.PositiveIntegerField(default=0)),
                ("requested_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(null=True)),
                ("handed_over", models.PositiveIntegerField(default=0)),
                ("below", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
