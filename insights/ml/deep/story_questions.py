"""What the network is asked while it learns: after each event, at a moment before the next one, what came then?

All answers lie in the story itself, before its own moment, so nothing has to be known of the future. What is asked
of churn and spend is known only where the window after the moment had closed by the story's own.
"""

from dataclasses import dataclass, replace

import numpy as np

from insights.ml.deep.story_encoding import SIZE, Encoded, moments
from insights.ml.stories import PURCHASE

CUT = ("asked", "moment", "left", "spent", "known", "first", "last")


@dataclass(frozen=True)
class Questions:
    """One question after each of the L events of n stories; the last one is asked at the story's own moment.

    asked (n, L): days before the story's moment; moment (n, L, MOMENT); left (n, L): 1 where nothing was bought in the
    horizon; spent (n, L): what was (in the spread of purchases, added up); known (n, L): whether the horizon had
    closed; first and last (n, L): the span of `items` (all new products of all stories in order) that were bought
    new within the horizon.
    """

    asked: np.ndarray
    moment: np.ndarray
    left: np.ndarray
    spent: np.ndarray
    known: np.ndarray
    first: np.ndarray
    last: np.ndarray
    items: np.ndarray

    def __getitem__(self, rows: np.ndarray) -> "Questions":
        return replace(self, **{name: getattr(self, name)[rows] for name in CUT})

    def unanswered(self) -> "Questions":
        return replace(self, known=np.zeros_like(self.known), last=self.first)

    def table(self) -> tuple[np.ndarray, ...]:
        """What is cut into batches: everything but `items`, which the spans point into."""
        return tuple(getattr(self, name) for name in CUT)


def questions(
    story: Encoded, horizon: int, until: float = 0.0, random_state: int = 42
) -> Questions:
    """horizon and until in days; what happened less than `until` days before the stories' own moment is not told."""
    generator = np.random.default_rng(random_state)
    here = story.kind > 0
    following = np.concatenate([story.days[:, 1:], np.zeros((len(story), 1), np.float32)], axis=1)
    share = generator.random(story.days.shape, np.float32)
    asked = following + share * (story.days - following)
    asked[:, -1] = 0
    asked = np.where(here, np.maximum(asked, until), until).astype(np.float32)
    return answered(story, asked, horizon, until)


def at_moment(story: Encoded, horizon: int, moment: float) -> Questions:
    """One question per story, `moment` days before its own, asked after the last event before it; nothing is known
    of the others."""
    asked = np.full(story.days.shape, moment, np.float32)
    made = answered(story, asked, horizon, 0.0)
    before = (story.kind > 0) & (story.days > moment)
    later = np.concatenate([before[:, 1:], np.zeros((len(before), 1), bool)], axis=1)
    latest = before & ~later
    last = np.where(latest, made.last, made.first)
    return replace(made, known=made.known * latest, last=last)


def answered(story: Encoded, asked: np.ndarray, horizon: int, until: float) -> Questions:
    here, bought = story.kind > 0, story.kind == PURCHASE
    end = np.maximum(asked - horizon, until)
    told = bought & (story.days > until)
    inside = (
        told[:, None, :]
        & (story.days[:, None, :] < asked[:, :, None])
        & (story.days[:, None, :] >= end[:, :, None])
    )
    sizes = np.where(bought, np.exp(np.clip(story.numbers[:, :, SIZE], -3, 3)), 0)
    spent = np.log1p(np.einsum("nqp,np->nq", inside, sizes))
    known = here & (story.days > until) & (asked - horizon >= until)
    items, cumulated = _new_items(story, bought)
    first, last = _spans(inside, cumulated)
    open_ = here & (story.days > until)
    return Questions(
        asked,
        moments(story, asked),
        (~inside.any(axis=2)).astype(np.float32),
        spent.astype(np.float32),
        known.astype(np.float32),
        first,
        np.where(open_, last, first),
        items,
    )


def _new_items(story: Encoded, bought: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All products that are bought for the first time in their story, in order of story and event, and how many of
    them stand before each event (n, L + 1)."""
    n, length, width = story.items.shape
    flat = np.where(bought[:, :, None], story.items, 0).reshape(n, length * width)
    row, place = np.nonzero(flat)
    pairs = row.astype(np.int64) * (int(story.items.max(initial=0)) + 1) + flat[row, place]
    _, once = np.unique(pairs, return_index=True)
    once.sort()
    event = row[once] * length + place[once] // width
    counts = np.bincount(event, minlength=n * length)
    before = np.concatenate([[0], np.cumsum(counts)])
    starts = before[np.arange(n)[:, None] * length + np.arange(length + 1)]
    items = np.append(flat[row[once], place[once]], 0).astype(np.int32)
    return items, starts.astype(np.int32)


def _spans(inside: np.ndarray, cumulated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The span of new items of the events inside each question's window; events of a window stand in a row, though
    others than purchases may stand between them."""
    length = inside.shape[2]
    some = inside.any(axis=2)
    begin = np.where(some, inside.argmax(axis=2), 0)
    finish = np.where(some, length - inside[:, :, ::-1].argmax(axis=2), 0)
    rows = np.arange(len(inside))[:, None]
    return cumulated[rows, begin], np.where(some, cumulated[rows, finish], cumulated[rows, begin])
