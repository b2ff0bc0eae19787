"""All that the lifetime models say together: purchases to expect, chances to stay, what a purchase is worth."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from insights.ml.lifetimes.bgnbd import BetaGeometric
from insights.ml.lifetimes.gammagamma import GammaGamma
from insights.ml.lifetimes.histories import Histories
from insights.ml.lifetimes.pareto import ParetoNBD

Buying = BetaGeometric | ParetoNBD
MODELS: dict[str, type[Buying]] = {"bgnbd": BetaGeometric, "pareto": ParetoNBD}


@dataclass(frozen=True)
class Behaviour:
    """Both models of buying and leaving, and the one of amounts, fitted on the same customers."""

    buying: dict[str, Buying]
    amounts: GammaGamma

    @classmethod
    def fit(cls, known: Histories) -> Self:
        fitted = {name: model.fit(known) for name, model in MODELS.items()}
        return cls(fitted, GammaGamma.fit(known.paid_days, known.mean))

    def purchases(self, name: str, known: Histories, days: float) -> np.ndarray:
        """(n,) purchase days to expect within the next `days`."""
        return self.buying[name].expected(known, days)

    def spend(self, name: str, known: Histories, days: float) -> np.ndarray:
        """(n,) amounts to expect within the next `days`."""
        return self.purchases(name, known, days) * self.per_purchase(known)

    def per_purchase(self, known: Histories) -> np.ndarray:
        return self.amounts.expected(known.paid_days, known.mean)

    def growth(self, name: str, known: Histories, days: float, base_days: float) -> np.ndarray:
        """(n,) how many times as much to expect of `days` as of `base_days`: below days / base_days, since some
        leave meanwhile."""
        if days == base_days:
            return np.ones(len(known))
        least = 1e-12
        longer, shorter = (self.purchases(name, known, d) for d in (days, base_days))
        most = max(days / base_days, 1.0)
        ratio = np.maximum(longer, least) / np.maximum(shorter, least)
        return np.clip(ratio, min(days / base_days, 1.0), most)

    def columns(self, known: Histories, days: float) -> np.ndarray:
        """(n, 8) what these models say, as features of a learner."""
        said = []
        for model in self.buying.values():
            said += [
                model.expected(known, days),
                model.alive(known),
                model.none_within(known, days),
            ]
        worth = self.per_purchase(known)
        return np.column_stack([*said, worth, worth * self.buying["pareto"].expected(known, days)])

    @property
    def degenerate(self) -> list[str]:
        """Models that the data alone could not settle."""
        odd = [name for name, model in self.buying.items() if model.degenerate]
        return [*odd, "gammagamma"] if self.amounts.degenerate else odd

    def state(self) -> dict[str, Any]:
        fitted = {name: model.state() for name, model in self.buying.items()}
        return {"buying": fitted, "amounts": self.amounts.state()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        fitted = {name: MODELS[name](**params) for name, params in state["buying"].items()}
        return cls(fitted, GammaGamma(**state["amounts"]))
