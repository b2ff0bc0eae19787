"""Recency, frequency and money in five bands each, and the eight names people know them by.

Bands of equal size go back to direct mail (Hughes 1994, Strategic Database Marketing); the grid of
recency against the mean of frequency and money, and its names, to the table that Putler published
(2015, "RFM analysis for successful customer segmentation"), reduced to eight names that do not overlap.
Champions and loyal customers also buy often themselves: money alone makes nobody loyal.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

BANDS = 5
SEGMENTS = (
    "champions", "loyal", "promising", "new", "need_attention", "at_risk", "hibernating", "lost",
)  # fmt: skip
# Rows: recency band 5 (bought lately) down to 1. Columns: mean of the frequency and money bands, 1 to 5.
_GRID = (
    ("new", "promising", "loyal", "champions", "champions"),
    ("new", "promising", "loyal", "champions", "champions"),
    ("promising", "need_attention", "need_attention", "loyal", "loyal"),
    ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
    ("lost", "lost", "hibernating", "at_risk", "at_risk"),
)
# Frequency bands from which on these names fit.
LEAST_FREQUENCY = {"champions": 4, "loyal": 3}
_NAMES = np.array(_GRID[::-1], dtype=object)
MEASURES = ("recency", "frequency", "monetary")
# A band has drifted that holds more than twice, or less than half, of the customers it held when the
# thresholds were learnt, and at least a tenth of all more or fewer.
_FAR = 0.1


@dataclass(frozen=True)
class Bands:
    """Learnt thresholds. A value's band is numbers[i], i = how many of the ascending edges it reaches."""

    edges: np.ndarray
    numbers: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray) -> "Bands":
        """About a fifth of the values in each band, without ever tearing equal values apart.

        When most customers bought once, that one value fills the lowest band and the others share the
        rest. With fewer distinct values than bands the numbers spread over 1 to 5.
        """
        distinct, counts = np.unique(values, return_counts=True)
        edges: list[float] = []
        start, left = 0, BANDS
        while left > 1 and start < len(distinct):
            share = counts[start:].sum() / left
            # One value is taken at least; then as many as bring the band nearest to its share.
            taken = np.cumsum(counts[start:])
            size = int(np.argmin(np.abs(taken - share))) + 1
            if start + size >= len(distinct):
                break
            start += size
            left -= 1
            edges.append(float(distinct[start]))
        return cls(np.array(edges), _spread(len(edges) + 1))

    def of(self, values: np.ndarray) -> np.ndarray:
        """Band 1 to 5 of each value, 5 the highest."""
        return self.numbers[np.searchsorted(self.edges, values, side="right")]


def _spread(bands: int) -> np.ndarray:
    if bands == 1:
        return np.array([1])
    return np.round(np.linspace(1, BANDS, bands)).astype(int)


@dataclass(frozen=True)
class Rfm:
    """Thresholds for the three measures. Recency is kept as minus days, so that higher is better.

    shares (3, 5): of the customers the thresholds were learnt from, those in each band; NaN where not known.
    """

    recency: Bands
    frequency: Bands
    monetary: Bands
    shares: np.ndarray

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> "Rfm":
        """frame: feature rows of customers with at least one order."""
        recency, frequency, monetary = (Bands.fit(measure) for measure in _measures(frame))
        unknown = np.full((3, BANDS), np.nan)
        return cls(recency, frequency, monetary, unknown).with_shares(frame)

    @property
    def shares_unknown(self) -> bool:
        return bool(np.isnan(self.shares).any())

    def with_shares(self, frame: pd.DataFrame) -> "Rfm":
        return replace(self, shares=self._shares(frame))

    def drifted(self, frame: pd.DataFrame) -> dict[str, Any] | None:
        """The band whose share has changed most since the thresholds were learnt, where that is far; else None."""
        now, then = self._shares(frame), self.shares
        apart = np.abs(now - then)
        far = (apart >= _FAR) & ((now > 2 * then) | (now < then / 2))
        if not far.any():
            return None
        measure, band = np.unravel_index(np.where(far, apart, -1).argmax(), apart.shape)
        return {
            "measure": MEASURES[measure],
            "band": int(band) + 1,
            "then": float(then[measure, band]),
            "now": float(now[measure, band]),
        }

    def _shares(self, frame: pd.DataFrame) -> np.ndarray:
        bands = (self.recency, self.frequency, self.monetary)
        counts = [
            np.bincount(one.of(values), minlength=BANDS + 1)[1:]
            for one, values in zip(bands, _measures(frame), strict=True)
        ]
        return np.array(counts) / max(len(frame), 1)

    def assign(self, frame: pd.DataFrame) -> pd.DataFrame:
        """segment, recency_band, frequency_band, monetary_band, one row per row of frame."""
        recency, frequency, monetary = _measures(frame)
        r, f, m = self.recency.of(recency), self.frequency.of(frequency), self.monetary.of(monetary)
        names = _NAMES[r - 1, (f + m + 1) // 2 - 1]
        # A few large orders make a high mean, but neither loyal nor a champion.
        names = np.where(
            (names == "champions") & (f < LEAST_FREQUENCY["champions"]), "loyal", names
        )
        below = np.where(r > 3, "promising", "need_attention")
        names = np.where((names == "loyal") & (f < LEAST_FREQUENCY["loyal"]), below, names)
        # Who came back lately after a first order long ago is not new.
        known_long = self.recency.of(-frame["first_sale_days"].to_numpy()) < BANDS - 1
        names = np.where((names == "new") & known_long, "promising", names)
        return pd.DataFrame(
            {"segment": names, "recency_band": r, "frequency_band": f, "monetary_band": m},
            index=frame.index,
        )

    def told(self) -> dict[str, Any]:
        """Where the bands begin, in days, orders and money, for people."""
        return {
            "recency_days": [-edge for edge in self.recency.edges.tolist()],
            "recency_numbers": self.recency.numbers.tolist(),
            "orders": self.frequency.edges.tolist(),
            "orders_numbers": self.frequency.numbers.tolist(),
            "spend": self.monetary.edges.tolist(),
            "spend_numbers": self.monetary.numbers.tolist(),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        bands = {
            f"{name}_{part}": getattr(getattr(self, name), part)
            for name in MEASURES
            for part in ("edges", "numbers")
        }
        return bands | {"shares": self.shares}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> "Rfm":
        recency, frequency, monetary = (
            Bands(arrays[f"{name}_edges"], arrays[f"{name}_numbers"]) for name in MEASURES
        )
        # Models of earlier releases do not know.
        shares = arrays.get("shares", np.full((3, BANDS), np.nan))
        return cls(recency, frequency, monetary, shares)


def _measures(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minus days since the last order, orders, and money after returns."""
    kept = frame["spend_all"] * (1 - frame["returned_share"].fillna(0.0))
    return -frame["recency_days"].to_numpy(), frame["orders_all"].to_numpy(), kept.to_numpy()
