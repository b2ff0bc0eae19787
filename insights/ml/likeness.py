"""Who is like whom: where each customer stands in the space of behaviour, and which group is next to theirs.

Everything said about a customer follows from the learnt state and their own facts, so that one customer can be
scored alone. Comparing two customers is left to whoever holds the answers: cells divide the space, a look-alike
is looked for in the customer's own cell and the nearest ones (an inverted file, Jégou, Douze and Schmid 2011).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from insights.ml.axes import AXES
from insights.ml.behaviour import BEHAVIOUR, Space, distances
from insights.ml.clusters import Clusters
from insights.ml.segments_rfm import SEGMENTS, Rfm

UNIT = 100  # parts of a standard deviation
NEAR_CELLS = 4
_MOST_CELLS = 256
_PER_CELL = 50
_MOST_ROWS = 10_000
_ROUNDS = 20


@dataclass(frozen=True)
class Likeness:
    """Learnt state: the space, the cells' centres (m, p) and those of the eight segments (8, p), NaN where empty.

    by_story: the space of whole stories, where groups found in it are published; then the cells divide that one, and
    who is alike is told by it.
    """

    space: Space
    cells: np.ndarray
    segments: np.ndarray
    by_story: Space | None = None

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, rfm: Rfm, clusters: Clusters | None, random_state: int = 42
    ) -> "Likeness | None":
        """None when customers differ in too little to be compared."""
        rows = np.random.default_rng(random_state).permutation(len(frame))[:_MOST_ROWS]
        some = frame.iloc[np.sort(rows)]
        by_story = clusters.space if clusters and clusters.axes else None
        space = clusters.space if clusters and not by_story else Space.fit(some)
        if space is None:
            return None
        x = space.standardised(some)
        points = by_story.standardised(some) if by_story else x
        several = int(np.clip(len(some) // _PER_CELL, 1, _MOST_CELLS))
        with threadpool_limits(1):
            found = KMeans(several, n_init=1, max_iter=_ROUNDS, random_state=random_state).fit(
                points
            )
        names = rfm.assign(some)["segment"].to_numpy()
        return cls(space, found.cluster_centers_, _means(x, names), by_story)

    def tell(
        self, frame: pd.DataFrame, segments: pd.Series, clusters: Clusters | None
    ) -> list[dict[str, Any]]:
        """Per row: sides (one figure per name of BEHAVIOUR, None where it is not used), axes where whole stories tell
        who is alike, the nearest cells, and the nearest segment and behaviour group of those the customer is not in,
        with the distance to their centre."""
        x = self.space.standardised(frame)
        points = self.by_story.standardised(frame) if self.by_story else x
        near = distances(points, self.cells).argsort(axis=1, kind="stable")[:, :NEAR_CELLS]
        mine = segments.map({name: i for i, name in enumerate(SEGMENTS)}).to_numpy()
        segment, to_segment = _next(distances(x, self.segments), mine)
        told = [
            {
                "sides": sides,
                "cells": cells,
                "next_segment": SEGMENTS[i] if far < np.inf else "",
                "segment_distance": _whole(far),
                "next_cluster": None,
                "cluster_distance": None,
            }
            for sides, cells, i, far in zip(
                self._sides(x), near.tolist(), segment, to_segment, strict=True
            )
        ]
        if self.by_story:
            for one, axes in zip(told, np.rint(points * UNIT).astype(int).tolist(), strict=True):
                one["axes"] = axes
        if clusters is not None and clusters.k > 1:
            square = distances(clusters.space.standardised(frame), clusters.centres)
            others, to_other = _next(square, square.argmin(axis=1))
            for one, i, far in zip(told, others, to_other, strict=True):
                one["next_cluster"] = int(clusters.numbers[i])
                one["cluster_distance"] = _whole(far)
        return told

    def _sides(self, x: np.ndarray) -> list[list[int | None]]:
        places = [self.space.names.index(n) if n in self.space.names else None for n in BEHAVIOUR]
        whole = np.rint(x * UNIT).astype(int).tolist()
        return [[None if i is None else row[i] for i in places] for row in whole]

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {"cells": self.cells, "segments": self.segments}
        meta = {"names": list(self.space.names), "by_story": self.by_story is not None}
        return meta, {**self.space.arrays(), **arrays}

    @classmethod
    def from_state(cls, meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "Likeness":
        space = Space.from_state(meta["names"], arrays)
        by_story = Space.of_axes(AXES) if meta.get("by_story") else None
        return cls(space, arrays["cells"], arrays["segments"], by_story)


def _means(x: np.ndarray, names: np.ndarray) -> np.ndarray:
    empty = np.full(x.shape[1], np.nan)
    return np.array(
        [x[names == name].mean(axis=0) if (names == name).any() else empty for name in SEGMENTS]
    )


def _next(square: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre that is not the row's own, and how far it is (infinity where there is none)."""
    others = np.where(np.isnan(square), np.inf, square)
    others[np.arange(len(others)), mine] = np.inf
    found = others.argmin(axis=1)
    return found, np.sqrt(others[np.arange(len(others)), found])


def _whole(distance: float) -> int | None:
    return None if distance == np.inf else int(round(float(distance) * UNIT))
