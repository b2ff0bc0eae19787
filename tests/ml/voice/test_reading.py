"""Reading whole messages: any text, in any company, with and without trained models."""

from dataclasses import dataclass

import pytest

from insights.ml.voice.reading import LONGEST, Knowledge, Span, read

TEXTS = ["My order is late!", "很好喝，谢谢。", "Which grinder?", "Great, another broken cup 🙄"]


@dataclass
class Constant:
    """Says the same of every text."""

    row: tuple[float, ...]
    classes: tuple[str, ...] = ()
    least: float = 0.5

    def chances(self, texts):
        return [self.row for _ in texts]

    def known(self, texts):
        return [1.0] * len(texts)

    def weights(self, text):
        return [Span(0, 1, 0.7)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "!!!",
        "?",
        "😀",
        "\x00",
        "a",
        "好",
        "...",
        "@",
        "#",
        "İ" * 9,
        "{}",
        "(",
        "不",
        "not",
    ],
)
def test_any_text_has_a_reading(text):
    (reading,) = read([text], Knowledge.of())
    assert sum(reading.chances) == pytest.approx(1)
    assert -1 <= reading.sentiment <= 1
    assert all(0 <= s.start < s.end <= len(text) for s in (*reading.evidence, *reading.sentences))


def test_no_text_is_read_by_its_neighbours():
    together = read(TEXTS, Knowledge.of())
    assert together == [read([text], Knowledge.of())[0] for text in TEXTS]
    assert read([], Knowledge.of()) == []


def test_a_very_long_text_is_read_up_to_its_limit():
    (reading,) = read(["坏" * 3 * LONGEST], Knowledge.of())
    assert reading.label == "negative"
    assert max(span.end for span in reading.evidence) <= LONGEST


def test_traditional_and_simplified_writing_read_alike():
    one, other = read(
        ["包裝太差，東西壞了，我要退款！", "包装太差，东西坏了，我要退款！"], Knowledge.of()
    )
    assert (one.language, other.language) == ("zh-Hant", "zh-Hans")
    assert one.sentiment == other.sentiment and one.intent == other.intent
    assert one.evidence == other.evidence


def test_a_trained_model_of_sentiment_has_the_say():
    plain = read(TEXTS, Knowledge.of())
    told = read(TEXTS, Knowledge.of(), sentiment=Constant((0.1, 0.2, 0.7)))
    assert {r.label for r in told} == {"positive"}
    assert [[span.weight for span in r.evidence] for r in told] == [[0.7]] * len(TEXTS)
    assert all(r.sentiment == pytest.approx(0.6) for r in told)
    assert all(s.sentiment == pytest.approx(0.6) for r in told for s in r.sentences)
    assert [r.intent for r in told] == [r.intent for r in plain]


class Halting(Constant):
    """Has learnt three words."""

    def known(self, texts):
        words = [text.lower().strip(".").split() for text in texts]
        return [sum(w in ("the", "kettle", "leaks") for w in said) / len(said) for said in words]


def test_what_a_trained_model_does_not_know_is_left_to_the_rules():
    model, sure = Halting((0.0, 0.0, 1.0)), 1.0
    known, strange, partly = texts = [
        "The kettle leaks.", "Asdf qwer.", "The terrible rude shoddy lamp."
    ]  # fmt: skip
    plain = dict(zip(texts, read(texts, Knowledge.of()), strict=True))
    told = dict(zip(texts, read(texts, Knowledge.of(), model), strict=True))
    assert told[known].sentiment == sure
    assert told[strange] == plain[strange]
    assert plain[partly].sentiment < told[partly].sentiment < 0
    assert told[partly].evidence == plain[partly].evidence
    assert sum(told[partly].chances) == pytest.approx(1)


def test_a_trained_model_judges_no_other_language():
    texts = ["Das Paket kam nie an, ich bin sehr enttäuscht", "Merci pour le café 😍", "The cup."]
    plain = read(texts, Knowledge.of())
    told = read(texts, Knowledge.of(), Constant((1.0, 0.0, 0.0)))
    assert told[:2] == plain[:2]
    assert told[2].label == "negative"


@pytest.mark.parametrize(("least", "code"), [(0.5, "refund"), (0.9, "other")])
def test_a_trained_model_of_reasons_answers_where_it_is_sure(least, code):
    model = Constant((0.2, 0.8), classes=("late_delivery", "refund"), least=least)
    told = read(TEXTS, Knowledge.of(), intent=model)
    assert {(r.intent, r.intent_chance) for r in told} == {(code, 0.8)}


class Listening(Constant):
    """Keeps what it was asked about; every word of it weighs something."""

    def chances(self, texts):
        self.heard = list(texts)
        return super().chances(texts)

    def weights(self, text):
        return [Span(0, 5, 0.2), Span(6, 10, -1.0), Span(11, 15, 0.31), Span(16, 20, 0.0)]


def test_only_the_words_that_decide_are_shown():
    (reading,) = read(
        ["words that each weigh something"], Knowledge.of(), Listening((1.0, 0.0, 0.0))
    )
    assert reading.evidence == (Span(6, 10, -1.0), Span(11, 15, 0.31))


class Wordy(Constant):
    """Knows words, and nothing of what stands before them."""

    def weights(self, text):
        known = {"not": 0.1, "bad": 0.4, "slow": -0.9, "parcel": -0.2}
        return [Span(at, at + len(w), known[w]) for w in known if (at := text.find(w)) >= 0]


def test_words_that_are_read_together_are_marked_together():
    text = "It is not bad, but a slow parcel."
    (reading,) = read([text], Knowledge.of(), Wordy((0.6, 0.2, 0.2)))
    marked = {text[s.start : s.end]: s.weight for s in reading.evidence}
    assert marked == {"not bad": pytest.approx(0.5), "slow": pytest.approx(-0.9)}


def test_a_trained_model_is_not_told_whom_a_message_is_about():
    model = Listening((0.1, 0.2, 0.7), ("refund",) * 3)
    text = "Dear Marta, order number A-20931 is late. Write to me@example.com"
    told = "Dear      , order number         is late. Write to               "
    read([text], Knowledge.of(), intent=model)
    assert model.heard == [told]
