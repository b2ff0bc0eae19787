"""How far the probabilities of a model can be taken at their word. Plain arithmetic, so that pages may ask too.

``bins``: groups of like probability with ``n``, ``predicted`` and ``actual`` (insights.ml.evaluation).
"""

from math import sqrt
from typing import Any

# From here on a probability is rough: so far off on average, beyond what chance explains.
ROUGH = 0.04


def gap(one: dict[str, Any]) -> float:
    return abs(one["predicted"] - one["actual"])


def beyond_chance(one: dict[str, Any]) -> float:
    """The part of a group's gap that two standard errors of its share leave unexplained."""
    p = one["predicted"]
    return max(0.0, gap(one) - 2 * sqrt(p * (1 - p) / one["n"]))


def error_beyond_chance(bins: list[dict[str, Any]]) -> float:
    """Mean over all customers. Groups of thirty are off by seven points by chance alone, groups of 400 by two."""
    people = sum(one["n"] for one in bins)
    return sum(one["n"] * beyond_chance(one) for one in bins) / people if people else 0.0


def most_wrong(bins: list[dict[str, Any]]) -> dict[str, Any] | None:
    return max(bins, key=gap, default=None)
