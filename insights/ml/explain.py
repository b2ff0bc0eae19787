"""Why this customer has this score: reason codes with the customer's own facts, in points that add up.

A learner's scale is additive: raw = base + Σ contributions, one per reason family. Points are what people
see, percentage points of risk: pointsᵢ = contributionᵢ × 100·(p − p_base)/(raw − raw_base), with the slope
of the curve in the limit. The curve from raw to p is monotone, so points keep the signs and the order of
the contributions, and 100·base + Σ points = 100·risk.

Reason codes and the facts each carries (a fact that is unknown is None; counts are whole numbers, money is in
the company's base currency, days are days before the moment of scoring):

- recency: days (since the last order), usual_gap (median days between orders, None for one-time buyers)
- frequency: orders (last 365 days), orders_all
- rhythm: usual_gap, longest_gap (days)
- order_trend: recent (orders in the last 90 days), before (in the 90 days before those)
- spend: spend (last 365 days), spend_all, order_value (mean)
- spend_trend: recent, before (money, as in order_trend)
- breadth: products, categories (different ones ever bought)
- returns: returns (count), share (returned money over money spent, 0..)
- browsing: visits, views (last 90 days), days_since_visit
- conversations: count (last 90 days), count_365
- complaints: count (last 365 days), days_since (the latest one)
- ratings: last (1..5), low (ratings of two or less in the last 365 days)
- tenure: days (since the customer is known)
- country, language, customer_kind: value
- attribute:<name>: name and value (number, text or true/false), or days_ago for a date
- others: count (how many further reasons are added up here); always the last entry
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from insights.ml.features import ATTRIBUTE

MOST_REASONS = 5
SMALLEST_POINTS = 0.05
LIMIT = 1e-9
STEP = 1e-6

# code -> {fact: feature column, or (column, column to take away)}
REASONS: dict[str, dict[str, str | tuple[str, str]]] = {
    "recency": {"days": "recency_days", "usual_gap": "gap_median"},
    "frequency": {"orders": "orders_365", "orders_all": "orders_all"},
    "rhythm": {"usual_gap": "gap_median", "longest_gap": "gap_longest"},
    "order_trend": {"recent": "orders_90", "before": ("orders_180", "orders_90")},
    "spend": {"spend": "spend_365", "spend_all": "spend_all", "order_value": "order_value"},
    "spend_trend": {"recent": "spend_90", "before": ("spend_180", "spend_90")},
    "breadth": {"products": "products_all", "categories": "categories_all"},
    "returns": {"returns": "returns_all", "share": "returned_share"},
    "browsing": {
        "visits": "visits_90",
        "views": "views_90",
        "days_since_visit": "visit_recency_days",
    },
    "conversations": {"count": "conversations_90", "count_365": "conversations_365"},
    "complaints": {"count": "complaints_365", "days_since": "complaint_recency_days"},
    "ratings": {"last": "last_rating", "low": "low_ratings_365"},
    "tenure": {"days": "tenure_days"},
    "country": {"value": "country"},
    "language": {"value": "language"},
    "customer_kind": {"value": "customer_kind"},
}
WHOLE = {"days", "days_since", "days_since_visit", "usual_gap", "longest_gap", "days_ago"}


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


def reasons(
    frame: pd.DataFrame,
    families: Sequence[str],
    shares: np.ndarray,
    risk: np.ndarray,
    base: float,
    attribute_types: Mapping[str, str],
) -> list[list[dict[str, Any]]]:
    """Per customer at most five reasons by size, then 'others', so that 100·base + Σ points = 100·risk.

    frame: the feature rows; shares (n, families): points; risk (n,) and base as they are shown (rounded),
    so what rounding moves goes to 'others'.
    """
    known = {code: _facts(frame, code, attribute_types) for code in families}
    order = np.argsort(-np.abs(shares), axis=1, kind="stable")[:, :MOST_REASONS]
    counts = (np.abs(shares) >= SMALLEST_POINTS).sum(axis=1)
    return [
        _of_one(
            row,
            [families[i] for i in order[row]],
            shares[row, order[row]],
            known,
            counts[row],
            total,
        )
        for row, total in enumerate(100 * (risk - base))
    ]


def _of_one(
    row: int,
    codes: list[str],
    sizes: np.ndarray,
    known: Mapping[str, Mapping[str, list[Any]]],
    count: int,
    total: float,
) -> list[dict[str, Any]]:
    listed = [
        {
            "code": code,
            "facts": {name: values[row] for name, values in known[code].items()},
            "points": round(size, 4),
        }
        for code, size in zip(codes, sizes.tolist(), strict=True)
        if abs(size) >= SMALLEST_POINTS
    ]
    rest = float(total) - sum(one["points"] for one in listed)
    return [
        *listed,
        {"code": "others", "facts": {"count": int(count) - len(listed)}, "points": rest},
    ]


def _facts(
    frame: pd.DataFrame, code: str, attribute_types: Mapping[str, str]
) -> dict[str, list[Any]]:
    if code.startswith(ATTRIBUTE):
        return _attribute_facts(
            frame, code, attribute_types.get(code.removeprefix(ATTRIBUTE), "text")
        )
    facts = {}
    for name, column in REASONS[code].items():
        if isinstance(column, tuple):
            values = frame[column[0]].fillna(0) - frame[column[1]].fillna(0)
        else:
            values = frame[column]
        facts[name] = _plain(values, whole=name in WHOLE)
    return facts


def _attribute_facts(frame: pd.DataFrame, code: str, kind: str) -> dict[str, list[Any]]:
    values = frame[code] if code in frame else pd.Series([None] * len(frame), dtype=object)
    names = [code.removeprefix(ATTRIBUTE)] * len(frame)
    if kind == "date":
        return {"name": names, "days_ago": _plain(values, whole=True)}
    plain = _plain(values, whole=False)
    if kind == "boolean":
        plain = [None if value is None else bool(value) for value in plain]
    return {"name": names, "value": plain}


def _plain(values: pd.Series, whole: bool) -> list[Any]:
    """JSON-able: None for unknown, int where the number is whole, else two decimals."""
    if values.dtype == object:
        return [None if value is None or value != value else str(value) for value in values]
    numbers = values.to_numpy(dtype="float64")
    numbers = np.floor(numbers) if whole else np.round(numbers, 2)
    return [
        None if not np.isfinite(value) else int(value) if value == int(value) else value
        for value in numbers.tolist()
    ]
