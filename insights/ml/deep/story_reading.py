"""A trained network reads stories by numpy alone: what it says now, without TensorFlow."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from insights.ml.deep import story_network as net
from insights.ml.deep.story_encoding import NUMBERS, Encoded, Encoder, grown, moments
from insights.ml.stories import KINDS, LENGTH, Stories

BLOCK = 256
# A story is read in the shortest of these that it fits into with a place to spare (see story_churn.without): by its
# own length alone, so that what is said of it does not depend on who else is asked about.
LENGTHS = (8, 16, 24, LENGTH)


@dataclass(frozen=True)
class Reader:
    """The encoder and the weights (see story_network.shapes), float32."""

    encoder: Encoder
    weights: net.Weights

    @cached_property
    def products(self) -> tuple[np.ndarray, np.ndarray]:
        """Vectors as bought and as offered, (products + 1, width)."""
        codes = np.concatenate([[0], self.encoder.category])
        return net.tables(self.weights, codes, np)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder.state()
        return meta, {**arrays, **{f"weights_{name}": one for name, one in self.weights.items()}}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        start = "weights_"
        weights = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
        weights["kinds"] = grown(weights["kinds"], len(KINDS))
        weights["numbers"] = grown(weights["numbers"], NUMBERS)
        return cls(Encoder.from_state(arrays), weights)

    def encoded(self, told: Stories) -> Iterator[tuple[np.ndarray, Encoded]]:
        """A few stories at a time, of one length: which rows they are, and what the network reads of them."""
        fitting = np.searchsorted(LENGTHS[:-1], np.diff(told.starts) + 1)
        for place, length in enumerate(LENGTHS):
            alike = np.flatnonzero(fitting == place)
            for first in range(0, len(alike), BLOCK):
                rows = alike[first : first + BLOCK]
                yield rows, self.encoder.encode(told[rows]).latest(length)

    def now(self, story: Encoded, moment: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
        """What it makes of the question of the stories' own moment, (n, 1, width), and the events' vectors.

        moment (n, MOMENT): what is said to be known of it, instead of what the story tells.
        """
        asked, upto = np.zeros((len(story), 1), np.float32), _all(story)
        if moment is None:
            moment = moments(story, np.zeros_like(story.days))[:, -1]
        x, _ = net.read(self.weights, self.products[0], story, np)
        return net.ask(self.weights, x, story, moment[:, None], asked, upto, np), x

    def leaving(self, story: Encoded, moment: np.ndarray | None = None) -> np.ndarray:
        """(n,) log-odds of no purchase in the horizon."""
        z, _ = self.now(story, moment)
        w = self.weights
        return (z[:, 0] * w["leaves"][:, 0]).sum(axis=1, dtype=np.float64) + float(
            w["leaves_bias"][0]
        )

    def spending(self, story: Encoded) -> np.ndarray:
        """(n,) logarithm of 1 + what is spent in the horizon, in typical purchases."""
        z, _ = self.now(story)
        w = self.weights
        return (z[:, 0] * w["spends"][:, 0]).sum(axis=1, dtype=np.float64) + float(
            w["spends_bias"][0]
        )

    def embedding(self, told: Stories) -> np.ndarray:
        """(n, width): where each customer stands now; who is near has a story alike."""
        found = np.zeros((len(told), self.weights["moment"].shape[1]), np.float32)
        for rows, story in self.encoded(told):
            found[rows] = self.now(story)[0][:, 0]
        return found

    def tastes(self, story: Encoded) -> np.ndarray:
        """(n, TASTES, L): how much each event's products count now."""
        z, x = self.now(story)
        asked = np.zeros((len(story), 1), np.float32)
        return net.tastes(self.weights, z, x, story, asked, _all(story), np)[:, :, 0]


def _all(story: Encoded) -> np.ndarray:
    return np.ones((len(story), 1, story.kind.shape[1]), bool)
