"""What stands on the segments page, as files: sums of the teams that the reader may see, as on the page."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.exporting import KINDS, file_links, table_file
from customers.models import Company, Segment, User
from insights.groups import band_labels, groups_of
from insights.models import GroupName, Kind, ModelVersion
from insights.overview import overview_for
from insights.views.movement import movement_of

Table = tuple[list, Iterable[list]]


def who(request) -> Table:
    currency = Company.current().base_currency
    found = overview_for(request.user).segments
    head = [
        _("Segment"), _("Customers"), _("Value so far"), _("Value at high risk"), _("Average churn risk, %"),
        _("Currency"),
    ]  # fmt: skip
    return head, (
        [
            str(segment.label), one.customers, one.value, one.value_at_risk,
            None if one.average_risk is None else one.average_risk * 100, currency,
        ]
        for segment in Segment
        for one in [found[segment.value]]
    )  # fmt: skip


def movement(request) -> Table:
    """Of the days that the page shows."""
    found = movement_of(request)
    days = [found["span"].first, found["span"].last]
    head = [
        _("First day"), _("Last day"), _("Before"), _("After"), _("Customers"), _("of these by a new model"),
    ]  # fmt: skip
    return head, (
        [*days, row["before_label"], row["after_label"], row["moved"], row["by_new_model"]]
        for row in (*found["first"], *found["others"])
    )


def groups(request) -> Table:
    summary = summary_of_champion()
    counts = overview_for(request.user).groups
    found = groups_of(summary, Company.current().base_currency, counts, GroupName.known())
    head = [_("Group"), _("Customers"), _("Share, %"), _("What sets it apart")]
    return head, (
        [
            one["name"], counts[one["number"]],
            None if one["share"] is None else one["share"] * 100, one["description"],
        ]
        for one in found
    )  # fmt: skip


def heat(request) -> Table:
    """A row for each cell of the map, so that a spreadsheet can turn it as it likes."""
    labels = band_labels(summary_of_champion())
    cells = overview_for(request.user).cells
    return [_("Orders"), _("Days since the last order"), _("Customers")], (
        [labels["frequency"][frequency], labels["recency"][recency], cells[recency, frequency]]
        for frequency in sorted(labels["frequency"], reverse=True)
        for recency in sorted(labels["recency"])
    )


def summary_of_champion() -> dict[str, Any]:
    champion = ModelVersion.objects.filter(kind=Kind.SEGMENTS, is_champion=True).first()
    return champion.summary if champion else {}


TABLES: dict[str, tuple[Any, Callable[..., Table]]] = {
    "who": (gettext_lazy("Who is in each segment"), who),
    "movement": (gettext_lazy("Who moved where"), movement),
    "groups": (gettext_lazy("Groups that behave alike"), groups),
    "heat": (gettext_lazy("Recency and frequency"), heat),
}


@require_safe
@role_required(User.Role.MANAGER, User.Role.ADMIN)
def segment_table(request, table):
    """One of the tables as a file, by the wishes of the page it stands on."""
    if table not in TABLES:
        raise Http404
    title, make = TABLES[table]
    kind = request.GET.get("as")
    head, rows = make(request)
    return table_file(f"segments-{table}", str(title), head, rows, kind if kind in KINDS else "csv")


def files_of(request) -> dict[str, list[tuple[str, str]]]:
    """Of each table, by the wishes of the page."""
    query = request.GET.urlencode()
    return {
        f"{table}_files": file_links(reverse("segment-table", args=[table]), query)
        for table in TABLES
    }
