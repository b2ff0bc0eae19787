"""Whether more customers would help to recommend: one learner on parts of those that it was chosen with.

Nothing is chosen by it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from insights.ml import stories
from insights.ml.contest import Tried, losses_with
from insights.ml.learning_curve import LEAST_CUSTOMERS, drawn_parts, told, too_few
from insights.ml.product_boards import Inputs
from insights.ml.wording import Wording

# They would cost a good part of the whole contest again: the network, and all the parts of a blend.
DEAR = (stories.CANDIDATE, "blend")
# With more, one fit takes so long (EASE inverts all by all) that half of the customers has to be enough: a curve is to
# cost less than a tenth of the contest.
MANY_PRODUCTS = 2_000
# Of the measure: a gain that people would notice.
NOTICED = 0.02


def learning_curve(
    data: Inputs, tried: Sequence[Tried], champion: Tried, wording: Wording, popular_days: int
) -> dict[str, Any]:
    """NDCG@10 on the validation window with an eighth, a quarter, half and all of the customers known when it opened.

    Of the champion, or of the best learner that costs little; empty without one. Everybody judged keeps their own
    purchases: only what is learnt from others is learnt from fewer.
    """
    one = _measured(tried, champion)
    if one is None:
        return {}
    customers, losses = data.validation.customer_ids, {}
    parts = list(drawn_parts(customers))
    for chosen in parts[-1:] if len(data.validation.product_ids) > MANY_PRODUCTS else parts:
        if len(chosen) >= LEAST_CUSTOMERS:
            losses[len(chosen)] = losses_with(data, one, wording, popular_days, chosen)
    if not losses:
        return too_few(one.candidate.name, len(customers))
    losses[len(customers)] = one.validation.losses
    ndcg = {learnt: 1 - loss for learnt, loss in losses.items()}
    return told(one.candidate.name, "ndcg_at_10", ndcg, NOTICED, higher_is_better=True)


def _measured(tried: Sequence[Tried], champion: Tried) -> Tried | None:
    learners = [
        one for one in tried if not one.candidate.baseline and one.candidate.name not in DEAR
    ]
    if champion in learners:
        return champion
    return min(learners, key=lambda one: float(np.mean(one.validation.losses)), default=None)
