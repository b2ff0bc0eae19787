"""Act on many customers at once: hand them over, edit a field, tag them, make a task for each.

Set-based, recorded, taken back whole.

Each verb takes customers whom its actor may change, and returns the change set that customers.undoing takes back.
"""

import datetime
from collections.abc import Collection

from django.db import transaction

from customers.altering import store_many
from customers.changing import open_change_set, record_changes
from customers.inserting import CHUNK, chunked, insert_objects
from customers.models import ChangeSet, Customer, Tag, Task, Team, User
from customers.noticing import tell_followers, tell_handover
from customers.notifying import Kind
from customers.signals import announce
from customers.tasking import tell_assigned

MOST = 5000  # customers at once
OF_ATTRIBUTE = "attribute-"
PAGE = ChangeSet.Source.PAGE
Link = Customer.tags.through


@transaction.atomic
def assign(ids: Collection[int], owner: User | None, team: Team | None, actor) -> ChangeSet | None:
    """Give customers an owner, a team, or both (None: as they have it); None where nothing differs."""
    wanted = {f"{name}_id": one.pk for name, one in (("owner", owner), ("team", team)) if one}
    change_set = open_change_set(PAGE, actor)
    changed: list[int] = []
    given: list[int] = []
    for chunk in chunked(sorted(ids)):
        rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk")
        before = {}
        for row in rows.values("pk", *wanted):
            if was := {name: row[name] for name, new in wanted.items() if row[name] != new}:
                before[row["pk"]] = was
        record_changes(change_set, Customer, before)
        Customer.objects.filter(pk__in=before).update(**wanted)
        changed += before
        given += [pk for pk, was in before.items() if "owner_id" in was]
    if owner and given:
        one = Customer.objects.get(pk=given[0]) if len(given) == 1 else None
        tell_handover(owner, Kind.GIVEN, one, len(given), actor, change_set)
        tell_followers(given, owner, actor, change_set)
    return _done(change_set, changed)


@transaction.atomic
def tag(ids: Collection[int], tag_: Tag, actor, remove: bool = False) -> ChangeSet | None:
    """Put a tag on customers, or take it off; None where all have it, or none has."""
    change_set = open_change_set(PAGE, actor)
    changed = []
    for chunk in chunked(sorted(ids)):
        # Before the links, as everybody else does who changes a customer: two never wait for each other.
        list(
            Customer.objects.select_for_update(no_key=True)
            .filter(pk__in=chunk)
            .order_by("pk")
            .values_list("pk")
        )
        had: dict[int, list[int]] = {pk: [] for pk in chunk}
        links = Link.objects.filter(customer__in=chunk).order_by("tag_id")
        for pk, tag_id in links.values_list("customer_id", "tag_id"):
            had[pk].append(tag_id)
        before = {pk: {"tags": tags} for pk, tags in had.items() if (tag_.pk in tags) == remove}
        record_changes(change_set, Customer, before)
        if remove:
            Link.objects.filter(customer__in=before, tag=tag_).delete()
        else:
            fresh = [Link(customer_id=pk, tag_id=tag_.pk) for pk in before]
            Link.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK)
        changed += before
    return _done(change_set, changed)


@transaction.atomic
def set_field(ids: Collection[int], name: str, value, actor) -> ChangeSet | None:
    """Give customers a value of a column, or of a custom attribute (``attribute-…``, None: none of it); None where
    all have it."""
    change_set = open_change_set(PAGE, actor)
    changed: list[int] = []
    for chunk in chunked(sorted(ids)):
        rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk")
        customers = list(rows)
        values = {one.pk: _with(one, name, value) for one in customers}
        changed += store_many(customers, values, change_set)
    return _done(change_set, changed)


def _with(customer: Customer, name: str, value) -> dict:
    attribute = name.removeprefix(OF_ATTRIBUTE)
    if attribute == name:
        return {name: value}
    rest = {key: one for key, one in customer.attributes.items() if key != attribute}
    return {"attributes": rest if value is None else customer.attributes | {attribute: value}}


def _done(change_set: ChangeSet, changed: list[int]) -> ChangeSet | None:
    if not changed:
        change_set.delete()
        return None
    change_set.counts = {"customers": len(changed)}
    change_set.save(update_fields=["counts"])
    announce(changed)
    return change_set


@transaction.atomic
def add_tasks(
    ids: Collection[int], title: str, due_on: datetime.date | None, assignee: User | None, actor
) -> ChangeSet:
    """A task for each customer, for one person or (None) for the owner of each; without an owner, for the actor."""
    change_set = open_change_set(PAGE, actor)
    owners = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "owner_id"))
    people = User.objects.in_bulk(set(owners.values()) - {None})
    tasks = [
        Task(
            customer_id=pk, title=title, due_on=due_on, created_by=actor, recorded_in=change_set,
            assignee=assignee or people.get(owner, actor),
        )
        for pk, owner in sorted(owners.items())
    ]  # fmt: skip
    insert_objects(tasks)
    tell_assigned(tasks, actor, change_set)
    change_set.counts = {"tasks": len(tasks)}
    change_set.save(update_fields=["counts"])
    return change_set
