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
    WORDS,
    Alphabet,
    alphabet_from,
    alphabet_state,
    looked_up,
    places,
    runs,
    word_spans,
)

# A model holds at most so many terms, and at most so many weights (terms × classes): megabytes on disk.
MOST_TERMS, MOST_WEIGHTS = 300_000, 8_000_000
# Messages counted at once when many are weighed: memory, not speed.
AT_ONCE = 4_096
# How the room is shared between the blocks.
SHARE = {CHARACTERS: 0.75, WORDS: 0.25}


@dataclass(frozen=True)
class Weighing:
    """TF-IDF (Salton & Buckley 1988) with 1 + log(tf) for tf and a smoothed idf, each message of length one. Codes
    (m,) per block; rarity (terms,) of all blocks, one after another."""

    alphabet: Alphabet
    codes: dict[str, np.ndarray]
    rarity: np.ndarray

    @classmethod
    def learn(cls, corpus: Corpus, classes: int) -> tuple[Self, sparse.csr_matrix]:
        """The weighing, and the corpus weighed by it (n, terms of all blocks); worked out once for all learners."""
        most = min(MOST_TERMS, MOST_WEIGHTS // classes)
        weighing = corpus.once(("weighing", most), lambda: cls._learnt(corpus, most), _size)
        return weighing, weighing.of(corpus)

    @classmethod
    def _learnt(cls, corpus: Corpus, most: int) -> Self:
        codes, rarity = {}, []
        for block in BLOCKS:
            counted = corpus.counted(block)
            stands_in = np.bincount(counted.counts.indices, minlength=len(counted.codes))
            kept = _kept(stands_in, int(most * SHARE[block]), len(corpus) >= MANY)
            codes[block] = counted.codes[kept]
            rarity.append(_rarity(stands_in[kept], len(corpus)))
        return cls(corpus.alphabet, codes, np.concatenate(rarity))

    def of(self, corpus: Corpus) -> sparse.csr_matrix:
        """(n, terms) weights of the messages; where they were counted in the same alphabet, nothing is counted anew."""
        _, made = corpus.once(
            ("weighed", id(self)), lambda: (self, self._of(corpus)), lambda made: made[1].nnz
        )
        return made

    def _of(self, corpus: Corpus) -> sparse.csr_matrix:
        if corpus.whole.alphabet is not self.alphabet:
            texts = corpus.texts
            parts = [self(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
            empty = sparse.csr_matrix((0, self.terms), dtype=np.float32)
            return sparse.vstack([*parts, empty], format="csr")
        counts = []
        for block in BLOCKS:
            counted = corpus.counted(block)
            counts.append(counted.counts[:, places(self.codes[block], counted.codes)])
        return _weighed(sparse.hstack(counts, format="csr"), self.rarity)

    @property
    def terms(self) -> int:
        return len(self.rarity)

    def __call__(self, plain_texts: Sequence[str]) -> sparse.csr_matrix:
        """(n, terms) weights of the plain texts."""
        return _weighed(self._counts(plain_texts), self.rarity)

    def _counts(self, plain_texts: Sequence[str]) -> sparse.csr_matrix:
        counts = []
        for block in BLOCKS:
            said = self.alphabet.parts(plain_texts, block)
            counts.append(
                looked_up(said, block, LONGEST[block], self.codes[block], len(plain_texts))
            )
        return sparse.hstack(counts, format="csr")

    def shares(self, plain_text: str, worth: np.ndarray) -> np.ndarray:
        """(characters,) of how much each character brings: a term's weight × worth (terms,), spread evenly over the
        places where it stands and over their characters. They sum to the text's weights @ worth."""
        counts = self._counts([plain_text])
        weight = _weighed(counts, self.rarity)
        # What one place of each term brings.
        each = np.zeros(self.terms)
        each[weight.indices] = weight.data * worth[weight.indices] / counts.data
        brought = np.zeros(len(plain_text) + 1)
        before = 0
        for block in BLOCKS:
            column, start, end = self._places(plain_text, block)
            share = each[before + column] / (end - start)
            np.add.at(brought, start, share)
            np.add.at(brought, end, -share)
            before += len(self.codes[block])
        return np.cumsum(brought)[:-1]

    def _places(self, text: str, block: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Columns (m,) of the block's known terms in the text, and where each stands: start and end (m,)."""
        said = self.alphabet.parts([text], block)
        if block == CHARACTERS:
            # Counted with a space before the first and after the last, which stand nowhere.
            after = np.arange(len(text) + 2)
            starts, ends = np.maximum(after - 1, 0), np.minimum(after, len(text))
        else:
            spans = np.array(word_spans(text), int).reshape(-1, 2)
            starts, ends = spans[:, 0], spans[:, 1]
        columns, start, end = [], [], []
        for length in range(1, LONGEST[block] + 1):
            code, at = runs(said, block, length)
            column = places(code, self.codes[block])
            at = at[column >= 0]
            columns.append(column[column >= 0])
            start.append(starts[at])
            end.append(ends[at + length - 1])
        return np.concatenate(columns), np.concatenate(start), np.concatenate(end)

    def is_like(self, other: "Weighing") -> bool:
        """Whether both weigh every text alike: they were learnt from the same messages."""
        one, two = self.state(), other.state()
        return all(np.array_equal(one[name], two[name]) for name in one)

    def state(self) -> dict[str, np.ndarray]:
        codes = {f"{block}_codes": self.codes[block] for block in BLOCKS}
        return {**alphabet_state(self.alphabet), **codes, "rarity": self.rarity}

    @classmethod
    def from_state(cls, arrays: dict[str, Any]) -> Self:
        codes = {block: arrays[f"{block}_codes"] for block in BLOCKS}
        return cls(alphabet_from(arrays), codes, arrays["rarity"])


def _size(weighing: Weighing) -> int:
    return weighing.terms


def _kept(stands_in: np.ndarray, most: int, many: bool) -> np.ndarray:
    """Places of the terms that stand in enough of these messages, the commonest first where there are too many."""
    enough = np.flatnonzero(stands_in >= (2 if many else 1))
    if len(enough) > most:
        enough = np.sort(enough[np.argsort(-stands_in[enough], kind="stable")[:most]])
    return enough


def _rarity(stands_in: np.ndarray, messages: int) -> np.ndarray:
    return (np.log((1 + messages) / (1 + stands_in)) + 1).astype(np.float32)


def _weighed(counts: sparse.csr_matrix, rarity: np.ndarray) -> sparse.csr_matrix:
    data = (1 + np.log(counts.data)) * rarity[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    length = np.sqrt(np.bincount(row, data.astype(float) ** 2, minlength=counts.shape[0]))
    scaled = (data / length[row]).astype(np.float32)
    return sparse.csr_matrix((scaled, counts.indices, counts.indptr), counts.shape)
