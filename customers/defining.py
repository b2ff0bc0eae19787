"""What an admin defines for the company - teams, own fields, tags, rates - is edited, taken away and merged so that all
of it can be taken back: with a row that goes stands, on one change, what pointed to it, whatever their number."""

from django.db import models, transaction

from customers.changing import open_change_set, plain, record_changes, save_changed
from customers.filtering.tree import Condition, Group, from_json, to_json
from customers.inserting import CHUNK, chunked
from customers.models import (
    ChangeSet,
    CustomAttribute,
    Customer,
    ExchangeRate,
    SavedView,
    Tag,
    Team,
    User,
)

PAGE = ChangeSet.Source.PAGE
DEFINED = {model._meta.model_name: model for model in (Team, CustomAttribute, Tag, ExchangeRate)}
Link = Customer.tags.through


@transaction.atomic
def redefine(row: models.Model, fields, actor) -> ChangeSet | None:
    """Store the new values of a row; None where nothing differs."""
    change_set = open_change_set(PAGE, actor)
    if save_changed(row, change_set, fields):
        return change_set
    change_set.delete()
    return None


@transaction.atomic
def redefine_person(person: User, fields, teams, actor) -> ChangeSet | None:
    """Store who somebody is, what they may do and in which teams; None where nothing differs."""
    change_set = open_change_set(PAGE, actor)
    person.take_rights_of_role()
    stored = [name for name in fields if name != "teams"]
    changed = save_changed(person, change_set, [*stored, *User.OF_ROLE])
    if put_into_teams(person, [team.pk for team in teams], change_set) or changed:
        return change_set
    change_set.delete()
    return None


def put_into_teams(person: User, ids: list[int], change_set: ChangeSet) -> bool:
    """Whether these are other teams than before; those were are kept in a change of its own."""
    before = team_ids_of(person)
    if before == sorted(ids):
        return False
    record_changes(change_set, User, {person.pk: {"teams": before}})
    person.teams.set(ids)
    return True


def team_ids_of(person: User) -> list[int]:
    return sorted(person.teams.values_list("pk", flat=True))


@transaction.atomic
def take_away(row: models.Model, actor) -> ChangeSet:
    change_set = open_change_set(PAGE, actor)
    _take_away(row, change_set)
    return change_set


def _take_away(row: models.Model, change_set: ChangeSet, **also) -> None:
    kept = whole(row) | {"pointing": pointing_to(row)} | also
    record_changes(change_set, type(row), {row.pk: kept})
    if isinstance(row, Team):  # lists that are shared with it go too
        lists = SavedView.objects.filter(team=row)
        record_changes(change_set, SavedView, {one.pk: whole(one) for one in lists})
    row.delete()


@transaction.atomic
def merge_tags(tag: Tag, into: Tag, actor) -> ChangeSet:
    """Whoever has the one has the other from now on; lists that ask for the one ask for the other."""
    change_set = open_change_set(PAGE, actor)
    has = Link.objects.filter(tag=into).values("customer")
    links = Link.objects.filter(tag=tag).exclude(customer__in=has).order_by("customer_id")
    new = list(links.values_list("customer_id", flat=True))
    for chunk in chunked(new):
        fresh = [Link(customer_id=pk, tag_id=into.pk) for pk in chunk]
        Link.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK)
    views = SavedView.objects.filter(page=SavedView.Page.CUSTOMERS)
    for view in views.select_for_update().order_by("pk"):
        view.filter = to_json(_asking_for(from_json(view.filter), str(tag.pk), str(into.pk)))
        save_changed(view, change_set, ["filter"])
    _take_away(tag, change_set, into=into.pk, new=new)
    return change_set


def _asking_for(item, was: str, now: str):
    if isinstance(item, Group):
        return Group(item.match, tuple(_asking_for(one, was, now) for one in item.items))
    if item.field != "tag":
        return item
    values = dict.fromkeys(now if value == was else value for value in item.values)
    return Condition(item.field, item.op, tuple(values))


def whole(row: models.Model) -> dict:
    return {f.attname: plain(getattr(row, f.attname)) for f in row._meta.concrete_fields}


def relations_of(model: type[models.Model]) -> dict:
    """What is not deleted with a row of the model, but stands without it then; by a name to be stored."""
    return {
        f"{one.related_model._meta.model_name}.{one.field.name}": one
        for one in model._meta.related_objects
        if one.many_to_many or one.on_delete is models.SET_NULL
    }


def pointing_to(row: models.Model) -> dict[str, list[int]]:
    """Ids of what points to a row, by relation."""
    found = {}
    for name, one in relations_of(type(row)).items():
        rows = one.related_model._base_manager.filter(**{one.field.name: row}).order_by("pk")
        found[name] = list(rows.values_list("pk", flat=True))
    return found
