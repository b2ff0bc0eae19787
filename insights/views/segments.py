"""The segments page: stored totals, added up over the teams that the reader may see."""

from decimal import Decimal
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.models import HIGH_RISK, Company, Segment, User
from insights.groups import band_labels, groups_of
from insights.models import GroupName, Kind, ModelVersion, TrainingRun
from insights.overview import Overview, overview_for, scored_at
from insights.progress import outcome_sentence
from insights.story_part import how_grouped
from insights.views.movement import movement_of
from insights.views.segment_tables import files_of

# Where money waits for somebody to act, the most urgent first.
WAITING = (Segment.AT_RISK, Segment.NEED_ATTENTION, Segment.HIBERNATING, Segment.LOST)


def list_url(**filters) -> str:
    return f"{reverse('customers')}?{urlencode(filters)}"


def lack_of(run: TrainingRun | None) -> str:
    """What the newest training did not have enough of."""
    if run is None or run.outcome != TrainingRun.Outcome.TOO_LITTLE_DATA:
        return ""
    return outcome_sentence(run)


def segment_rows(overview: Overview) -> list[dict]:
    amounts = overview.segments
    most = max((one.customers for one in amounts.values()), default=0)
    highest = max((one.value for one in amounts.values()), default=Decimal(0))
    return [
        {
            "code": segment.value,
            "label": segment.label,
            "amounts": amounts[segment.value],
            "size_share": share_of(amounts[segment.value].customers, most),
            "value_share": share_of(amounts[segment.value].value, highest),
            "url": list_url(segment=segment.value),
            "alike_url": reverse("segment-alike", args=[segment.value]),
        }
        for segment in Segment
    ]


def share_of(part, whole) -> float:
    """A bar's length; what is there at all stays visible."""
    if part <= 0 or whole <= 0:
        return 0.0
    return max(0.01, float(part) / float(whole))


def heat_map(overview: Overview, labels: dict[str, dict[int, str]]) -> dict:
    """Rows from the most frequent buyers down, columns from the longest silence to the newest order."""
    most = max(overview.cells.values(), default=0)
    recencies, frequencies = sorted(labels["recency"]), sorted(labels["frequency"], reverse=True)
    rows = [
        {
            "label": labels["frequency"][frequency],
            "cells": [cell(overview, recency, frequency, most) for recency in recencies],
        }
        for frequency in frequencies
    ]
    return {"rows": rows, "columns": [labels["recency"][band] for band in recencies], "most": most}


def cell(overview: Overview, recency: int, frequency: int, most: int) -> dict:
    customers = overview.cells[recency, frequency]
    return {
        "customers": customers,
        "heat": min(5, int(customers / most * 5.99)) if most else 0,
        "url": list_url(recency=recency, frequency=frequency),
    }


def headline(overview: Overview) -> dict | None:
    """The segment where most is waiting to be won back: At risk, unless nobody is there."""
    for segment in WAITING:
        amounts = overview.segments[segment.value]
        if amounts.customers and amounts.value > 0:
            share = float(amounts.value / overview.everyone.value)
            return {
                "segment": segment,
                "amounts": amounts,
                "share": share,
                "url": list_url(segment=segment.value),
            }
    return None


READERS = (User.Role.MANAGER, User.Role.ADMIN)


@require_safe
@role_required(*READERS)
def segments(request):
    return page(request)


def page(request, renaming=None, status: int = 200):
    """``renaming``: a form of a group's name that was not right, to be shown again."""
    overview = overview_for(request.user)
    champion = ModelVersion.objects.filter(kind=Kind.SEGMENTS, is_champion=True).first()
    context = {"overview": overview, "champion": champion, "renaming": renaming}
    if overview.everyone.customers:
        summary = champion.summary if champion else {}
        currency = Company.current().base_currency
        context |= {
            "rows": segment_rows(overview),
            "headline": headline(overview),
            "heat": heat_map(overview, band_labels(summary)),
            "groups": groups_of(summary, currency, overview.groups, GroupName.known()),
            "how_grouped": how_grouped(summary),
            "currency": currency,
            "movement": movement_of(request),
            "high_risk": HIGH_RISK,
            "scored_at": scored_at(champion),
            **files_of(request),
        }
    else:
        trainings = TrainingRun.objects.filter(kind=Kind.SEGMENTS)
        context["learning"] = trainings.active().exists()
        context["lack"] = lack_of(trainings.ended().order_by("pk").last())
    return render(request, "insights/segments.html", context, status=status)
