"""What is fitted as of a day, and how its expectations of the window after that day came out."""

from dataclasses import dataclass

import numpy as np

from insights.ml.evaluation import Candidate
from insights.ml.lifetimes.behaviour import MODELS, Behaviour
from insights.ml.lifetimes.season import season
from insights.ml.value_learners import Heads, LastWindow
from insights.ml.value_model import SURE_CUSTOMERS, Forecast, chance_to_buy
from insights.ml.value_windows import Inputs, Window, joined

# Expectations below this share of the mean count as this much when they are judged. On validation windows of CDNOW
# and of demo companies every share from .05 to .2 chose the same but for one tie; the larger, the less a few who
# were written off decide, but from .3 on half of the customers are held there and the candidates look alike.
LEAST_SHARE = 0.2


@dataclass
class Stage:
    """What was fitted as of one day, to be held against one window.

    season: how many times as high the level of the next window is to be expected as that of the newest.
    """

    train: Window
    newest: Window
    behaviour: Behaviour
    heads: Heads
    rule: LastWindow
    buying: str
    weight: float
    season: float

    @classmethod
    def of(cls, data: Inputs, last: int, windows: list[Window], buying: str) -> "Stage":
        behaviour = Behaviour.fit(data.everyone.histories(last))
        train = joined(windows)
        heads = Heads(train, behaviour)
        rule = LastWindow().fit(train, behaviour, heads)
        weight = min(1.0, len(windows[-1]) / SURE_CUSTOMERS)
        days = data.params["window_days"]
        comes = season(data.everyone, last, days, behaviour, buying)
        return cls(train, windows[-1], behaviour, heads, rule, buying, weight, comes)

    def level(self, forecast: Forecast) -> float:
        """What the forecast is multiplied by to be right in the newest window that was learnt from."""
        said = forecast.spend(self.newest, self.newest.days)
        return share(self.newest.spend.sum(), said.sum())

    def forecast(self, candidate: Candidate) -> Forecast:
        spender = candidate.build().fit(self.train, self.behaviour, self.heads)
        buying = spender.name if spender.name in MODELS else self.buying
        return Forecast(spender, self.rule, self.behaviour, buying, self.weight)


@dataclass(frozen=True)
class Foretold:
    """What was expected (n,) of a window before it opened, at the level known then and with the season, what came
    (n,) of it, and the log-odds (n,), by the model of buying, that anything would."""

    expected: np.ndarray
    spend: np.ndarray
    odds: np.ndarray
    days: int

    @classmethod
    def by(cls, forecast: Forecast, stage: Stage, window: Window) -> "Foretold":
        level = stage.level(forecast) * stage.season
        expected = forecast.spend(window, window.outcome_days) * level
        odds = chance_to_buy(forecast, window.known, window.outcome_days)
        return cls(expected, window.spend, odds, window.outcome_days)

    @property
    def moved(self) -> float:
        """By what factor the level of the whole window was missed."""
        return share(self.spend.sum(), self.expected.sum())

    @property
    def fair(self) -> np.ndarray:
        return self.expected * self.moved


def share(above: float, below: float) -> float:
    return float(above / below) if above > 0 and below > 0 else 1.0


def deviance(spend: np.ndarray, said: np.ndarray) -> np.ndarray:
    """(n,) unit deviance of a Tweedie distribution of power 1.5 (Jørgensen 1987): least for the true mean, and,
    unlike a square, not the affair of a few large customers."""
    # Who was expected to spend next to nothing and does spend must not outweigh everybody else.
    mean = np.maximum(said, max(LEAST_SHARE * float(spend.mean()), 1e-6))
    return 4 * (np.sqrt(np.maximum(spend, 0)) - np.sqrt(mean)) ** 2 / np.sqrt(mean)
