"""Gamma-Gamma: what customers pay per purchase, few purchases shrunk to what everybody pays."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import gammaln

from insights.ml.lifetimes.fitting import maximise


@dataclass(frozen=True)
class GammaGamma:
    """Fader, Hardie and Lee (2005), RFM and CLV; Fader and Hardie (2013), The Gamma-Gamma Model.

    Amounts are Gamma(p, ν), and ν is Gamma(q, v) over customers. Customers who paid nothing are left out:
    their likelihood is zero.
    """

    p: float
    q: float
    v: float
    overall: float
    degenerate: bool = False

    @classmethod
    def fit(cls, times: np.ndarray, mean: np.ndarray) -> Self:
        """times (n,): purchases that were paid for; mean (n,): what was paid on average."""
        paid = (times > 0) & (mean > 0)
        n, m = times[paid], mean[paid]
        if len(m) < 2 or m.std() < 1e-6 * m.mean():
            overall = float(m.mean()) if len(m) else 0.0
            return cls(1.0, 2.0, overall, overall, True)
        overall = float(np.average(m, weights=n))

        def total(params: np.ndarray) -> float:
            p, q, v = params
            return float(np.sum(_log_likelihood(p, q, v, n, m / overall)))

        found = maximise(total, np.array([4.0, 3.0, 0.7]), len(m))
        p, q, v = (float(one) for one in found.params)
        # With q of one or less the mean over customers does not exist.
        return cls(p, q, v * overall, overall, found.degenerate or q <= 1.05)

    def expected(self, times: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """(n,) what a customer will pay on average per purchase."""
        times = np.where(mean > 0, times, 0.0)
        if self.degenerate:
            return (times * mean + self.overall) / (times + 1)
        return self.p * (self.v + times * mean) / (self.p * times + self.q - 1)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def _log_likelihood(p: float, q: float, v: float, n: np.ndarray, m: np.ndarray) -> np.ndarray:
    shape = p * n
    return (
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + q * np.log(v)
        + (shape - 1) * np.log(m)
        + shape * np.log(n)
        - (shape + q) * np.log(v + n * m)
    )
