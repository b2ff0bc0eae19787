"""Pareto/NBD: customers buy at their own constant rate until, unseen, they leave at some moment."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import gammaln

from insights.ml.lifetimes.fitting import counted, maximise
from insights.ml.lifetimes.histories import Histories

# Nodes of the quadrature: enough for five digits wherever the likelihood goes.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(14)


@dataclass(frozen=True)
class ParetoNBD:
    """Schmittlein, Morrison and Colombo (1987), Counting Your Customers.

    Buying rates are Gamma(r, α) in days, leaving rates Gamma(s, β). The likelihood's integral over the
    moment of leaving is taken by Gauss-Legendre quadrature instead of hypergeometric functions, which
    overflow for customers who buy often.
    """

    name: ClassVar[str] = "pareto"
    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = float("nan")
    degenerate: bool = False

    @classmethod
    def fit(cls, known: Histories) -> Self:
        (x, recency, age), counts = counted(known.x, known.recency, known.age)
        scale = max(float(np.mean(known.age)), 1.0)

        def total(params: np.ndarray) -> float:
            r, alpha, s, beta = params
            return float(
                counts @ _log_likelihood(r, alpha * scale, s, beta * scale, x, recency, age)
            )

        found = maximise(total, np.array([0.6, 0.4, 0.6, 0.4]), len(known))
        r, alpha, s, beta = (float(one) for one in found.params)
        return cls(r, alpha * scale, s, beta * scale, found.log_likelihood, found.degenerate)

    def alive(self, known: Histories) -> np.ndarray:
        """(n,) chance of not having left."""
        k, rate, decay = self.r + known.x, self.alpha + known.age, self.beta + known.age
        gone = _log_left(k, self.alpha, self.s, self.beta, known.recency, known.age)
        here = -k * np.log(rate) - self.s * np.log(decay)
        return 1 / (1 + np.exp(np.minimum(gone - here, 700)))

    def expected(self, known: Histories, days: float) -> np.ndarray:
        """(n,) purchase days to expect within the next `days`."""
        s = self.s if abs(self.s - 1) > 1e-6 else 1 + 1e-6
        rate, decay = self.alpha + known.age, self.beta + known.age
        span = decay / (s - 1) * (1 - (decay / (decay + days)) ** (s - 1))
        return self.alive(known) * (self.r + known.x) / rate * span

    def none_within(self, known: Histories, days: float) -> np.ndarray:
        """(n,) chance of not buying within the next `days`."""
        k, rate, decay = self.r + known.x, self.alpha + known.age, self.beta + known.age
        scale = k * np.log(rate) + self.s * np.log(decay)
        stays = np.exp(scale - k * np.log(rate + days) - self.s * np.log(decay + days))
        zero = np.zeros(len(known))
        leaves = np.exp(scale + _log_left(k, rate, self.s, decay, zero, zero + days))
        return 1 - self.alive(known) * (1 - np.clip(stays + leaves, 0.0, 1.0))

    def state(self) -> dict[str, Any]:
        names = ("r", "alpha", "s", "beta", "log_likelihood", "degenerate")
        return {name: getattr(self, name) for name in names}


def _log_likelihood(
    r: float,
    alpha: float,
    s: float,
    beta: float,
    x: np.ndarray,
    recency: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    k = r + x
    here = -k * np.log(alpha + age) - s * np.log(beta + age)
    gone = _log_left(k, alpha, s, beta, recency, age)
    return gammaln(k) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.logaddexp(here, gone)


def _log_left(
    k: np.ndarray,
    alpha: float | np.ndarray,
    s: float,
    beta: float | np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
) -> np.ndarray:
    """log of s · ∫ (α + y)^-k (β + y)^-(s + 1) dy from start to end, (n,).

    With u = log((α + y)/(α + start)) and v = (1 - e^-(k-1)u)/(k - 1) the steep factor becomes the measure,
    and what is left is smooth.
    """
    first = alpha + start
    steep = k - 1
    steep = np.where(np.abs(steep) < 1e-9, 1e-9, steep)
    far = -np.expm1(-steep * np.log((alpha + end) / first)) / steep
    v = 0.5 * far[:, None] * (_NODES + 1)
    y = first[:, None] * np.exp(-np.log1p(-steep[:, None] * v) / steep[:, None])
    beside = np.broadcast_to(np.asarray(beta - alpha, float), first.shape)[:, None]
    # In logarithms relative to the start, where the integrand is largest.
    top = beside + first[:, None]
    smooth = np.exp(-(s + 1) * np.log((beside + y) / top))
    # Not a matrix product: one customer's figure must not depend on who else is asked about.
    inside = 0.5 * far * (smooth * _WEIGHTS).sum(axis=1)
    with np.errstate(divide="ignore"):
        return np.log(s) + np.log(inside) - (k - 1) * np.log(first) - (s + 1) * np.log(top[:, 0])
