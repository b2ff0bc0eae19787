"""Ways to foretell what customers will spend in a window: the plain rule, models of buying, boosting, a network."""

from typing import Any, ClassVar, Protocol, Self

import numpy as np

from insights.ml.deep.amounts import ZeroInflatedLognormal
from insights.ml.encoding import Columns, Encoder
from insights.ml.learners.boosted_amounts import BoostedTrees
from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.value_windows import Window

LEAST_AMOUNT = 1e-6
# With fewer customers than this, boosting and networks learn noise.
ENOUGH_CUSTOMERS = 1_000
# Standardised, what the models of buying say is held within this many deviations.
FARTHEST = 5.0


class Spender(Protocol):
    """fit(train, behaviour); spend(window, behaviour) -> (n,) amounts above zero for the window's days.

    The level need not be right: it is set on the newest window (see value_judging). `heads` holds the boosted
    trees that have been fitted on these very windows, so that candidates share them. `hungry`: looks at all
    features, and needs ENOUGH_CUSTOMERS for it.
    """

    name: ClassVar[str]
    hungry: ClassVar[bool]

    def fit(self, train: Window, behaviour: Behaviour, heads: "Heads") -> Self: ...

    def spend(self, window: Window, behaviour: Behaviour) -> np.ndarray: ...

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]: ...


class LastWindow:
    """The plain rule: everybody goes on as in the last window of equal length, at the level that follows on it;
    who was silent gets what the silent spend on average."""

    name, hungry = "rule", False

    def fit(self, train: Window, behaviour: Behaviour, heads: "Heads") -> Self:
        active = train.before > 0
        self.factor_ = _ratio(train.spend[active].sum(), train.before[active].sum())
        self.silent_ = float(train.spend[~active].mean()) if (~active).any() else 0.0
        return self

    def spend(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        told = np.where(window.before > 0, self.factor_ * window.before, self.silent_)
        return np.maximum(told, LEAST_AMOUNT)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"factor": self.factor_, "silent": self.silent_}, {}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        rule = cls()
        rule.factor_, rule.silent_ = meta["factor"], meta["silent"]
        return rule


