"""Customers who behave alike: k-means on standardised behaviour, and what sets each group apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

# One feature per side of behaviour: figures that say the same thing twice would count twice.
BEHAVIOUR = (
    "recency_days", "orders_all", "order_value", "gap_median", "first_sale_days", "orders_trend",
    "categories_all", "lines_per_order", "returned_share", "visits_90", "conversations_365",
    "complaints_365",
)  # fmt: skip
SIZES = (3, 4, 5, 6, 7, 8)
STABLE = 0.8
TRAITS = 3
# Seen in fewer customers than this, a behaviour is no ground for grouping everybody.
_COMMON = 0.05
# A group this small is a handful of oddities, not a way to behave.
_SMALLEST = 0.02
# Centres do not get better by more customers than this, only later.
_MOST_ROWS = 10_000
_SILHOUETTE_ROWS = 4_000
_RESAMPLES = 10
_FAR = 4.0


@dataclass(frozen=True)
class Clusters:
    """Learnt state. names (p,): the features used; median, mean, scale (p,); centres (k, p).

    A value is filled with the median, brought to sign(x) log(1 + |x|), and standardised.
    """

    names: tuple[str, ...]
    median: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    centres: np.ndarray
    silhouette: float
    stability: float
    smallest: float

    @property
    def k(self) -> int:
        return len(self.centres)

    @property
    def stable(self) -> bool:
        """Whether other samples of customers lead to the same groups, none of them tiny."""
        return self.stability >= STABLE and self.smallest >= _SMALLEST

    def standardised(self, frame: pd.DataFrame) -> np.ndarray:
        """(rows, p), cut at four standard deviations so that one giant customer makes no group."""
        return _standardised(frame, self.names, self.median, self.mean, self.scale)

    def assign(self, frame: pd.DataFrame) -> np.ndarray:
        """The nearest centre of each row, 0 to k - 1."""
        return nearest(self.standardised(frame), self.centres)

    def described(self, frame: pd.DataFrame) -> list[dict[str, Any]]:
        """Each group's size and its TRAITS most telling features.

        A trait: the feature's name as code, 'high' or 'low', the difference between the group's mean and
        everybody's in standard deviations, and the medians of both in the feature's own unit.
        """
        x, group = self.standardised(frame), self.assign(frame)
        told = []
        for cluster in range(self.k):
            inside = group == cluster
            difference = x[inside].mean(axis=0) - x.mean(axis=0) if inside.any() else x[0] * 0
            order = np.argsort(-np.abs(difference), kind="stable")[:TRAITS]
            told.append(
                {
                    "cluster": cluster,
                    "n": int(inside.sum()),
                    "share": float(inside.mean()),
                    "traits": [self._trait(frame, inside, i, difference[i]) for i in order],
                }
            )
        return told

    def _trait(
        self, frame: pd.DataFrame, inside: np.ndarray, i: int, difference: float
    ) -> dict[str, Any]:
        values = frame[self.names[i]].fillna(self.median[i])
        facts = {"typical": float(values[inside].median()), "overall": float(values.median())}
        direction = "high" if difference > 0 else "low"
        return {
            "code": self.names[i],
            "direction": direction,
            "difference": round(float(difference), 2),
            "facts": facts,
        }

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta = {
            "names": list(self.names),
            "silhouette": self.silhouette,
            "stability": self.stability,
            "smallest": self.smallest,
        }
        arrays = {
            "median": self.median, "mean": self.mean, "scale": self.scale, "centres": self.centres
        }  # fmt: skip
        return meta, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> "Clusters":
        return cls(
            tuple(meta["names"]), arrays["median"], arrays["mean"], arrays["scale"],
            arrays["centres"], meta["silhouette"], meta["stability"], meta["smallest"],
        )  # fmt: skip


def fit_clusters(
    frame: pd.DataFrame, k: int | None = None, random_state: int = 42
) -> Clusters | None:
    """k-means (Lloyd 1982; k-means++ starts) with k given, or chosen among SIZES.

    Chosen: the best silhouette (Rousseeuw 1987) among the sizes that are stable; if none is, the most
    stable. Stability is the mean adjusted Rand index (Hubert & Arabie 1985) between the grouping and
    those that bootstrap resamples lead to (Hennig 2007). None when customers differ in too little.
    """
    names = tuple(name for name in BEHAVIOUR if _tells(frame[name]))
    if len(names) < 2 or len(frame) < 20 * min(SIZES):
        return None
    rows = np.random.default_rng(random_state).permutation(len(frame))[:_MOST_ROWS]
    frame = frame.iloc[np.sort(rows)]
    median = frame[list(names)].median().to_numpy()
    x = _logged(frame, names, median)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    x = _standardised(frame, names, median, mean, scale)
    # Threads of one small k-means wait for each other: on a busy machine forty times as long.
    with threadpool_limits(1):
        tried = [
            Clusters(names, median, mean, scale, *_one_size(x, size, random_state, names))
            for size in ([k] if k else SIZES)
        ]
    stable = [one for one in tried if one.stable]
    if stable:
        return max(stable, key=lambda one: one.silhouette)
    return max(tried, key=lambda one: one.stability)


def nearest(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    # Written out: a matrix product could round differently with the number of rows.
    distance = np.stack([((x - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    return distance.argmin(axis=1)


def _one_size(
    x: np.ndarray, k: int, random_state: int, names: tuple[str, ...]
) -> tuple[np.ndarray, float, float, float]:
    """Centres (k, p), silhouette, stability and the smallest group's share."""
    centres = _by_activity(_centres(x, k, random_state), names)
    group = nearest(x, centres)
    rows = np.random.default_rng(random_state).permutation(len(x))[:_SILHOUETTE_ROWS]
    several = len(np.unique(group[rows])) > 1
    silhouette = float(silhouette_score(x[rows], group[rows])) if several else -1.0
    smallest = float(np.bincount(group, minlength=k).min() / len(x))
    return centres, silhouette, _stability(x, group, k, random_state), smallest


