"""The optional English sentence encoder: what is read from its package, and that it is missed by nobody without it."""

import numpy as np
import pytest

from insights.ml.storage import Unusable
from insights.ml.voice import intent, offers
from insights.ml.voice.learners import encoder, sentences

TEXTS = ["my card has not arrived yet", "when will i get my new card?", "naïve café 中文!", ""]


def test_who_has_not_installed_it_simply_lacks_the_candidate(monkeypatch):
    monkeypatch.setattr(encoder, "_folder", lambda: None)
    assert "sentences" not in [one.name for one in intent.candidates({})]
    monkeypatch.setattr(encoder, "installed", lambda: True)
    assert "sentences" in [one.name for one in intent.candidates({})]
    assert "sentences" not in [one.name for one in offers.learnt({"english": False})]


def test_a_model_that_needs_it_says_so_where_it_has_been_taken_away(monkeypatch):
    monkeypatch.setattr(sentences, "installed", lambda: False)
    with pytest.raises(Unusable, match="not installed"):
        sentences.Sentences.from_state({"encoder": encoder.PACKAGE}, {})


needed = pytest.mark.skipif(not encoder.installed(), reason="the package is missing")


@needed
def test_vectors_have_length_one_and_likeness_follows_meaning():
    made = encoder.encoder().vectors([*TEXTS[:2], "the weather in paris is nice"])
    assert np.linalg.norm(made, axis=1) == pytest.approx(1, abs=1e-5)
    alike = made @ made.T
    assert alike[0, 1] > 0.5 > 0.2 > alike[0, 2]


@needed
def test_a_text_alone_has_the_vector_it_has_among_others():
    fresh = encoder.Encoder(encoder.encoder().words, encoder.encoder().tensors)
    together = fresh.vectors([*TEXTS, *(f"{text} please" for text in TEXTS)])
    alone = encoder.Encoder(fresh.words, fresh.tensors)
    for text, vector in zip(TEXTS, together, strict=False):
        alone.kept.clear()
        assert alone.vectors([text])[0] == pytest.approx(vector, abs=1e-5)


@needed
@pytest.mark.parametrize("text", TEXTS)
def test_what_its_tokens_bring_sums_to_the_vector(text):
    pieces, brought = encoder.encoder().tokens(text)
    assert brought.sum(axis=0) == pytest.approx(encoder.encoder().vectors([text])[0], abs=1e-5)
    assert all(0 <= start < end <= len(text) for _, start, end in pieces)


@needed
def test_words_are_cut_into_the_longest_known_pieces():
    read = encoder.encoder()
    names = {number: word for word, number in read.words.items()}
    pieces, _ = read.tokens("unbelievableness café")
    cut = [names[number] for number, _, _ in pieces]
    assert "".join(cut).replace("##", "") == "unbelievablenesscafe"
    assert cut[-1] == "cafe"
