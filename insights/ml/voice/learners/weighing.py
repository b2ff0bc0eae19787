"""What a term weighs in a message: term frequency and rarity, each block of terms of length one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy import sparse

from insights.ml.voice.learners.corpus import BLOCKS, MANY, Corpus
from insights.ml.voice.learners.terms import (
    CHARACTERS,
    LONGEST,
    WORD,
    WORDS,
    Alphabet,
    Counted,
    alphabet_from,
    alphabet_state,
    looked_up,
    places,
    runs,
)

# A model holds at most so many terms, and at most so many weights (terms × classes): megabytes on disk.
MOST_TERMS, MOST_WEIGHTS = 300_000, 8_000_000
# How the room is shared between the blocks.
SHARE = {CHARACTERS: 0.75, WORDS: 0.25}


@dataclass(frozen=True)
class Weighing:
    """TF-IDF (Salton & Buckley 1988) with 1 + log(tf) for tf, and a smoothed idf. Codes and idf per block (m,)."""

    alphabet: Alphabet
    codes: dict[str, np.ndarray]
    rarity: dict[str, np.ndarray]

    @classmethod
    def learn(cls, corpus: Corpus, classes: int) -> tuple[Self, sparse.csr_matrix]:
        """The weighing, and the corpus weighed by it (n, terms of all blocks)."""
        codes, rarity, weighed = {}, {}, []
        most = min(MOST_TERMS, MOST_WEIGHTS // classes)
        for block in BLOCKS:
            kept = _kept(corpus.counted(block), int(most * SHARE[block]), len(corpus) >= MANY)
            codes[block] = kept.codes
            rarity[block] = _rarity(kept.counts)
            weighed.append(_weighed(kept.counts, rarity[block]))
        return cls(corpus.alphabet, codes, rarity), sparse.hstack(weighed, format="csr")

    @property
    def terms(self) -> int:
        return sum(len(codes) for codes in self.codes.values())

    def __call__(self, plain_texts: Sequence[str]) -> sparse.csr_matrix:
        """(n, terms) weights of the plain texts."""
        weighed = []
        for block in BLOCKS:
            said = self.alphabet.parts(plain_texts, block)
            counts = looked_up(said, block, LONGEST[block], self.codes[block], len(plain_texts))
            weighed.append(_weighed(counts, self.rarity[block]))
        return sparse.hstack(weighed, format="csr")

    def shares(self, plain_text: str, worth: np.ndarray) -> np.ndarray:
        """(characters,) of how much each character brings: a term's weight × worth (terms,), spread evenly over the
        places where it stands and over their characters. They sum to the text's weights @ worth."""
        brought = np.zeros(len(plain_text) + 1)
        before = 0
        for block in BLOCKS:
            codes = self.codes[block]
            own = worth[before : before + len(codes)]
            before += len(codes)
            _spread(brought, plain_text, self, block, own)
        return np.cumsum(brought)[:-1]

    def state(self) -> dict[str, np.ndarray]:
        arrays = alphabet_state(self.alphabet)
        for block in BLOCKS:
            arrays[f"{block}_codes"], arrays[f"{block}_rarity"] = (
                self.codes[block],
                self.rarity[block],
            )
        return arrays

    @classmethod
    def from_state(cls, arrays: dict[str, Any]) -> Self:
        return cls(
            alphabet_from(arrays),
            {block: arrays[f"{block}_codes"] for block in BLOCKS},
            {block: arrays[f"{block}_rarity"] for block in BLOCKS},
        )


def _kept(counted: Counted, most: int, many: bool) -> Counted:
    """The terms that stand in enough of these messages, the commonest first where there are too many."""
    stands_in = np.bincount(counted.counts.indices, minlength=len(counted.codes))
    enough = np.flatnonzero(stands_in >= (2 if many else 1))
    if len(enough) > most:
        enough = np.sort(enough[np.argsort(-stands_in[enough], kind="stable")[:most]])
    return Counted(counted.codes[enough], counted.counts[:, enough])


def _rarity(counts: sparse.csr_matrix) -> np.ndarray:
    stands_in = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + stands_in)) + 1).astype(np.float32)


def _weighed(counts: sparse.csr_matrix, rarity: np.ndarray) -> sparse.csr_matrix:
    data = (1 + np.log(counts.data)) * rarity[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    length = np.sqrt(np.bincount(row, data.astype(float) ** 2, minlength=counts.shape[0]))
    scaled = (data / length[row]).astype(np.float32)
    return sparse.csr_matrix((scaled, counts.indices, counts.indptr), counts.shape)


def _spread(
    brought: np.ndarray, text: str, weighing: Weighing, block: str, worth: np.ndarray
) -> None:
    """Add each term's share at the first character of each of its places, take it away after the last."""
    said = weighing.alphabet.parts([text], block)
    codes = weighing.codes[block]
    counts = looked_up(said, block, LONGEST[block], codes, 1)
    weight = _weighed(counts, weighing.rarity[block])
    # What one place of each term brings; terms that do not stand here are not asked for.
    each = dict(zip(weight.indices, weight.data * worth[weight.indices] / counts.data, strict=True))
    ends = [(place, place + 1) for place in range(len(text))]
    if block != CHARACTERS:
        ends = [found.span() for found in WORD.finditer(text)]
    for length in range(1, LONGEST[block] + 1):
        code, at = runs(said, block, length)
        for column, first in zip(places(code, codes), at, strict=True):
            if column >= 0:
                start, end = ends[first][0], ends[first + length - 1][1]
                share = each[column] / (end - start)
                brought[start] += share
                brought[end] -= share
