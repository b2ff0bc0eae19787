"""A network for amounts that are often nothing and otherwise of very different size."""

from typing import Any, Self

import numpy as np
from scipy.special import expit

from insights.ml.deep.tabular import stopped_in_time, two_paths
from insights.ml.learners import held_out_groups

NETWORKS = 2
HELD_OUT = 0.15
# More rows cost more and, for so small a network, tell hardly more.
MOST_ROWS = 30_000
# The logarithm of what one customer spends never varies less than this.
LEAST_SPREAD = 0.05


class ZeroInflatedLognormal:
    """Wang, Liu and Miao (2019, "A deep probabilistic model for customer lifetime value prediction").

    One network says three things of each row: the chance that anything is spent, and mean and spread of the
    logarithm of what is. Several of them are averaged. Trained by Keras, answered from plain arrays.
    """

    def __init__(self, random_state: int = 42):
        self.random_state = random_state

    def fit(self, x: np.ndarray, y: np.ndarray, groups: np.ndarray) -> Self:
        """x (n, m) standardised, y (n,) amounts, some above zero; groups (n,): whose rows they are, since the
        training stops by customers it has not seen."""
        rows = np.random.default_rng(self.random_state).permutation(len(y))[:MOST_ROWS]
        x, y, groups = x[rows].astype(np.float32), y[rows], groups[rows]
        paid = y[y > 0]
        self.unit_ = float(np.exp(np.log(paid).mean()))
        # Nobody is expected to spend more at once than anybody ever did.
        self.most_ = float(np.log(paid.max() / self.unit_))
        target = np.maximum(y / self.unit_, 0.0).astype(np.float32)
        self.estimators_ = []
        self.layers_ = []
        for number in range(NETWORKS):
            held_out = held_out_groups(groups, HELD_OUT, self.random_state + number)
            network = _trained(x, target, held_out, self.random_state + number)
            self.estimators_.append(network)
            self.layers_.append([weights.astype(np.float64) for weights in network.get_weights()])
        return self

    def expected(self, x: np.ndarray) -> np.ndarray:
        """(n,) mean amounts, in the unit of y."""
        return np.mean([self._mean(_answers(x, layers)) for layers in self.layers_], axis=0)

    def _mean(self, said: np.ndarray) -> np.ndarray:
        chance, log_mean, spread = expit(said[:, 0]), said[:, 1], _spread(said[:, 2])
        log_amount = np.minimum(log_mean + spread**2 / 2, self.most_)
        return self.unit_ * chance * np.exp(log_amount)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {
            f"network{number}_{place}": weights
            for number, layers in enumerate(self.layers_)
            for place, weights in enumerate(layers)
        }
        return {"networks": len(self.layers_), "unit": self.unit_, "most": self.most_}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        made = cls()
        made.unit_, made.most_ = meta["unit"], meta["most"]
        made.layers_ = [
            [arrays[f"network{number}_{place}"] for place in range(5)]
            for number in range(meta["networks"])
        ]
        return made


def _answers(x: np.ndarray, layers: list[np.ndarray]) -> np.ndarray:
    """(n, 3) what one network says: log-odds to spend, mean of the logarithm, spread before it is made positive."""
    hidden, hidden_bias, out, linear, bias = layers
    return np.maximum(x @ hidden + hidden_bias, 0.0) @ out + x @ linear + bias


def _spread(said: np.ndarray) -> np.ndarray:
    return LEAST_SPREAD + np.logaddexp(0.0, said)


def _trained(x: np.ndarray, y: np.ndarray, held_out: np.ndarray, seed: int) -> Any:
    import keras

    keras.utils.set_random_seed(seed)
    return stopped_in_time(two_paths(x.shape[1], 3), _cost, x, y, held_out)


def _cost(amounts: Any, said: Any) -> Any:
    """Mean negative log-likelihood: of spending or not, and of the amount where there is one."""
    from keras import ops

    paid = ops.cast(amounts > 0, said.dtype)
    chance, log_mean = said[:, 0:1], said[:, 1:2]
    spread = LEAST_SPREAD + ops.softplus(said[:, 2:3])
    logarithm = ops.log(ops.where(amounts > 0, amounts, 1.0))
    bought = ops.softplus(chance) - paid * chance
    amount = ops.square((logarithm - log_mean) / spread) / 2 + ops.log(spread)
    return ops.mean(bought + paid * amount)
