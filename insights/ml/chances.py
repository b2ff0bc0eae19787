"""How likely a listed product is to be bought within the horizon.

A recommender's raw scores put one customer's products in order; they say nothing about how likely any of
them is, because somebody who owns much has high scores and somebody who left a year ago buys nothing. A
logistic model of the score, the place on the list and the customer's own activity turns them into
chances, which can then be compared with those of reorders. It never changes the order of the products.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sklearn.linear_model import LogisticRegression

from insights.ml.baskets import DAY, Sales, instant, positions, run_starts

LONG_AGO = 730.0
ACTIVE_DAYS = 90


@dataclass(frozen=True)
class Activity:
    """Per customer (n,): days since the last purchase, days with one in the last 90, products owned."""

    since: np.ndarray
    active: np.ndarray
    owned: np.ndarray

    @classmethod
    def of(
        cls, sales: Sales, as_of: datetime, customer_ids: np.ndarray, owned: np.ndarray
    ) -> "Activity":
        """sales: before as_of. customer_ids: sorted; who never bought counts as silent for two years."""
        row, known = positions(customer_ids, sales.customer_id)
        since = np.full(len(customer_ids), LONG_AGO)
        # Sales stand in time order, so a customer's last one is written last.
        since[row[known]] = np.minimum((instant(as_of) - sales.at[known]) / DAY, LONG_AGO)
        recent = sales.between(as_of - timedelta(days=ACTIVE_DAYS), as_of)
        row, known = positions(customer_ids, recent.customer_id)
        row, day = row[known], recent.at[known].astype("datetime64[D]").astype(np.int64)
        order = np.lexsort((day, row))
        once = order[run_starts(row[order], day[order])]
        return cls(since, np.bincount(row[once], minlength=len(customer_ids)), owned)


@dataclass(frozen=True)
class Chances:
    """Learnt weights of log score, log2(1 + rank), log since, log active, log owned, and 1; (6,).

    floor: the lowest positive score seen; products that nothing speaks for stand there.
    """

    weights: np.ndarray
    floor: float

    @classmethod
    def fit(
        cls, score: np.ndarray, rank: np.ndarray, who: Activity, bought: np.ndarray
    ) -> "Chances":
        """All arguments (rows,): one row per listed product; bought: whether it was."""
        positive = score[score > 0]
        floor = float(positive.min()) if len(positive) else 1.0
        x = np.column_stack(_inputs(score, rank, who, floor))
        if not len(bought) or bought.min() == bought.max():
            share = float(np.clip(bought.mean() if len(bought) else 0.0, 1e-6, 1 - 1e-6))
            return cls(np.array([0.0] * x.shape[1] + [np.log(share / (1 - share))]), floor)
        used = np.ones(x.shape[1], dtype=bool)
        while True:
            model = LogisticRegression(max_iter=500).fit(x[:, used], bought)
            weights = np.zeros(x.shape[1])
            weights[used] = model.coef_[0]
            # What stands higher on a list must not have the lower chance: such a weight is left out.
            wrong = used & np.array([weights[0] < 0, weights[1] > 0, False, False, False])
            if not wrong.any():
                return cls(np.append(weights, model.intercept_), floor)
            used &= ~wrong

    def of(self, score: np.ndarray, rank: np.ndarray, who: Activity) -> np.ndarray:
        # Written out instead of a matrix product: a customer's chance must not depend on who else is
        # in the batch, and BLAS adds up in an order that does.
        z = np.full(len(score), self.weights[-1])
        columns = _inputs(score, rank, who, self.floor)
        for column, weight in zip(columns, self.weights[:-1], strict=True):
            z += column * weight
        return 1 / (1 + np.exp(-z))


def at(who: Activity, rows: np.ndarray) -> Activity:
    """The activity of the customer of each listed product."""
    return Activity(who.since[rows], who.active[rows], who.owned[rows])


def _inputs(score: np.ndarray, rank: np.ndarray, who: Activity, floor: float) -> list[np.ndarray]:
    return [
        np.log(np.maximum(score, floor)),
        np.log2(1.0 + rank),
        np.log1p(who.since),
        np.log1p(who.active),
        np.log1p(who.owned),
    ]
