"""From scores to chances: a weighted sum of what one or several learners say, and the level of each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

# How strongly levels are held at nothing, and weights together, in messages' worth of evidence.
TOWARDS_LEVEL, TOWARDS_EQUAL = 1.0, 2.0
# Where everything is told apart, certainty still ends somewhere.
SHORT = 0.01
MOST_STEPS = 200


@dataclass(frozen=True)
class Combined:
    """p = softmax(Σ weightₘ·rawₘ + level): Platt's curve for many classes (Guo et al. 2017) and stacking with weights
    that are not negative (Breiman 1996) in one. weights (members,), levels (classes,)."""

    weights: np.ndarray
    levels: np.ndarray

    @classmethod
    def fit(cls, raws: Sequence[np.ndarray], y: np.ndarray) -> "Combined":
        """raws: (n, classes) of each member, from twins that had not seen the messages; y (n,) class numbers."""
        scale = [1.0 / max(float(raw.std()), 1e-9) for raw in raws]
        said = np.stack([raw * by for raw, by in zip(raws, scale, strict=True)])
        members, n, classes = said.shape

        def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
            weights, levels = theta[:members], theta[members:]
            away = weights - weights.mean()
            # A few members, element by element: threads of a matrix product cost more than they bring here.
            z = sum(w * one for w, one in zip(weights, said, strict=True)) + levels
            z -= z.max(axis=1, keepdims=True)
            odds = np.exp(z)
            total = odds.sum(axis=1, keepdims=True)
            logs, rest = z - np.log(total), odds / total
            held = TOWARDS_LEVEL * levels @ levels + TOWARDS_EQUAL * away @ away
            held += SHORT * weights @ weights
            rest[np.arange(n), y] -= 1
            slope_weights = np.array([np.einsum("ij,ij->", one, rest) for one in said]) + 2 * (
                TOWARDS_EQUAL * away + SHORT * weights
            )
            slope_levels = rest.sum(axis=0) + 2 * TOWARDS_LEVEL * levels
            value = -logs[np.arange(n), y].sum() + held
            return value / n, np.concatenate([slope_weights, slope_levels]) / n

        start = np.concatenate([np.full(members, 1.0 / members), np.zeros(classes)])
        bounds = [(0.0, None)] * members + [(None, None)] * classes
        options = {"maxiter": MOST_STEPS}
        best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
        return cls(best[:members] * np.array(scale), best[members:])

    def logits(self, raws: Sequence[np.ndarray]) -> np.ndarray:
        """(n, classes)"""
        total = np.zeros_like(raws[0], dtype=float) + self.levels
        for weight, raw in zip(self.weights, raws, strict=True):
            total += weight * raw
        return total

    def __call__(self, raws: Sequence[np.ndarray]) -> np.ndarray:
        return softmax(self.logits(raws), axis=1)
