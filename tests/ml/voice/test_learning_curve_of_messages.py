"""Whether more messages would help is measured, on messages that no part has learnt from."""

import numpy as np
import pytest

from insights.ml.voice import intent, sentiment
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.fitting import Board
from insights.ml.voice.learners.linear import SvmText
from insights.ml.voice.learning_curve import learning_curve

GOOD, BAD = "lovely kettle number", "awful kettle number"


def board(count, noise=0.0):
    """Messages of two words that tell, two of each customer; a share of the labels is wrong."""
    generator = np.random.default_rng(1)
    y = np.arange(count) // 2 % 2
    texts = [f"{(BAD, GOOD)[one]} {n}" for n, one in enumerate(y)]
    turned = np.where(generator.uniform(size=count) < noise, 1 - y, y)
    return Board(Corpus(texts), turned, np.arange(count) // 2, 2)


def curve(train, test):
    return learning_curve("svm", SvmText, train, test.corpus, test.y)


def test_each_part_holds_an_eighth_a_quarter_half_and_all():
    told = curve(board(800), board(200))
    assert [one["messages"] for one in told["points"]] == [100, 200, 400, 800]
    assert told["learner"] == "svm"
    assert all(low < one["accuracy"] for one in told["points"] for low in one["interval"][:1])


def test_what_was_learnt_long_ago_needs_no_more():
    told = curve(board(800), board(200))
    assert told["more"] == "flat" and told["gain"]["accuracy"] == 0
    assert told["points"][-1]["interval"] == pytest.approx([0.981, 1.0], abs=1e-3)


def test_what_every_message_adds_to_needs_more():
    """Each word occurs in two messages of one customer, so what is not learnt is not known."""
    rare = [f"{'abcdefgh'[n % 8]}{n // 2:04d}{'xyz'[n % 3]}" * 2 for n in range(0, 1_600, 2)]
    y = np.random.default_rng(3).integers(0, 2, 800)
    train = Board(Corpus(rare), y, np.arange(800), 2)
    told = learning_curve("svm", SvmText, train, Corpus(rare[:600]), y[:600])
    shares = [one["accuracy"] for one in told["points"]]
    assert told["more"] == "helps" and shares[-1] > shares[0] + 0.2
    low, high = told["gain"]["interval"]
    assert low > 0 and low < told["gain"]["accuracy"] < high


def test_too_few_have_no_curve():
    assert curve(board(60), board(40)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["newest", "folds"])
def test_every_judgement_brings_it(form):
    from tests.ml.voice.test_kinds_of_messages_meet_one_contract import FEW, KINDS, NOW

    for kind, module in (("sentiment", sentiment), ("intent", intent)):
        messages = KINDS[kind][1]()
        if form == "folds":
            messages = messages.assign(occurred_at=None)
        inputs = module.inputs(messages, NOW, FEW)
        made = module.evaluate(inputs, module.candidates(FEW, inputs.classes), lambda *step: None)
        told = made.summary["learning_curve"]
        assert told["learner"] == "svm" and len(told["points"]) >= 2
        assert made.summary["judged_on"] == {"newest": "newest_window", "folds": "folds"}[form]
