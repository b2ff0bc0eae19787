"""Take a change made on a page back: what it created goes, what it changed becomes what it was."""

import datetime

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from customers.altering import store_many
from customers.changing import open_change_set, plain, record_changes
from customers.defining import DEFINED, Link, put_into_teams, relations_of
from customers.editing import store_customer
from customers.inserting import CHUNK, chunked
from customers.models import (
    ApiToken,
    Change,
    ChangeSet,
    Company,
    Concern,
    Customer,
    Interaction,
    MessageAssignment,
    MessageCorrection,
    SavedView,
    Tag,
    Task,
    Team,
    User,
)
from customers.noticing import take_back
from customers.signals import announce

# Only what people do one by one on a page; imports have their own way back.
TAKEN_BACK = {model._meta.model_name: model for model in (Interaction, Task, Concern)}
EDITED = (ApiToken, Company, Customer, MessageAssignment, MessageCorrection, SavedView, User)
RESTORED = TAKEN_BACK | DEFINED | {model._meta.model_name: model for model in EDITED}
# What was deleted altogether, and comes back under its old key.
BROUGHT_BACK = DEFINED | {SavedView._meta.model_name: SavedView}
# What other apps have people edit on a page; they put it here when they are loaded.
EDITED_ELSEWHERE: dict[str, type[models.Model]] = {}
# Who is an admin no more does not take back what they did as one.
OF_ADMINS = {*DEFINED, *(model._meta.model_name for model in (Company, User))}
# What is changed of many customers at once.
OF_MANY = {"owner_id", "team_id", "tags"}
FOR = datetime.timedelta(hours=24)


class CannotUndo(Exception):
    """The sentence says why."""


@transaction.atomic
def undo(change_set: ChangeSet, actor) -> list[models.Model]:
    """Undo one change set; returns the records concerned. Raises CannotUndo."""
    if change_set.source != ChangeSet.Source.PAGE or change_set.at < timezone.now() - FOR:
        raise CannotUndo(_("This can no longer be undone."))
    way_back = open_change_set(ChangeSet.Source.PAGE, actor, note=f"undo {change_set.pk}")
    take_back(change_set, actor)
    concerned = _take_back_created(change_set, way_back) + _restore(change_set, way_back)
    if not concerned:
        raise CannotUndo(_("This has already been undone."))
    told = (Interaction, MessageAssignment, MessageCorrection)
    announce({row.customer_id for row in concerned if isinstance(row, told)})
    return concerned


def _take_back_created(change_set: ChangeSet, way_back: ChangeSet) -> list[models.Model]:
    concerned = []
    for name, model in TAKEN_BACK.items():
        for rows in chunked(model.objects.filter(recorded_in=change_set)):
            ids = [row.pk for row in rows]
            if Change.objects.filter(model=name, object_id__in=ids).exists():
                raise CannotUndo(_("It was changed again since then."))
            if any(isinstance(row, Concern) and row.is_used() for row in rows):
                raise CannotUndo(_("Messages express it by now. Switch it off instead."))
            fields = [f.attname for f in model._meta.concrete_fields]
            whole = {row.pk: {f: plain(getattr(row, f)) for f in fields} for row in rows}
            record_changes(way_back, model, whole)
            concerned += rows
            model.objects.filter(
                pk__in=ids
            ).delete()  # the rows themselves keep their keys for who asks
    return concerned


def _restore(change_set: ChangeSet, way_back: ChangeSet) -> list[models.Model]:
    known = RESTORED | EDITED_ELSEWHERE
    changes = list(change_set.changes.filter(model__in=known).order_by("pk"))
    if not way_back.actor.is_admin and any(one.model in OF_ADMINS for one in changes):
        raise CannotUndo(_("Only admins can undo this."))
    gone = [one for one in changes if one.model in BROUGHT_BACK and "id" in one.previous]
    back = [bring_back(one) for one in gone]
    changes = [one for one in changes if one not in gone]
    customers = [one for one in changes if one.model == "customer"]
    of_many = [one for one in customers if len(customers) > 1 or one.previous.keys() <= OF_MANY]
    one_by_one = [one for one in changes if one not in of_many]
    restored = [_restored(one, way_back) for one in one_by_one]
    return back + restore_many(of_many, way_back) + restored


def bring_back(change: Change) -> models.Model:
    """What was deleted, and what pointed to it as far as that is still there and points to no other."""
    model, kept = BROUGHT_BACK[change.model], change.previous
    if model._base_manager.filter(pk=change.object_id).exists():
        raise CannotUndo(_("This has already been undone."))
    row = model(**{f.attname: f.to_python(kept[f.attname]) for f in model._meta.concrete_fields})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise CannotUndo(_("Another one has this name by now.")) from taken
    for name, relation in relations_of(model).items():
        for chunk in chunked(kept.get("pointing", {}).get(name, [])):
            _point_again(row, relation, chunk)
    for chunk in chunked(kept.get("new", [])):  # whom a merge gave the other tag
        Link.objects.filter(tag=kept["into"], customer__in=chunk).delete()
    return row


