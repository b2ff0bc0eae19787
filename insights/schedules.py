"""When each model is trained next, read from the schedule that admins edit."""

import datetime
import json

from celery.exceptions import ImproperlyConfigured
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from insights.models import Kind

TASK = "insights.tasks.train_on_schedule"


def next_trainings(now: datetime.datetime | None = None) -> dict[str, datetime.datetime]:
    """The next due time of each kind that is on the schedule; one query."""
    now = now or timezone.now()
    due: dict[str, datetime.datetime] = {}
    scheduled = PeriodicTask.objects.filter(task=TASK, enabled=True)
    for task in scheduled.select_related("interval", "crontab", "solar", "clocked"):
        moment = due_at(task, now)
        for kind in kinds_of(task):
            if moment and (kind not in due or moment < due[kind]):
                due[kind] = moment
    return due


def due_at(task: PeriodicTask, now: datetime.datetime) -> datetime.datetime | None:
    try:
        left = task.schedule.remaining_estimate(task.last_run_at or now)
    except (ImproperlyConfigured, ValueError):
        return None
    moment = now + max(left, datetime.timedelta(0))
    # The estimate is short of the full minute by the time it took to make.
    return (moment + datetime.timedelta(seconds=30)).replace(second=0, microsecond=0)


def kinds_of(task: PeriodicTask) -> list[str]:
    """The kinds named in the task's arguments; none named means all of them."""
    try:
        named = [*json.loads(task.args or "[]"), *json.loads(task.kwargs or "{}").values()]
    except ValueError:
        return []
    kinds = [kind for kind in Kind.values if kind in named]
    return kinds or (Kind.values if not named else [])
