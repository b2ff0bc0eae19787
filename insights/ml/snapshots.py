"""Customers as of a moment with what became of them: what a yes-or-no question is learnt and judged on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


@dataclass
class Snapshot:
    """Feature rows (n) with the outcome of each (n,), 1 = left."""

    frame: pd.DataFrame
    y: np.ndarray

    @property
    def groups(self) -> np.ndarray:
        return self.frame["customer_id"].to_numpy()

    def __len__(self) -> int:
        return len(self.frame)

    def customers(self, outcome: int) -> int:
        """How many customers it holds of whom this has become, in whichever window: 1 = left."""
        return len(np.unique(self.groups[self.y == outcome]))

    def rows(self, chosen: np.ndarray) -> "Snapshot":
        return Snapshot(self.frame[chosen].reset_index(drop=True), self.y[chosen])

    def without(self, columns: Collection[str]) -> "Snapshot":
        return Snapshot(self.frame.drop(columns=list(columns)), self.y) if columns else self

    def joined(self, other: "Snapshot") -> "Snapshot":
        frame = pd.concat([self.frame, other.frame], ignore_index=True)
        return Snapshot(frame, np.concatenate([self.y, other.y]))


@dataclass
class Inputs:
    """What a training sees: `test` is None in the label form, where folds take its place."""

    train: Snapshot
    test: Snapshot | None
    params: dict[str, Any]
    attribute_types: dict[str, str]
    windows: dict[str, Any] = field(default_factory=dict)
    checks: dict[str, Any] = field(default_factory=dict)
