"""Which words tell a class most, of a model of texts: what people see of what it has learnt."""

from collections import defaultdict
from typing import Any

import numpy as np

from insights.ml.voice.labelled import Labelled
from insights.ml.voice.learners.plainness import traced
from insights.ml.voice.learners.terms import MOST_CHARACTERS, word_spans

# So many messages are looked through, as many of each class.
MOST_LOOKED_AT = 1_000
WORDS = 12
# A word of fewer customers may be one of them, or what only they have said.
FEWEST_CUSTOMERS = 3
SEED = 42


def telling_words(model: Any, messages: Labelled) -> dict[str, list[list[Any]]]:
    """Per class the words that speak most for it in its own messages, as [word, mean log-odds where it stands].

    Ordered by what a word brings to all of them together, so that a rare word is not the first."""
    told = {}
    for number, name in enumerate(model.classes):
        towards = np.full(len(model.classes), -1.0 / len(model.classes))
        towards[number] += 1.0
        rows = _some(np.flatnonzero(messages.y == number), MOST_LOOKED_AT // len(model.classes))
        brought: dict[str, float] = defaultdict(float)
        whose: dict[str, set[int]] = defaultdict(set)
        times: dict[str, int] = defaultdict(int)
        for row in rows:
            for word, share in _words_of(model, messages.texts[row], towards):
                brought[word] += share
                whose[word].add(int(messages.groups[row]))
                times[word] += 1
        known = [word for word in brought if len(whose[word]) >= FEWEST_CUSTOMERS]
        best = sorted(known, key=lambda word: (-brought[word], word))[:WORDS]
        told[name] = [[w, round(brought[w] / times[w], 3)] for w in best if brought[w] > 0]
    return told


def _some(rows: np.ndarray, most: int) -> np.ndarray:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(SEED).choice(rows, most, replace=False))


def _words_of(model: Any, text: str, towards: np.ndarray) -> list[tuple[str, float]]:
    """The words of a text that are made of letters, with what each brings."""
    plain_text = traced(text[: 2 * MOST_CHARACTERS]).text[:MOST_CHARACTERS]
    if not plain_text:
        return []
    shares, _ = model.shares(plain_text, towards)
    found = []
    for start, end in word_spans(plain_text):
        word = plain_text[start:end]
        if word.replace("'", "").isalpha() and (len(word) > 1 or not word.isascii()):
            found.append((word, float(shares[start:end].sum())))
    return found
