"""The space in which customers are compared: one figure per side of behaviour, brought to a common measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

# One feature per side of behaviour: figures that say the same thing twice would count twice.
BEHAVIOUR = (
    "recency_days", "orders_all", "order_value", "gap_median", "first_sale_days", "orders_trend",
    "categories_all", "lines_per_order", "returned_share", "visits_90", "conversations_365",
    "complaints_365",
)  # fmt: skip
# Seen in fewer customers than this, a behaviour is no ground for comparing everybody.
_COMMON = 0.05
_FAR = 4.0


@dataclass(frozen=True)
class Space:
    """Learnt state. names (p,): the features used; median, mean, scale (p,).

    A figure of behaviour is filled with the median, brought to sign(x) log(1 + |x|), and standardised; axes of
    another origin (see insights.ml.axes) are taken as they are.
    """

    names: tuple[str, ...]
    median: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> "Space | None":
        """frame: feature rows. None when customers differ in fewer than two sides of behaviour."""
        names = tuple(name for name in BEHAVIOUR if _tells(frame[name]))
        if len(names) < 2:
            return None
        median = frame[list(names)].median().to_numpy()
        logged = _logged(frame, names, median)
        return cls(names, median, logged.mean(axis=0), logged.std(axis=0))

    @classmethod
    def of_axes(cls, names: tuple[str, ...]) -> "Space":
        return cls(names, np.zeros(len(names)), np.zeros(len(names)), np.ones(len(names)))

    @property
    def of_behaviour(self) -> bool:
        return self.names[0] in BEHAVIOUR

    def standardised(self, frame: pd.DataFrame) -> np.ndarray:
        """(rows, p), cut at four standard deviations so that one giant customer makes no group."""
        if not self.of_behaviour:
            return np.clip(frame[list(self.names)].to_numpy(dtype=float), -2 * _FAR, 2 * _FAR)
        logged = _logged(frame, self.names, self.median)
        return np.clip((logged - self.mean) / self.scale, -_FAR, _FAR)

    def brought_from(self, other: "Space", points: np.ndarray) -> np.ndarray:
        """Points (n, q) of another space as points (n, p) of this one; the mean where it knows nothing."""
        brought = np.zeros((len(points), len(self.names)))
        for i, name in enumerate(self.names):
            if name in other.names:
                j = other.names.index(name)
                logged = points[:, j] * other.scale[j] + other.mean[j]
                brought[:, i] = (logged - self.mean[i]) / self.scale[i]
        return brought

    def arrays(self) -> dict[str, np.ndarray]:
        return {"median": self.median, "mean": self.mean, "scale": self.scale}

    @classmethod
    def from_state(cls, names: list[str], arrays: Mapping[str, Any]) -> "Space":
        return cls(tuple(names), arrays["median"], arrays["mean"], arrays["scale"])


def distances(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Squared distances (rows, centres)."""
    # Written out: a matrix product could round differently with the number of rows.
    return np.stack([((x - centre) ** 2).sum(axis=1) for centre in centres], axis=1)


def nearest(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return distances(x, centres).argmin(axis=1)


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
