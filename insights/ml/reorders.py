"""Buying the same product again: which categories are bought repeatedly, how often, and who is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from insights.ml.baskets import DAY, Sales, instant, positions, run_starts

# A category counts as bought repeatedly when at least this share of its first purchases was repeated.
REPEATED = 0.2
# From the usual interval on a reorder is due; after four of them the product has been given up.
GIVEN_UP = 4.0
FEWEST_GAPS = 10
FEWEST_DUE = 50
_PRIOR_PAIRS = 20.0


@dataclass(frozen=True)
class Habits:
    """One row per customer and product: purchase days, the last one, and the customer's own interval.

    first and last are days since 1970; gap is the median number of days between own purchases, NaN with
    fewer than two gaps.
    """

    customer_id: np.ndarray
    product_id: np.ndarray
    times: np.ndarray
    first: np.ndarray
    last: np.ndarray
    gap: np.ndarray
    all_gaps: np.ndarray
    gap_product: np.ndarray


def habits(sales: Sales) -> Habits:
    """Purchases of one day are one purchase: an order split in two is not a repeat."""
    day = sales.at.astype("datetime64[D]").astype(np.int64)
    order = np.lexsort((day, sales.product_id, sales.customer_id))
    customer, product, day = sales.customer_id[order], sales.product_id[order], day[order]
    once = run_starts(customer, product, day)
    customer, product, day = customer[once], product[once], day[once]
    starts = run_starts(customer, product)
    times = np.diff(np.append(starts, len(day)))
    same_pair = np.diff(np.repeat(np.arange(len(starts)), times)) == 0
    gaps = np.diff(day)[same_pair]
    pair_of_gap = (np.repeat(np.arange(len(starts)), times)[1:])[same_pair]
    return Habits(
        customer_id=customer[starts],
        product_id=product[starts],
        times=times,
        first=day[starts],
        last=day[starts + times - 1],
        gap=_own_gap(gaps, pair_of_gap, len(starts)),
        all_gaps=gaps,
        gap_product=product[1:][same_pair],
    )


def _own_gap(gaps: np.ndarray, pair: np.ndarray, pairs: int) -> np.ndarray:
    """Median gap of each pair with at least two gaps, NaN otherwise."""
    own = np.full(pairs, np.nan)
    for one, median in _medians(pair, gaps, 2):
        own[one] = median
    return own


def _medians(keys: np.ndarray, values: np.ndarray, fewest: int) -> list[tuple[int, float]]:
    order = np.lexsort((values, keys))
    keys, values = keys[order], values[order].astype(float)
    starts = run_starts(keys)
    sizes = np.diff(np.append(starts, len(keys)))
    return [
        (int(keys[s]), float(values[s + (n - 1) // 2] + values[s + n // 2]) / 2)
        for s, n in zip(starts, sizes, strict=True)
        if n >= fewest
    ]


@dataclass(frozen=True)
class Due:
    """Reorders that are due, one row each. usual and late are days, chance is within the horizon; own: whether the
    usual gap is the customer's own, or that of all who buy the product (or its category)."""

    customer_id: np.ndarray
    product_id: np.ndarray
    usual: np.ndarray
    late: np.ndarray
    chance: np.ndarray
    own: np.ndarray
    inputs: np.ndarray


