"""Every learner of texts, on messages whose feeling is known."""

import json

import numpy as np
import pytest

from insights.ml import storage
from insights.ml.voice import sentiment
from insights.ml.voice.judging import board_of
from insights.ml.voice.learners import LEARNERS, encoder, learner_class
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.fitting import blended, fit_calibrated
from insights.ml.voice.learners.plainness import plain
from insights.ml.voice.reading import LABELS, Knowledge, read
from tests.ml.voice.spoken import NOW, reviews

MARKS = {
    "network": pytest.mark.slow,
    "sentences": pytest.mark.skipif(not encoder.installed(), reason="the package is missing"),
}
# What a learner is told before it learns.
TOLD = {"lexicon": (LABELS,), "wordings": (("refund", "praise", "told_by_hand"),)}
EVERY = [pytest.param(name, marks=MARKS.get(name, ())) for name in LEARNERS]
ODD_TEXTS = [
    "The kettle is dreadful honestly，但是毯子很棒",
    "",
    "   ",
    "😡😡😡😡😡😡 http://shop.example/x @shop DREADFUL!!!!!!!",
    "ｆｕｌｌ　ｗｉｄｔｈ splendid",
    "İstanbul'dan superb",
    "zzz",
    "thank you, but I want a refund",
]


@pytest.fixture(scope="module")
def given():
    return sentiment.inputs(reviews(300), NOW, {})


@pytest.fixture(scope="module")
def fitted(given):
    """Each learner fitted once for the whole module."""
    made = {}

    def fit(name):
        if name not in made:
            board = board_of(given.train, given)
            made[name] = learner_class(name)(*TOLD.get(name, ())).fit(
                board.corpus, board.y, board.classes
            )
        return made[name]

    return fit


@pytest.fixture(scope="module")
def model(given):
    """A blend of two, as it would be served."""
    board = board_of(given.train, given)
    members = [fit_calibrated(learner_class(name), board) for name in ("svm", "nbsvm")]
    return sentiment.served(given, blended(members, board), given.train)


@pytest.mark.parametrize("name", [p for p in EVERY if p.values[0] != "wordings"])
def test_it_tells_feelings_apart(name, fitted, given):
    said = fitted(name).raw(Corpus(given.test.texts)).argmax(axis=1)
    # The encoder knows English only, and half of the messages are Chinese; word lists know few of these words.
    assert (said == given.test.y).mean() > {"sentences": 0.6, "lexicon": 0.4}.get(name, 0.85)


@pytest.mark.parametrize("name", EVERY)
def test_the_same_seed_gives_the_same_model(name, fitted, given):
    board = board_of(given.train, given)
    again = learner_class(name)(*TOLD.get(name, ())).fit(board.corpus, board.y, board.classes)
    corpus = Corpus(given.test.texts)
    # The network's float32 sums are split between threads as they come, in each of its steps: 1e-2 in the log-odds
    # is a quarter of a percent at most.
    atol = 1e-2 if name == "network" else 0
    np.testing.assert_allclose(again.raw(corpus), fitted(name).raw(corpus), rtol=0, atol=atol)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_saved_is_what_is_loaded(name, fitted):
    learner = fitted(name)
    meta, arrays = learner.state()
    back = type(learner).from_state(json.loads(json.dumps(meta)), arrays)
    corpus = Corpus(ODD_TEXTS)
    assert np.array_equal(back.raw(corpus), learner.raw(corpus))


@pytest.mark.parametrize("name", EVERY)
def test_a_message_is_scored_alone_as_among_others(name, fitted):
    learner = fitted(name)
    together = learner.raw(Corpus(ODD_TEXTS))
    for text, said in zip(ODD_TEXTS, together, strict=True):
        assert learner.raw(Corpus([text]))[0] == pytest.approx(said, abs=1e-4)


