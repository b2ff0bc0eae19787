"""From a feature frame to the matrix that a learner sees, with everything learnt kept as plain state."""

from typing import Any, Self

import numpy as np
import pandas as pd

from insights.ml.evaluation import NotEnoughData
from insights.ml.features import family_of, feature_columns

MOST_LEVELS = 24


class Levels:
    """The category levels worth telling apart: common ones by name, the rest together as 'other'.

    Code 0 is missing, 1 is other, 2… are the kept levels.
    """

    def __init__(self, names: list[str]):
        self.names = names

    @classmethod
    def learn(cls, values: pd.Series) -> Self:
        counts = values.dropna().astype(str).value_counts()
        common = counts[counts >= max(20, 0.005 * len(values))].head(MOST_LEVELS)
        return cls(sorted(common.index))

    def codes(self, values: pd.Series) -> np.ndarray:
        place = {name: index + 2 for index, name in enumerate(self.names)}
        # Each level is looked up once, not once per customer.
        which, levels = pd.factorize(values)
        known = np.array([*(place.get(str(level), 1) for level in levels), 0], dtype=np.int64)
        return known[which]

    def __len__(self) -> int:
        return len(self.names) + 2


class Columns:
    """Which columns carry anything, which of them are numbers, and the levels of the rest.

    Constant and empty columns are dropped; where nothing is left, learning raises NotEnoughData (nothing_differs).
    """

    def __init__(self, numbers: list[str], levels: dict[str, Levels]):
        self.numbers = numbers
        self.levels = levels
        self.families = sorted({family_of(name) for name in self.names})
        self.family_index = np.array(
            [self.families.index(family_of(name)) for name in self.names], int
        )

    @property
    def names(self) -> list[str]:
        return [*self.numbers, *self.levels]

    @classmethod
    def learn(cls, frame: pd.DataFrame, allowed: tuple[str, ...] | None = None) -> Self:
        numbers, levels = [], {}
        for name in feature_columns(frame):
            if (allowed and name not in allowed) or frame[name].nunique(dropna=False) < 2:
                continue
            if frame[name].dtype == object:
                levels[name] = Levels.learn(frame[name])
            else:
                numbers.append(name)
        if not numbers and not levels:
            raise NotEnoughData("nothing_differs")
        return cls(numbers, levels)

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        """(n, len(names)) float64: numbers as they are (NaN where missing), then level codes."""
        matrix = np.full((len(frame), len(self.names)), np.nan)
        for index, name in enumerate(self.names):
            if name in self.levels:
                missing = pd.Series([None] * len(frame), dtype=object)
                matrix[:, index] = self.levels[name].codes(frame.get(name, missing))
            elif name in frame:
                matrix[:, index] = frame[name].to_numpy(dtype="float64", na_value=np.nan)
        return matrix

    def state(self) -> dict[str, Any]:
        return {
            "numbers": self.numbers,
            "levels": {name: kept.names for name, kept in self.levels.items()},
        }

    @classmethod
    def from_state(cls, meta: dict[str, Any]) -> Self:
        return cls(meta["numbers"], {name: Levels(names) for name, names in meta["levels"].items()})


class Encoder:
    """Standardised design for linear models, forests and networks.

    A number becomes sign(x)·log(1+|x|), standardised and clipped to the range seen in training, with a
    second column that says 'missing' where training had gaps; a category becomes one column per level.
    `source` (m,) tells which of `columns.names` each design column comes from.
    """

    def __init__(self, columns: Columns, arrays: dict[str, np.ndarray]):
        self.columns = columns
        self.centre, self.scale = arrays["centre"], arrays["scale"]
        self.low, self.high = arrays["low"], arrays["high"]
        self.gappy = arrays["gappy"].astype(bool)
        self.source = self._source()

    @classmethod
    def learn(cls, frame: pd.DataFrame, allowed: tuple[str, ...] | None = None) -> Self:
        columns = Columns.learn(frame, allowed)
        numbers = _log(columns.matrix(frame)[:, : len(columns.numbers)])
        gappy = np.isnan(numbers).any(axis=0)
        filled = np.where(np.isnan(numbers), np.nanmedian(numbers, axis=0, keepdims=True), numbers)
        scale = filled.std(axis=0)
        centre, scale = filled.mean(axis=0), np.where(scale > 1e-12, scale, 1.0)
        standard = (filled - centre) / scale
        edges = {"low": standard.min(axis=0), "high": standard.max(axis=0)}
        # A missing number is set to the mean, so only its flag speaks for it.
        return cls(columns, {"centre": centre, "scale": scale, "gappy": gappy, **edges})

    def _source(self) -> np.ndarray:
        numbers = len(self.columns.numbers)
        sources = [np.arange(numbers), np.flatnonzero(self.gappy)]
        for offset, levels in enumerate(self.columns.levels.values()):
            sources.append(np.full(len(levels), numbers + offset))
        return np.concatenate(sources).astype(int)

    @property
    def family_index(self) -> np.ndarray:
        """(m,) index into `columns.families` of each design column."""
        return self.columns.family_index[self.source]

    def parts(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Standardised numbers (n, k), and flags and level indicators (n, m - k) of 0 and 1."""
        matrix = self.columns.matrix(frame)
        k = len(self.columns.numbers)
        numbers = _log(matrix[:, :k])
        missing = np.isnan(numbers)
        standard = np.clip((numbers - self.centre) / self.scale, self.low, self.high)
        flags = [missing[:, self.gappy].astype(float)]
        for offset, levels in enumerate(self.columns.levels.values()):
            flags.append((matrix[:, [k + offset]] == np.arange(len(levels))).astype(float))
        return np.where(missing, 0.0, standard), np.hstack(flags)

    def design(self, frame: pd.DataFrame) -> np.ndarray:
        """(n, m) float64."""
        return np.hstack(self.parts(frame))

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {"centre": self.centre, "scale": self.scale, "low": self.low, "high": self.high}
        return self.columns.state(), {**arrays, "gappy": self.gappy}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        return cls(Columns.from_state(meta), arrays)


def _log(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.log1p(np.abs(values))
