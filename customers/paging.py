"""Pages by key, in both directions: the thousandth page costs what the first does.

A sorted list has two parts, those with a value (by value, then id) and those without (by id); each part is read
through its own index. A place in the list is the value and id of the row at the edge.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Aggregate, F, JSONField, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from customers.striding import Narrowing, first_rows

COUNT_CAP = 1000


# Larger than any value a column holds; anything beyond was never written by us.
LARGEST, LARGEST_ID = 10**14, 2**62


def moment_of(text: str) -> datetime.datetime:
    """A time that came back in an address; raises ValueError where it was never ours."""
    value = parse_datetime(text)
    if value is None or value.tzinfo is None or not 1900 <= value.year < 3000:
        raise ValueError(text)
    return value


def id_of(text) -> int:
    value = int(text)
    if not 0 < value <= LARGEST_ID:
        raise ValueError(text)
    return value


@dataclass(frozen=True)
class Sort:
    """A column people sort by: where it stands, which way it first goes, how its values are written in an address.

    Rows of the same value go by id as its index has them, or many of them would have to be sorted first: the other
    way than the values (an index of ``-value, id``), or, where ``ties_follow``, the same way (``value, id``). A column
    that is never empty has no second part.
    """

    field: str
    descending: bool
    parse: type | None = None
    ties_follow: bool = False
    nullable: bool = True

    def read(self, text: str):
        if self.parse is datetime.datetime:
            return moment_of(text)
        if self.parse is datetime.date:
            return datetime.date.fromisoformat(text)
        value = self.parse(text) if self.parse else text
        if "\x00" in text or (self.parse and not abs(Decimal(value)) < LARGEST):
            raise ValueError(text)
        return value


SORTS = {
    "name": Sort("name", False, ties_follow=True),
    "risk": Sort("score__churn_risk", True, float),
    "change": Sort("score__churn_change", True, float),
    "value": Sort("totals__value", True, Decimal),
    "expected": Sort("score__expected_value", True, float),
    "last": Sort("totals__last_order_at", True, datetime.datetime),
    "since": Sort("known_since", True, datetime.datetime, ties_follow=True),
    "updated": Sort("updated_at", True, datetime.datetime, ties_follow=True, nullable=False),
}
DEFAULT = "-value"


class Ids(Aggregate):
    """The ids themselves, in no order."""

    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **extra)

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


@dataclass
class Page:
    rows: list
    before: str  # the place of the first row, "" when nothing stands before it
    after: str  # the place of the last row, "" when nothing follows


def sort_of(text: str) -> tuple[str, Sort, bool]:
    """(name, sort, descending) of ``risk`` or ``-risk``; the default where there is no such column."""
    name = text.removeprefix("-")
    if name not in SORTS:
        return sort_of(DEFAULT)
    return name, SORTS[name], text.startswith("-")


def in_order(customers: QuerySet, sort_text: str) -> QuerySet:
    __, sort, descending = sort_of(sort_text)
    return ordered(customers, sort, descending)


def ordered(rows: QuerySet, sort: Sort, descending: bool) -> QuerySet:
    """All of them in the order of the pages: by value, then id, and behind these whatever has none."""
    by = F(sort.field)
    by_value = by.desc(nulls_last=True) if descending else by.asc(nulls_last=True)
    return rows.order_by(by_value, "-pk" if descending == sort.ties_follow else "pk")


def place_of(row: Model, sort: Sort) -> str:
    value = row
    for part in sort.field.split("__"):
        value = getattr(value, part, None)
    if value is None:
        return f"~{row.pk}"
    return f"{value.isoformat() if isinstance(value, datetime.datetime) else value}~{row.pk}"


def read_place(text: str, sort: Sort):
    """(value, id) of a place, value None in the part without values; None where the text is no place."""
    value, mark, pk = text.rpartition("~")
    try:
        return (sort.read(value) if value else None, id_of(pk)) if mark else None
    except (ValueError, TypeError, InvalidOperation):
        return None


def page_of(
    customers: QuerySet,
    sort_text: str,
    size: int,
    after: str = "",
    before: str = "",
    narrowing: Narrowing | None = None,
) -> Page:
    """The page of customers after (or before) a place, the first one without; whatever the filter (see striding).

    ``narrowing``: what of the filter stands beside sorted fields as well.
    """
    __, sort, descending = sort_of(sort_text)
    return page_by(customers, sort, descending, size, after, before, narrowing or Narrowing())


def page_by(
    rows_of: QuerySet,
    sort: Sort,
    descending: bool,
    size: int,
    after: str = "",
    before: str = "",
    narrowing: Narrowing | None = None,
) -> Page:
    """The same of any rows, by any sort; read in strides where it is said how they are narrowed."""
    backwards = bool(before and not after)
    place = read_place(after or before, sort) if after or before else None
    rows = _read(rows_of, sort, descending, place, backwards, size + 1, narrowing)
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    first, last = (place_of(r, sort) for r in (rows[0], rows[-1])) if rows else ("", "")
    has_before = more if backwards else place is not None
    has_after = place is not None if backwards else more
    return Page(rows, first if has_before else "", last if has_after else "")


def _read(rows_of, sort: Sort, descending: bool, place, backwards: bool, count: int, narrowing):
    """Rows of both parts in reading order (reversed when going backwards), at most ``count``."""
    valued = [True, False] if sort.nullable else [True]
    if backwards:
        valued.reverse()
    if place is not None and place[0] is None and not backwards:
        valued = [False] if sort.nullable else []
    if place is not None and place[0] is not None and backwards:
        valued = [True]
    rows: list = []
    for has_value in valued:
        if len(rows) < count:
            here = place if place and (place[0] is not None) == has_value else None
            part, left = (
                _part(rows_of, sort, descending, has_value, here, backwards),
                count - len(rows),
            )
            if narrowing and has_value:
                start, down = here and here[0], descending != backwards
                rows += first_rows(part, sort.field, start, down, left, narrowing)
            else:
                rows += part[:left]
    return rows


def _part(rows_of, sort: Sort, descending: bool, has_value: bool, place, backwards: bool):
    down = descending != backwards
    pk_down = down if sort.ties_follow else not down
    by_pk, beyond_pk = ("-pk", "pk__lt") if pk_down else ("pk", "pk__gt")
    if sort.field == "pk":
        return (rows_of.filter(**{beyond_pk: place[1]}) if place else rows_of).order_by(by_pk)
    if not has_value:
        part = rows_of.filter(**{f"{sort.field}__isnull": True})
        return (part.filter(**{beyond_pk: place[1]}) if place else part).order_by(by_pk)
    part = rows_of.filter(**{f"{sort.field}__isnull": False}) if sort.nullable else rows_of
    if place:
        value, pk = place
        beyond = "lt" if down else "gt"
        # The first condition is implied by the second; it is what an index can use.
        part = part.filter(**{f"{sort.field}__{beyond}e": value}).filter(
            Q(**{f"{sort.field}__{beyond}": value}) | Q(**{sort.field: value, beyond_pk: pk})
        )
    column = F(sort.field).desc() if down else F(sort.field).asc()
    return part.order_by(column, by_pk)
