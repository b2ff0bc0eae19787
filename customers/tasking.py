"""What is done with tasks, one or many: complete, open again, put off, hand over, edit. Recorded, and taken back whole.

Each verb takes the keys of tasks that its actor may see and returns the change set that customers.undoing takes back,
or None where nothing had to be changed.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.assigning import CannotAssign, colleagues_of
from customers.changing import (
    open_change_set,
    plain,
    previous_values,
    record_changes,
    save_changed,
)
from customers.clocks import clock_of
from customers.inserting import insert_objects
from customers.models import Change, ChangeSet, Task, User
from customers.notifying import Kind, Notice, notify_many

PAGE = ChangeSet.Source.PAGE
MOST = 500  # at once
REMINDER = ["remind_at", "reminded_at"]
OUT_OF_SIGHT = _("Only somebody who may see the customer can take on the task.")


def _locked(ids: Collection[int]):
    return Task.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")


def _changed(tasks: Sequence[Task], names: Sequence[str], change_set: ChangeSet) -> None:
    """Store the named columns of these rows, and what they were."""
    before = {
        row["id"]: row
        for row in Task.objects.filter(pk__in=[one.pk for one in tasks]).values("id", *names)
    }
    values = {pk: {name: plain(row[name]) for name in names} for pk, row in before.items()}
    record_changes(change_set, Task, values)
    fields = [Task._meta.get_field(name).name for name in names]
    Task.objects.bulk_update(tasks, fields, batch_size=MOST)
    change_set.counts = {"tasks": len(tasks)}
    change_set.save(update_fields=["counts"])


@transaction.atomic
def complete(
    ids: Collection[int], actor, outcome: str = "", note: str = "", source: str = PAGE
) -> ChangeSet | None:
    """Done, with what came of it; of those that repeat, the next one is there at once."""
    tasks = list(_locked(ids).open().select_related("assignee"))
    if not tasks:
        return None
    change_set, names = open_change_set(source, actor), ["done_at", "done_by_id"]
    if outcome or note:
        names += ["outcome", "outcome_note"]
    for task in tasks:
        task.done_at, task.done_by = timezone.now(), actor
        task.outcome, task.outcome_note = outcome, note
    _changed(tasks, names, change_set)
    insert_objects([following(task, change_set) for task in tasks if task.repeat])
    return change_set


def following(task: Task, change_set: ChangeSet) -> Task:
    """The next task of a series."""
    new = Task(
        customer_id=task.customer_id, title=task.title, note=task.note, due_on=task.next_day(),
        due_time=task.due_time, assignee=task.assignee, created_by_id=task.created_by_id,
        remind=task.remind, repeat=task.repeat, repeat_every=task.repeat_every,
        repeat_from=task.repeat_from or task.due_on, follows=task, recorded_in=change_set,
    )  # fmt: skip
    new.set_reminder(clock_of(task.assignee))
    return new


@transaction.atomic
def reopen(ids: Collection[int], actor, source: str = PAGE) -> ChangeSet | None:
    """Open again; the next one of a series, if nobody has touched it, goes."""
    tasks = list(_locked(ids).done())
    if not tasks:
        return None
    change_set = open_change_set(source, actor)
    for task in tasks:
        task.done_at = task.done_by = None
        task.outcome = task.outcome_note = ""
    _changed(tasks, ["done_at", "done_by_id", "outcome", "outcome_note"], change_set)
    following_ = Task.objects.open().filter(follows__in=tasks)
    ids = list(following_.values_list("pk", flat=True))
    touched = Change.objects.filter(model="task", object_id__in=ids)
    following_.exclude(pk__in=touched.values("object_id")).delete()
    return change_set


@transaction.atomic
def note_outcome(task: Task, outcome: str, note: str, actor) -> ChangeSet | None:
    """What came of a task that is done."""
    task.outcome, task.outcome_note = outcome, note
    return edit(task, ["outcome", "outcome_note"], actor)


@transaction.atomic
def snooze(ids: Collection[int], until: datetime.date, actor) -> ChangeSet | None:
    """Put off to a day, never brought forward: what is due then or later stays. A reminder goes along."""
    rows = _locked(ids).open().select_related("assignee")
    tasks = list(rows.filter(Q(due_on=None) | Q(due_on__lt=until)))
    if not tasks:
        return None
    for task in tasks:
        task.due_on = until
        task.set_reminder(clock_of(task.assignee))
    change_set = open_change_set(PAGE, actor)
    _changed(tasks, ["due_on", *REMINDER], change_set)
    return change_set


@transaction.atomic
def hand_over(ids: Collection[int], assignee: User, actor) -> ChangeSet | None:
    """Give tasks to a colleague, who is told; raises CannotAssign where one of them would be out of their sight."""
    rows = _locked(ids).exclude(assignee=assignee).select_related("customer")
    tasks = list(rows)
    if not tasks:
        return None
    refuse_unseen(tasks, assignee)
    for task in tasks:
        task.assignee = assignee
        task.set_reminder(clock_of(assignee))
    change_set = open_change_set(PAGE, actor)
    _changed(tasks, ["assignee_id", *REMINDER], change_set)
    tell_assigned(tasks, actor, change_set)
    return change_set


def refuse_unseen(tasks: Iterable[Task], assignee: User) -> None:
    of_customers = [task for task in tasks if task.customer_id]
    seen_by = colleagues_of(of_customers) if of_customers else {}
    if any(assignee not in people for people in seen_by.values()):
        raise CannotAssign(OUT_OF_SIGHT)


def tell_assigned(tasks: Iterable[Task], actor, change_set: ChangeSet) -> None:
    """Tell each who has got tasks from somebody else: of one by its title, of many by their number."""
    own: dict[User, list[Task]] = {}
    for task in tasks:
        if task.assignee:
            own.setdefault(task.assignee, []).append(task)
    notify_many(
        Notice(
            person, Kind.ASSIGNED, theirs[0] if len(theirs) == 1 else None, actor,
            key=f"{change_set.pk}", facts={"count": len(theirs)},
        )
        for person, theirs in own.items()
    )  # fmt: skip


@transaction.atomic
def edit(task: Task, fields: Iterable[str], actor, source: str = PAGE) -> ChangeSet | None:
    """Store those of the fields that differ, and what follows from them: the reminder, and that somebody is told."""
    change_set = open_change_set(source, actor)
    was = previous_values(task, ["due_on", "repeat"])
    if was != {"due_on": plain(task.due_on), "repeat": task.repeat}:
        task.repeat_from = task.due_on if task.repeat else None
    task.set_reminder(clock_of(task.assignee))
    changed = save_changed(task, change_set, [*fields, "repeat_from", *REMINDER])
    if not changed:
        change_set.delete()
        return None
    if "assignee" in changed:
        tell_assigned([task], actor, change_set)
    return change_set
