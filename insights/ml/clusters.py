"""Customers who behave alike: k-means on standardised behaviour or on where a network places whole stories, and
what sets each group apart."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from insights.ml.axes import AXES, Axes
from insights.ml.behaviour import Space, distances, nearest
from insights.ml.tables import Tables

SIZES = (3, 4, 5, 6, 7, 8)
STABLE = 0.8
TRAITS = 3
# A group this small is a handful of oddities, not a way to behave.
_SMALLEST = 0.02
# Another number of groups has to be better by so much before it replaces the one that people know.
CLEARLY = 0.02
# Of the customers of an old and a new group together, so many are in both where the two are the same.
_SAME = 0.5
# Centres do not get better by more customers than this, only later.
_MOST_ROWS = 10_000
_SILHOUETTE_ROWS = 4_000
_RESAMPLES = 10
# Fewer starts end in other optima from sample to sample, and groups that are there look unsteady.
_STARTS = 10


@dataclass(frozen=True)
class Clusters:
    """Learnt state: the space, centres (k, p) in it, and the number (k,) that each group goes by; of groups found in
    whole stories also the axes of that space.

    A number belongs to one group for good: ``last_number`` is the highest that was ever given.
    """

    space: Space
    centres: np.ndarray
    numbers: np.ndarray
    last_number: int
    silhouette: float
    stability: float
    smallest: float
    axes: Axes | None = None

    @property
    def k(self) -> int:
        return len(self.centres)

    @property
    def stable(self) -> bool:
        """Whether other samples of customers lead to the same groups, none of them tiny."""
        return self.stability >= STABLE and self.smallest >= _SMALLEST

    def placed(self, frame: pd.DataFrame, tables: Tables | None) -> pd.DataFrame:
        """Feature rows as `assign` needs them: with the places of their stories where those are looked at."""
        if self.axes is None:
            return frame
        assert tables is not None, "these groups are found in whole stories"
        return self.axes.placed(frame, tables)

    def assign(self, frame: pd.DataFrame) -> np.ndarray:
        """The number of the group with the nearest centre, per row."""
        return self.numbers[self._places(frame)]

    def _places(self, frame: pd.DataFrame) -> np.ndarray:
        return nearest(self.space.standardised(frame), self.centres)

    def continuing(
        self,
        before: "Clusters | None",
        frame: pd.DataFrame,
        last_number: int = -1,
        there: np.ndarray | None = None,
    ) -> "Clusters":
        """These groups under the numbers of the ones before, where they are the same ones.

        Paired so that the centres lie nearest to each other over all pairs (Kuhn 1955, the Hungarian method); see
        `_apart` for groups found in whole stories. A pair is the same group when at least half of the customers of
        either are in both: below that a cluster counts as dissolved (Hennig 2007). Others get numbers that no group
        ever had; ``last_number``: the highest that is known to have been given elsewhere; ``there`` (rows,): the
        numbers before, where the frame alone does not tell them.
        """
        known = {}
        if before is not None:
            known = self._known(before, frame, before.assign(frame) if there is None else there)
        last = max(before.last_number if before else -1, last_number)
        numbers = []
        for i in range(self.k):
            last += i not in known
            numbers.append(known.get(i, last))
        return replace(self, numbers=np.array(numbers), last_number=last)

    def _known(self, before: "Clusters", frame: pd.DataFrame, there: np.ndarray) -> dict[int, int]:
        """The number before of each group (by its place) that is still the same one."""
        here = self._places(frame)
        overlap = np.array(
            [[_overlap(here == i, there == j) for j in before.numbers] for i in range(self.k)]
        )
        pairs = zip(*linear_sum_assignment(self._apart(before, overlap)), strict=True)
        return {int(i): int(before.numbers[j]) for i, j in pairs if overlap[i, j] >= _SAME}

    def _apart(self, before: "Clusters", overlap: np.ndarray) -> np.ndarray:
        """(k, groups before): how far the centres lie from each other; where the spaces know nothing of each other, as
        those of two networks do, how few customers the groups share."""
        if self.axes is not None or before.axes is not None:
            return -overlap
        old = self.space.brought_from(before.space, before.centres)
        return np.sqrt(distances(self.centres, old))

    def described(self, frame: pd.DataFrame) -> list[dict[str, Any]]:
        """Each group's size and its TRAITS most telling features.

        A trait: the feature's name as code, 'high' or 'low', the difference between the group's mean and
        everybody's in standard deviations, and the medians of both in the feature's own unit.
        """
        space = self.space if self.axes is None else Space.fit(frame)
        assert space is not None, "who is grouped differs in behaviour"
        x, group = space.standardised(frame), self._places(frame)
        told = []
        for place, number in enumerate(self.numbers.tolist()):
            inside = group == place
            difference = x[inside].mean(axis=0) - x.mean(axis=0) if inside.any() else x[0] * 0
            order = np.argsort(-np.abs(difference), kind="stable")[:TRAITS]
            told.append(
                {
                    "cluster": number,
                    "n": int(inside.sum()),
                    "share": float(inside.mean()),
                    "traits": [_trait(space, frame, inside, i, difference[i]) for i in order],
                }
            )
        return told

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta = {
            "names": list(self.space.names),
            "numbers": self.numbers.tolist(),
            "last_number": self.last_number,
            "silhouette": self.silhouette,
            "stability": self.stability,
            "smallest": self.smallest,
        }
        axes = {} if self.axes is None else self.axes.arrays()
        arrays = {f"axes_{name}": one for name, one in axes.items()}
        return meta, {**arrays, **self.space.arrays(), "centres": self.centres}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> "Clusters":
        # Models of earlier releases numbered their groups from nought.
        numbers = np.array(meta.get("numbers", range(len(arrays["centres"]))))
        axes = {k.removeprefix("axes_"): v for k, v in arrays.items() if k.startswith("axes_")}
        return cls(
            Space.from_state(meta["names"], arrays), arrays["centres"], numbers,
            meta.get("last_number", int(numbers.max())),
            meta["silhouette"], meta["stability"], meta["smallest"],
            Axes.from_arrays(axes) if axes else None,
        )  # fmt: skip


def _trait(
    space: Space, frame: pd.DataFrame, inside: np.ndarray, i: int, difference: float
) -> dict[str, Any]:
    values = frame[space.names[i]].fillna(space.median[i])
    facts = {"typical": float(values[inside].median()), "overall": float(values.median())}
    direction = "high" if difference > 0 else "low"
    return {
        "code": space.names[i],
        "direction": direction,
        "difference": round(float(difference), 2),
        "facts": facts,
    }


def fit_clusters(
    frame: pd.DataFrame,
    k: int | None = None,
    random_state: int = 42,
    rather: int | None = None,
    axes: Axes | None = None,
) -> Clusters | None:
    """k-means (Lloyd 1982; k-means++ starts) with k given, or chosen among SIZES.

    Chosen: the best silhouette (Rousseeuw 1987) among the sizes that are stable; if none is, the most
    stable. ``rather`` is the size that people know: it is tried too, and stays while it is stable and no
    other is clearly better. Stability is the mean adjusted Rand index (Hubert & Arabie 1985) between the
    grouping and those that bootstrap resamples lead to (Hennig 2007). None when customers differ in too little.
    axes: of whole stories, which the frame has been placed by (see Axes.placed).
    """
    if len(frame) < 20 * min(SIZES):
        return None
    rows = np.random.default_rng(random_state).permutation(len(frame))[:_MOST_ROWS]
    frame = frame.iloc[np.sort(rows)]
    behaviour = Space.fit(frame)
    if behaviour is None:
        return None
    space = Space.of_axes(AXES) if axes else behaviour
    x, activity = space.standardised(frame), _activity(behaviour, frame)
    sizes = sorted({k, rather or k}) if k else SIZES
    # Threads of one small k-means wait for each other: on a busy machine forty times as long.
    with threadpool_limits(1):
        tried = [_one_size(x, size, random_state, space, activity) for size in sizes]
    return replace(_choice(tried, rather), axes=axes)


def _choice(tried: list[Clusters], rather: int | None) -> Clusters:
    stable = [one for one in tried if one.stable]
    if not stable:
        return max(tried, key=lambda one: one.stability)
    best = max(stable, key=lambda one: one.silhouette)
    known = next((one for one in stable if one.k == rather), best)
    return known if known.silhouette >= best.silhouette - CLEARLY else best


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Of those in either, the share in both (Jaccard)."""
    return float((one & other).sum() / max((one | other).sum(), 1))


