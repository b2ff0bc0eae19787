"""Read the first rows of a filtered and sorted list without going through everybody one by one.

Along the sorted index as far as STRIDE rows, of those that the index itself knows to fit (see customers.following):
most filters fill a page long before. Where one does not (a country whose customers spend little, by value), the
index is of no use, and the matching rows are collected and sorted instead. So the worst page costs one look at
everybody, not a million small ones.
"""

from dataclasses import dataclass
from dataclasses import field as column
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, QuerySet, When

STRIDE = 3000


@dataclass(frozen=True)
class Narrowing:
    """How a list is narrowed: ``near``, conditions on other columns of the table it is sorted by, for an index over
    both; ``further``, whether by anything else too."""

    near: dict[str, Any] = column(default_factory=dict)
    further: bool = True


def first_rows(
    part: QuerySet, field: str, value, down: bool, count: int, narrowing: Narrowing
) -> list:
    """The first ``count`` rows of a list that is ordered by a field without nulls and then by id.

    ``value``: where the list begins, None: at its very beginning.
    """
    relation, near = field.rpartition("__")[0], narrowing.near
    part = part.filter(**{f"{relation}__{name}": wanted for name, wanted in near.items()})
    if not narrowing.further:
        return list(part[:count])
    stop = stride(part.model, field, value, down, near)
    if stop is None:
        return list(part[:count])
    rows = list(part.filter(stop)[:count])
    if len(rows) == count:
        return rows
    # An expression over both tables: the database can neither go on along the index nor sort one table alone and
    # look each of its rows up in the other.
    plain = Case(When(pk__lt=0, then=None), default=F(field))
    by_id = part.query.order_by[-1]
    return list(part.order_by(plain.desc() if down else plain.asc(), by_id)[:count])


def stride(model: type[models.Model], field: str, value, down: bool, near: dict) -> Q | None:
    """How far the index is followed, as a condition; None when the end is nearer than that."""
    relation, _, column = field.rpartition("__")
    table = model._meta.get_field(relation).related_model if relation else model
    rows = table.objects.filter(**{f"{column}__isnull": False}, **near)
    if value is not None:
        rows = rows.filter(**{f"{column}__{'lte' if down else 'gte'}": value})
    rows = rows.order_by(f"-{column}" if down else column).values_list(column, flat=True)
    edge = next(iter(rows[STRIDE : STRIDE + 1]), None)
    return None if edge is None else Q(**{f"{field}__{'gte' if down else 'lte'}": edge})
