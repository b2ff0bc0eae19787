"""Models of when customers buy and when they stop: one file per model, fitted by maximum likelihood.

All of them look at a customer's history as three numbers (see histories.py) and answer in days.
"""

from insights.ml.lifetimes.bgnbd import BetaGeometric
from insights.ml.lifetimes.gammagamma import GammaGamma
from insights.ml.lifetimes.histories import Histories, PurchaseDays
from insights.ml.lifetimes.pareto import ParetoNBD

__all__ = ["BetaGeometric", "GammaGamma", "Histories", "ParetoNBD", "PurchaseDays"]
