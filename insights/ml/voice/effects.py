"""Do customers who speak of a topic leave more often, or spend less, than others like them? A comparison, not a proof
of cause."""

from dataclasses import dataclass

import numpy as np

BANDS = 4
CAP = 0.99  # of what spenders spent: more counts as that much, so that no single customer decides
FEW = 10  # customers of a stratum, below whom the spread of all tells more than theirs


@dataclass(frozen=True)
class People:
    """A row per customer. days since the last order and number of orders as of a moment, what was spent in the year
    before it; who did not order in the days after, what was spent in them. ``groups``: 0, 1, … for their teams."""

    recency: np.ndarray
    frequency: np.ndarray
    spent_before: np.ndarray
    left: np.ndarray
    spent: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True)
class Sums:
    """Of one group: ``customers`` with the topic for whom there are others alike; of each outcome the sum over them,
    over others standardised to them, and the variance of the difference of the two."""

    group: int
    customers: int
    left: tuple[float, ...]
    spent: tuple[float, ...]


class Compared:
    """Direct standardisation: within strata of group, days since the last order and number of orders (quarters of
    all) those with a topic are compared with the others, each stratum weighing as much as it holds of the former.
    Strata without others tell nothing and are left out.

    The variance of shares is binomial with Agresti's two more of each. Spending is levelled by what was spent before,
    with the slope within strata (CUPED: Deng et al. 2013).
    """

    def __init__(self, people: People):
        cells = (people.groups * BANDS + bands(people.recency)) * BANDS + bands(people.frequency)
        keys, self.strata = np.unique(cells, return_inverse=True)
        self.groups = keys // BANDS**2
        self.left = people.left.astype(float)
        self.spent = capped(people.spent)
        before = capped(people.spent_before)
        slope = self._slope(before, self.spent)
        self.levelled = self.spent - slope * before

    def of(self, spoke: np.ndarray) -> list[Sums]:
        """A row per group in which anybody can be compared."""
        n, m = self._sum(spoke), self._sum(~spoke)
        known = (n > 0) & (m > 0)
        share, others = self._means(self.left, spoke, n, m)
        of_shares = _variance(share, n) + _variance(others, m)
        mean, alike = self._means(self.levelled, spoke, n, m)
        of_means = self._spread(n + m) * (1 / np.maximum(n, 1) + 1 / np.maximum(m, 1))
        spent = self._sum(self.spent * spoke)
        rows = np.stack([
            n, n * share, n * others, n**2 * of_shares,
            spent, spent - n * (mean - alike), n**2 * of_means,
        ])  # fmt: skip
        found = []
        for group in np.unique(self.groups[known]):
            total = rows[:, known & (self.groups == group)].sum(axis=1).tolist()
            found.append(Sums(int(group), int(total[0]), tuple(total[1:4]), tuple(total[4:])))
        return found

    def _sum(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.strata, weights=values, minlength=len(self.groups))

    def _means(
        self, values: np.ndarray, spoke: np.ndarray, n: np.ndarray, m: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        mine, theirs = self._sum(values * spoke), self._sum(values * ~spoke)
        return mine / np.maximum(n, 1), theirs / np.maximum(m, 1)

    def _within(self, values: np.ndarray) -> np.ndarray:
        """About the mean of its stratum."""
        return values - (self._sum(values) / self._sum(np.ones(len(values))))[self.strata]

    def _slope(self, before: np.ndarray, after: np.ndarray) -> float:
        x, y = self._within(before), self._within(after)
        return float(x @ y / (x @ x)) if x @ x > 0 else 0.0

    def _spread(self, count: np.ndarray) -> np.ndarray:
        """Variance of the levelled spending within each stratum."""
        squares = self._within(self.levelled) ** 2
        free = max(1, len(squares) - len(count))
        own = self._sum(squares) / np.maximum(count - 1, 1)
        return np.where(count < FEW, squares.sum() / free, own)


def bands(values: np.ndarray) -> np.ndarray:
    edges = np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1]) if len(values) else []
    return np.searchsorted(edges, values, side="right")


def capped(values: np.ndarray) -> np.ndarray:
    some = values[values > 0]
    return np.minimum(values, np.quantile(some, CAP)) if len(some) else values


def _variance(share: np.ndarray, n: np.ndarray) -> np.ndarray:
    steadied = (share * n + 1) / (n + 2)
    return steadied * (1 - steadied) / np.maximum(n, 1)
