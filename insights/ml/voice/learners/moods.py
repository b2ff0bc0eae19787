"""What the word lists and rules say of a message in parts, weighed by what the company's own messages mean by them.

The rules weigh every word alike everywhere; which of it tells whether somebody is content (the price or the taste, the
first sentence or the last, one bad point or most of them) differs from company to company, and a few hundred labelled
messages say how.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from insights.ml.voice import phrasings, polarity
from insights.ml.voice.finding import Boundaries
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.polarity import Mood
from insights.ml.voice.script import folded, understood
from insights.ml.voice.words import lexicon

# Feelings one way or the other of so much make a sentence count as such.
FELT = 0.3
# The squashed score goes from -1 to 1; a word weighs up to 4.
SQUASHED = 4.0
# A part that hardly ever differs tells nothing.
LEAST_SPREAD = 1e-6
# What every message has, with words that judge or without.
SIZE = ("characters", "sentences")
PLACES = ("first", "last", "last_two", "worst", "best", "first_half", "second_half")
SUMS = (
    "praise", "blame", "score", "conflict", "good_words", "bad_words", "good_share", "bad_share",
)  # fmt: skip


class Moods:
    """A straight line (logistic) on the parts. Each part is a sum over the words that judge, so the score is too."""

    name = "moods"
    choices: ClassVar[tuple[dict[str, Any], ...]] = ({},)

    def __init__(self, random_state: int = 42, strength: float = 0.1):
        self.random_state = random_state
        self.strength = strength

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        """y (n,) class numbers of 0..classes-1."""
        x = parts_of(corpus)
        spread = x.std(axis=0)
        told = spread > LEAST_SPREAD
        scale = np.where(told, 1 / np.where(told, spread, 1.0), 0.0)
        model = LogisticRegression(C=self.strength, max_iter=300, random_state=self.random_state)
        model.fit((x - x.mean(axis=0)) * scale, y)
        weights, offsets = model.coef_.T, model.intercept_
        if classes == 2:
            weights, offsets = np.hstack([-weights, weights]) / 2, np.r_[-offsets, offsets] / 2
        self.parts_ = parts()
        self.weights_ = weights * scale[:, None]
        self.offsets_ = offsets - x.mean(axis=0) @ self.weights_
        return self

    def raw(self, corpus: Corpus) -> np.ndarray:
        return parts_of(corpus) @ self.weights_ + self.offsets_

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        """What each word that judges brings, spread evenly over its characters."""
        said, worth = mood_of(plain_text), self.weights_ @ towards
        shares, size = np.zeros(len(plain_text)), len(SIZE)
        base = float(_size(plain_text, said) @ worth[:size] + self.offsets_ @ towards)
        for hit, brought in zip(said.hits, _of_hits(plain_text, said), strict=True):
            own = float(brought @ worth[size:])
            if hit.end > hit.start:
                shares[hit.start : hit.end] += own / (hit.end - hit.start)
            else:
                base += own
        return shares, base

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"parts": list(self.parts_)}, {"weights": self.weights_, "offsets": self.offsets_}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        """Parts that the lists have gained since weigh nothing, those they have lost are gone."""
        learner, place = cls(), {name: at for at, name in enumerate(meta["parts"])}
        learner.parts_, weights = parts(), arrays["weights"]
        none = np.zeros(weights.shape[1])
        learner.weights_ = np.array(
            [weights[place[name]] if name in place else none for name in learner.parts_]
        )
        learner.offsets_ = arrays["offsets"]
        return learner


@lru_cache(maxsize=1)
def parts() -> tuple[str, ...]:
    """Names of the parts: sizes first, then what is summed over words."""
    codes = {word.aspect for word in lexicon().values() if word.weight is not None}
    codes |= {one.aspect for one in (*phrasings.ENGLISH, *phrasings.CHINESE)}
    by_aspect = [f"{code}:{side}" for code in sorted(codes) for side in ("blame", "praise")]
    return (*SIZE, *SUMS, *PLACES, *by_aspect)


def column(name: str) -> int:
    return parts().index(name)


@lru_cache(maxsize=1)
def _columns() -> dict[str, int]:
    """Of what is summed over words."""
    return {name: at for at, name in enumerate(parts()[len(SIZE) :])}


@lru_cache(maxsize=8)
def mood_of(text: str) -> Mood:
    """Several learners ask of the same message one after another; whoever asks only looks."""
    plain = understood(folded(text))
    return polarity.mood(text, plain, Boundaries(plain), [])


def parts_of(corpus: Corpus) -> np.ndarray:
    """(n, parts)"""
    return corpus.per_text("moods", _told)


def _told(texts: Sequence[str]) -> np.ndarray:
    return np.array([_of_text(text) for text in texts]).reshape(-1, len(parts()))


def _of_text(text: str) -> np.ndarray:
    said = mood_of(text)
    return np.concatenate([_size(text, said), _of_hits(text, said).sum(axis=0)])


def _size(text: str, said: Mood) -> np.ndarray:
    return np.log1p([len(text), len(said.sentences)])


def _of_hits(text: str, said: Mood) -> np.ndarray:
    """(hits, parts) what each word brings to each part."""
    brought = np.zeros((len(said.hits), len(_columns())))
    if not said.hits:
        return brought
    weight = np.array([hit.weight for hit in said.hits])
    good, bad = np.maximum(weight, 0), np.maximum(-weight, 0)
    for name, values in {**_sums(said, weight), **_places(text, said, weight)}.items():
        brought[:, _columns()[name]] = values
    for side, values in (("praise", good), ("blame", bad)):
        for code in {hit.aspect for hit in said.hits}:
            inside = values * np.array([hit.aspect == code for hit in said.hits])
            column = _columns().get(f"{code}:{side}")
            if column is not None:
                brought[:, column] = _shared(np.log1p(inside.sum()), inside)
    return brought


def _sums(said: Mood, weight: np.ndarray) -> dict[str, np.ndarray]:
    good, bad = np.maximum(weight, 0), np.maximum(-weight, 0)
    slope = SQUASHED * polarity.squashed(said.score) / said.score if said.score else 0.0
    sentences = np.array([hit.sentence for hit in said.hits])
    moods = np.bincount(sentences, weight)
    every = max(1, len(said.sentences))
    content, unhappy = moods[sentences] > FELT, moods[sentences] < -FELT
    return {
        "praise": good,
        "blame": bad,
        "score": slope * weight,
        "conflict": _shared(said.conflict, np.abs(weight)),
        "good_words": _shared(np.log1p((weight > 0).sum()), weight > 0),
        "bad_words": _shared(np.log1p((weight < 0).sum()), weight < 0),
        "good_share": _evenly(sentences, good * content) / every,
        "bad_share": _evenly(sentences, bad * unhappy) / every,
    }


def _places(text: str, said: Mood, weight: np.ndarray) -> dict[str, np.ndarray]:
    """What is said where: in which sentences, in which half of the message."""
    sentences = np.array([hit.sentence for hit in said.hits])
    moods, last = np.bincount(sentences, weight), len(said.sentences) - 1
    late = np.array([hit.start >= len(text) / 2 for hit in said.hits])
    return {
        "first": weight * (sentences == 0),
        "last": weight * (sentences == last),
        "last_two": weight * (sentences >= last - 1),
        "worst": weight * (sentences == moods.argmin()),
        "best": weight * (sentences == moods.argmax()),
        "first_half": weight * ~late,
        "second_half": weight * late,
    }


def _shared(value: float, by: np.ndarray) -> np.ndarray:
    """The value parted in proportion to by (hits,)."""
    total = by.sum()
    return value * by / total if total else np.zeros(len(by))


def _evenly(sentences: np.ndarray, by: np.ndarray) -> np.ndarray:
    """One for each sentence, parted among its words in proportion to by (hits,)."""
    total = np.bincount(sentences, by)[sentences]
    return np.where(total > 0, by / np.where(total > 0, total, 1.0), 0.0)
