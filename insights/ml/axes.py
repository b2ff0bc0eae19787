"""Customers placed by their whole stories: the network's embedding, brought down to a few axes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from insights.ml import stories
from insights.ml.deep.story_reading import Reader
from insights.ml.deep.story_teaching import taught
from insights.ml.tables import Tables

AXES = tuple(f"axis_{number}" for number in range(1, 9))
# Where the axes lie is settled long before every customer has been read; and nobody's memory holds all stories.
_MOST_TAUGHT, _AT_ONCE = 10_000, 20_000


@dataclass(frozen=True)
class Axes:
    """Learnt state: the reader, the mean embedding (width,) and the directions (width, axes) of its principal axes.

    The axes keep their proportions; of all together the mean variance is one.
    """

    reader: Reader
    mean: np.ndarray
    directions: np.ndarray

    @classmethod
    def learn(cls, frame: pd.DataFrame, tables: Tables, horizon_days: int) -> "Axes":
        """frame: feature rows of buyers as of one moment."""
        rows = np.sort(np.random.default_rng(42).permutation(len(frame))[:_MOST_TAUGHT])
        told = _stories(frame.iloc[rows], tables)
        reader = taught(told, horizon_days)
        x = reader.embedding(told).astype(float)
        mean = x.mean(axis=0)
        _, sizes, found = np.linalg.svd(x - mean, full_matrices=False)
        found = found[: len(AXES)]
        # An axis and its mirror image are the same one: the side of its largest part is called positive.
        largest = np.abs(found).argmax(axis=1)
        found = found * np.sign(found[np.arange(len(found)), largest])[:, None]
        unit = np.sqrt((sizes[: len(AXES)] ** 2).sum() / (len(x) * len(AXES)))
        return cls(reader, mean, found.T / max(unit, 1e-9))

    def placed(self, frame: pd.DataFrame, tables: Tables) -> pd.DataFrame:
        """The feature rows with one more column per axis."""
        points = np.zeros((len(frame), len(AXES)))
        for first in range(0, len(frame), _AT_ONCE):
            rows = slice(first, first + _AT_ONCE)
            away = self.reader.embedding(_stories(frame.iloc[rows], tables)) - self.mean
            # Written out: a matrix product could round differently with the number of rows.
            points[rows] = (away[:, :, None] * self.directions).sum(axis=1)
        return frame.assign(**{name: points[:, i] for i, name in enumerate(AXES)})

    def arrays(self) -> dict[str, np.ndarray]:
        _, read = self.reader.state()
        own = {"mean": self.mean, "directions": self.directions}
        return {**own, **{f"reader_{name}": one for name, one in read.items()}}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> "Axes":
        start = "reader_"
        read = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
        return cls(Reader.from_state(read), arrays["mean"], arrays["directions"])


def _stories(frame: pd.DataFrame, tables: Tables) -> stories.Stories:
    return stories.stories(tables, frame["customer_id"].to_numpy(), frame["as_of"].to_numpy())
