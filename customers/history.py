"""Who changed what of a record last."""

from django.db import models

from customers.models import Change

READ = 50


def last_changes(record: models.Model, fields: set[str]) -> dict[str, Change]:
    """For each of the fields its newest change, with the change set and its actor."""
    named = {record._meta.get_field(name).attname: name for name in fields}
    changes = Change.objects.filter(model=record._meta.model_name, object_id=record.pk)
    found: dict[str, Change] = {}
    for change in changes.select_related("change_set__actor").order_by("-pk")[:READ]:
        for stored in change.previous:
            name = named.get(stored) or (stored if stored in fields else "")
            if name:
                found.setdefault(name, change)
    return found
