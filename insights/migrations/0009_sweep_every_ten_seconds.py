"""What was lost or killed goes on within a minute: the sweep that was seeded comes every ten seconds, unless an
admin has changed it."""

from django.db import migrations

SWEEP = {"name": "Sweep", "task": "insights.tasks.sweep"}


def change(apps, before, after, expire_seconds):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    every, period = after
    interval, _ = IntervalSchedule.objects.get_or_create(every=every, period=period)
    seeded = PeriodicTask.objects.filter(
        interval__every=before[0], interval__period=before[1], **SWEEP
    )
    # One that waited longer has been overtaken by the next.
    seeded.update(interval=interval, expire_seconds=expire_seconds)


MINUTE, TEN_SECONDS = (1, "minutes"), (10, "seconds")


def faster(apps, schema_editor):
    change(apps, MINUTE, TEN_SECONDS, 10)


def slower(apps, schema_editor):
    change(apps, TEN_SECONDS, MINUTE, 60)


class Migration(migrations.Migration):
    dependencies = [("insights", "0008_stale_customers_set_aside")]

    operations = [migrations.RunPython(faster, slower)]
