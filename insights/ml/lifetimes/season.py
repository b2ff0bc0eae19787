"""What a season does to the level of a whole window, by what it did a year ago."""

import numpy as np

from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.lifetimes.histories import PurchaseDays

YEAR_DAYS = 365
# What has to be known of customers before the earlier of the two windows.
LEAST_HISTORY_DAYS = 60


def season(
    everyone: PurchaseDays, last: int, days: int, behaviour: Behaviour, buying: str
) -> float:
    """How many times as high the level of the `days` after the day `last` is to be expected as that of the `days`
    before it: as a year ago. 1 where history does not reach back that far.

    Levels are what was spent, and how often, over what the model of buying and leaving expected of the customers
    known then, so that neither growth nor leaving counts as season. Purchases tell a season more surely, since a
    few large orders do not decide them, amounts tell more of it: the mean of both counts, less what may be chance
    (shrunk as in empirical Bayes; Efron and Morris 1973).
    """
    opened = last - YEAR_DAYS
    if not len(everyone) or opened - days - int(everyone.day.min()) < LEAST_HISTORY_DAYS:
        return 1.0
    past = everyone.until(last)
    before, after = (_levels(past, opened - shift, days, behaviour, buying) for shift in (days, 0))
    if before is None or after is None:
        return 1.0
    moved = np.mean(after[0] - before[0])
    unsure = np.mean(after[1] + before[1]) / 2
    return float(np.exp(moved * moved**2 / (moved**2 + unsure))) if unsure > 0 else 1.0


def _levels(
    everyone: PurchaseDays, last: int, days: int, behaviour: Behaviour, buying: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Logarithms of purchases and of amounts over what was expected of the `days` after `last`, and how unsure
    (variance) each is; None where nobody bought."""
    known = everyone.histories(last)
    came = everyone.between(last + 1, last + days).sums(known.customer_id)
    if not len(known) or min(one.sum() for one in came) <= 0:
        return None
    purchases = np.maximum(behaviour.purchases(buying, known, days), 1e-9)
    logs, unsure = [], []
    for actual, expected in zip(
        came, (purchases, purchases * behaviour.per_purchase(known)), strict=True
    ):
        level = actual.sum() / max(expected.sum(), 1e-9)
        logs.append(np.log(level))
        unsure.append(((actual - level * expected) ** 2).sum() / actual.sum() ** 2)
    return np.array(logs), np.array(unsure)