def _stability(x: np.ndarray, group: np.ndarray, k: int, random_state: int) -> float:
    generator = np.random.default_rng(random_state)
    agreement = []
    for resample in range(_RESAMPLES):
        rows = generator.integers(0, len(x), len(x))
        other = nearest(x, _centres(x[rows], k, random_state + 1 + resample))
        agreement.append(adjusted_rand_score(group, other))
    return float(np.mean(agreement))


def _centres(x: np.ndarray, k: int, random_state: int) -> np.ndarray:
    return KMeans(k, n_init=3, random_state=random_state).fit(x).cluster_centers_


def _by_activity(centres: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Numbered from the most to the least active, so that a number means the same next month."""
    activity = np.zeros(len(centres))
    for name, sign in (("orders_all", 1), ("recency_days", -1)):
        if name in names:
            activity += sign * centres[:, names.index(name)]
    return centres[np.argsort(-activity, kind="stable")]


def _tells(values: pd.Series) -> bool:
    """Whether enough customers differ from the commonest value."""
    known = values.dropna()
    if len(known) < _COMMON * len(values) or known.empty:
        return False
    return float(known.value_counts().iloc[0]) < (1 - _COMMON) * len(values)


def _logged(frame: pd.DataFrame, names: tuple[str, ...], median: np.ndarray) -> np.ndarray:
    values = frame[list(names)].to_numpy(dtype=float)
    values = np.where(np.isnan(values), median, values)
    return np.sign(values) * np.log1p(np.abs(values))


def _standardised(
    frame: pd.DataFrame,
    names: tuple[str, ...],
    median: np.ndarray,
    mean: np.ndarray,
    scale: np.ndarray,
) -> np.ndarray:
    return np.clip((_logged(frame, names, median) - mean) / scale, -_FAR, _FAR)
