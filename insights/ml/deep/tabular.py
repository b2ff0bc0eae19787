"""A small network on the feature table: an additive linear path and one hidden layer beside it."""

from typing import Any, Self

import numpy as np
import pandas as pd

from insights.ml.encoding import Encoder
from insights.ml.learners import held_out_groups
from insights.ml.learners.sharing import sampled_shares

NETWORKS = 2
HIDDEN = 32
DROPOUT = 0.3
RIDGE = 1e-3
EPOCHS = 60
PATIENCE = 6
HELD_OUT = 0.15
# Orders in which features are put back one after another (each also taken backwards) to share out a score.
ORDERS = 4


class TabularNetwork:
    """Mean log-odds of a few networks (Hansen & Salamon 1990 on why a few); trained by Keras, scored by numpy.

    Reasons: sampled Shapley values of reason families against the typical customer (see learners.sharing).
    """

    name = "keras"

    def __init__(self, random_state: int = 42):
        self.random_state = random_state

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.encoder_ = Encoder.learn(frame)
        design = self.encoder_.design(frame).astype(np.float32)
        self.layers_ = []
        self.estimators_ = []
        for number in range(NETWORKS):
            held_out = held_out_groups(groups, HELD_OUT, self.random_state + number)
            network = _train(design, y, held_out, self.random_state + number)
            self.estimators_.append(network)
            self.layers_.append([weights.astype(np.float64) for weights in network.get_weights()])
        self.typical_ = design.mean(axis=0, dtype=np.float64)
        return self

    @property
    def families(self) -> list[str]:
        return self.encoder_.columns.families

    def _forward(self, design: np.ndarray) -> np.ndarray:
        total = np.zeros(len(design))
        for hidden, hidden_bias, out, linear, bias in self.layers_:
            activity = np.maximum(design @ hidden + hidden_bias, 0.0)
            total += (activity @ out + design @ linear + bias)[:, 0]
        return total / len(self.layers_)

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        return self._forward(self.encoder_.design(frame))

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        return sampled_shares(
            self._forward,
            self.encoder_.design(frame),
            self.typical_,
            self.encoder_.family_index,
            len(self.families),
            ORDERS,
            self.random_state,
        )

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder_.state()
        for number, layers in enumerate(self.layers_):
            arrays |= {f"network{number}_{place}": weights for place, weights in enumerate(layers)}
        return {"encoder": meta, "networks": len(self.layers_)}, {
            **arrays,
            "typical": self.typical_,
        }

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        learner.layers_ = [
            [arrays[f"network{number}_{place}"] for place in range(5)]
            for number in range(meta["networks"])
        ]
        learner.typical_ = arrays["typical"]
        return learner


def _train(design: np.ndarray, y: np.ndarray, held_out: np.ndarray, seed: int) -> Any:
    """A fitted Keras model with weights (hidden, its bias, out, linear, bias)."""
    import keras

    keras.utils.set_random_seed(seed)
    cost = keras.losses.BinaryCrossentropy(from_logits=True)
    return stopped_in_time(two_paths(design.shape[1], 1), cost, design, y, held_out)


def stopped_in_time(
    network: Any, cost: Any, design: np.ndarray, y: np.ndarray, held_out: np.ndarray
) -> Any:
    """The Keras model as it was when the cost(y, said) of the customers held out was lowest."""
    run_epoch = _epoch(network, cost, design, y.astype(np.float32), held_out)
    best, best_loss, waited = network.get_weights(), np.inf, 0
    for _ in range(EPOCHS):
        loss = float(run_epoch())
        if loss < best_loss - 1e-5:
            best, best_loss, waited = network.get_weights(), loss, 0
        else:
            waited += 1
        if waited >= PATIENCE:
            break
    network.set_weights(best)
    return network


def _epoch(network: Any, cost: Any, design: np.ndarray, y: np.ndarray, held_out: np.ndarray) -> Any:
    """One pass over the training rows as a single graph, returning the loss on the rows held out.

    On tables this small `Model.fit` spends nine tenths of its time between batches.
    """
    import keras
    import tensorflow as tf

    seen, unseen = tf.constant(design[~held_out]), tf.constant(design[held_out])
    seen_y, unseen_y = tf.constant(y[~held_out, None]), tf.constant(y[held_out, None])
    size = int(np.clip(len(seen) // 32, 64, 1024))
    optimizer = keras.optimizers.Adam(2e-3)
    optimizer.build(network.trainable_variables)

    @tf.function
    def run() -> Any:
        order = tf.random.shuffle(tf.range(len(seen)))
        for start in tf.range(0, len(seen), size):
            rows = order[start : start + size]
            with tf.GradientTape() as tape:
                loss = cost(tf.gather(seen_y, rows), network(tf.gather(seen, rows), training=True))
                loss += tf.add_n(network.losses)
            optimizer.apply(
                tape.gradient(loss, network.trainable_variables), network.trainable_variables
            )
        return cost(unseen_y, network(unseen, training=False))

    return run


def two_paths(width: int, answers: int) -> Any:
    """A Keras model of `width` inputs: a straight path to the answers, and one hidden layer beside it."""
    import keras

    ridge = keras.regularizers.L2(RIDGE)
    given = keras.Input((width,))
    hidden = keras.layers.Dense(HIDDEN, activation="relu", kernel_regularizer=ridge)(given)
    hidden = keras.layers.Dropout(DROPOUT)(hidden)
    curved = keras.layers.Dense(answers, use_bias=False, kernel_regularizer=ridge)(hidden)
    straight = keras.layers.Dense(answers, kernel_regularizer=ridge)(given)
    return keras.Model(given, keras.layers.Add()([curved, straight]))
