"""Sentences with their right answers, by what makes them hard; and whether the marked words are those that count."""

import csv
from pathlib import Path

import pytest

from insights.ml.voice.reading import LABELS, Knowledge, Reading, read

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh")
# What is felt and how it is said; and what names no feeling: habits, questions and facts judge nothing, help that was
# none and something else than was ordered are complaints.
FELT = ("negation", "contrast", "mixed", "emoji", "sarcasm")
PLAIN = ("habit", "question", "fact", "help", "wrong")


def sentences(language: str) -> list[dict[str, str]]:
    with open(FOLDER / f"sentences_{language}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong(language: str, about: str) -> list[tuple[str, str]]:
    """Sentences of the part that are not read as they are meant, with what they are read as."""
    rows = [row for row in sentences(language) if row["about"] == about]
    told = read([row["text"] for row in rows], Knowledge.of())
    return [
        (row["text"], one.label)
        for row, one in zip(rows, told, strict=True)
        if one.label != row["label"]
    ]


def without(text: str, reading: Reading) -> str:
    """The text without the words that speak for its label."""
    for span in sorted(reading.evidence, key=lambda s: -s.start):
        if span.weight * reading.sentiment > 0:
            text = text[: span.start] + text[span.end :]
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_three_hundred_in_ten_parts(language):
    rows = sentences(language)
    assert len(rows) == len({row["text"] for row in rows}) == 300
    assert all(sum(row["about"] == part for row in rows) == 40 for part in FELT)
    assert all(sum(row["about"] == part for row in rows) == 20 for part in PLAIN)


@pytest.mark.parametrize("about", FELT)
@pytest.mark.parametrize("language", LANGUAGES)
def test_most_of_each_part_are_right(language, about):
    assert len(wrong(language, about)) <= 8, wrong(language, about)


@pytest.mark.parametrize("about", PLAIN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_all_is_right_that_names_no_feeling(language, about):
    assert len(wrong(language, about)) <= 2, wrong(language, about)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_judged_nothing_is_marked(language):
    """No aspect is praised or blamed by a habit, a question or a fact; help that was none is praise of nobody."""
    rows = [row for row in sentences(language) if row["about"] in PLAIN]
    astray = []
    for row, reading in zip(rows, read([row["text"] for row in rows], Knowledge.of()), strict=True):
        felt = [one.sentiment for one in reading.aspects]
        felt += [one.weight for one in reading.evidence]
        worst = max(felt if row["label"] == "negative" else map(abs, felt), default=0.0)
        if worst > 0.1:
            astray.append(row["text"])
    assert len(astray) <= 2, astray


@pytest.mark.parametrize("language", LANGUAGES)
def test_something_else_than_was_ordered_is_a_wrong_item(language):
    texts = [row["text"] for row in sentences(language) if row["about"] == "wrong"]
    told = [reading.intent for reading in read(texts, Knowledge.of())]
    assert told.count("wrong_item") >= 18


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_marked_words_the_score_weakens_or_turns(language):
    texts = [row["text"] for row in sentences(language)]
    told = [
        (t, r)
        for t, r in zip(texts, read(texts, Knowledge.of()), strict=True)
        if r.label != "neutral"
    ]
    after = read([without(text, reading) for text, reading in told], Knowledge.of())
    weaker = [
        abs(before.sentiment) - (now.sentiment if before.sentiment > 0 else -now.sentiment) > 0.05
        for (_, before), now in zip(told, after, strict=True)
    ]
    assert len(told) > 190
    assert sum(weaker) >= 0.9 * len(weaker)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_add_up_to_the_score(language):
    for row in sentences(language):
        (reading,) = read([row["text"]], Knowledge.of())
        assert sum(span.weight for span in reading.evidence) == pytest.approx(
            reading.sentiment, abs=1e-6
        )
        assert sum(reading.chances) == pytest.approx(1)
        assert reading.label == LABELS[reading.chances.index(max(reading.chances))]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("The coffee is not very good.", {"not very good"}),
        ("Fast but broken 😡", {"Fast", "broken", "😡"}),
        ("東西不錯，就是有點貴。", {"不錯", "貴"}),
        ("包装真的太差了", {"真的太差"}),
    ],
)
def test_what_is_marked_are_characters_of_the_text(text, marked):
    (reading,) = read([text], Knowledge.of())
    assert {text[s.start : s.end] for s in reading.evidence} >= marked - {"贵"}


def test_each_sentence_has_its_own_mood():
    text = "The coffee is wonderful. The delivery was terrible! When do you open?"
    (reading,) = read([text], Knowledge.of())
    assert [text[s.start : s.end] for s in reading.sentences] == [
        "The coffee is wonderful.",
        "The delivery was terrible!",
        "When do you open?",
    ]
    good, bad, even = (s.sentiment for s in reading.sentences)
    assert good > 0.4 and bad < -0.4 and even == 0


def test_the_name_of_a_product_praises_nothing():
    text = "The Perfect Brew leaks."
    known = Knowledge.of(products=[(1, "Perfect Brew")])
    (stranger,), (ours,) = read([text], Knowledge.of()), read([text], known)
    assert {text[s.start : s.end] for s in ours.evidence} == {"leaks"}
    assert ours.sentiment < stranger.sentiment


def test_what_others_do_well_is_no_praise():
    ours, theirs = read(["The support is quick.", "Other shops are quick."], Knowledge.of())
    assert ours.label == "positive" and theirs.sentiment < 0


@pytest.mark.parametrize(
    "text",
    [
        "I ordered the Perfect Brew but got a toaster.",
        "I ordered the Perfect Brew and received something else.",
    ],
)
def test_a_wording_may_reach_over_the_name_of_a_product(text):
    (reading,) = read([text], Knowledge.of(products=[(1, "Perfect Brew")]))
    assert (reading.label, reading.intent) == ("negative", "wrong_item")
    (span,) = reading.evidence
    assert text[span.start : span.end].startswith("ordered") and text[span.end] in ". "
