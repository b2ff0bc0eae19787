"""What will be spent, told from the whole story: boosted trees that also see what a network makes of it.

The network is taught by the stories alone, so that the amounts of the windows are met by the trees only.
"""

from typing import Any, Self

import numpy as np
import pandas as pd

from insights.ml.deep.story_churn import stories_of
from insights.ml.deep.story_reading import Reader
from insights.ml.deep.story_teaching import taught
from insights.ml.encoding import Columns
from insights.ml.learners.boosted_amounts import BoostedTrees
from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.stories import CANDIDATE
from insights.ml.value_learners import LEAST_AMOUNT, Heads, design
from insights.ml.value_windows import Window

TARGET = "tweedie"


class StorySpender:
    """Tweedie boosting on the features, what the models of buying say, and where the network places the story."""

    name, hungry = CANDIDATE, True

    def fit(self, train: Window, behaviour: Behaviour, heads: Heads) -> Self:
        # The newest story of a customer tells all that the earlier ones do.
        newest = (train.frame["as_of"] == train.frame["as_of"].max()).to_numpy()
        self.reader_ = taught(stories_of(train.frame[newest]), train.days)
        self.columns_ = heads.columns
        x = self._seen(train, behaviour)
        self.trees_ = BoostedTrees(TARGET, heads.random_state).fit(x, train.spend)
        return self

    def _seen(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        return np.hstack([design(self.columns_, window, behaviour), self._told(window.frame)])

    def _told(self, frame: pd.DataFrame) -> np.ndarray:
        """(n, width + 2): the embedding, and what the network itself says of leaving and of spending."""
        told = stories_of(frame)
        said = np.zeros((len(told), 2))
        for rows, story in self.reader_.encoded(told):
            said[rows, 0], said[rows, 1] = self.reader_.leaving(story), self.reader_.spending(story)
        return np.hstack([self.reader_.embedding(told), said])

    def spend(self, window: Window, behaviour: Behaviour) -> np.ndarray:
        return np.maximum(self.trees_.predict(self._seen(window, behaviour)), LEAST_AMOUNT)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        trees, arrays = self.trees_.state()
        _, read = self.reader_.state()
        arrays = {f"trees_{name}": one for name, one in arrays.items()}
        arrays |= {f"story_{name}": one for name, one in read.items()}
        return {"columns": self.columns_.state(), "trees": trees}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        def of(start: str) -> dict[str, np.ndarray]:
            return {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}

        made = cls()
        made.columns_ = Columns.from_state(meta["columns"])
        made.trees_ = BoostedTrees.from_state(meta["trees"], of("trees_"))
        made.reader_ = Reader.from_state(of("story_"))
        return made
