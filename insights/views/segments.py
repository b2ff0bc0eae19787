"""The segments page: stored totals, added up over the teams that the reader may see."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Sum
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.models import HIGH_RISK, Company, Segment, User
from insights.groups import band_labels, groups_of
from insights.models import FullScoring, Kind, ModelVersion, SegmentTotals, TrainingRun

# Where money waits for somebody to act, the most urgent first.
WAITING = (Segment.AT_RISK, Segment.NEED_ATTENTION, Segment.HIBERNATING, Segment.LOST)


@dataclass
class Amounts:
    """What a segment, a cell or everybody together amounts to."""

    customers: int = 0
    value: Decimal = Decimal(0)
    value_at_risk: Decimal = Decimal(0)
    risk_sum: float = 0.0
    risk_customers: int = 0

    def add(self, row: dict) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + row[name])

    @property
    def average_risk(self) -> float | None:
        return self.risk_sum / self.risk_customers if self.risk_customers else None

    @property
    def share_at_risk(self) -> float:
        return float(self.value_at_risk / self.value) if self.value > 0 else 0.0


@dataclass
class Overview:
    everyone: Amounts = field(default_factory=Amounts)
    segments: dict[str, Amounts] = field(default_factory=lambda: defaultdict(Amounts))
    cells: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))


def overview_for(user) -> Overview:
    """One query over a few hundred stored rows; nothing is added up over customers."""
    overview = Overview()
    sums = {
        name: Sum(name)
        for name in ("customers", "value", "value_at_risk", "risk_sum", "risk_customers")
    }
    rows = SegmentTotals.objects.visible_to(user).values(
        "segment", "recency_band", "frequency_band"
    )
    for row in rows.annotate(**sums):
        overview.everyone.add(row)
        overview.segments[row["segment"]].add(row)
        overview.cells[row["recency_band"], row["frequency_band"]] += row["customers"]
    return overview


def list_url(**filters) -> str:
    return f"{reverse('customers')}?{urlencode(filters)}"


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


def scored_at(champion: ModelVersion | None) -> datetime | None:
    """When everybody was last given a segment: by the nightly scoring, or by the publishing since."""
    served = FullScoring.objects.values_list("served_at", flat=True).first()
    return max(filter(None, [served, champion and champion.published_at]), default=None)


@require_safe
@role_required(User.Role.MANAGER, User.Role.ADMIN)
def segments(request):
    overview = overview_for(request.user)
    champion = ModelVersion.objects.filter(kind=Kind.SEGMENTS, is_champion=True).first()
    context = {"overview": overview, "champion": champion}
    if overview.everyone.customers:
        summary = champion.summary if champion else {}
        currency = Company.current().base_currency
        context |= {
            "rows": segment_rows(overview),
            "headline": headline(overview),
            "heat": heat_map(overview, band_labels(summary)),
            "groups": groups_of(summary, currency),
            "currency": currency,
            "high_risk": HIGH_RISK,
            "scored_at": scored_at(champion),
        }
    else:
        context["learning"] = TrainingRun.objects.active().filter(kind=Kind.SEGMENTS).exists()
    return render(request, "insights/segments.html", context)
