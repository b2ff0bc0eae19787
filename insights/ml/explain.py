"""Why this customer has this score: reason codes with the customer's own facts, in points that add up.

A learner's scale is additive: raw = base + Σ contributions, one per reason family. Points are what people
see, percentage points of risk: pointsᵢ = contributionᵢ × 100·(p − p_base)/(raw − raw_base), with the slope
of the curve in the limit. The curve from raw to p is monotone, so points keep the signs and the order of
the contributions, and 100·base + Σ points = 100·risk.

Families that people would name in one breath (`TOPICS`) are one reason: it has their points together and speaks of
the one that did most, among those whose facts can explain it (see `readings`). A learner that spreads its weight over
everything would otherwise name five reasons and leave most of the score to the small ones. The top reason, which lists
show alone, is the largest one that explains why the score lies above or below the base, and that people can tell.

Reason codes and the facts each carries (a fact that is unknown is None; counts are whole numbers, money is in
the company's base currency). How many days ago something was is told as people tell it: by the calendar of the
place where the moment of scoring is given, so that yesterday evening is 1 and not 0.

- recency: days (since the last order), usual_gap (median days between orders, None for one-time buyers)
- frequency: orders (last 365 days), orders_all
- rhythm: usual_gap, longest_gap (days, as exact as they are known; pages tell whole ones)
- order_trend: recent (orders in the last 90 days), before (in the 90 days before those)
- season: orders (in the ninety days that follow, a year ago)
- spend: spend (last 365 days), spend_all, order_value (mean)
- spend_trend: recent, before (money, as in order_trend)
- price: unit_price (mean paid per unit), below (how far that lies under the highest price the customer has paid for
  the same products, 0..1; None where nothing was bought by the line)
- breadth: products, categories (different ones ever bought)
- returns: returns (count), share (returned money over money spent, 0..)
- browsing: visits, views (last 90 days), days_since_visit
- looking: views (products looked at since the day of the last order), carts
- conversations: count (last 90 days), count_365
- complaints: count (last 365 days), days_since (the latest one)
- ratings: last (1..5), low (ratings of two or less in the last 365 days)
- service: hours (from a written message to the next word from us, mean of 365 days, None without one), waiting
  (messages of the last 90 days after which we have said nothing)
- voice: count (unhappy messages of the last 90 days), reason (what most of them are about, a code) and about (how many
  those are), waiting (how many have had no answer) and hours (since the latest of these), last (how the latest message
  felt, -1..1)
- tenure: days (since the customer is known)
- country, language, customer_kind: value
- attribute:<name>: name and value (number, text or true/false), or days_ago for a date
- others: count (how many further reasons are added up here); always the last entry
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from insights.ml.features import ATTRIBUTE
from insights.ml.readings import Readings, says_something
from insights.ml.tables import utc

MOST_REASONS = 5
SMALLEST_POINTS = 0.05
TWICE = 2.0
LIMIT = 1e-9
STEP = 1e-6
LARGEST_WHOLE = 2.0**53  # beyond it a float knows no fractions anyway

# code -> {fact: feature column, or (column, column to take away)}
REASONS: dict[str, dict[str, str | tuple[str, str]]] = {
    "recency": {"days": "recency_days", "usual_gap": "gap_median"},
    "frequency": {"orders": "orders_365", "orders_all": "orders_all"},
    "rhythm": {"usual_gap": "gap_median", "longest_gap": "gap_longest"},
    "order_trend": {"recent": "orders_90", "before": ("orders_180", "orders_90")},
    "season": {"orders": "orders_year_ago"},
    "spend": {"spend": "spend_365", "spend_all": "spend_all", "order_value": "order_value"},
    "spend_trend": {"recent": "spend_90", "before": ("spend_180", "spend_90")},
    "price": {"unit_price": "unit_price", "below": "discount_level"},
    "breadth": {"products": "products_all", "categories": "categories_all"},
    "returns": {"returns": "returns_all", "share": "returned_share"},
    "browsing": {
        "visits": "visits_90",
        "views": "views_90",
        "days_since_visit": "visit_recency_days",
    },
    "looking": {"views": "views_since_order", "carts": "carts_since_order"},
    "conversations": {"count": "conversations_90", "count_365": "conversations_365"},
    "complaints": {"count": "complaints_365", "days_since": "complaint_recency_days"},
    "ratings": {"last": "last_rating", "low": "low_ratings_365"},
    "service": {"hours": "response_hours_365", "waiting": "unanswered_90"},
    "voice": {
        "count": "negative_90",
        "reason": "negative_reason",
        "about": "negative_reason_90",
        "waiting": "negative_unanswered_90",
        "hours": "negative_waiting_hours",
        "last": "feeling_last",
    },
    "tenure": {"days": "tenure_days"},
    "country": {"value": "country"},
    "language": {"value": "language"},
    "customer_kind": {"value": "customer_kind"},
}
AGES = {"days", "days_since", "days_since_visit"}
# One reason each; a family that stands in none of these is a reason of its own.
TOPICS: tuple[tuple[str, ...], ...] = (
    ("recency", "rhythm"),
    ("frequency", "order_trend", "season"),
    ("spend", "spend_trend", "price"),
    ("browsing", "looking"),
    ("conversations", "complaints", "ratings", "service", "voice"),
    ("country", "language", "customer_kind"),
)


def points(
    contributions: np.ndarray, raw_base: float, curve: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray, float]:
    """Contributions (n, families) -> points (n, families), p (n,), p_base.

    `curve` maps the learner's scale to a probability and must be monotone.
    """
    rise = contributions.sum(axis=1)
    p = curve(raw_base + rise)
    p_base = float(curve(np.array([raw_base]))[0])
    at_base = float(
        (curve(np.array([raw_base + STEP])) - curve(np.array([raw_base - STEP])))[0]
    ) / (2 * STEP)
    flat = np.abs(rise) < LIMIT
    slope = np.where(flat, at_base, (p - p_base) / np.where(flat, 1.0, rise))
    return contributions * slope[:, None] * 100, p, p_base


@dataclass(frozen=True)
class Told:
    """Per customer the reasons, largest first, and the code of the top one, '' where none explains the score."""

    reasons: list[list[dict[str, Any]]]
    top: list[str]


@dataclass(frozen=True)
class Topics:
    """Points of n customers by topic: sizes (n, topics), the family that speaks for each (n, topics), and whether its
    facts can explain them (n, topics)."""

    sizes: np.ndarray
    main: np.ndarray
    explained: np.ndarray


def reasons(
    frame: pd.DataFrame,
    families: Sequence[str],
    shares: np.ndarray,
    risk: np.ndarray,
    base: float,
    attribute_types: Mapping[str, str],
    as_of: datetime,
    readings: Readings,
) -> Told:
    """Per customer at most five reasons by size, then 'others', so that 100·base + Σ points = 100·risk.

    frame: the feature rows; shares (n, families): points; risk (n,) and base as they are shown (rounded),
    so what rounding moves goes to 'others'; as_of: the moment of the rows, in the time zone whose days count.
    """
    topics = by_topic(families, shares, *readings.explain(frame, families))
    order = np.argsort(-np.abs(topics.sizes), axis=1, kind="stable")[:, :MOST_REASONS]
    counts = (np.abs(topics.sizes) >= SMALLEST_POINTS).sum(axis=1)
    sizes = np.take_along_axis(topics.sizes, order, axis=1)
    chosen = np.take_along_axis(topics.main, order, axis=1)
    told = _told(Telling(frame, attribute_types, as_of), families, chosen, sizes)
    rows = zip(told.tolist(), counts.tolist(), (100 * (risk - base)).tolist(), strict=True)
    listed = [_of_one(codes, count, total) for codes, count, total in rows]
    speaking = np.array([says_something(code) for code in families], dtype=bool)
    top = _top(topics, order, np.where(risk >= base, 1, -1), speaking)
    return Told(listed, [families[i] if i >= 0 else "" for i in top])


def by_topic(
    families: Sequence[str], shares: np.ndarray, rise: np.ndarray, fall: np.ndarray
) -> Topics:
    """Points (n, families) -> points by topic; rise, fall (n, families): whose facts can explain which direction.

    For a topic speaks the family that did most in its direction, of those that can explain it if there are any.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for place, code in enumerate(families):
        topic = next((topic for topic in TOPICS if code in topic), (code,))
        places.setdefault(topic, []).append(place)
    sizes = np.empty((len(shares), len(places)))
    main = np.empty((len(shares), len(places)), dtype=int)
    explained = np.empty((len(shares), len(places)), dtype=bool)
    for number, members in enumerate(places.values()):
        parts = shares[:, members]
        sizes[:, number] = parts.sum(axis=1)
        sign = np.where(sizes[:, [number]] < 0, -1, 1)
        able = np.where(sign < 0, fall[:, members], rise[:, members]) & (parts * sign > 0)
        explained[:, number] = able.any(axis=1)
        asked = np.where(able | ~explained[:, [number]], parts * sign, -np.inf)
        main[:, number] = np.array(members)[asked.argmax(axis=1)]
    return Topics(sizes, main, explained)


