"""A list of customers as the rows of a file, in the columns of the list."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from customers import columns as cols
from customers.columns import Column
from customers.countries import country_name
from customers.models import Customer, Segment
from customers.selecting import Selection

CHUNK = 1000
DRAWINGS = {"ord"}  # say nothing in a file


def columns_of(selection: Selection) -> list[Column]:
    known = cols.available(selection.fields.attributes)
    return [known[key] for key in selection.listing.columns if key not in DRAWINGS]


def head_of(selection: Selection) -> list[str]:
    return ["id", *(str(column.label) for column in columns_of(selection))]


def rows_of(selection: Selection, most: int) -> Iterator[list[Any]]:
    columns = columns_of(selection)
    customers = selection.customers.with_scores().select_related("owner", "team").order_by("pk")
    if "tags" in selection.listing.columns:
        customers = customers.prefetch_related("tags")
    for customer in customers[:most].iterator(chunk_size=CHUNK):
        yield [customer.pk, *(cell_of(column, customer) for column in columns)]


def cell_of(column: Column, customer: Customer) -> Any:
    """A cell as a file holds it: shares of 1, amounts without a currency, days without a time."""
    score = getattr(customer, "score", None)
    match column.drawn:
        case "name":
            return customer.name
        case "seg":
            code = score.segment if score else ""
            return str(Segment(code).label) if code in Segment.values else ""
        case "risk":
            risk = None if customer.profiling_refused or not score else score.churn_risk
            return None if risk is None else round(Decimal(risk), 3)
        case "tags":
            return ", ".join(tag.name for tag in customer.tags.all())
        case "country":
            return country_name(customer.country)
    value = column.value(customer)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date()
    if value is None or isinstance(value, int | float | Decimal | datetime.date):
        return value
    return str(value)
