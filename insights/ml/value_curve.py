"""Whether more customers would help to foretell amounts: boosted trees on parts of those that the stage learnt from.

Nothing is chosen by it. What the models of buying say is taken from all customers: their few numbers are settled
long before a learner has seen enough.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from insights.ml.evaluation import Candidate
from insights.ml.learning_curve import LEAST_CUSTOMERS, LEAST_OF_EACH, drawn_parts, told, too_few
from insights.ml.value_learners import Heads
from insights.ml.value_stages import Stage, deviance
from insights.ml.value_windows import Window

# Whoever has won: these trees see what the other learners see, and are one of the cheapest of them. A network, or a
# blend, would cost a good part of the whole contest.
MEASURED = "tweedie"


def learning_curve(
    candidate: Candidate, stage: Stage, test: Window, whole: np.ndarray
) -> dict[str, Any]:
    """Deviance on `test` with an eighth, a quarter, half and all of the customers, as of churn (see learning_curve).

    whole (n,): what the candidate, fitted to all of them, has said of `test`.
    """
    customers, losses = stage.train.known.customer_id, {}
    for chosen in drawn_parts(customers):
        part = stage.train.rows(np.isin(customers, chosen))
        if len(chosen) >= LEAST_CUSTOMERS and np.sum(part.spend > 0) >= LEAST_OF_EACH:
            said = _fitted(candidate, stage, part).spend(test, test.outcome_days)
            losses[len(chosen)] = deviance(test.spend, said)
    if not losses:
        return too_few(candidate.name, len(np.unique(customers)))
    losses[len(np.unique(customers))] = deviance(test.spend, whole)
    return told(candidate.name, "deviance", losses)


def _fitted(candidate: Candidate, stage: Stage, part: Window) -> Any:
    heads = Heads(part, stage.behaviour, stage.heads.random_state)
    return replace(stage, train=part, heads=heads).forecast(candidate)