def _top(topics: Topics, listed: np.ndarray, sign: np.ndarray, speaking: np.ndarray) -> np.ndarray:
    """The family (n,) that did most to bring the score where it is, -1 where none did; listed (n, k): topics to choose
    from; sign (n,): whether the score lies above the base; speaking (families,): whose facts say something by
    themselves. One that speaks for the contrary is never told, and none at all where there is no other; one that says
    nothing by itself ("€120 an item"), only where it did at least twice as much as any other."""
    size, able, main = (
        np.take_along_axis(values, listed, axis=1)
        for values in (topics.sizes * sign[:, None], topics.explained, topics.main)
    )
    size = np.where(size >= SMALLEST_POINTS, size, -np.inf)
    able = np.where(able, size, -np.inf)
    spoken = np.where(speaking[main], able, -np.inf)
    enough = spoken.max(axis=1) > able.max(axis=1) / TWICE
    best = np.where(enough[:, None], spoken, able)
    place = best.argmax(axis=1)[:, None]
    found = np.take_along_axis(main, place, axis=1)
    return np.where(np.isfinite(np.take_along_axis(best, place, axis=1)), found, -1)[:, 0]


def _told(
    tell: "Telling", families: Sequence[str], chosen: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """One reason with its facts per place of chosen (n, k), the families listed; None where sizes (n, k) are too small.

    Facts are asked for only where they are told: most families are not among a customer's largest.
    """
    told = np.full(chosen.shape, None, dtype=object)
    large = np.abs(sizes) >= SMALLEST_POINTS
    points = np.round(sizes, 4)
    for number in np.unique(chosen[large]):
        rows, places = np.nonzero((chosen == number) & large)
        code = families[number]
        known = tell.facts(code, rows)
        facts = zip(*known.values(), strict=True)
        told[rows, places] = [
            {"code": code, "facts": dict(zip(known, values, strict=True)), "points": size}
            for values, size in zip(facts, points[rows, places].tolist(), strict=True)
        ]
    return told


def _of_one(told: list[dict[str, Any] | None], count: int, total: float) -> list[dict[str, Any]]:
    listed = [one for one in told if one is not None]
    rest = total - sum(one["points"] for one in listed)
    return [
        *listed,
        {"code": "others", "facts": {"count": count - len(listed)}, "points": rest},
    ]


class Telling:
    """The facts of all rows, code by code, as their sentences need them."""

    def __init__(
        self, frame: pd.DataFrame, attribute_types: Mapping[str, str], as_of: datetime
    ) -> None:
        self.frame, self.attribute_types = frame, attribute_types
        zone = as_of.tzinfo or UTC
        self.zone, self.moment = zone, pd.Timestamp(utc(as_of))
        self.today = pd.Timestamp(self.moment.tz_localize(UTC).tz_convert(zone).date())

    def facts(self, code: str, rows: np.ndarray | None = None) -> dict[str, list[Any]]:
        """Of these rows (all of them, if none are named), one list per fact."""
        if rows is None:
            rows = np.arange(len(self.frame))
        if code.startswith(ATTRIBUTE):
            return self._attribute(code, rows)
        return {name: self._fact(name, column, rows) for name, column in REASONS[code].items()}

    def _fact(self, name: str, column: str | tuple[str, str], rows: np.ndarray) -> list[Any]:
        if isinstance(column, tuple):
            whole, part = (self.frame[one].take(rows).fillna(0) for one in column)
            return _plain(whole - part)
        values = self.frame[column].take(rows)
        if name in AGES:
            return _plain(self._days_ago(values))
        return _plain(values)

    def _days_ago(self, ages: pd.Series) -> pd.Series:
        """Ages in days of 24 hours -> how often the day has changed since, on the calendar of the place."""
        moments = self.moment - pd.to_timedelta(ages, unit="D").dt.round("us")
        local = moments.dt.tz_localize(UTC).dt.tz_convert(self.zone).dt.tz_localize(None)
        return (self.today - local.dt.normalize()) / np.timedelta64(1, "D")

    def _attribute(self, code: str, rows: np.ndarray) -> dict[str, list[Any]]:
        name = code.removeprefix(ATTRIBUTE)
        kind = self.attribute_types.get(name, "text")
        nothing = pd.Series([None] * len(self.frame), dtype=object)
        values = self.frame.get(code, nothing).take(rows)
        names = [name] * len(rows)
        if kind == "date":
            # The value is a day, without a place: its first moment in UTC is how the features count from it.
            day = (self.moment - self.today) / np.timedelta64(1, "D")
            return {"name": names, "days_ago": _plain((values.astype(float) - day).round())}
        plain = _plain(values)
        if kind == "boolean":
            plain = [None if value is None else bool(value) for value in plain]
        return {"name": names, "value": plain}


def _plain(values: pd.Series) -> list[Any]:
    """JSON-able: None for unknown, int where the number is whole, else two decimals."""
    if values.dtype == object:
        return [None if value is None or value != value else str(value) for value in values]
    numbers = np.round(values.to_numpy(dtype="float64"), 2)
    known = np.isfinite(numbers)
    whole = known & (numbers == np.trunc(numbers)) & (np.abs(numbers) < LARGEST_WHOLE)
    plain = numbers.astype(object)
    plain[whole] = numbers[whole].astype(np.int64)
    plain[~known] = None
    return plain.tolist()
