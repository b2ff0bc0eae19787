"""Take a change made on a page back: what it created goes, what it changed becomes what it was."""

import datetime

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from customers.changing import open_change_set, plain, record_changes
from customers.editing import store_customer
from customers.models import (
    ApiToken,
    Change,
    ChangeSet,
    Customer,
    Interaction,
    MessageCorrection,
    SavedView,
    Task,
)
from customers.signals import announce

# Only what people do one by one on a page; imports have their own way back.
TAKEN_BACK = {model._meta.model_name: model for model in (Interaction, Task)}
RESTORED = TAKEN_BACK | {
    model._meta.model_name: model for model in (Customer, ApiToken, MessageCorrection, SavedView)
}
# What other apps have people edit on a page; they put it here when they are loaded.
EDITED_ELSEWHERE: dict[str, type[models.Model]] = {}
FOR = datetime.timedelta(hours=24)


class CannotUndo(Exception):
    """The sentence says why."""


@transaction.atomic
def undo(change_set: ChangeSet, actor) -> list[models.Model]:
    """Undo one change set; returns the records concerned. Raises CannotUndo."""
    if change_set.source != ChangeSet.Source.PAGE or change_set.at < timezone.now() - FOR:
        raise CannotUndo(_("This can no longer be undone."))
    way_back = open_change_set(ChangeSet.Source.PAGE, actor, note=f"undo {change_set.pk}")
    concerned = _take_back_created(change_set, way_back) + _restore(change_set, way_back)
    if not concerned:
        raise CannotUndo(_("This has already been undone."))
    told = (Interaction, MessageCorrection)
    announce({row.customer_id for row in concerned if isinstance(row, told)})
    return concerned


def _take_back_created(change_set: ChangeSet, way_back: ChangeSet) -> list[models.Model]:
    concerned = []
    for name, model in TAKEN_BACK.items():
        for row in model.objects.filter(recorded_in=change_set):
            if Change.objects.filter(model=name, object_id=row.pk).exists():
                raise CannotUndo(_("It was changed again since then."))
            whole = {f.attname: plain(getattr(row, f.attname)) for f in model._meta.concrete_fields}
            record_changes(way_back, model, {row.pk: whole})
            concerned.append(row)
            model.objects.filter(pk=row.pk).delete()  # the row itself keeps its key for who asks
    return concerned


def _restore(change_set: ChangeSet, way_back: ChangeSet) -> list[models.Model]:
    known = RESTORED | EDITED_ELSEWHERE
    return [_restored(change, way_back) for change in change_set.changes.filter(model__in=known)]


def _restored(change: Change, way_back: ChangeSet) -> models.Model:
    model = (RESTORED | EDITED_ELSEWHERE)[change.model]
    row = model.objects.select_for_update().filter(pk=change.object_id).first()
    if row is None or _changed_since(change):
        raise CannotUndo(_("It was changed again since then."))
    if model is Customer and not Customer.objects.visible_to(way_back.actor).filter(pk=row.pk):
        raise CannotUndo(_("This customer is no longer yours to change."))
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
