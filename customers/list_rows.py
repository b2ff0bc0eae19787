"""A list of customers as the rows of a file, in the columns of the list."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from customers import columns as cols
from customers import short_lists
from customers.columns import Column
from customers.countries import country_name
from customers.models import Customer, Segment
from customers.paging import in_order
from customers.reasons import Words
from customers.reasons.in_brief import top_sentence
from customers.selecting import Selection

CHUNK = 1000
DRAWINGS = {"ord"}  # say nothing in a file


def columns_of(selection: Selection) -> list[Column]:
    known = cols.available(selection.fields.attributes)
    return [known[key] for key in selection.listing.columns if key not in DRAWINGS]


def head_of(selection: Selection) -> list[str]:
    currency = selection.fields.currency
    return ["id", *(head for one in columns_of(selection) for head in heads_of(one, currency))]


def heads_of(column: Column, currency: str) -> list[str]:
    """The column with its unit; risk and reason, one column of the page, are two of a file, as are change and day."""
    match column.drawn:
        case "risk":
            return [_("Churn risk, %"), _("Main reason of the risk")]
        case cols.MONEY:
            return [_("%(figure)s, %(unit)s") % {"figure": column.label, "unit": currency}]
        case cols.PERCENT:
            return [_("%(figure)s, %(unit)s") % {"figure": column.label, "unit": "%"}]
        case cols.POINTS:
            return [_("Change of the churn risk in 30 days, points"), _("Compared with")]
    return [str(column.label)]


def rows_of(selection: Selection, most: int) -> Iterator[list[Any]]:
    """In the order of the list."""
    columns, words = columns_of(selection), Words(selection.fields.currency)
    customers = selection.customers.with_scores().select_related("owner", "team")
    if "tags" in selection.listing.columns:
        customers = customers.prefetch_related("tags")
    column, down = selection.listing.ordering(selection.fields)
    whole = short_lists.in_order(customers, column, down) if column else None
    if whole is None:
        rows = in_order(customers, selection.listing.sort)[:most].iterator(chunk_size=CHUNK)
    else:
        rows = iter(short_lists.whole_rows(customers, whole[:most]))
    worse = selection.listing.got_worse
    for customer in rows:
        cells = (cell for one in columns for cell in cells_of(one, customer, words, worse))
        yield [customer.pk, *cells]


def cells_of(column: Column, customer: Customer, words: Words, worse: bool = False) -> list[Any]:
    score = getattr(customer, "score", None)
    if column.drawn == cols.POINTS:
        change = column.value(customer)
        return [change, None if change is None else score.churn_then_on]
    if column.drawn != "risk":
        return [cell_of(column, customer)]
    if customer.profiling_refused or not score or score.churn_risk is None:
        return [None, ""]
    return [score.churn_risk * 100, top_sentence(customer, words, worse)]


def cell_of(column: Column, customer: Customer) -> Any:
    """A cell as a file holds it: amounts without a currency, days without a time."""
    score = getattr(customer, "score", None)
    match column.drawn:
        case "name":
            return customer.name
        case "seg":
            code = score.segment if score else ""
            return str(Segment(code).label) if code in Segment.values else ""
        case "tags":
            return ", ".join(tag.name for tag in customer.tags.all())
        case "country":
            return country_name(customer.country)
    value = column.value(customer)
    if column.drawn == cols.PERCENT:
        return None if value is None else value * 100
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date()
    if value is None or isinstance(value, int | float | Decimal | datetime.date):
        return value
    return str(value)
