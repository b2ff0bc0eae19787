"""Whether more messages would help: the best single learner on parts of the training data, on the messages judged on.

Nothing is chosen by it. One fit per part, with the settings that were found already: a small part of a contest.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from insights.ml.choosing import NORMAL
from insights.ml.evaluation import paired_gain, wilson
from insights.ml.voice.learners import Learner
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.fitting import SEED, Board

SHARES = (1 / 8, 1 / 4, 1 / 2, 1.0)
LEAST_MESSAGES = 40
# Of the messages read right: a gain that people would notice.
NOTICED = 0.01


def learning_curve(
    name: str, build: Callable[[], Learner], train: Board, texts: Corpus, y: np.ndarray
) -> dict[str, Any]:
    """The share read right of `texts`, classes y (n,), with an eighth, a quarter, half and all customers of `train`.

    Parts are drawn by customer and each holds the smaller ones; those with too little to learn from are left out.
    `points`: messages, accuracy, interval; `gain`: how much more is right with all than with half, with its interval
    (pairs of the same messages), and what that means for `more` messages (helps, flat, unsure). Empty without a half
    to compare with.
    """
    hits = {}
    for share in SHARES:
        part = _part(train, share)
        if len(part) >= LEAST_MESSAGES and len(np.unique(part.y)) > 1:
            learner, met = part.learnt(build())
            hits[len(part)] = met[learner.raw(texts).argmax(axis=1)] == y
    if len(hits) < 2:
        return {}
    half, whole = list(hits.values())[-2:]
    mean, error = paired_gain(~half, ~whole)
    low, high = mean - NORMAL * error, mean + NORMAL * error
    return {
        "learner": name,
        "points": [_point(messages, hit) for messages, hit in hits.items()],
        "gain": {"accuracy": mean, "interval": [low, high]},
        "more": _meaning(mean, low, high),
    }


def _part(train: Board, share: float) -> Board:
    customers = np.random.default_rng(SEED).permutation(np.unique(train.groups))
    return train.rows(np.isin(train.groups, customers[: int(share * len(customers))]))


def _point(messages: int, hit: np.ndarray) -> dict[str, Any]:
    share = float(hit.mean())
    return {"messages": messages, "accuracy": share, "interval": wilson(share, len(hit))}


def _meaning(gain: float, low: float, high: float) -> str:
    if low > 0 and gain >= NOTICED:
        return "helps"
    return "flat" if high < 2 * NOTICED else "unsure"