@pytest.mark.parametrize("name", EVERY)
def test_what_its_characters_bring_sums_to_the_score(name, fitted):
    learner, towards = fitted(name), np.array([-1.0, 0.0, 1.0])
    for text in ODD_TEXTS:
        shares, base = learner.shares(plain(text), towards)
        assert len(shares) == len(plain(text))
        score = learner.raw(Corpus([text]))[0] @ towards
        assert shares.sum() + base == pytest.approx(score, abs=1e-4)


@pytest.mark.slow
def test_the_network_says_without_keras_what_it_says_with_it(fitted, given):
    from insights.ml.deep.text_network import MOST_CHARACTERS, _numbers, _padded

    learner, corpus = fitted("network"), Corpus(given.test.texts)
    numbers = _padded(_numbers(corpus.texts, learner.characters_, MOST_CHARACTERS))
    told = learner.estimator_.predict(numbers, verbose=0)
    assert learner.raw(corpus) == pytest.approx(told, abs=1e-5)


def test_a_served_model_comes_back_from_disk(model, tmp_path):
    checksum = storage.save(model, tmp_path / "model")
    back = storage.load(tmp_path / "model", checksum)
    assert np.array_equal(back.chances(ODD_TEXTS), model.chances(ODD_TEXTS))
    assert back.weights(ODD_TEXTS[0]) == model.weights(ODD_TEXTS[0])
    assert np.array_equal(back.known(ODD_TEXTS), model.known(ODD_TEXTS))


def test_chances_are_of_all_three_labels_and_sum_to_one(model):
    chances = model.chances(ODD_TEXTS)
    assert chances.shape == (len(ODD_TEXTS), 3)
    assert chances.sum(axis=1) == pytest.approx(1)
    assert model.chances([]).shape == (0, 3)


def test_it_says_how_many_of_the_words_it_has_met(model):
    texts = [
        "This KETTLE is dreadful!",
        "asdf qwer",
        "kettle zzz, 4711",
        "这个水壶很棒",
        "",
        "😡 !!",
    ]
    assert list(model.known(texts)) == [1.0, 0.0, 0.5, 1.0, 0.0, 0.0]
    assert len(model.known([])) == 0


def test_what_it_has_not_met_is_read_as_without_it(model):
    texts = ["asdf qwer", "Das Paket kam nie an, ich bin sehr enttäuscht", "Wo ist mein Kaffee"]
    assert read(texts, Knowledge.of(), model) == read(texts, Knowledge.of())


def test_of_what_it_has_met_it_has_the_say(model, given):
    texts = [text for text in given.test.texts if model.known([text])[0] == 1]
    assert len(texts) > len(given.test.texts) / 2
    told = [one.chances for one in read(texts, Knowledge.of(), model)]
    assert told == [tuple(row) for row in model.chances(texts)]


def test_the_weights_of_the_words_sum_to_the_score(model):
    for text in ODD_TEXTS:
        score, base = model.score(text)
        assert sum(one.weight for one in model.weights(text)) + base == pytest.approx(
            score, abs=1e-5
        )


def test_evidence_lies_in_the_text_as_it_was_written(model):
    text = ODD_TEXTS[3]
    spans = model.weights(text)
    assert [one.start for one in spans] == sorted(one.start for one in spans)
    assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))
    worst = min(spans, key=lambda one: one.weight)
    assert text[worst.start : worst.end] == "DREADFUL"


def test_removing_the_evidence_weakens_the_answer(model, given):
    """The two words that did most for the answer are struck out."""
    weaker = 0
    for text in given.test.texts:
        score, _ = model.score(text)
        side = np.sign(score)
        spans = sorted(model.weights(text), key=lambda one: -side * one.weight)[:2]
        rest = text
        for one in sorted(spans, key=lambda one: -one.start):
            rest = rest[: one.start] + " " + rest[one.end :]
        weaker += side * model.score(rest)[0] < side * score
    assert weaker >= 0.9 * len(given.test)