def _one_size(
    x: np.ndarray, k: int, random_state: int, space: Space, activity: np.ndarray
) -> Clusters:
    centres = _by_activity(_centres(x, k, random_state), x, activity)
    group = nearest(x, centres)
    rows = np.random.default_rng(random_state).permutation(len(x))[:_SILHOUETTE_ROWS]
    several = len(np.unique(group[rows])) > 1
    silhouette = float(silhouette_score(x[rows], group[rows])) if several else -1.0
    smallest = float(np.bincount(group, minlength=k).min() / len(x))
    stability = _stability(x, group, k, random_state)
    return Clusters(space, centres, np.arange(k), k - 1, silhouette, stability, smallest)


def _stability(x: np.ndarray, group: np.ndarray, k: int, random_state: int) -> float:
    generator = np.random.default_rng(random_state)
    agreement = []
    for resample in range(_RESAMPLES):
        rows = generator.integers(0, len(x), len(x))
        other = nearest(x, _centres(x[rows], k, random_state + 1 + resample))
        agreement.append(adjusted_rand_score(group, other))
    return float(np.mean(agreement))


def _centres(x: np.ndarray, k: int, random_state: int) -> np.ndarray:
    return KMeans(k, n_init=_STARTS, random_state=random_state).fit(x).cluster_centers_


def _activity(behaviour: Space, frame: pd.DataFrame) -> np.ndarray:
    """(n,) many orders and a late last one, as far as customers differ in them."""
    x, activity = behaviour.standardised(frame), np.zeros(len(frame))
    for name, sign in (("orders_all", 1), ("recency_days", -1)):
        if name in behaviour.names:
            activity += sign * x[:, behaviour.names.index(name)]
    return activity


def _by_activity(centres: np.ndarray, x: np.ndarray, activity: np.ndarray) -> np.ndarray:
    """From the most to the least active: the order in which groups get their first numbers."""
    group = nearest(x, centres)
    count = np.maximum(np.bincount(group, minlength=len(centres)), 1)
    mean = np.bincount(group, weights=activity, minlength=len(centres)) / count
    return centres[np.argsort(-mean, kind="stable")]
