"""Read the first rows of a filtered and sorted list without going through everybody one by one.

Along the sorted index as far as STRIDE rows, of those that the index itself knows to fit (see customers.following):
most filters fill a page long before. Where one does not (a country whose customers spend little, by value), the
index is of no use, and the matching rows are collected and sorted instead. So the worst page costs one look at
everybody, not a million small ones.
"""

from dataclasses import dataclass
from dataclasses import field as column
from typing import Any

from django.db import connection, models
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, When
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

STRIDE = 6000
# What the index of a sorted field begins with.
KEYS = ("totals__owner_key", "totals__team_key", "totals__lifecycle")
BESIDE = {
    "totals__value": KEYS,
    "totals__last_order_at": KEYS,
    "score__churn_risk": ("score__segment",),
}


@dataclass(frozen=True)
class Narrowing:
    """How a list is narrowed: ``near``, conditions on columns that stand beside a sorted one (see BESIDE);
    ``further``, whether by anything else too."""

    near: dict[str, Any] = column(default_factory=dict)
    further: bool = True

    def along(self, field: str) -> "Narrowing":
        """The same for a list sorted by the field: what stands beside another field narrows it further."""
        beside = BESIDE.get(field, ())
        near = {path: v for path, v in self.near.items() if path.removesuffix("__in") in beside}
        return Narrowing(near, self.further or len(near) < len(self.near))


def first_rows(
    part: QuerySet, field: str, value, down: bool, count: int, narrowing: Narrowing
) -> list:
    """The first ``count`` rows of a list that is ordered by a field without nulls and then by id.

    ``value``: where the list begins, None: at its very beginning.
    """
    narrowing = narrowing.along(field)
    part = part.filter(**narrowing.near)
    if not narrowing.further:
        return list(part[:count])
    stop = stride(part.model, field, value, down, narrowing.near)
    if stop is None:
        return list(part[:count])
    rows = list(part.filter(stop)[:count])
    if len(rows) == count:
        return rows
    return list(collected(part, field, down, count))


def collected(part: QuerySet, field: str, down: bool, count: int) -> QuerySet:
    """All that match are sorted by no more than their place; the rest of a row is fetched of the first ``count``."""
    # An expression over both tables: the database can neither go on along the index nor sort one table alone and
    # look each of its rows up in the other.
    plain = Case(When(pk__lt=0, then=None), default=F(field))
    by_place = part.order_by(plain.desc() if down else plain.asc(), part.query.order_by[-1])
    return part.filter(pk__in=by_place.values("pk")[:count])


def stride(model: type[models.Model], field: str, value, down: bool, near: dict) -> Q | Func | None:
    """How far the index is followed, as a condition; None when the end is nearer than that."""
    relation, _, column = field.rpartition("__")
    table = model._meta.get_field(relation).related_model if relation else model
    beside = {path.removeprefix(f"{relation}__"): wanted for path, wanted in near.items()}
    rows = table.objects.filter(**{f"{column}__isnull": False}, **beside)
    if value is not None:
        rows = rows.filter(**{f"{column}__{'lte' if down else 'gte'}": value})
    rows = rows.order_by(f"-{column}" if down else column).values_list(column, flat=True)
    edge = next(iter(rows[STRIDE : STRIDE + 1]), None)
    return None if edge is None else up_to(field, edge, down)


def up_to(field: str, edge, down: bool) -> Q | Func:
    """SQLite keeps no measure of how few rows lie on this side of a value, and would rather follow another index."""
    if connection.vendor != "sqlite":
        return Q(**{f"{field}__{'gte' if down else 'lte'}": edge})
    beyond = (GreaterThanOrEqual if down else LessThanOrEqual)(F(field), edge)
    return Func(beyond, function="unlikely", output_field=BooleanField())