@dataclass(frozen=True)
class Reorders:
    """What was learnt about buying again.

    categories: share of first purchases that were repeated, per category ('' where unknown).
    usual_by_category and usual_by_product: median days between two purchases. coefficients: (5,) of the
    logistic model of being bought within the horizon (intercept last), or None with too little data.
    """

    categories: dict[str, float]
    usual_by_category: dict[str, float]
    usual_by_product: dict[int, float]
    coefficients: np.ndarray | None = None

    @classmethod
    def learn(
        cls, sales: Sales, as_of: datetime, horizon_days: int, category: dict[int, str]
    ) -> "Reorders":
        """From sales before as_of. Only products first bought a horizon ago count: they had the time."""
        known = habits(sales.before(as_of))
        old = known.first <= _day(as_of) - horizon_days
        again = known.times > 1
        names = np.array([category.get(int(p), "") for p in known.product_id], dtype=object)
        overall = float(again[old].mean()) if old.any() else 0.0
        shares = {}
        for name in sorted(set(names[old])):
            chosen = again[old & (names == name)]
            shares[str(name)] = float(
                (chosen.sum() + _PRIOR_PAIRS * overall) / (len(chosen) + _PRIOR_PAIRS)
            )
        code = {name: i for i, name in enumerate(sorted(shares))}
        gap_code = np.array(
            [code.get(category.get(int(p), ""), -1) for p in known.gap_product], int
        )
        by_category = dict(_medians(gap_code, known.all_gaps, FEWEST_GAPS))
        return cls(
            categories=shares,
            usual_by_category={
                name: by_category[i] for name, i in code.items() if i in by_category
            },
            usual_by_product=dict(_medians(known.gap_product, known.all_gaps, FEWEST_GAPS)),
        )

    def fitted(
        self, sales: Sales, as_of: datetime, horizon_days: int, category: dict[int, str]
    ) -> "Reorders":
        """With the chance of a due reorder, learnt from a window that has closed."""
        due = self.due(sales.before(as_of), as_of, category)
        bought = was_bought(due, sales, as_of, horizon_days)
        if len(bought) < FEWEST_DUE or bought.min() == bought.max():
            return self
        model = LogisticRegression(C=1.0, max_iter=500).fit(due.inputs, bought)
        coefficients = np.append(model.coef_[0], model.intercept_)
        return Reorders(
            self.categories, self.usual_by_category, self.usual_by_product, coefficients
        )

    def due(self, sales: Sales, as_of: datetime, category: dict[int, str]) -> Due:
        """What each customer has bought before, in a category bought repeatedly, and is due again."""
        known = habits(sales)
        # Each product is looked up once, not once per customer.
        products, place = np.unique(known.product_id, return_inverse=True)
        names = [category.get(product, "") for product in products.tolist()]
        share = np.array([self.categories.get(name, 0.0) for name in names], float)[place]
        general = np.array(
            [
                self.usual_by_product.get(product, self.usual_by_category.get(name, np.nan))
                for product, name in zip(products.tolist(), names, strict=True)
            ],
            float,
        )[place]
        usual = np.maximum(np.where(np.isnan(known.gap), general, known.gap), 1.0)
        since = _day(as_of) - known.last
        with np.errstate(invalid="ignore"):
            rows = (share >= REPEATED) & (since >= usual) & (since <= GIVEN_UP * usual)
        own = ~np.isnan(known.gap)
        inputs = np.column_stack(
            [np.log(known.times), np.log(np.maximum(since, 1) / usual), own, share]
        )[rows]
        return Due(
            known.customer_id[rows], known.product_id[rows], usual[rows], (since - usual)[rows],
            self._chance(inputs), own[rows], inputs,
        )  # fmt: skip

    def _chance(self, inputs: np.ndarray) -> np.ndarray:
        if self.coefficients is None:
            return inputs[:, 3]
        # Written out instead of a matrix product: a customer's chance must not depend on who else is
        # in the batch, and BLAS adds up in an order that depends on the batch.
        z = np.full(len(inputs), self.coefficients[-1])
        for column, weight in zip(inputs.T, self.coefficients[:-1], strict=True):
            z += column * weight
        return 1 / (1 + np.exp(-z))

    def state(self) -> dict[str, Any]:
        return {
            "categories": self.categories,
            "usual_by_category": self.usual_by_category,
            "usual_by_product": {str(key): value for key, value in self.usual_by_product.items()},
            "coefficients": None if self.coefficients is None else self.coefficients.tolist(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Reorders":
        coefficients = state["coefficients"]
        return cls(
            state["categories"],
            state["usual_by_category"],
            {int(key): value for key, value in state["usual_by_product"].items()},
            None if coefficients is None else np.array(coefficients),
        )


def was_bought(due: Due, sales: Sales, as_of: datetime, horizon_days: int) -> np.ndarray:
    """Whether each due reorder was bought in the window after as_of."""
    window = sales.between(as_of, as_of + np.timedelta64(horizon_days, "D").astype(object))
    base = np.int64(max(due.product_id.max(initial=0), window.product_id.max(initial=0)) + 1)
    bought = np.unique(window.customer_id * base + window.product_id)
    return positions(bought, due.customer_id * base + due.product_id)[1]


def _day(moment: datetime) -> int:
    return int((instant(moment) - np.datetime64(0, "us")) // DAY)
