"""What is bought next, told from the whole story: a recommender whose scores are sums over what was bought."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import Board, History, positions
from insights.ml.deep import story_network as net
from insights.ml.deep.story_encoding import MOST_PRODUCTS, Encoded
from insights.ml.deep.story_reading import Reader
from insights.ml.deep.story_teaching import taught
from insights.ml.product_boards import HORIZON_DAYS
from insights.ml.rankers import Arrays
from insights.ml.stories import PURCHASE

# Vectors are as wide as the data allow: narrow ones cannot hold many products, wide ones need many purchases.
SMALL_WIDTH = 16
WIDTHS = ((0, 32), (50_000, 48), (200_000, 64))


@dataclass(frozen=True)
class StoryScorer:
    """How much a product fits what was bought, as the network weighs it: the product's score less that of the mean
    product. product_ids (m,): those of the board, in its order."""

    name: ClassVar[str] = "story"

    reader: Reader
    product_ids: np.ndarray

    def spoken(self, history: History) -> np.ndarray:
        scores = np.zeros(history.shape)
        vectors, popular = self._offered()
        for rows, story in self._told(history):
            weight = self._weights(story)
            users, share = self._users(story, weight)
            scores[rows] = np.matmul(users[:, None], vectors.T[None])[:, 0] + share * popular
        return scores

    def contributions(self, history: History, top: np.ndarray) -> Iterator[sp.csr_matrix]:
        """Each purchase counts by the attention that it has; what is popular anyway is shared out by that too."""
        vectors, popular = self._offered()
        mapped, column, parts = self._mapped(), self._columns(), []
        for rows, story in self._told(history):
            row, event, place, counts = self._by_item(story)
            items = story.items[row, event, place]
            own = np.zeros((len(row), vectors.shape[1]))
            for taste in range(net.TASTES):
                own += counts[:, [taste]] * mapped[taste, items]
            added = np.empty((len(row), top.shape[1]))
            for k in range(top.shape[1]):
                listed = top[rows][row, k]
                added[:, k] = (own * vectors[listed]).sum(axis=1)
                added[:, k] += counts.mean(axis=1) * popular[listed]
            parts.append((rows[row], column[items], added))
        row, owned, added = (np.concatenate(one) for one in zip(*parts, strict=True))
        for k in range(top.shape[1]):
            # Bought twice, it adds up.
            yield sp.csr_matrix((added[:, k], (row, owned)), shape=history.shape)

    def whys(
        self, history: History, rows: np.ndarray, listed: np.ndarray, owned: np.ndarray
    ) -> np.ndarray:
        return np.full(len(rows), "goes_with", dtype=object)

    def pairs(self, why: str) -> sp.csc_matrix:
        return sp.csc_matrix((len(self.product_ids),) * 2)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        meta, arrays = self.reader.state()
        return meta, {**arrays, "columns_of": self.product_ids}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: Arrays) -> "StoryScorer":
        return cls(Reader.from_state(arrays), arrays["columns_of"])

    def _told(self, history: History) -> Iterator[tuple[np.ndarray, Encoded]]:
        assert history.stories is not None, "this recommender reads stories"
        return self.reader.encoded(history.stories)

    def _offered(self) -> tuple[np.ndarray, np.ndarray]:
        """Vectors (m, width) and popularity (m,) of the board's products, less those of the mean product."""
        offered = self.reader.products[1].astype(float)
        popular = self.reader.weights["popular"].astype(float)
        place, known = positions(self.reader.encoder.product_ids, self.product_ids)
        row = np.where(known, place + 1, 0)
        mean, usual = offered[1:].mean(axis=0), popular[1:].mean()
        # What the network does not know by name is as the mean product: nothing speaks for it.
        told = np.where(known[:, None], offered[row] - mean, 0.0)
        return told, np.where(known, popular[row] - usual, 0.0)

    def _mapped(self) -> np.ndarray:
        """(TASTES, products known by name + 1, width): what having bought each says, taste by taste."""
        taste = self.reader.weights["taste"].astype(float)
        bought = self.reader.products[0].astype(float)
        return np.matmul(bought, taste.reshape(net.TASTES, -1, taste.shape[1]))

    def _columns(self) -> np.ndarray:
        """(products known by name + 1,): the board's column of each."""
        place, _ = positions(self.product_ids, self.reader.encoder.product_ids)
        return np.concatenate([[0], place])

    def _weights(self, story: Encoded) -> np.ndarray:
        """(n, TASTES, L): how much each event's products count."""
        return self.reader.tastes(story).astype(float)

    def _users(self, story: Encoded, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Vectors (n, width) that products are held against, and (n, 1) whether anything was bought."""
        bought = self.reader.products[0].astype(float)
        count = np.maximum((story.items > 0).sum(axis=2), 1)
        bag = np.take(bought, story.items, axis=0).sum(axis=2) / count[:, :, None]
        mixed = np.matmul(weight, bag).reshape(len(story), 1, -1)
        users = np.matmul(mixed, self.reader.weights["taste"].astype(float)[None])[:, 0]
        return users, weight.sum(axis=2).mean(axis=1, keepdims=True)

    def _by_item(self, story: Encoded) -> tuple[np.ndarray, ...]:
        """Story, event and place of each product bought, and how much it counts (r, TASTES)."""
        weight = self._weights(story)
        count = np.maximum((story.items > 0).sum(axis=2), 1)
        there = (story.items > 0) & (story.kind == PURCHASE)[:, :, None]
        row, event, place = np.nonzero(there)
        return row, event, place, weight[row, :, event] / count[row, event][:, None]


class WholeStory:
    """The network over each customer's story (see insights.ml.deep.story_network); small where there is little to
    learn from."""

    def __init__(self, small: bool = False):
        self.small = small

    def choices(self, chosen: Any) -> list[dict[str, Any]]:
        return [{"trend": trend} for trend in (0.0, 0.1, 0.2)]

    def learn(self, board: Board, wording: sp.csr_matrix, settings: dict[str, Any]) -> StoryScorer:
        told = board.history.stories
        assert told is not None, "this recommender reads stories"
        width = next(width for least, width in reversed(WIDTHS) if len(board.past) >= least)
        if self.small:
            width = SMALL_WIDTH
        reader = taught(told, HORIZON_DAYS, _known_by_name(board), width)
        return StoryScorer(reader, board.product_ids)


def _known_by_name(board: Board) -> np.ndarray:
    """Of a large catalogue the products with most buyers, sorted."""
    buyers = np.asarray(board.bought.sum(axis=0)).ravel()
    return board.product_ids[np.sort(np.argsort(-buyers, kind="stable")[:MOST_PRODUCTS])]
