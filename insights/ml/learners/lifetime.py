"""The chance of no purchase within the horizon, from how often, how lately and since when somebody has bought."""

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from scipy.special import logit

from insights.ml.evaluation import NotEnoughData
from insights.ml.learners.sharing import exact_shares
from insights.ml.lifetimes.bgnbd import BetaGeometric
from insights.ml.lifetimes.histories import Histories

# Four figures about all customers: more of them than this change none of the four.
MOST_CUSTOMERS = 4_000
NARROWEST = 1e-6
COLUMNS = ("recency_days", "purchase_days", "first_sale_days")


class Lifetime:
    """BG/NBD (Fader, Hardie & Lee 2005): it is told no outcomes, only when customers have bought.

    Not its chance to be alive, which is 1 for everybody who bought once, but that of no purchase in `days`. Its scale
    are log-odds. A score is made of three numbers (silence, purchases after the first, days from the first to the
    last), so its reasons are Shapley values worked out in full.
    """

    name = "lifetime"
    families: ClassVar[list[str]] = ["recency", "frequency", "tenure"]

    def __init__(self, days: float = 90.0, random_state: int = 42):
        self.days = days
        self.random_state = random_state

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        if any(name not in frame for name in COLUMNS):
            raise NotEnoughData("nothing_differs")
        newest = frame.sort_values("as_of", kind="stable").drop_duplicates(
            "customer_id", keep="last"
        )
        if len(newest) > MOST_CUSTOMERS:
            newest = newest.sample(MOST_CUSTOMERS, random_state=self.random_state)
        design = self._design(newest)
        self.model_ = BetaGeometric.fit(_histories(design))
        self.typical_ = np.median(design, axis=0)
        return self

    def _design(self, frame: pd.DataFrame) -> np.ndarray:
        """(n, 3) silence, purchases after the first, days from the first to the last, any of them possible with any
        others, which is not so of recency and age."""
        silence, purchases, age = (
            frame[name].fillna(0.0).to_numpy(dtype=float) if name in frame else np.zeros(len(frame))
            for name in COLUMNS
        )
        again = np.maximum(purchases - 1, 0.0)
        span = np.where(again > 0, np.maximum(age - silence, 0.0), 0.0)
        return np.round(np.column_stack([np.maximum(silence, 0.0), again, span]))

    def _forward(self, design: np.ndarray) -> np.ndarray:
        chance = self.model_.none_within(_histories(design), self.days)
        return logit(np.clip(chance, NARROWEST, 1 - NARROWEST))

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        return self._forward(self._design(frame))

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        return exact_shares(self._forward, self._design(frame), self.typical_)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"days": self.days, "model": self.model_.state()}, {"typical": self.typical_}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls(meta["days"])
        learner.model_, learner.typical_ = BetaGeometric(**meta["model"]), arrays["typical"]
        return learner


def _histories(design: np.ndarray) -> Histories:
    silence, again, span = design.T
    nothing = np.zeros(len(design))
    return Histories(np.arange(len(design)), again, span, span + silence, nothing, nothing)
