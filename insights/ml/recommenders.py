"""The candidates for recommending new products: each learns from a board and ranks every product."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import Board
from insights.ml.factors import als
from insights.ml.neighbours import blended, cosine_weights, ease_weights
from insights.ml.rankers import Additive, Part, Ranker, Scorer
from insights.ml.sequences import following_weights
from insights.ml.wording import content_weights

Settings = dict[str, Any]
Chosen = Mapping[str, Settings]

# Products bought by more people lately are moved up by (1 + recent buyers) ** trend: what sold at
# Christmas is no good advice in March. The exponent is chosen on the validation window; 0 is off.
TRENDS = (0.0, 0.1, 0.2, 0.3)
# For learners with much else to choose.
FEW_TRENDS = (0.0, 0.2)
TREND_DAYS = 28
# Settings that are applied to what was learnt: those that differ in them alone share one fit.
APPLIED_LATER = ("trend", "popular_days", "mix")


class Recommender(Protocol):
    """A way to learn scores for products, with the settings that validation chooses among.

    The board holds everything before its moment: who owns what (history) and every sale in order (past).
    What is learnt sees a customer's history in their own order again when it scores.
    """

    def choices(self, chosen: Chosen) -> list[Settings]:
        """chosen: the settings of the candidates before this one, by name."""
        ...

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Scorer | None:
        """wording: (products, n-grams) unit vectors of what is written about the board's products."""
        ...


class Popularity:
    """The plain rule: what most customers bought lately, for everyone alike."""

    def choices(self, chosen: Chosen) -> list[Settings]:
        return [{"popular_days": days} for days in (7, 14, 28)]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> None:
        return None


class ItemNeighbours:
    """Item-based cosine neighbours (Sarwar et al. 2001)."""

    def choices(self, chosen: Chosen) -> list[Settings]:
        return [{"keep": keep, "trend": trend} for keep in (50, 100) for trend in TRENDS]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Additive:
        return Additive((Part(cosine_weights(board.bought, settings["keep"])),))


class Ease:
    """EASE^R (Steck 2019), its penalty chosen on validation."""

    def choices(self, chosen: Chosen) -> list[Settings]:
        penalties = (30.0, 100.0, 300.0, 1000.0)
        return [{"penalty": penalty, "trend": trend} for penalty in penalties for trend in TRENDS]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Additive:
        return Additive((Part(ease_weights(board.bought, settings["penalty"])),))


class NeighboursAndEase:
    """Both item-to-item matrices added up, each at the same total size."""

    def choices(self, chosen: Chosen) -> list[Settings]:
        penalties = (100.0, 300.0, 1000.0)
        return [
            {"keep": 50, "penalty": penalty, "trend": trend}
            for penalty in penalties
            for trend in TRENDS
        ]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Additive:
        cosine = cosine_weights(board.bought, settings["keep"])
        both = blended(cosine, ease_weights(board.bought, settings["penalty"]))
        return Additive((Part(both),))


class Content:
    """Products whose name, category and description read alike."""

    def choices(self, chosen: Chosen) -> list[Settings]:
        return [{"keep": 50, "trend": trend} for trend in TRENDS]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Additive:
        return Additive((Part(content_weights(wording, settings["keep"]), why="alike"),))


class LatentFactors:
    """Alternating least squares for implicit feedback (see insights.ml.factors).

    unseen: what all a customer never bought weighs together, against all they bought.
    """

    def choices(self, chosen: Chosen) -> list[Settings]:
        return [
            {"factors": factors, "unseen": unseen, "penalty": 0.01, "trend": trend}
            for factors in (16, 48)
            for unseen in (1.0, 4.0)
            for trend in FEW_TRENDS
        ]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Scorer:
        few = max(1, min(settings["factors"], len(board.product_ids) // 4))
        density = board.bought.nnz / max(1, board.bought.shape[0] * board.bought.shape[1])
        return als(board.bought, few, settings["unseen"] * density, settings["penalty"])


class SequenceNeighbours:
    """Directed neighbours: what is bought after what, the latest purchases counting most."""

    def choices(self, chosen: Chosen) -> list[Settings]:
        return [
            {"fade": fade, "damp": damp, "trend": trend}
            for fade in (0.5, 1.0, 2.0)
            for damp in (0.0, 0.5)
            for trend in FEW_TRENDS
        ]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Additive:
        weights = following_weights(board, settings["fade"], settings["damp"])
        return Additive((Part(weights, settings["fade"], "bought_after"),))


class Blend:
    """Neighbours and EASE, with what is bought after what and what reads alike added in some amount.

    Each part as the validation window chose it alone, at the same total size before it is mixed in.
    """

    def choices(self, chosen: Chosen) -> list[Settings]:
        together = chosen.get("knn_ease") or NeighboursAndEase().choices({})[0]
        order = chosen.get("sequence") or SequenceNeighbours().choices({})[0]
        fixed = {**together, "fade": order["fade"], "damp": order["damp"]}
        mixes = itertools.product((0.0, 0.3, 1.0, 3.0), (0.0, 0.3, 1.0))
        return [{**fixed, "mix": list(mix)} for mix in mixes if any(mix)]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> Additive:
        parts = [
            NeighboursAndEase().learn(board, wording, settings).parts[0],
            SequenceNeighbours().learn(board, wording, settings).parts[0],
            Content().learn(board, wording, settings).parts[0],
        ]
        return Additive(tuple(same_size(parts, board)))


def same_size(parts: list[Part], board: Board) -> list[Part]:
    """Each part's weights brought to what the first says about all customers in all."""
    sizes = [part.size(board.history) for part in parts]
    return [
        replace(part, weights=sp.csc_matrix(part.weights * (sizes[0] / size))) if size else part
        for part, size in zip(parts, sizes, strict=True)
    ]


def popularity(board: Board, days: int) -> np.ndarray:
    """Buyers in the last `days`, on a scale from 0 to 1; earlier buyers break ties."""
    counted = board.recent[days] + np.asarray(board.bought.sum(axis=0)).ravel() * 1e-6
    return counted / max(float(counted.max(initial=0)), 1e-12)


def ranker(board: Board, scorer: Scorer | None, settings: Settings, groups: np.ndarray) -> Ranker:
    """groups: (products,) category codes (see Ranker). settings: those of APPLIED_LATER are used here."""
    if isinstance(scorer, Additive) and "mix" in settings:
        scorer = scorer.mixed(settings["mix"])
    lift = (1 + board.recent[TREND_DAYS]) ** settings.get("trend", 0.0)
    return Ranker(scorer, lift, popularity(board, settings["popular_days"]), groups)
