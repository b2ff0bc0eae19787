"""Messages as learners see them: one spelling with the way back, and terms that are never taken for another."""

from collections import Counter

import numpy as np
import pytest

from insights.ml.voice.learners.plainness import EMAIL, HANDLE, LINK, NUMBER, plain, traced
from insights.ml.voice.learners.terms import (
    CHARACTERS,
    LONGEST,
    WORDS,
    Alphabet,
    count,
    looked_up,
    shortened,
    words_of,
)

TEXTS = [
    "Good good 好吃好吃!",
    "goood @shop http://x.example/y",
    "",
    "don't 🙂🙂 ＡＢＣ１２",
    "a  b\n c",
]


@pytest.mark.parametrize(
    "written, told",
    [
        ("SOOOOOO good", "sooo good"),
        ("@Shop see https://x.example/y now", f"{HANDLE} see {LINK} now"),
        ("Mail me@shop.example!", f"mail {EMAIL}!"),
        ("call 0151-234 5678 or 42", f"call {NUMBER} or 42"),
        ("ＡＢＣ！　ok", "abc! ok"),
        ("  two \n words ", "two words"),
        ("好好好好好好", "好好好"),
        ("İ", "İ"),
    ],
)
def test_one_spelling_for_what_means_the_same(written, told):
    assert plain(written) == told


@pytest.mark.parametrize("text", [*TEXTS, "  @a  looooool http://b.c/d 　!!!!!! "])
def test_every_plain_character_leads_back(text):
    way = traced(text)
    assert way.text == plain(text)
    assert len(way.start) == len(way.end) == len(way.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(way.start, way.end, strict=True))
    assert all(a <= b for a, b in zip(way.end, way.start[1:], strict=False))


@pytest.mark.parametrize("block", [CHARACTERS, WORDS])
def test_terms_are_counted_as_by_hand(block):
    texts = shortened(TEXTS)
    counted = count(texts, Alphabet.learn(texts), block, LONGEST[block], 1)
    for text, row in zip(texts, counted.counts.toarray(), strict=True):
        parts = words_of(text) if block == WORDS else list(f" {text} " if text else "")
        by_hand = Counter(
            tuple(run)
            for length in range(1, LONGEST[block] + 1)
            for start in range(len(parts) - length + 1)
            if _is_a_term(run := parts[start : start + length], block)
        )
        assert sorted(row[row > 0]) == sorted(by_hand.values())


def _is_a_term(run, block):
    if block == WORDS:
        return True
    spaces_inside = " " in (run if len(run) == 1 else run[1:-1])
    return not spaces_inside and (len(run) <= 3 or all(sign < "\u2e80" for sign in run))


def test_looking_up_finds_what_was_counted():
    texts = shortened(TEXTS)
    alphabet = Alphabet.learn(texts)
    counted = count(texts, alphabet, CHARACTERS, 5, 1)
    again = looked_up(alphabet.parts(texts, CHARACTERS), CHARACTERS, 5, counted.codes, len(texts))
    assert np.array_equal(again.toarray(), counted.counts.toarray())


def test_words_are_found_in_both_scripts():
    assert words_of("don't 很喜欢这个水壶 🙂!") == [
        "don't",
        "很",
        "喜欢",
        "这个",
        "水壶",
        "🙂",
        "!",
    ]


def test_runs_never_reach_into_the_next_message():
    texts = ["ab", "cd"]
    alphabet = Alphabet.learn(texts)
    apart = count(texts, alphabet, CHARACTERS, 5, 1).counts.shape[1]
    assert apart == 2 * len(("a", "b", "ab", " a", "b ", " ab", "ab ", " ab "))
