"""BG/NBD: customers buy at their own constant rate and may leave after any purchase."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import gammaln, hyp2f1

from insights.ml.lifetimes.fitting import counted, maximise
from insights.ml.lifetimes.histories import Histories


@dataclass(frozen=True)
class BetaGeometric:
    """Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way.

    Rates are Gamma(r, α) in days; after each purchase a customer leaves with a chance that is Beta(a, b).
    """

    name: ClassVar[str] = "bgnbd"
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = float("nan")
    degenerate: bool = False

    @classmethod
    def fit(cls, known: Histories) -> Self:
        (x, recency, age), counts = counted(known.x, known.recency, known.age)
        scale = max(float(np.mean(known.age)), 1.0)

        def total(params: np.ndarray) -> float:
            r, alpha, a, b = params
            return float(counts @ _log_likelihood(r, alpha * scale, a, b, x, recency, age))

        found = maximise(total, np.array([0.5, 0.3, 0.8, 2.0]), len(known))
        r, alpha, a, b = (float(one) for one in found.params)
        return cls(r, alpha * scale, a, b, found.log_likelihood, found.degenerate)

    def alive(self, known: Histories) -> np.ndarray:
        """(n,) chance of not having left after the last purchase; 1 with only one purchase, by construction."""
        x = known.x
        odds = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        odds = odds + (self.r + x) * np.log((self.alpha + known.age) / (self.alpha + known.recency))
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def expected(self, known: Histories, days: float) -> np.ndarray:
        """(n,) purchase days to expect within the next `days`."""
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        c = a + self.b + known.x - 1
        z = days / (self.alpha + known.age + days)
        # Euler's transformation: two of the three parameters stay small however often somebody bought.
        grown = (1 - z) ** (a - 1) * hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
        return np.maximum(c / (a - 1) * (1 - grown), 0.0) * self.alive(known)

    def none_within(self, known: Histories, days: float) -> np.ndarray:
        """(n,) chance of not buying within the next `days`."""
        rate = self.alpha + known.age
        alive = self.alive(known)
        return 1 - alive + alive * (rate / (rate + days)) ** (self.r + known.x)

    def state(self) -> dict[str, Any]:
        names = ("r", "alpha", "a", "b", "log_likelihood", "degenerate")
        return {name: getattr(self, name) for name in names}


def _log_likelihood(
    r: float, alpha: float, a: float, b: float, x: np.ndarray, recency: np.ndarray, age: np.ndarray
) -> np.ndarray:
    buying = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    leaving = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    here = -(r + x) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency)
    return buying + leaving + np.where(x > 0, np.logaddexp(here, gone), here)
