"""What the built-in rules say in parts is weighed by what a company's own customers mean by it."""

import numpy as np
import pytest

from insights.ml.voice import offers, sentiment
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.lexicon import Lexicon
from insights.ml.voice.learners.moods import Moods, parts, parts_of
from insights.ml.voice.reading import LABELS

GOOD = ["The coffee is wonderful.", "咖啡很好喝。", "Great service!", "服务很好。"]
DEAR = ["It is too expensive.", "价格太贵。", "So expensive.", "贵。"]
BAD = ["The coffee is terrible.", "咖啡很难喝。", "Awful service!", "服务很差。"]
TOWARDS = np.array([-1.0, 1.0])


def messages():
    """Everybody grumbles about the price; what is felt is told by the rest."""
    texts = [f"{first} {price}" for first in (*GOOD, *BAD) for price in DEAR]
    return texts * 4, np.repeat([1, 0], len(texts) // 2).tolist() * 4


@pytest.fixture(scope="module")
def learner():
    texts, y = messages()
    return Moods().fit(Corpus(texts), np.array(y), 2)


def test_what_everybody_says_counts_less_than_by_the_rules(learner):
    text = "The coffee is wonderful. It is too expensive."
    rules = Lexicon(("negative", "positive"))

    def part_of_the_price(one):
        shares, _ = one.shares(text.lower(), TOWARDS)
        return shares[25:].sum() / np.abs(shares).sum()

    assert part_of_the_price(rules) < -0.25
    assert abs(part_of_the_price(learner)) < 0.15
    assert learner.raw(Corpus([text]))[0].argmax() == 1


def test_every_part_is_a_sum_over_words_and_without_any_only_size_is_left():
    told = parts_of(Corpus(["", "Where do I find the manual?", "好用，就是贵。"]))
    assert told.shape == (3, len(parts()))
    assert not told[0].any()
    assert set(np.flatnonzero(told[1])) == {parts().index("characters"), parts().index("sentences")}
    assert told[2, parts().index("good_words")] > 0 < told[2, parts().index("price:blame")]


def test_parts_that_the_lists_no_longer_have_are_left_out(learner):
    meta, arrays = learner.state()
    older = {"parts": [*meta["parts"][1:], "gone:praise"]}
    weights = np.vstack([arrays["weights"][1:], np.full((1, 2), 9.0)])
    back = Moods.from_state(older, {**arrays, "weights": weights})
    assert back.weights_.shape == learner.weights_.shape
    assert not back.weights_[0].any()
    assert np.array_equal(back.weights_[1:], learner.weights_[1:])


def test_it_takes_part_where_feelings_are_learnt_and_nowhere_else():
    assert "moods" in [one.name for one in sentiment.candidates({}, LABELS)]
    assert "moods" not in [one.name for one in offers.learnt({})]
