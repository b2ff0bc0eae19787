"""Remind of tasks when their moment has come: once, however many schedulers and workers there are."""

import datetime

from django.db import transaction
from django.utils import timezone

from customers.clocks import clock_of
from customers.models import Task, User
from customers.notifying import Kind, Notice, notify_many

AT_ONCE = 500
# Who was away for longer is not told of all that was due meanwhile; it stands among what is overdue.
LATE = datetime.timedelta(days=2)


def remind(now: datetime.datetime | None = None) -> int:
    """Tell everybody of the tasks whose reminder is due; returns of how many."""
    now, told = now or timezone.now(), 0
    while count := remind_some(now):
        told += count
        if count < AT_ONCE:
            break
    return told


@transaction.atomic
def remind_some(now: datetime.datetime) -> int:
    """Rows that somebody else is at are left to them; those marked are never due again."""
    due = Task.objects.open().filter(remind_at__lte=now, reminded_at=None)
    locked = due.select_for_update(skip_locked=True, of=("self",)).order_by("remind_at")
    tasks = list(locked.select_related("assignee")[:AT_ONCE])
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(reminded_at=now)
    fresh = [task for task in tasks if task.assignee and task.remind_at > now - LATE]
    notify_many(
        Notice(task.assignee, Kind.REMINDER, task, key=f"{task.pk}:{task.remind_at.isoformat()}")
        for task in fresh
    )
    return len(tasks)


def move_reminders(user: User) -> None:
    """The clock of this person is another one: their reminders come by it."""
    tasks = list(Task.objects.open().filter(assignee=user, remind__isnull=False))
    for task in tasks:
        task.set_reminder(clock_of(user))
    Task.objects.bulk_update(tasks, ["remind_at", "reminded_at"], batch_size=AT_ONCE)
