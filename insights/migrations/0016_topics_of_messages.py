"""Topics of messages, and a place in the nightly schedule that from then on belongs to the admins."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


def seed(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    when, _ = CrontabSchedule.objects.get_or_create(
        minute="0", hour="5", day_of_week="*", timezone="UTC"
    )
    PeriodicTask.objects.get_or_create(
        name="Find topics",
        defaults={"task": "insights.tasks.find_topics_nightly", "crontab": when},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("customers", "0020_search_in_messages_on_postgresql"),
        ("insights", "0015_voice_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="TopicSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("requested", models.PositiveIntegerField(default=0)),
                ("served", models.PositiveIntegerField(default=0)),
                ("afresh", models.BooleanField(default=False)),
                ("lease", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("learnt_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("round", models.PositiveIntegerField(default=0)),
                ("messages", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("model", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("phrases", models.JSONField(default=dict)),
                ("codes", models.JSONField(default=list)),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="found"),
                ),
                ("emerged", models.BooleanField(default=False)),
                ("rise", models.JSONField(null=True)),
                ("rising_since", models.DateTimeField(null=True, verbose_name="rising since")),
                ("dispersion", models.FloatField(default=1.0)),
                ("effect", models.JSONField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("name", ""), _negated=True),
                        name="one_topic_of_each_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicMoney",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owned", models.BooleanField(default=False)),
                ("customers", models.PositiveIntegerField()),
                ("value_at_risk", models.FloatField()),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.team",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="money",
                        to="insights.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MessageTopic",
            fields=[
                (
                    "reading",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="about",
                        serialize=False,
                        to="customers.messagereading",
                    ),
                ),
                ("occurred_at", models.DateTimeField(null=True)),
                ("typical", models.FloatField(default=0)),
                ("changes", models.PositiveIntegerField()),
                ("round", models.PositiveIntegerField()),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="insights.topic",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("topic__isnull", False)),
                        fields=["topic", "-occurred_at", "-reading"],
                        name="message_topic_by_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("owned", models.BooleanField(default=False)),
                ("messages", models.PositiveIntegerField()),
                ("negative", models.PositiveIntegerField()),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.team",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="insights.topic",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["topic", "day", "team"], name="topic_day")],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
