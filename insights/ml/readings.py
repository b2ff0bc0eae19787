"""How people read a fact: as a warning, as a comfort, or as neither.

A learner may raise a risk by any fact, also by one that reads as praise ("16 different products"). The points are
what they are, but a fact that is told as a reason has to make sense to whoever reads it. So it may explain a rise
where people take it as a warning, and a fall where they take it as a comfort:

- against the customer's own past where that is known: silence against the usual gap, the latest 90 days against those
  before;
- where one is too many (a complaint, an unhappy message, one without an answer), against none;
- else against the customers learnt from, by the side of the cut that halves them most evenly.

Talk is taken as contact: who talks with us less than others is drifting away, and what they were unhappy about is told
by complaints and messages. What says neither by itself (a country, an attribute, a price, products looked at) may
explain both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insights.ml.features import ATTRIBUTE

WARNING, COMFORT = 1, -1


@dataclass(frozen=True)
class Reading:
    """How people take more of a feature; `past`: the column (or one less another) of the customer's own past to hold
    it against; `unknown`: how they take that nothing is known; `at`: where they cut it whatever others are like, as any
    complaint is one too many."""

    column: str
    more: int
    past: str | tuple[str, str] = ""
    unknown: int = 0
    at: float | None = None


ANY = 0.5  # between none and one


READINGS: dict[str, tuple[Reading, ...]] = {
    "recency": (Reading("recency_days", WARNING, past="gap_median"),),
    "frequency": (Reading("orders_365", COMFORT),),
    "rhythm": (Reading("gap_median", WARNING, unknown=WARNING),),
    "order_trend": (Reading("orders_90", COMFORT, past=("orders_180", "orders_90")),),
    "season": (Reading("orders_year_ago", COMFORT),),
    "spend": (Reading("spend_365", COMFORT),),
    "spend_trend": (Reading("spend_90", COMFORT, past=("spend_180", "spend_90")),),
    "breadth": (Reading("products_all", COMFORT),),
    "returns": (Reading("returns_all", WARNING),),
    "browsing": (Reading("visits_90", COMFORT),),
    "conversations": (Reading("conversations_90", COMFORT),),
    "complaints": (Reading("complaints_365", WARNING, at=ANY),),
    "ratings": (Reading("last_rating", COMFORT),),
    "service": (Reading("response_hours_365", WARNING), Reading("unanswered_90", WARNING, at=ANY)),
    "voice": (Reading("negative_90", WARNING, at=ANY),),
    "tenure": (Reading("tenure_days", COMFORT),),
}


# Warning to some and comfort to others: alone they tell nobody what to do.
NEITHER = {"price", "looking", "country", "language", "customer_kind"}


def says_something(code: str) -> bool:
    """Whether a family's facts can stand alone as a reason."""
    return code not in NEITHER and not code.startswith(ATTRIBUTE)


@dataclass(frozen=True)
class Readings:
    """Learnt state: column -> where it is cut in two (see `cut`)."""

    cuts: dict[str, float]

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> "Readings":
        """From feature rows; columns that are not there, or the same for everybody, have no cut."""
        columns = [one.column for several in READINGS.values() for one in several]
        found = {name: cut(frame[name].to_numpy()) for name in columns if name in frame}
        return cls({name: value for name, value in found.items() if value is not None})

    def explain(
        self, frame: pd.DataFrame, families: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """(n, families) bool each: whose facts can explain a rise, and whose a fall."""
        rise = np.ones((len(frame), len(families)), dtype=bool)
        fall = rise.copy()
        for place, code in enumerate(families):
            sides = [self._side(frame, one) for one in READINGS.get(code, ()) if self._known(one)]
            if sides:
                rise[:, place] = np.any([side == WARNING for side in sides], axis=0)
                fall[:, place] = np.any([side == COMFORT for side in sides], axis=0)
        return rise, fall

    def _known(self, reading: Reading) -> bool:
        return bool(reading.past) or reading.at is not None or reading.column in self.cuts

    def _side(self, frame: pd.DataFrame, reading: Reading) -> np.ndarray:
        """WARNING, COMFORT or 0 per row (n,)."""
        values = frame[reading.column]
        level = self.cuts.get(reading.column, np.nan) if reading.at is None else reading.at
        against = pd.Series(level, index=frame.index)
        if isinstance(reading.past, tuple):
            whole, part = reading.past
            against = frame[whole].fillna(0) - frame[part].fillna(0)
        elif reading.past:
            against = frame[reading.past].fillna(against)
        side = np.sign((values - against).fillna(0).to_numpy()) * reading.more
        return np.where(values.isna(), reading.unknown, side)


def cut(values: np.ndarray) -> float | None:
    """Between which two values (n,) the rows are halved most evenly: the middle of the two, None where all are alike.

    Unlike at the median, no row lies on it: where most have no complaint, none is fewer and one is more.
    """
    levels, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    if len(levels) < 2:
        return None
    below = np.cumsum(counts)[:-1] / counts.sum()
    place = int(np.abs(below - 0.5).argmin())
    return float((levels[place] + levels[place + 1]) / 2)
