"""The candidates for recommending new products: each learns from a board and ranks every product."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import Board
from insights.ml.neighbours import blended, cosine_weights, ease_weights
from insights.ml.wording import content_weights

Settings = dict[str, Any]

# Products bought by more people lately are moved up by (1 + recent buyers) ** trend: what sold at
# Christmas is no good advice in March. The exponent is chosen on the validation window; 0 is off.
TRENDS = (0.0, 0.1, 0.2, 0.3)
TREND_DAYS = 28
_BATCH_CELLS = 8_000_000


@dataclass(frozen=True)
class Ranker:
    """Scores for every product: weights (products, products) CSC or None, lift and popular (products,).

    Products that nothing speaks for come after all others, the most popular first: their scores lie in
    [-1, 0], those of products with a reason above 0.
    """

    weights: sp.csc_matrix | None
    lift: np.ndarray
    popular: np.ndarray

    def scores(self, bought: sp.csr_matrix) -> np.ndarray:
        """(customers, products) scores; what is owned already is -inf."""
        scores = np.empty(bought.shape)
        scores[:] = self.popular - 1
        if self.weights is not None:
            spoken = sp.csr_matrix(bought @ self.weights)
            rows = np.repeat(np.arange(bought.shape[0]), np.diff(spoken.indptr))
            positive = spoken.data > 0
            rows, columns = rows[positive], spoken.indices[positive]
            scores[rows, columns] = spoken.data[positive] * self.lift[columns]
        scores[
            np.repeat(np.arange(bought.shape[0]), np.diff(bought.indptr)), bought.indices
        ] = -np.inf
        return scores


class Recommender(Protocol):
    """A way to learn item-to-item weights, with the settings that validation chooses among."""

    def choices(self) -> list[Settings]: ...

    def weights(
        self, board: Board, wording: sp.csr_matrix, settings: Settings
    ) -> sp.csc_matrix | None:
        """Weights (products, products); wording: (products, n-grams) unit vectors of the board's products."""
        ...


class Popularity:
    """The plain rule: what most customers bought lately, for everyone alike."""

    def choices(self) -> list[Settings]:
        return [{"popular_days": days} for days in (7, 14, 28)]

    def weights(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> None:
        return None


class ItemNeighbours:
    """Item-based cosine neighbours (Sarwar et al. 2001)."""

    def choices(self) -> list[Settings]:
        return [{"keep": keep, "trend": trend} for keep in (50, 100) for trend in TRENDS]

    def weights(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> sp.csc_matrix:
        return cosine_weights(board.bought, settings["keep"])


class Ease:
    """EASE^R (Steck 2019), its penalty chosen on validation."""

    def choices(self) -> list[Settings]:
        penalties = (30.0, 100.0, 300.0, 1000.0)
        return [{"penalty": penalty, "trend": trend} for penalty in penalties for trend in TRENDS]

    def weights(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> sp.csc_matrix:
        return ease_weights(board.bought, settings["penalty"])


class NeighboursAndEase:
    """Both item-to-item matrices added up, each at the same total size."""

    def choices(self) -> list[Settings]:
        penalties = (100.0, 300.0, 1000.0)
        return [
            {"keep": 50, "penalty": penalty, "trend": trend}
            for penalty in penalties
            for trend in TRENDS
        ]

    def weights(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> sp.csc_matrix:
        cosine = cosine_weights(board.bought, settings["keep"])
        return blended(cosine, ease_weights(board.bought, settings["penalty"]))


class Content:
    """Products whose name, category and description read alike."""

    def choices(self) -> list[Settings]:
        return [{"keep": 50, "trend": trend} for trend in TRENDS]

    def weights(self, board: Board, wording: sp.csr_matrix, settings: Settings) -> sp.csc_matrix:
        return content_weights(wording, settings["keep"])


def popularity(board: Board, days: int) -> np.ndarray:
    """Buyers in the last `days`, on a scale from 0 to 1; earlier buyers break ties."""
    counted = board.recent[days] + np.asarray(board.bought.sum(axis=0)).ravel() * 1e-6
    return counted / max(float(counted.max(initial=0)), 1e-12)


def ranker(board: Board, weights: sp.csc_matrix | None, trend: float, popular_days: int) -> Ranker:
    lift = (1 + board.recent[TREND_DAYS]) ** trend
    return Ranker(weights, lift, popularity(board, popular_days))


def batches(bought: sp.csr_matrix) -> Iterator[tuple[slice, sp.csr_matrix]]:
    """Customers a few at a time, so that a dense block of scores stays within about 64 MB."""
    size = max(1, _BATCH_CELLS // max(bought.shape[1], 1))
    for first in range(0, bought.shape[0], size):
        rows = slice(first, min(first + size, bought.shape[0]))
        yield rows, bought[rows]
