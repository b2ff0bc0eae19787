"""What is served of value: a spender at its level, ranges, chances to stay, and the next order."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import logit

from insights.ml import stories
from insights.ml.calibration import Platt
from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.lifetimes.histories import Histories
from insights.ml.next_order import NextOrder
from insights.ml.ranges import Ranges
from insights.ml.value_learners import LastWindow
from insights.ml.value_spenders import SPENDERS
from insights.ml.value_windows import Window

KIND = "value"
# From so many customers on the model speaks alone; before, the plain rule has its share.
SURE_CUSTOMERS = 1_000


@dataclass
class Forecast:
    """A spender, the plain rule, and how much of each counts: one way to foretell amounts.

    weight: the spender's share, 1 from SURE_CUSTOMERS customers on.
    """

    spender: Any
    rule: LastWindow
    behaviour: Behaviour
    buying: str
    weight: float

    def spend(self, window: Window, days: float) -> np.ndarray:
        """(n,) amounts to expect of the next `days`; learnt on the window's own length, stretched beyond it as
        the model of buying and leaving says. The level is that of the training windows."""
        return self.outlook(window, [days])[0]

    def outlook(self, window: Window, spans: list[float]) -> list[np.ndarray]:
        """The amounts of several spans of days; what they have in common, the spender's answer, is asked for once."""
        own = self.spender.spend(window, self.behaviour)
        plain = self.rule.spend(window, self.behaviour) if self.weight < 1 else own
        return [self._stretched(own, plain, window, days) for days in spans]

    def _stretched(
        self, own: np.ndarray, plain: np.ndarray, window: Window, days: float
    ) -> np.ndarray:
        if days != window.days:
            own = own * self.behaviour.growth(self.buying, window.known, days, window.days)
            plain = plain * days / window.days
        return own if self.weight >= 1 else self.weight * own + (1 - self.weight) * plain

    def purchases(self, known: Histories, days: float) -> np.ndarray:
        return self.behaviour.purchases(self.buying, known, days)


@dataclass
class ValueModel:
    """levels: what the forecast is multiplied by, for the newest window ('newest'), for the next ninety days with
    their season ('near') and for a year ('year')."""

    kind: ClassVar[str] = KIND
    forecast: Forecast
    levels: dict[str, float]
    near: Ranges
    year: Ranges
    stays: Platt
    next_order: NextOrder
    params: dict[str, Any]

    @property
    def window_days(self) -> int:
        return int(self.params["window_days"])

    @property
    def needs_features(self) -> bool:
        return bool(self.forecast.spender.hungry)

    @property
    def reads_stories(self) -> bool:
        return bool(self.forecast.spender.name == stories.CANDIDATE)

    def odds(self, known: Histories, days: float) -> np.ndarray:
        """(n,) log-odds of at least one purchase within the next `days`, as the model of buying says them."""
        return chance_to_buy(self.forecast, known, days)

    def staying(self, known: Histories, days: float) -> np.ndarray:
        """(n,) chance of at least one purchase within the next `days`."""
        return self.stays(self.odds(known, days))

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.forecast.spender.state()
        rule, _ = self.forecast.rule.state()
        document = {
            "spender": {"name": self.forecast.spender.name, "state": meta},
            "rule": rule,
            "behaviour": self.forecast.behaviour.state(),
            "buying": self.forecast.buying,
            "weight": self.forecast.weight,
            "levels": self.levels,
            "near": self.near.state(),
            "year": self.year.state(),
            "stays": {"slope": self.stays.slope, "offset": self.stays.offset},
            "next_order": self.next_order.state(),
            "params": self.params,
        }
        return document, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        spender = SPENDERS[meta["spender"]["name"]].from_state(meta["spender"]["state"], arrays)
        forecast = Forecast(
            spender,
            LastWindow.from_state(meta["rule"], {}),
            Behaviour.from_state(meta["behaviour"]),
            meta["buying"],
            meta["weight"],
        )
        return cls(
            forecast,
            meta["levels"],
            Ranges.from_state(meta["near"]),
            Ranges.from_state(meta["year"]),
            Platt(**meta["stays"]),
            NextOrder.from_state(meta["next_order"]),
            meta["params"],
        )


def chance_to_buy(forecast: Forecast, known: Histories, days: float) -> np.ndarray:
    """(n,) log-odds, by the model of buying and leaving, of at least one purchase within the next `days`."""
    none = forecast.behaviour.buying[forecast.buying].none_within(known, days)
    return logit(np.clip(1 - none, 1e-6, 1 - 1e-6))
