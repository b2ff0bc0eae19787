"""Every kind of model that answers about messages, from a table of them to what is said of each: one contract."""

from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from insights.ml import storage
from insights.ml.evaluation import NotEnoughData
from insights.ml.voice import intent, sentiment
from insights.ml.voice.learners.corpus import Corpus
from tests.ml.voice.spoken import NOW, asked, reviews

FEW = {"candidates": ["svm"]}
SAID = [
    "the kettle is splendid",
    "refund the lamp",
    "水壶太烂了，我要退款",
    "",
    "zzz",
    "a" * 6_000,
]


def labelled(count=240):
    """Messages with the concern that staff gave them, over two hundred days."""
    messages = asked(count)
    days = np.linspace(200, 1, count)
    messages["occurred_at"] = [NOW - timedelta(days=float(one)) for one in days]
    messages["labelled_at"] = messages["occurred_at"] + timedelta(hours=1)
    messages["customer_id"] = np.arange(count) // 2
    return messages


KINDS = {
    "sentiment": (sentiment, lambda: reviews(240)),
    "intent": (intent, labelled),
}
# To learn once takes a second or two.
TWICE = [pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]


def learn(kind, messages):
    module = KINDS[kind][0]
    inputs = module.inputs(messages, NOW, FEW)
    candidates = module.candidates(FEW, inputs.classes)
    return module.evaluate(inputs, candidates, lambda *step: None)


@cache
def learnt(kind):
    return learn(kind, KINDS[kind][1]())


def mixed_up(messages):
    """The same words and the same labels, in no relation to each other."""
    column = "rating" if "rating" in messages else "label"
    return messages.assign(**{column: messages[column].sample(frac=1, random_state=5).to_numpy()})


@pytest.mark.parametrize("kind", TWICE)
def test_what_comes_later_changes_nothing_and_the_same_seed_gives_the_same_model(kind, tmp_path):
    """Learnt again from messages that go on, among them labels that are given too late: the same bytes."""
    messages = KINDS[kind][1]()
    later = mixed_up(messages).assign(occurred_at=NOW + timedelta(days=3))
    too_late = messages.head(20).assign(rating=None, label="praise", customer_id=9_999)
    too_late["text"] = [f"never seen before {n}" for n in range(20)]
    too_late["labelled_at"] = NOW + timedelta(days=1)
    again = learn(kind, pd.concat([messages, later, too_late], ignore_index=True))
    one, other = (
        storage.save(made.model, tmp_path / name)
        for made, name in ((learnt(kind), "one"), (again, "two"))
    )
    assert one == other


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_back_from_disk_as_it_was(kind, tmp_path):
    module, model = KINDS[kind][0], learnt(kind).model
    loaded = storage.load(tmp_path / "model", storage.save(model, tmp_path / "model"))
    pd.testing.assert_frame_equal(
        module.predict(loaded, SAID), module.predict(model, SAID), check_exact=True
    )


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_written_is_told_a_class_it_has_learnt_with_a_chance(kind):
    module, model = KINDS[kind][0], learnt(kind).model
    told = module.predict(model, SAID)
    assert set(told["label"]) <= {*model.classes, "other"}
    numbers = told.select_dtypes("number").to_numpy()
    assert np.isfinite(numbers).all() and np.abs(numbers).max() <= 1
    assert module.predict(model, []).empty


@pytest.mark.parametrize("kind", KINDS)
def test_the_summary_says_what_a_page_needs(kind):
    summary = learnt(kind).summary
    assert summary["better_than_rule"] and summary["grade"] in "ABC"
    assert {one["name"] for one in summary["candidates"]} == {"rule", "svm"}
    told = summary["learnt_from"]
    assert told["stars"] + told["people"] == 240 and (told["stars"] == 0) == (kind == "intent")
    assert told["customers"] == 120 and set(told["languages"]) <= {"en", "zh", "mixed", "other"}
    assert sum(one["n"] for one in summary["languages"]) <= summary["n_test"]
    assert set(summary["words"]) == set(summary["classes"])


def test_the_words_that_tell_a_class_are_those_it_was_made_with():
    words = {
        name: [w for w, _ in told] for name, told in learnt("sentiment").summary["words"].items()
    }
    assert {"splendid", "delightful", "superb"} & set(words["positive"][:6])
    assert {"dreadful", "shoddy", "hideous"} & set(words["negative"][:6])
    assert not {"splendid", "delightful", "superb"} & set(words["negative"])


def test_how_many_are_answered_and_how_right_that_is_was_tested_on_later_messages():
    threshold = learnt("intent").summary["threshold"]
    assert threshold["n"] == learnt("intent").summary["n_test"] < 240
    assert threshold["answered"] > 0.5 and threshold["right"] > 0.9
    assert threshold["served"] == learnt("intent").model.least <= 1


@pytest.mark.parametrize("kind", TWICE)
def test_where_words_say_nothing_no_model_is_made(kind):
    noise = learn(kind, mixed_up(KINDS[kind][1]()))
    assert noise.model is None and noise.summary["grade"] == "D"
    assert noise.summary["published_metrics"] is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("change", "code", "have"),
    [
        (lambda rows: rows.head(0), "no_labels", None),
        (lambda rows: rows.assign(text="   "), "no_labels", None),
        (lambda rows: rows.assign(rating=None, label=None), "no_labels", None),
        (lambda rows: rows.head(12), "too_few_labels", 12),
        (lambda rows: rows.assign(rating=5.0, label="positive"), "one_class_only", 240),
    ],
    ids=["nothing", "no words", "no labels", "a dozen", "one class"],
)
def test_what_is_missing_is_said_in_a_word_with_how_much(kind, change, code, have):
    module, messages = KINDS[kind][0], KINDS[kind][1]()
    with pytest.raises(NotEnoughData) as refused:
        module.inputs(change(messages), NOW, {})
    facts = refused.value.facts
    assert (refused.value.code, facts.get("have")) == (code, have) and facts["needed"]


def test_the_plain_rule_of_concerns_is_the_built_in_reader():
    (rule, *_) = intent.candidates(FEW, ("late", "refund"))
    learner = rule.build()
    said = learner.raw(Corpus(["I want my money back, please refund me", "hello"]))
    assert said[0].argmax() == 1
    assert said[1][0] == pytest.approx(said[1][1])
    (shares, *_) = intent.candidates(FEW, ("our_own", "another"))
    assert shares.build().name == "rule"