def _point_again(row: models.Model, relation, ids: list[int]) -> None:
    field = relation.field
    rows = relation.related_model._base_manager.filter(pk__in=ids)
    if not relation.many_to_many:
        rows.filter(**{field.name: None}).update(**{field.name: row})
        return
    here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    links = [
        relation.through(**{here: pk, there: row.pk}) for pk in rows.values_list("pk", flat=True)
    ]
    relation.through.objects.bulk_create(links, ignore_conflicts=True, batch_size=CHUNK)


def restore_many(changes: list[Change], way_back: ChangeSet) -> list[models.Model]:
    """What people change of many customers at once becomes what it was for all of them, or for none."""
    concerned: list[models.Model] = []
    for chunk in chunked(changes):
        ids = [change.object_id for change in chunk]
        seen = Customer.objects.visible_to(way_back.actor).filter(pk__in=ids)
        rows = list(seen.select_for_update(of=("self",), no_key=True).order_by("pk"))
        if len(rows) < len(set(ids)):
            raise CannotUndo(_("Some of these customers are no longer yours to change."))
        _refuse_changed_since(chunk)
        _put_back(chunk, rows, way_back)
        concerned += rows
    announce([row.pk for row in concerned])
    return concerned


def _refuse_changed_since(changes: list[Change]) -> None:
    own = {(one.object_id, field): one.pk for one in changes for field in one.previous}
    later = Change.objects.filter(
        model="customer",
        object_id__in={one.object_id for one in changes},
        pk__gt=min(one.pk for one in changes),
    )
    for pk, object_id, previous in later.values_list("pk", "object_id", "previous"):
        if any(pk > own.get((object_id, field), pk) for field in previous):
            raise CannotUndo(_("Some of them were changed again since then."))


def _put_back(changes: list[Change], rows: list[Customer], way_back: ChangeSet) -> None:
    tagged = {c.object_id: c.previous["tags"] for c in changes if "tags" in c.previous}
    if tagged:
        _put_tags_back(tagged, way_back)
    checked: dict[tuple[str, str], object] = {}  # what many had alike is looked at once
    values: dict[int, dict] = {change.object_id: {} for change in changes}
    for change in changes:
        for name, stored in change.previous.items():
            if name == "tags":
                continue
            field = Customer._meta.get_field(name.removesuffix("_id"))
            key = (name, repr(stored))
            if key not in checked:
                checked[key] = _value_of(field, stored)
            values[change.object_id][field.attname] = checked[key]
    store_many(rows, values, way_back)


def _put_tags_back(tagged: dict[int, list[int]], way_back: ChangeSet) -> None:
    had: dict[int, list[int]] = {pk: [] for pk in tagged}
    link = Customer.tags.through
    for pk, tag in link.objects.filter(customer__in=tagged).values_list("customer_id", "tag_id"):
        had[pk].append(tag)
    record_changes(way_back, Customer, {pk: {"tags": tags} for pk, tags in had.items()})
    link.objects.filter(customer__in=tagged).delete()
    known = set(Tag.objects.values_list("pk", flat=True))
    fresh = [
        link(customer_id=pk, tag_id=t) for pk, tags in tagged.items() for t in tags if t in known
    ]
    link.objects.bulk_create(fresh, batch_size=CHUNK)


def _restored(change: Change, way_back: ChangeSet) -> models.Model:
    model = (RESTORED | EDITED_ELSEWHERE)[change.model]
    row = model.objects.select_for_update().filter(pk=change.object_id).first()
    if row is None or _changed_since(change):
        raise CannotUndo(_("It was changed again since then."))
    if model is Customer and not Customer.objects.visible_to(way_back.actor).filter(pk=row.pk):
        raise CannotUndo(_("This customer is no longer yours to change."))
    if model is User:
        _refuse_taken_address(row, change.previous.get("email"))
    if "teams" in change.previous:
        known = Team.objects.filter(pk__in=change.previous["teams"])
        put_into_teams(row, list(known.values_list("pk", flat=True)), way_back)
        return row
    named = {name: model._meta.get_field(name) for name in change.previous}
    fields = list(named.values())
    before = {row.pk: {f.attname: plain(getattr(row, f.attname)) for f in fields}}
    for name, field in named.items():
        setattr(row, field.attname, _value_of(field, change.previous[name]))
    if isinstance(row, Customer):
        store_customer(row, [f.name for f in fields], way_back)
    else:
        record_changes(way_back, model, before)
        try:
            with transaction.atomic():
                row.save(update_fields=[f.name for f in fields])
        except IntegrityError as taken:
            raise CannotUndo(_("Another one has this name by now.")) from taken
    return row


def _refuse_taken_address(person: User, email: str | None) -> None:
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise CannotUndo(_("Somebody has this address already."))


def _changed_since(change: Change) -> bool:
    """Whether any of the values it would put back has been changed by somebody else meanwhile."""
    later = Change.objects.filter(
        model=change.model, object_id=change.object_id, pk__gt=change.pk
    ).values_list("previous", flat=True)
    return any(change.previous.keys() & previous.keys() for previous in later)


def _value_of(field: models.Field, stored):
    """A previous value as its field takes it; what it pointed to may be gone."""
    if stored is None:
        return None
    if field.is_relation and not field.related_model._base_manager.filter(pk=stored).exists():
        raise CannotUndo(_("It was changed again since then."))
    return parse_datetime(stored) if isinstance(field, models.DateTimeField) else stored
