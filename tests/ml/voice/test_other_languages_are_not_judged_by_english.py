"""The word lists know English and Chinese; of other languages emoji and marks are read, and nothing is guessed."""

import pytest

from insights.ml.voice.keywords import keywords_of
from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.learners.moods import mood_of
from insights.ml.voice.reading import read

FALSE_FRIENDS = [
    "Die Lieferung war schnell",
    "Die Bestellung war gut und die Lieferung ist noch nicht da.",
    "Le café est arrivé, c'est mal emballé pour un cadeau.",
    "El pedido llegó a casa y la taza es fatal para mi",
    "Het pakket is nog niet bij mij, maar ik hou van de koffie",
]


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_words_of_another_language_judge_nothing(text):
    (said,) = read([text], Knowledge.of())
    assert (said.language, said.label, said.evidence) == ("other", "neutral", ())
    assert (said.intent, said.urgency, said.aspects) == ("other", 0, ())
    assert mood_of(text).hits == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("La livraison était très bien, merci pour le café 😍👍", "positive"),
        ("Das Paket ist nicht da und ich warte noch 😡😡", "negative"),
        ("Das ist ein Kaffee für mich :D", "positive"),
        ("おいしい、またかいます 😍", "positive"),
    ],
)
def test_emoji_are_read_in_every_language(text, label):
    assert read([text], Knowledge.of())[0].label == label


def test_a_company_s_own_wordings_are_found_in_every_language():
    known = Knowledge.of(reasons=[("refund", "Geld zurück")])
    assert read(["Ich will mein Geld zurück für die Bestellung."], known)[0].intent == "refund"


def test_keywords_keep_their_accents_and_leave_out_what_every_sentence_has():
    assert keywords_of("Le café est arrivé") == ("café", "arrivé")
    assert keywords_of("Die Lieferung war für Zürich") == ("lieferung war", "zürich")
    assert keywords_of("кофе отличный") == ("кофе отличный",)


@pytest.mark.parametrize(
    "text",
    [
        "unbelievably disappointing refrigerator-compatible coffeegrinder attachment",
        "x" * 60 + " grinder",
        "https://shop.example.com/a/very/long/path/that/nobody/reads?with=parameters grinder",
    ],
)
def test_keywords_fit_on_a_line(text):
    found = keywords_of(text)
    assert found and all(len(word) <= 40 for word in found)
    assert not {"https", "shop", "example"} & {part for word in found for part in word.split()}
