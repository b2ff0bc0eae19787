"""Take a change made on a page back: what it created goes, what it changed becomes what it was."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from customers.changing import open_change_set, plain, record_changes
from customers.models import Change, ChangeSet, Interaction, Task
from customers.signals import announce

# Only what people do one by one on a page; imports have their own way back.
UNDOABLE = {model._meta.model_name: model for model in (Interaction, Task)}
FOR = datetime.timedelta(hours=24)


class CannotUndo(Exception):
    """The sentence says why."""


@transaction.atomic
def undo(change_set: ChangeSet, actor) -> set[int]:
    """Undo one change set; returns the customers concerned. Raises CannotUndo."""
    if change_set.source != ChangeSet.Source.PAGE or change_set.at < timezone.now() - FOR:
        raise CannotUndo(_("This can no longer be undone."))
    way_back = open_change_set(ChangeSet.Source.PAGE, actor, note=f"undo {change_set.pk}")
    touched = _take_back_created(change_set, way_back) | _restore(change_set, way_back)
    if not touched:
        raise CannotUndo(_("This has already been undone."))
    customers = {customer for customer, __ in touched if customer}
    announce({customer for customer, is_fact in touched if is_fact})
    return customers


def _take_back_created(change_set: ChangeSet, way_back: ChangeSet) -> set[tuple[int | None, bool]]:
    touched = set()
    for name, model in UNDOABLE.items():
        for row in model.objects.filter(recorded_in=change_set):
            if Change.objects.filter(model=name, object_id=row.pk).exists():
                raise CannotUndo(_("It was changed again since then."))
            whole = {f.attname: plain(getattr(row, f.attname)) for f in model._meta.concrete_fields}
            record_changes(way_back, model, {row.pk: whole})
            touched.add((row.customer_id, model is Interaction))
            row.delete()
    return touched


def _restore(change_set: ChangeSet, way_back: ChangeSet) -> set[tuple[int | None, bool]]:
    touched = set()
    for change in change_set.changes.filter(model__in=UNDOABLE):
        model = UNDOABLE[change.model]
        later = Change.objects.filter(
            model=change.model, object_id=change.object_id, pk__gt=change.pk
        )
        row = model.objects.filter(pk=change.object_id).first()
        if row is None or later.exists():
            raise CannotUndo(_("It was changed again since then."))
        record_changes(
            way_back, model, {row.pk: {n: plain(getattr(row, n)) for n in change.previous}}
        )
        for name, value in change.previous.items():
            field = model._meta.get_field(name)
            is_time = field.get_internal_type() == "DateTimeField" and value
            setattr(row, name, parse_datetime(value) if is_time else value)
        row.save(update_fields=[model._meta.get_field(n).name for n in change.previous])
        touched.add((row.customer_id, model is Interaction))
    return touched
