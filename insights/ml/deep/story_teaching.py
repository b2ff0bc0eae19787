"""A network taught by what stories tell of themselves alone: no outcome after their own moment is looked at."""

import numpy as np

from insights.ml.deep.story_encoding import Encoder
from insights.ml.deep.story_questions import at_moment, questions
from insights.ml.deep.story_reading import Reader
from insights.ml.deep.story_training import Lesson, exported, train
from insights.ml.stories import PURCHASE, Stories

WIDTH = 32
# Stories to learn from; what they have in common settles long before every customer has been read.
MOST_STORIES = 20_000
# The last part of the past is held back to say when to stop.
HELD_BACK_DAYS = 30


def taught(
    told: Stories,
    horizon_days: int,
    product_ids: np.ndarray | None = None,
    width: int = WIDTH,
    most: int = MOST_STORIES,
) -> Reader:
    """What will be bought next, and whether anything, after each event of the stories (see story_questions).

    product_ids: sorted, those that are known by name; by default those that the stories speak of.
    Where nobody has bought twice nothing is learnt.
    """
    some = worth_reading(told, most)
    encoder = Encoder.learn(some, product_ids)
    story = encoder.encode(some)
    everything = Lesson.without_labels(story, questions(story, horizon_days))
    earlier = Lesson.without_labels(story, questions(story, horizon_days, until=HELD_BACK_DAYS))
    later = Lesson.without_labels(story, at_moment(story, horizon_days, HELD_BACK_DAYS))
    network = train(earlier, later, everything, encoder.category, width, 42)
    return Reader(encoder, exported(network))


def worth_reading(told: Stories, most: int = MOST_STORIES) -> Stories:
    """Stories with something to foretell: more than one purchase; at most so many, drawn at random."""
    bought = np.concatenate([[0], np.cumsum(told.events["kind"] == PURCHASE)])
    rows = np.flatnonzero(np.diff(bought[told.starts]) > 1)
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(42).choice(rows, most, replace=False))
    return told[rows]
