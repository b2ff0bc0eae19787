"""After how many days without an order a customer counts as gone: proposed from the company's own rhythm.

Plain Python, since a page asks for it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

# So many of the orders that are followed by another are followed within the horizon.
SHARE = 0.9
LEAST_GAPS = 50
SHORTEST, LONGEST = 14, 365
# What a training needs beside two horizons: time to get to know customers (see insights.ml.churn).
LEAST_HISTORY = 30


@dataclass(frozen=True)
class Proposal:
    """`days`: the horizon proposed; `gaps`: how many gaps it was read from; `rhythm`: what they alone would say.

    Where `days` is less than `rhythm`, the history is too short to learn from the longer one.
    """

    days: int
    gaps: int
    rhythm: int


def proposed(days_of_customers: Iterable[Sequence[date]]) -> Proposal | None:
    """From each customer's days with an order, ascending; None where too few come back to tell.

    Only gaps that begin in the older half of the history count (in all but the last year, where it is longer than
    two): the long gaps among the newer ones are still open, and without them customers seem to hurry.
    """
    histories = [days for days in days_of_customers if days]
    if not histories:
        return None
    first, last = min(days[0] for days in histories), max(days[-1] for days in histories)
    span = (last - first).days
    closed = span - min(span // 2, 365)
    gaps = sorted(
        (after - before).days
        for days in histories
        for before, after in pairwise(days)
        if (before - first).days <= closed
    )
    if len(gaps) < LEAST_GAPS:
        return None
    rhythm = _round_up(gaps[math.ceil(SHARE * len(gaps)) - 1])
    most = (span - LEAST_HISTORY) // 2
    days = min(rhythm, LONGEST, max(SHORTEST, most // 5 * 5))
    return Proposal(max(days, SHORTEST), len(gaps), rhythm)


def _round_up(days: int) -> int:
    """As people name such spans: to 5 days up to two months, to 10 up to half a year, else to 30."""
    step = 5 if days <= 60 else 10 if days <= 180 else 30
    return math.ceil(days / step) * step
