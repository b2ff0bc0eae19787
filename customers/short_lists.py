"""Lists that are short enough to be put in order as a whole: by any of their columns, as its cells show it.

Of a long one that would take an index for each column; the columns that have one are in customers.paging.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from customers.columns import Column
from customers.models import CustomerQuerySet
from customers.paging import COUNT_CAP, SORTS, Page, id_of


def column_of(sort: str, columns: Iterable[Column]) -> Column | None:
    """The column that is asked for where no index keeps its order; None where there is one, or no such column."""
    name = sort.removeprefix("-")
    fitting = (one for one in columns if one.key == name and one.is_compared)
    return None if name in SORTS else next(fitting, None)


# What columns are compared by; reasons, which take longest to read, are no column's.
COMPARED = ("score", "totals", "outlook", "owner", "team")


def in_order(customers: CustomerQuerySet, column: Column, descending: bool) -> list | None:
    """All of them; None where they are too many to be put in order here."""
    compared = customers.select_related(None).select_related(*COMPARED).prefetch_related(None)
    if column.key == "tags":
        compared = compared.prefetch_related("tags")
    rows = list(compared.order_by("pk")[: COUNT_CAP + 1])
    return sorted_by(rows, column, descending) if len(rows) <= COUNT_CAP else None


def sorted_by(rows: Iterable[Any], column: Column, descending: bool) -> list:
    """Those of the same value stay as they come; those without one are the last, whichever way it goes."""
    keyed = [(key_of(column.compared(row)), row) for row in rows]
    known = [(key, row) for key, row in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [row for __, row in known] + [row for key, row in keyed if key is None]


def key_of(value) -> tuple | None:
    """Numbers before days before words, should an own field hold several."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float | Decimal):
        return 0, value, ""
    if isinstance(value, datetime.date):
        return 1, 0, value.isoformat()
    return 2, 0, str(value).casefold()


def page_among(rows: list, size: int, after: str = "", before: str = "") -> Page:
    """The same as a page by key; from the beginning where the row at the edge has left the list."""
    at = place_in(rows, after or before)
    if at is None:
        start, end = 0, size
    elif after:
        start, end = at + 1, at + 1 + size
    else:
        start, end = max(at - size, 0), at
    page = rows[start:end]
    first = f"~{page[0].pk}" if page and start else ""
    return Page(page, first, f"~{page[-1].pk}" if page and end < len(rows) else "")


def whole_rows(customers: CustomerQuerySet, some: list) -> list:
    """The same ones in the same order, with all that the given rows hold."""
    found = customers.in_bulk([one.pk for one in some])
    return [found[one.pk] for one in some if one.pk in found]


def place_in(rows: list, place: str) -> int | None:
    try:
        pk = id_of(place.rpartition("~")[2])
    except ValueError:
        return None
    return next((at for at, row in enumerate(rows) if row.pk == pk), None)


def neighbours(rows: list, pk: int) -> tuple[Any, Any]:
    """Who stands before and after a customer; nobody where it is not in the list."""
    at = place_in(rows, f"~{pk}")
    if at is None:
        return None, None
    return (rows[at - 1] if at else None), (rows[at + 1] if at + 1 < len(rows) else None)
