"""Sentiment learnt from a company's own messages: its labels, its contest, and models taken to another place."""

import datetime

import numpy as np
import pandas as pd
import pytest

from insights.ml.evaluation import NotEnoughData
from insights.ml.voice import sentiment
from insights.ml.voice.judging import refitted
from tests.ml.voice.spoken import NOW, reviews

FEW = {"candidates": ["svm", "nbsvm", "blend"]}


def quiet(step, fraction, rows):
    pass


def evaluated(messages):
    inputs = sentiment.inputs(messages, NOW, FEW)
    return sentiment.evaluate(inputs, sentiment.candidates(FEW, inputs.classes), quiet)


@pytest.fixture(scope="module")
def judged():
    return evaluated(reviews(400))


def test_it_beats_the_lexicon_where_there_is_something_to_learn(judged):
    assert judged.summary["better_than_rule"]
    assert judged.summary["published_metrics"]["accuracy"] > 0.85
    assert judged.model.kind == "sentiment"


def test_every_candidate_stands_in_the_table_with_the_rule_first(judged):
    names = [one["name"] for one in judged.summary["candidates"]]
    assert names == ["rule", "svm", "nbsvm", "blend"]
    assert judged.summary["baseline"] == "rule"


@pytest.mark.slow
def test_nothing_is_published_where_stars_say_nothing():
    noise = evaluated(reviews(300, noise=1.0))
    assert noise.model is None
    assert noise.summary["published_metrics"] is None
    assert noise.summary["grade"] == "D"


@pytest.mark.slow
def test_messages_without_a_time_are_judged_by_folds():
    undated = evaluated(reviews(200, days=0))
    assert undated.summary["judged_on"] == "folds"
    assert undated.summary["n_test"] == 200


def test_no_customer_stands_on_both_sides():
    inputs = sentiment.inputs(reviews(400), NOW, {})
    assert not set(inputs.train.groups) & set(inputs.test.groups)


def test_nothing_that_is_written_word_for_word_stands_on_both_sides():
    messages = reviews(400)
    newest = messages["occurred_at"].idxmax()
    oldest = messages["occurred_at"].idxmin()
    messages.loc[oldest, "text"] = messages.loc[newest, "text"].upper() + "  "
    inputs = sentiment.inputs(messages, NOW, {})
    assert messages.loc[newest, "text"] in inputs.test.texts
    assert messages.loc[oldest, "text"] not in inputs.train.texts


def test_the_newest_messages_judge():
    messages = reviews(400)
    inputs = sentiment.inputs(messages, NOW, {})
    at = messages.set_index("text")["occurred_at"]
    oldest_judging = min(at[text] for text in inputs.test.texts)
    assert max(at[text] for text in inputs.train.texts) <= oldest_judging


def test_what_came_later_is_not_known_yet():
    messages = reviews(400)
    earlier = NOW - datetime.timedelta(days=100)
    known = sentiment.inputs(messages, earlier, {})
    later = messages.copy()
    later.loc[later["occurred_at"] >= earlier, "rating"] = 1.0
    again = sentiment.inputs(later, earlier, {})
    assert again.train.texts == known.train.texts
    assert np.array_equal(again.test.y, known.test.y)


def test_a_correction_counts_before_the_stars_from_its_moment_on():
    day = datetime.timedelta(days=1)
    messages = reviews(400, days=0).assign(rating=[1.0] * 100 + [5.0] * 300)
    messages["label"] = ["positive", "positive", *[None] * 398]
    messages["labelled_at"] = pd.to_datetime([NOW - day, NOW + day, *[None] * 398], utc=True)
    inputs = sentiment.inputs(messages, NOW, {})
    said = dict(zip(inputs.train.texts, inputs.train.y, strict=True))
    assert inputs.classes == ("negative", "positive")
    assert said[messages["text"][0]] == 1
    assert said[messages["text"][1]] == 0


@pytest.mark.parametrize(
    "messages, code",
    [
        (reviews(400).assign(rating=np.nan), "no_labels"),
        (reviews(40), "too_few_labels"),
        (reviews(400).assign(rating=5.0), "one_class_only"),
        (reviews(400).assign(text=""), "no_labels"),
        (reviews(400).iloc[:0], "no_labels"),
    ],
)
def test_what_is_missing_is_said(messages, code):
    with pytest.raises(NotEnoughData) as lack:
        sentiment.inputs(messages, NOW, {})
    assert lack.value.code == code
    assert lack.value.facts


def test_predictions_agree_with_their_chances(judged):
    said = sentiment.predict(judged.model, ["superb", "dreadful", "这个水壶很棒"])
    assert list(said["label"]) == ["positive", "negative", "positive"]
    apart = (said["positive"] - said["negative"]).to_numpy()
    assert said["sentiment"].to_numpy() == pytest.approx(apart, abs=2e-6)


@pytest.fixture(scope="module")
def elsewhere(judged):
    """A place where most is good, and a word that was bad at home is praise."""
    messages = reviews(500, seed=7, noise=0.0)
    messages["text"] = messages["text"].str.replace("dreadful", "passable-dreadful")
    labels = sentiment.inputs(messages, NOW, {})
    names = [labels.classes[y] for y in labels.train.y]
    flipped = [
        "positive" if "shoddy" in text else name
        for text, name in zip(labels.train.texts, names, strict=True)
    ]
    return labels.train.texts, flipped


@pytest.fixture(scope="module")
def again(judged, elsewhere):
    """The model told two hundred labels of that place."""
    texts, names = elsewhere
    return sentiment.recalibrate(judged.model, texts[:200], names[:200])


@pytest.mark.slow
def test_two_hundred_labels_of_another_place_lift_the_accuracy(judged, elsewhere, again):
    texts, names = elsewhere
    asked = slice(200, None)
    before = (sentiment.predict(judged.model, texts[asked])["label"] == names[asked]).mean()
    after = (sentiment.predict(again, texts[asked])["label"] == names[asked]).mean()
    assert after > before + 0.02


@pytest.mark.slow
def test_a_recalibrated_model_explains_itself_and_comes_back_from_disk(elsewhere, again):
    texts, _ = elsewhere
    assert again.adaptation is not None
    back = sentiment.SentimentModel.from_state(*again.state())
    for text in texts[200:220]:
        score, base = back.score(text)
        assert sum(one.weight for one in back.weights(text)) + base == pytest.approx(
            score, abs=1e-5
        )
        assert np.array_equal(back.chances([text]), again.chances([text]))


def test_labels_that_the_model_has_never_met_cannot_recalibrate_it(judged):
    with pytest.raises(ValueError, match="none of the labels"):
        sentiment.recalibrate(judged.model, ["fine"], ["furious"])


@pytest.mark.slow
def test_the_refit_is_the_same_each_time():
    inputs = sentiment.inputs(reviews(200), NOW, FEW)
    offered = sentiment.candidates(FEW, inputs.classes)
    one, two = (refitted("blend", offered, inputs.train, inputs) for _ in range(2))
    assert np.array_equal(one.unseen, two.unseen)
