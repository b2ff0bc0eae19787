"""Who leaves, told from the whole story: the network beside an additive path over the feature table."""

from collections.abc import Collection
from typing import Any, Self

import numpy as np
import pandas as pd

from insights.ml.deep.story_encoding import (
    FEELING,
    FELT,
    OFTEN,
    RATING,
    SIZE,
    Encoded,
    Encoder,
    spaced,
)
from insights.ml.deep.story_questions import questions
from insights.ml.deep.story_reading import Reader
from insights.ml.deep.story_training import Lesson, exported, train
from insights.ml.encoding import Encoder as TableEncoder
from insights.ml.features import STORY
from insights.ml.learners import group_sums, held_out_groups
from insights.ml.learners.sharing import sampled_orders, telescoped
from insights.ml.stories import EVENT, KINDS, PURCHASE, Stories

WIDTH, SMALL_WIDTH = 32, 16
HELD_OUT = 0.2
# Rows beyond this change little and cost minutes; a small network has few weights to settle.
MOST_ROWS, MOST_ROWS_SMALL = 20_000, 4_000
ORDERS = 1
# Which events a reason speaks for. What is left when all are taken out: one purchase of a typical size, as long ago as
# is typical.
EVENTS = {
    "returns": ("return",),
    "browsing": ("product_view", "cart", "search", "visit", "other"),
    "conversations": ("said", "told"),
    "complaints": ("complaint",),
}
TOLD = ("recency", "rhythm", "spend", "breadth", *EVENTS, "ratings", "voice")


class StoryLearner:
    """Wide and deep (Cheng et al. 2016): log-odds = linear path over the features + what the story says.

    Reasons: the linear path is exact; what the story says is shared out by sampled Shapley values over the kinds of
    things that are in it (see learners.sharing).
    """

    name = "story"

    def __init__(self, random_state: int = 42, horizon_days: int = 90, small: bool = False):
        self.random_state = random_state
        self.horizon_days = horizon_days
        self.small = small

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.table_ = TableEncoder.learn(frame)
        rows = self._drawn(len(frame))
        frame, y, groups = frame.iloc[rows], y[rows], groups[rows]
        told = stories_of(frame)
        encoder = Encoder.learn(told)
        story = encoder.encode(told)
        design = self.table_.design(frame)
        self.means_ = design.mean(axis=0)
        columns = (design - self.means_).astype(np.float32)
        asked = questions(story, self.horizon_days, random_state=self.random_state)
        width = SMALL_WIDTH if self.small else WIDTH
        lesson = Lesson(story, asked, y.astype(np.float32), columns)
        earlier, later = _in_time(frame["as_of"].to_numpy(), groups, self.random_state)
        self.estimator_ = train(
            lesson[earlier], lesson[later].judged_by_labels(), lesson, encoder.category, width, self.random_state,
        )  # fmt: skip
        weights = exported(self.estimator_)
        self.linear_ = weights.pop("columns")[:, 0].astype(np.float64)
        self.reader_ = Reader(encoder, weights)
        self.typical_ = _typical_days(story)
        return self

    def _drawn(self, n: int) -> np.ndarray:
        most = MOST_ROWS_SMALL if self.small else MOST_ROWS
        if n <= most:
            return np.arange(n)
        generator = np.random.default_rng(self.random_state)
        return np.sort(generator.choice(n, most, replace=False))

    @property
    def families(self) -> list[str]:
        return sorted({*self.table_.columns.families, *TOLD})

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        linear = ((self.table_.design(frame) - self.means_) * self.linear_).sum(axis=1)
        for rows, story in self.reader_.encoded(stories_of(frame)):
            linear[rows] += self.reader_.leaving(story)
        return linear

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        families = self.families
        place = np.array([families.index(code) for code in self.table_.columns.families], int)
        terms = (self.table_.design(frame) - self.means_) * self.linear_
        total = group_sums(terms, place[self.table_.family_index], len(families))
        base, mine = self._base(), [families.index(code) for code in TOLD]
        for rows, story in self.reader_.encoded(stories_of(frame)):
            total[rows[:, None], mine] += self._shares(story, base)
        return total, base

    def _base(self) -> float:
        """What is said of the typical story."""
        nothing = self.reader_.encoder.encode(Stories.of([np.empty(0, EVENT)]))
        return float(self.reader_.leaving(without(nothing, TOLD, self.typical_))[0])

    def _shares(self, story: Encoded, base: float) -> np.ndarray:
        """(n, len(TOLD)) of what the stories say, against the typical story; rows sum up to what is said."""
        asked, answers = story, self.reader_.leaving(story)

        def said(present: np.ndarray) -> np.ndarray:
            nonlocal asked, answers
            gone = [code for code, here in zip(TOLD, present, strict=True) if not here]
            now = without(story, gone, self.typical_)
            # Most have no complaint, no rating …: where nothing is taken out nothing has to be asked again.
            changed = np.flatnonzero(differing(now, asked))
            asked, answers = now, answers.copy()
            answers[changed] = self.reader_.leaving(now[changed])
            return answers

        every = sampled_orders(len(TOLD), ORDERS, self.random_state)
        return telescoped(said, len(story), base, every)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.table_.state()
        _, read = self.reader_.state()
        own = {"means": self.means_, "linear": self.linear_, "typical": np.array(self.typical_)}
        own |= {f"story_{name}": one for name, one in read.items()}
        return {"table": meta}, {**arrays, **own}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.table_ = TableEncoder.from_state(meta["table"], arrays)
        learner.means_, learner.linear_ = arrays["means"], arrays["linear"]
        learner.typical_ = float(arrays["typical"])
        read = {k.removeprefix("story_"): v for k, v in arrays.items() if k.startswith("story_")}
        learner.reader_ = Reader.from_state(read)
        return learner


