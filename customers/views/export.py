"""The customers of a list as CSV: those one may see, in the columns of the list."""

import csv
import datetime
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers import columns as cols
from customers.columns import Column
from customers.countries import country_name
from customers.importing.rejecting import harmless
from customers.models import Customer, Segment
from customers.views.bulk import Selection, selection_of

MOST = 50_000  # rows; more is for the API
CHUNK = 1000
DRAWINGS = {"ord"}  # say nothing in a file


class Line:
    """What a csv.writer writes to: it hands the line back."""

    def write(self, text: str) -> str:
        return text


@require_safe
def customers_export(request):
    selection = selection_of(request)
    zone, language = timezone.get_current_timezone(), get_language()
    response = StreamingHttpResponse(
        lines(selection, zone, language), content_type="text/csv; charset=utf-8"
    )
    name = f"customers-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def lines(selection: Selection, zone: datetime.tzinfo, language: str | None) -> Iterator[str]:
    """Written while it is sent, when the request's own language and time zone are no longer set."""
    with timezone.override(zone), override(language):
        yield from _lines(selection)


def _lines(selection: Selection) -> Iterator[str]:
    known = cols.available(selection.fields.attributes)
    columns = [known[key] for key in selection.listing.columns if key not in DRAWINGS]
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(["id", *(harmless(str(c.label)) for c in columns)])
    rows = selection.customers.with_scores().select_related("owner", "team").order_by("pk")
    if "tags" in selection.listing.columns:
        rows = rows.prefetch_related("tags")
    for customer in rows[:MOST].iterator(chunk_size=CHUNK):
        yield writer.writerow([customer.pk, *(harmless(text_of(c, customer)) for c in columns)])


def text_of(column: Column, customer: Customer) -> str:
    """A cell as a file holds it: shares of 1, amounts without a currency, days as 2026-05-31."""
    score = getattr(customer, "score", None)
    match column.drawn:
        case "name":
            return customer.name
        case "seg":
            code = score.segment if score else ""
            return str(Segment(code).label) if code in Segment.values else ""
        case "risk":
            risk = None if customer.profiling_refused or not score else score.churn_risk
            return "" if risk is None else f"{risk:.3f}"
        case "tags":
            return ", ".join(tag.name for tag in customer.tags.all())
        case "country":
            return country_name(customer.country)
    value = column.value(customer)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date().isoformat()
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
