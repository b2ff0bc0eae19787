"""Who went from which segment or behaviour group to which: stored sums of a span of days, per team."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils import timezone

from insights.models import GroupFlow, SegmentFlow

MOST_DAYS = 731


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: datetime.date
    last: datetime.date


def last_days(days: int) -> Span:
    """The last so many days, today included; days are those of UTC, as the moves'."""
    today = timezone.now().astimezone(datetime.UTC).date()
    return Span(today - datetime.timedelta(days=days - 1), today)


def since_start(first: datetime.datetime | None) -> Span:
    """From the first publishing on, as far back as sums may be asked for."""
    longest = last_days(MOST_DAYS)
    day = first.astimezone(datetime.UTC).date() if first else longest.last
    return Span(max(day, longest.first), longest.last)


def flows_between(user, span: Span, new_models: bool = True) -> list[dict]:
    """How many customers went from each segment to each other one; one query over stored daily sums.

    Who went there and back on different days counts once each way.
    """
    return _between(SegmentFlow, user, span, new_models)


def group_flows_between(user, span: Span, new_models: bool = True) -> list[dict]:
    """The same of behaviour groups, by their numbers; nothing before is newly scored, nothing after scored no more."""
    return _between(GroupFlow, user, span, new_models)


def _between(flow, user, span: Span, new_models: bool) -> list[dict]:
    before, after = f"{flow.what}_before", f"{flow.what}_after"
    flows = flow.objects.visible_to(user).filter(day__gte=span.first, day__lte=span.last)
    if not new_models:
        flows = flows.filter(by_new_model=False)
    sums = flows.values(before, after).annotate(
        moved=Sum("customers"),
        moved_by_new_model=Sum("customers", filter=Q(by_new_model=True), default=0),
    )
    return list(sums.order_by("-moved", before, after))