def stories_of(frame: pd.DataFrame) -> Stories:
    """The stories that the frame carries; empty ones where it carries none."""
    if STORY not in frame:
        return Stories(np.empty(0, EVENT), np.zeros(len(frame) + 1, int))
    return Stories.of(frame[STORY].tolist())


def differing(one: Encoded, other: Encoded) -> np.ndarray:
    """(n,) bool: which stories are not the same."""
    pairs = zip(one.arrays(), other.arrays(), strict=True)
    return np.any([(a != b).reshape(len(one), -1).any(axis=1) for a, b in pairs], axis=0)


def without(story: Encoded, gone: Collection[str], typical: float) -> Encoded:
    """The stories as if what these reasons speak for were as is typical.

    typical: days since the last purchase. With everything gone all stories are the same.
    """
    dropped = np.zeros(story.kind.shape, bool)
    for code, names in EVENTS.items():
        if code in gone:
            dropped |= np.isin(story.kind, [KINDS.index(name) for name in names])
    bought = story.kind == PURCHASE
    latest = bought & (np.cumsum(bought[:, ::-1], axis=1)[:, ::-1] == 1)
    kind, days = story.kind.copy(), story.days
    if "rhythm" in gone:
        dropped |= bought & ~latest
        # Who never bought is told apart by that alone; without purchases there is room in front.
        kind[:, 0] = np.where(bought.any(axis=1), kind[:, 0], PURCHASE)
        latest[:, 0] |= ~bought.any(axis=1)
    if "recency" in gone:
        last = np.where(latest, days, 0).sum(axis=1, keepdims=True)
        days = np.maximum(days - last + np.float32(typical), 0)
    numbers, items = story.numbers.copy(), story.items
    bought = kind == PURCHASE
    if "spend" in gone:
        numbers[:, :, SIZE] = np.where(bought, 0, numbers[:, :, SIZE])
    if "breadth" in gone:
        items = np.where(bought[:, :, None], 0, items)
        numbers[:, :, OFTEN] = np.where(bought, np.float32(np.log(2)), numbers[:, :, OFTEN])
    if "ratings" in gone:
        numbers[:, :, RATING] = 0
    if "voice" in gone:
        numbers[:, :, [FEELING, FELT]] = 0
    kind[dropped] = 0
    kept = kind > 0
    return spaced(Encoded(kind, days * kept, numbers * kept[:, :, None], items * kept[:, :, None]))


def _typical_days(story: Encoded) -> float:
    """The median of the days since the last purchase."""
    last = np.where(story.kind == PURCHASE, story.days, np.inf).min(axis=1)
    known = np.isfinite(last)
    return float(np.median(last[known])) if known.any() else 0.0


def _in_time(
    as_of: np.ndarray, groups: np.ndarray, random_state: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from and later rows, of other customers, that say when to stop (both (n,) bool)."""
    others = held_out_groups(groups, HELD_OUT, random_state)
    newest = as_of == as_of.max()
    if newest.all():
        return ~others, others
    return ~others & ~newest, others & newest
