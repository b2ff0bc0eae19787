"""A model's figures, taken out of its summary, with the intervals they lie in."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from customers.wording import amount, day

Summary = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One of the figures under a verdict: what it is, how much, and what that means."""

    label: str
    value: str
    note: str = ""
    interval: str = ""


def of_candidate(summary: Summary, name: str) -> dict[str, Any]:
    """Metrics and intervals of one candidate; empty where it did not take part."""
    return next((one for one in summary.get("candidates", []) if one["name"] == name), {})


def of_published(summary: Summary) -> dict[str, Any]:
    """Metrics and intervals of what is published: of the whole procedure, where the choice belongs to it."""
    return summary.get("published") or of_candidate(summary, summary.get("champion", ""))


def measured(summary: Summary, metric: str, name: str = "") -> float | None:
    one = of_candidate(summary, name) if name else of_published(summary)
    return one.get("metrics", {}).get(metric)


def interval(
    summary: Summary, metric: str, show: Callable[..., str] = amount, digits: int = 0
) -> str:
    pair = of_published(summary).get("interval", {}).get(metric)
    if not pair:
        return ""
    low, high = (show(value, digits) for value in pair)
    return _("likely between %(low)s and %(high)s") % {"low": low, "high": high}


def date_of(text: str) -> str:
    return day(datetime.datetime.fromisoformat(text).date())


def last_day_of(until: str) -> str:
    """The last day of a span that ends before this moment."""
    return day((datetime.datetime.fromisoformat(until) - datetime.timedelta.resolution).date())
