"""Record who changes what: every write path opens a change set and hands its previous values over."""

import datetime
import decimal
from collections.abc import Iterable

from django.db import models

from customers.models.changes import Change, ChangeSet


def open_change_set(source: str, actor=None, note: str = "") -> ChangeSet:
    """Begin a change set; objects it creates carry it as ``recorded_in``."""
    return ChangeSet.objects.create(
        source=source, actor=actor if actor and actor.pk else None, note=note[:200]
    )


def plain(value):
    """A field's value as JSON can hold it."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, decimal.Decimal | datetime.date | datetime.time):
        return str(value)
    return value


def previous_values(instance: models.Model, fields: Iterable[str]) -> dict:
    """What the database holds of these fields now (the instance may already carry new values)."""
    names = [instance._meta.get_field(f).attname for f in fields]
    row = type(instance)._base_manager.filter(pk=instance.pk).values(*names).get()
    return {name: plain(value) for name, value in row.items()}


def record_changes(
    change_set: ChangeSet, model: type[models.Model], previous: dict[int, dict]
) -> None:
    """Store the previous values of many objects: ``{object id: {field: value}}``."""
    rows = [
        Change(change_set=change_set, model=model._meta.model_name, object_id=pk, previous=values)
        for pk, values in previous.items()
    ]
    Change.objects.bulk_create(rows, batch_size=2000)


def save_changed(instance: models.Model, change_set: ChangeSet, fields: Iterable[str]) -> list[str]:
    """Save those of the fields that differ from the database and record what they were; returns their names."""
    fields = list(fields)
    before = previous_values(instance, fields)
    changed = [
        f
        for f in fields
        if before[(a := instance._meta.get_field(f).attname)] != plain(getattr(instance, a))
    ]
    if changed:
        record_changes(
            change_set,
            type(instance),
            {instance.pk: {f: before[instance._meta.get_field(f).attname] for f in changed}},
        )
        auto = [f.name for f in instance._meta.fields if getattr(f, "auto_now", False)]
        instance.save(update_fields=[*changed, *auto])
    return changed
