"""The next order: when to expect it, between which days, and the chance that it comes within thirty days."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import expit, logit

from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.lifetimes.gaps import GapModel, OwnGaps
from insights.ml.lifetimes.histories import Histories, PurchaseDays
from insights.ml.ranges import COVERAGE

SOON_DAYS = 30
# Closed spans of thirty days that the chance is learnt from, and one more that it is judged on.
SPANS = 4
LEAST_RETURNED = 20
NARROWEST = 1e-4


@dataclass(frozen=True)
class Soon:
    """What is known of each customer (n,) as of a day: history, own gaps."""

    known: Histories
    own: OwnGaps

    @classmethod
    def of(cls, days: PurchaseDays, last: int) -> Self:
        past = days.until(last)
        known = past.histories(last)
        return cls(known, OwnGaps.of(past, known))


@dataclass(frozen=True)
class NextOrder:
    """Gaps, the logistic weights of the chance (intercept last), and which shares of waits bound the range."""

    gaps: GapModel
    weights: np.ndarray
    shares: tuple[float, float, float]
    buying: str

    @classmethod
    def fit(cls, everyone: PurchaseDays, closed: int, behaviour: Behaviour, buying: str) -> Self:
        """Learnt from purchases up to the day `closed`."""
        now = Soon.of(everyone, closed)
        gaps = GapModel.fit(now.own)
        weights = cls._weights(everyone, closed, gaps, behaviour, buying)
        return cls(gaps, weights, _shares(everyone, closed), buying)

    @staticmethod
    def _weights(
        everyone: PurchaseDays, closed: int, gaps: GapModel, behaviour: Behaviour, buying: str
    ) -> np.ndarray:
        from sklearn.linear_model import LogisticRegression

        rows, came = [], []
        for span in range(1, SPANS + 1):
            last = closed - SOON_DAYS * span
            soon = Soon.of(everyone, last)
            if len(soon.known) < LEAST_RETURNED:
                break
            days, _ = everyone.between(last + 1, last + SOON_DAYS).sums(soon.known.customer_id)
            rows.append(_inputs(soon, gaps, behaviour, buying))
            came.append(days > 0)
        plain = np.array([1.0, 0.0, 0.0, 0.0])
        if (
            not rows
            or min(np.sum(np.concatenate(came)), np.sum(~np.concatenate(came))) < LEAST_RETURNED
        ):
            return plain
        x, y = np.concatenate(rows), np.concatenate(came)
        model = LogisticRegression(C=1.0, max_iter=500).fit(x, y)
        return np.append(model.coef_[0], model.intercept_)

    def chance(self, soon: Soon, behaviour: Behaviour) -> np.ndarray:
        """(n,) chance of an order within thirty days."""
        z = np.full(len(soon.known), self.weights[-1])
        # Not a matrix product: one customer's chance must not depend on who else is asked about.
        for column, weight in zip(
            _inputs(soon, self.gaps, behaviour, self.buying).T, self.weights[:-1], strict=True
        ):
            z = z + column * weight
        return expit(z)

    def waits(self, soon: Soon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(n,) whole days from now until the next order of who orders again: earliest, expected, latest."""
        low, middle, high = (
            np.round(self.gaps.wait(soon.own, soon.known.silence, share)) for share in self.shares
        )
        return np.maximum(low, 1), np.maximum(middle, 1), np.maximum(high, 1)

    def state(self) -> dict[str, Any]:
        return {
            "gaps": self.gaps.state(),
            "weights": self.weights.tolist(),
            "shares": list(self.shares),
            "buying": self.buying,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        low, middle, high = state["shares"]
        weights = np.array(state["weights"], float)
        return cls(GapModel(**state["gaps"]), weights, (low, middle, high), state["buying"])


def judged(
    everyone: PurchaseDays, closed: int, behaviour: Behaviour, buying: str
) -> dict[str, Any] | None:
    """How what was learnt thirty days ago foretold the thirty days since; None with too few customers.

    brier and roc_auc of the chance; rule_brier: of the share who bought in the thirty days before, alone;
    inside: share of the orders that came inside their range, among those that came.
    """
    from insights.ml.evaluation import binary_metrics

    last = closed - SOON_DAYS
    model = NextOrder.fit(everyone.until(last), last, behaviour, buying)
    soon = Soon.of(everyone, last)
    days, _ = everyone.between(last + 1, last + SOON_DAYS).sums(soon.known.customer_id)
    came = days > 0
    if min(came.sum(), (~came).sum()) < LEAST_RETURNED:
        return None
    said = binary_metrics(came.astype(float), model.chance(soon, behaviour))
    before, _ = everyone.between(last - SOON_DAYS + 1, last).sums(soon.known.customer_id)
    active = before > 0
    share = np.where(active, came[active].mean() if active.any() else 0, came[~active].mean())
    return {
        "n": len(came),
        "share": float(came.mean()),
        "brier": said["brier"],
        "roc_auc": said["roc_auc"],
        "rule_brier": float(np.mean((share - came) ** 2)),
    }


def inside(everyone: PurchaseDays, closed: int) -> float | None:
    """Share of next orders that came between the days said earlier, of those that have come since.

    Said at three quarters of history: the ranges then had as long to be learnt from as they have had to come true.
    """
    last = closed - (closed - int(everyone.day.min())) // 4
    past = everyone.until(last)
    soon = Soon.of(past, last)
    if not len(soon.known):
        return None
    gaps = GapModel.fit(soon.own)
    model = NextOrder(gaps, np.zeros(4), _shares(past, last), "")
    wait = _waited(everyone, soon.known, last, closed)
    came = np.isfinite(wait)
    if came.sum() < LEAST_RETURNED:
        return None
    low, _, high = model.waits(soon)
    return float(np.mean((wait >= low)[came] & (wait <= high)[came]))


def _inputs(soon: Soon, gaps: GapModel, behaviour: Behaviour, buying: str) -> np.ndarray:
    """(n, 3): log-odds by the model of buying and leaving, by the gaps, and how the silence compares to the gap."""
    model = behaviour.buying[buying]
    by_life = 1 - model.none_within(soon.known, SOON_DAYS)
    by_gap = gaps.within_days(soon.own, soon.known.silence, SOON_DAYS)
    mean, _ = gaps.of(soon.own)
    late = np.log(np.maximum(soon.known.silence, 1.0)) - mean
    bounded = [logit(np.clip(p, NARROWEST, 1 - NARROWEST)) for p in (by_life, by_gap)]
    return np.column_stack([*bounded, np.clip(late, -3, 3)])


def _shares(everyone: PurchaseDays, closed: int) -> tuple[float, float, float]:
    """The shares of waits between which eight of ten next orders came, and the one that half came before.

    Split conformal prediction (Vovk et al. 2005; Lei et al. 2018): the gaps are learnt before the window that the
    waits are measured in, and the next order is counted as one more than those n that came, which takes the ends at
    the ranks of n + 1. From the last third of history: those who have not come again by now are not counted, so it
    must be long.
    """
    tail = (1 - COVERAGE) / 2
    usual = (tail, 0.5, 1 - tail)
    if not len(everyone):
        return usual
    last = closed - max((closed - int(everyone.day.min())) // 3, SOON_DAYS)
    soon = Soon.of(everyone, last)
    if not len(soon.known):
        return usual
    wait = _waited(everyone, soon.known, last, closed)
    came = np.isfinite(wait)
    if came.sum() < 2 * LEAST_RETURNED:
        return usual
    gaps = GapModel.fit(soon.own)
    place = gaps.place(soon.own, soon.known.silence, np.where(came, wait, 1.0))[came]
    return ends(np.sort(place), tail)


def ends(ordered: np.ndarray, tail: float) -> tuple[float, float, float]:
    """(n,) rising: the values below and above which at most `tail` of the next ones lie, and the middle one."""
    n = len(ordered)
    # A hair inside, so that a rank which is a whole number is not missed by what a float cannot hold.
    low = int(np.floor(tail * (n + 1) + 1e-9))
    high = int(np.ceil((1 - tail) * (n + 1) - 1e-9))
    below = ordered[low - 1] if low >= 1 else 0.0
    above = ordered[high - 1] if high <= n else 1.0
    return float(below), float(np.median(ordered)), float(above)


def _waited(everyone: PurchaseDays, known: Histories, last: int, closed: int) -> np.ndarray:
    """(n,) days from `last` to the next purchase; infinite for who has not come by `closed`."""
    later = everyone.between(last + 1, closed)
    ids, first = np.unique(later.customer_id, return_index=True)
    wait = np.full(len(known), np.inf)
    place = np.minimum(np.searchsorted(known.customer_id, ids), len(known) - 1)
    same = known.customer_id[place] == ids
    wait[place[same]] = later.day[first[same]] - last
    return wait
