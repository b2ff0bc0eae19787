"""What a customer wants, learnt from labelled messages: sure answers, and "other"."""

import numpy as np
import pytest

from insights.ml.evaluation import NotEnoughData
from insights.ml.voice import intent
from insights.ml.voice.judging import refitted
from tests.ml.voice.spoken import NOW, asked

FEW = {"candidates": ["svm", "nbsvm", "blend"]}


@pytest.fixture(scope="module")
def judged():
    inputs = intent.inputs(asked(200), NOW, FEW)
    return intent.evaluate(inputs, intent.candidates(FEW), lambda *told: None)


@pytest.mark.slow
def test_reasons_are_told_apart(judged):
    assert judged.summary["published_metrics"]["accuracy"] > 0.95
    said = intent.predict(judged.model, ["I want a refund for the lamp, refund it", "谢谢，很开心"])
    assert list(said["likeliest"]) == ["refund", "praise"]


@pytest.mark.slow
def test_what_is_about_nothing_known_is_other(judged):
    said = intent.predict(judged.model, ["astronomy zebra quintet", ""])
    assert list(said["label"]) == ["other", "other"]


@pytest.mark.slow
def test_answers_speak_for_the_class_that_is_answered(judged):
    text = "refund the lamp"
    heaviest = max(judged.model.weights(text), key=lambda one: one.weight)
    assert text[heaviest.start : heaviest.end] == "refund"


def test_the_threshold_keeps_95_in_100_answers_right():
    generator = np.random.default_rng(1)
    p = generator.uniform(0.5, 1, 4_000)
    y = (generator.random(4_000) > p).astype(int)
    chances = np.column_stack([p, 1 - p])
    least = intent.sure_enough(chances, y)
    answered = p >= least
    assert (y[answered] == 0).mean() >= 0.95
    assert answered.mean() > 0.1
    assert (y[p >= least - 0.05] == 0).mean() < 0.95


def test_what_a_class_is_called_is_learnt_from_but_not_judged():
    messages = asked(200)
    messages["label"] = messages["label"].replace("late", "tardy-arrival")
    inputs = intent.inputs(messages, NOW, {})
    assert "tardy arrival" in inputs.names
    fitted = refitted("svm", intent.candidates(FEW), inputs.train, inputs)
    model = intent.served(inputs, fitted, inputs.train)
    assert len(fitted.unseen) == 200
    assert intent.predict(model, ["tardy"])["likeliest"][0] == "tardy-arrival"


def test_nothing_is_answered_where_no_threshold_is_right_often_enough():
    chances = np.full((200, 2), 0.5)
    y = np.arange(200) % 2
    assert intent.sure_enough(chances, y) > 1


def test_a_reason_with_a_handful_of_examples_is_not_learnt():
    messages = asked(200)
    messages.loc[:2, "label"] = "rare"
    assert "rare" not in intent.inputs(messages, NOW, {}).classes


@pytest.mark.parametrize(
    "messages, code",
    [
        (asked(200).assign(label=None), "no_labels"),
        (asked(20), "too_few_labels"),
        (asked(200).assign(label="refund"), "one_class_only"),
    ],
)
def test_what_is_missing_is_said(messages, code):
    with pytest.raises(NotEnoughData) as lack:
        intent.inputs(messages, NOW, {})
    assert lack.value.code == code