class Lifetime:
    """Purchases by a model of buying and leaving, times what one is worth by Gamma-Gamma."""

    buying: ClassVar[str]
    hungry = False

    def fit(self, train: Window, behaviour: Behaviour, heads: "Heads") -> Self:
        return self

    def spend(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        return np.maximum(behaviour.spend(self.buying, window.known, window.days), LEAST_AMOUNT)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {}, {}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        return cls()


class ByBetaGeometric(Lifetime):
    name = buying = "bgnbd"


class ByPareto(Lifetime):
    name = buying = "pareto"


class Heads:
    """Boosted trees on features and on what the models of buying say, each fitted when first asked for."""

    def __init__(self, train: Window, behaviour: Behaviour, random_state: int = 42):
        self.columns = Columns.learn(train.frame)
        self.train, self.behaviour, self.random_state = train, behaviour, random_state
        self.fitted: dict[str, BoostedTrees] = {}

    def head(self, target: str) -> BoostedTrees:
        if target not in self.fitted:
            x = design(self.columns, self.train, self.behaviour)
            self.fitted[target] = BoostedTrees(target, self.random_state).fit(x, self.train.spend)
        return self.fitted[target]


def design(columns: Columns, window: Window, behaviour: Behaviour) -> np.ndarray:
    """(n, m) what boosting sees."""
    said = behaviour.columns(window.known, window.days)
    return np.hstack([columns.matrix(window.frame), said, window.before[:, None]])


class Boosted:
    """Some boosted trees and how their answers make one."""

    hungry = True
    targets: ClassVar[tuple[str, ...]]

    def fit(self, train: Window, behaviour: Behaviour, heads: Heads) -> Self:
        self.columns_ = heads.columns
        self.trees_ = {target: heads.head(target) for target in self.targets}
        # Exponentials of mean logarithms lie below means.
        self.scales_ = dict.fromkeys(self.targets, 1.0)
        said = self._said(design(self.columns_, train, behaviour))
        paid = train.spend > 0
        for target, rows in (("amount", paid), ("log", np.ones(len(train), bool))):
            if target in self.targets:
                self.scales_[target] = _ratio(train.spend[rows].sum(), said[target][rows].sum())
        return self

    def _said(self, x: np.ndarray) -> dict[str, np.ndarray]:
        return {
            target: trees.predict(x) * self.scales_[target] for target, trees in self.trees_.items()
        }

    def spend(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        said = self._said(design(self.columns_, window, behaviour))
        return np.maximum(self.together(said, window, behaviour), LEAST_AMOUNT)

    def together(
        self, said: dict[str, np.ndarray], window: Window, behaviour: Behaviour
    ) -> np.ndarray:
        raise NotImplementedError

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        metas: dict[str, Any] = {}
        arrays: dict[str, np.ndarray] = {}
        for target, trees in self.trees_.items():
            metas[target], own = trees.state()
            arrays |= {f"{target}.{name}": values for name, values in own.items()}
        meta = {"columns": self.columns_.state(), "trees": metas, "scales": self.scales_}
        return meta, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        made = cls()
        made.columns_, made.scales_ = Columns.from_state(meta["columns"]), meta["scales"]
        made.trees_ = {}
        for target, own in meta["trees"].items():
            part = {
                name.partition(".")[2]: values
                for name, values in arrays.items()
                if name.startswith(f"{target}.")
            }
            made.trees_[target] = BoostedTrees.from_state(own, part)
        return made


class Tweedie(Boosted):
    name, targets = "tweedie", ("tweedie",)

    def together(
        self, said: dict[str, np.ndarray], window: Window, behaviour: Behaviour
    ) -> np.ndarray:
        return said["tweedie"]


class TwoPart(Boosted):
    """The chance to buy at all, times the amount of who does."""

    name, targets = "two_part", ("chance", "amount")

    def together(
        self, said: dict[str, np.ndarray], window: Window, behaviour: Behaviour
    ) -> np.ndarray:
        return said["chance"] * said["amount"]


class Blend(Boosted):
    """The geometric mean of Tweedie, two-part, log-target boosting and Pareto/NBD with Gamma-Gamma."""

    name, targets = "blend", ("tweedie", "chance", "amount", "log")

    def together(
        self, said: dict[str, np.ndarray], window: Window, behaviour: Behaviour
    ) -> np.ndarray:
        parts = [
            said["tweedie"],
            said["chance"] * said["amount"],
            said["log"],
            behaviour.spend("pareto", window.known, window.days),
        ]
        logs = sum(np.log(np.maximum(part, LEAST_AMOUNT)) for part in parts)
        return np.exp(logs / len(parts))


class Lognormal:
    """A network for amounts that are often nothing, on standardised features and what the models of buying say."""

    name, hungry = "ziln", True

    def fit(self, train: Window, behaviour: Behaviour, heads: Heads) -> Self:
        self.encoder_ = Encoder.learn(train.frame)
        said = _logs_said(train, behaviour)
        scale = said.std(axis=0)
        self.centre_, self.scale_ = said.mean(axis=0), np.where(scale > 1e-12, scale, 1.0)
        self.network_ = ZeroInflatedLognormal(heads.random_state).fit(
            self._design(train, behaviour), train.spend, train.known.customer_id
        )
        return self

    def _design(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        said = (_logs_said(window, behaviour) - self.centre_) / self.scale_
        return np.hstack([self.encoder_.design(window.frame), np.clip(said, -FARTHEST, FARTHEST)])

    def spend(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        expected = self.network_.expected(self._design(window, behaviour))
        return np.maximum(expected, LEAST_AMOUNT)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        columns, encoder = self.encoder_.state()
        network, arrays = self.network_.state()
        # The encoder has a centre and a scale of its own.
        arrays = {**arrays, **encoder, "said_centre": self.centre_, "said_scale": self.scale_}
        return {"encoder": columns, "network": network}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        made = cls()
        made.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        made.network_ = ZeroInflatedLognormal.from_state(meta["network"], arrays)
        made.centre_, made.scale_ = arrays["said_centre"], arrays["said_scale"]
        return made


def _logs_said(window: Window, behaviour: Behaviour) -> np.ndarray:
    """(n, 9) logarithms of what the models of buying say, and of what was spent just before."""
    said = behaviour.columns(window.known, window.days)
    return np.log1p(np.maximum(np.column_stack([said, window.before]), 0.0))


def _ratio(above: float, below: float) -> float:
    return float(above / below) if above > 0 and below > 0 else 1.0
