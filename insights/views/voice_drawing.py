"""Places of the marks in the drawings of how messages felt: made here, so that each mark is a link without a script."""

import datetime
from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import floor, log10
from typing import Any

from customers.models import MessageReading, Sentiment
from customers.wording import day
from insights.movements import Span
from insights.voice import Amounts

WIDTH, HEIGHT, GAP = 720, 160, 2
YEAR = datetime.timedelta(days=365)
BY_DAY = 45  # up to so many days each has a column, beyond that each week
BARS_WIDTH, WIDEST, BAR_HEIGHT, LEAST = 360, 24, 56, 3

Column = tuple[datetime.date, datetime.date, Amounts]


def is_weekly(span: Span) -> bool:
    return (span.last - span.first).days >= BY_DAY


def periods(span: Span) -> list[tuple[datetime.date, datetime.date]]:
    """First and last days of the columns, oldest first; weeks end with the span's last day."""
    length = 7 if is_weekly(span) else 1
    days = (span.last - span.first).days + 1
    found = []
    for end in range(days, 0, -length):
        start = max(0, end - length)
        found.append(tuple(span.first + datetime.timedelta(days=n) for n in (start, end - 1)))
    return found[::-1]


def by_period(days: dict[datetime.date, Amounts], span: Span) -> list[Column]:
    """First day, last day and sums of each column, oldest first."""
    found = [(first, last, Amounts()) for first, last in periods(span)]
    starts = [first for first, *__ in found]
    for when, amounts in days.items():
        if span.first <= when <= span.last:
            found[bisect_right(starts, when) - 1][2].add(amounts)
    return found


def band_of(
    days: dict[datetime.date, Amounts],
    span: Span,
    url: Callable[[datetime.date, datetime.date, str], str],
) -> dict[str, Any]:
    """Columns with what was positive above the middle, negative below it, and neutral astride, each mark with its
    list; ``total`` of all, and the same figures for a table. Of a long span, only the days between its first and its
    last message."""
    if span.last - span.first > YEAR and days:
        span = Span(min(days), max(days))
    columns, total = by_period(days, span), Amounts()
    for *__, column in columns:
        total.add(column)
    return {
        "marks": marks_of(columns, url),
        "ticks": ticks_of(reach_of(columns)),
        "span": span,
        "weekly": is_weekly(span),
        "total": total,
        "width": WIDTH,
        "height": HEIGHT,
        "middle": HEIGHT / 2,
        "rows": [
            {"first": first, "last": last, "amounts": column, "url": url(first, last, ""),
             "cells": [(getattr(column, label.value), url(first, last, label.value)) for label in Sentiment]}
            for first, last, column in reversed(columns)
            if column.messages
        ],
    }  # fmt: skip


def reach_of(columns: list) -> float:
    """How many messages there are to the longer side of the middle, in the column where most are."""
    return max((max(c.positive, c.negative) + c.neutral / 2 for *_, c in columns), default=0) or 1


def ticks_of(reach: float) -> list[dict[str, Any]]:
    """The middle and one round number of messages to either side, with their places."""
    power = 10 ** floor(log10(reach)) if reach >= 1 else 1
    n = max(k * power for k in (1, 2, 5) if k * power <= max(reach, 1))
    at = n * (HEIGHT / 2 - 2) / reach
    places = {n: HEIGHT / 2 - at, 0: HEIGHT / 2, -n: HEIGHT / 2 + at}
    return [{"n": abs(one), "y": y, "percent": 100 * y / HEIGHT} for one, y in places.items()]


def marks_of(columns: list, url: Callable) -> list[dict[str, Any]]:
    """Up to three marks for each column of (first day, last day, amounts)."""
    step = WIDTH / max(1, len(columns))
    scale = (HEIGHT / 2 - 2) / reach_of(columns)
    marks: list[dict[str, Any]] = []
    for place, (first, last, column) in enumerate(columns):
        half = column.neutral * scale / 2
        middle = HEIGHT / 2
        tops = {
            Sentiment.POSITIVE: (middle - half - column.positive * scale, column.positive),
            Sentiment.NEUTRAL: (middle - half, column.neutral),
            Sentiment.NEGATIVE: (middle + half, column.negative),
        }
        marks += [
            {"label": label.value, "words": label.label, "count": count, "url": url(first, last, label.value),
             "x": place * step + GAP / 2, "y": top, "width": max(1, step - GAP), "height": count * scale,
             "first": first, "last": last}
            for label, (top, count) in tops.items()
            if count
        ]  # fmt: skip
    return marks


def bars_of(readings: Sequence[MessageReading]) -> dict[str, Any]:
    """One bar a message, up where it felt good, down where it felt bad; one without words has the height of its
    label."""
    felt = {Sentiment.NEGATIVE: -0.5, Sentiment.NEUTRAL: 0.0, Sentiment.POSITIVE: 0.5}
    middle = BAR_HEIGHT / 2
    step = min(WIDEST, BARS_WIDTH / max(1, len(readings)))
    bars = []
    for place, one in enumerate(readings):
        strength = felt.get(one.label, 0.0) if one.sentiment is None else one.sentiment
        if one.label == Sentiment.NEUTRAL:
            strength = 0.0
        elif strength * felt[one.label] <= 0:  # set right by hand, against how it sounds
            strength = felt[one.label]
        height = max(LEAST, abs(strength) * (middle - 1))
        top = middle - height if strength > 0 else middle
        if not strength:
            top = middle - height / 2
        bars.append(
            {"reading": one, "x": place * step + 1, "y": top, "height": height, "width": step - 3}
        )
    first, last = (readings[at].occurred_at if readings else None for at in (0, -1))
    return {
        "bars": bars,
        "width": BARS_WIDTH,
        "height": BAR_HEIGHT,
        "middle": middle,
        "first": day(first, last),
        "last": day(last, first),
    }
