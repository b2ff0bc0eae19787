"""Delete many rows, with what hangs on them, by a few statements."""

from collections import Counter

from django.db import models


def delete(rows: models.QuerySet, removed: Counter) -> None:
    """Delete rows and what hangs on them, as the models' on_delete says, by statements instead of objects."""
    model = rows.model
    for relation in dependents(model):
        their = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows})
        if relation.on_delete is models.CASCADE:
            delete(their, removed)
        elif relation.on_delete is models.SET_NULL:
            their.update(**{relation.field.name: None})
    count = rows._raw_delete(rows.db) or 0
    if not model._meta.auto_created:
        removed[model._meta.model_name] += count


def dependents(model) -> list:
    """Relations that point here; those that nothing hangs on first."""
    relations = [
        f
        for f in model._meta.get_fields(include_hidden=True)
        if f.auto_created and not f.concrete and (f.one_to_one or f.one_to_many)
    ]
    return sorted(relations, key=lambda r: len(r.related_model._meta.related_objects))
