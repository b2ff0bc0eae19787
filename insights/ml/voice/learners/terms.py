"""The terms of messages: words with their neighbours and runs of one to five characters, in any script.

Runs of characters stay within a word, with the space before or after it. Every term is one 64-bit number made of the
numbers of its parts: five characters of 12 bits each, or three words of 20. Terms are counted, kept and looked up as
sorted arrays, so nothing is hashed (two terms are never taken for one), nothing is pickled, and a million messages
are counted in numpy.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy import sparse

from insights.ml.voice.finding import segmenter
from insights.ml.voice.learners.plainness import plain
from insights.ml.voice.script import HAN_RUN

CHARACTERS, WORDS = "characters", "words"
LONGEST = {CHARACTERS: 5, WORDS: 3}
BITS = {CHARACTERS: 12, WORDS: 20}
# A word, or one sign that is no letter (emoji, exclamation mark). Chinese words are found by the segmenter; other
# scripts without spaces speak by their characters.
WORD = re.compile(
    r"[^\W_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+(?:'[a-z]+)?|[^\w\s\u2e80-\u9fff\uac00-\ud7af]"
)
# A Chinese character says about as much as two letters: runs of them are shorter.
LONGEST_WIDE = 3
WIDE_FROM = 0x2E80
# Longer messages say what they have to say before; the rest would cost memory and no more.
MOST_CHARACTERS = 3_000


WORD_OR_HAN = re.compile(f"{WORD.pattern}|(?P<han>{HAN_RUN.pattern})")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a plain text begin and end, in order."""
    spans = []
    for found in WORD_OR_HAN.finditer(text):
        if not found["han"]:
            spans.append(found.span())
            continue
        start = found.start()
        for word in segmenter().cut(found["han"]):
            spans.append((start, start + len(word)))
            start += len(word)
    return spans


def words_of(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


@dataclass(frozen=True)
class Occurrences:
    """Parts (m,) in reading order with the message each stands in; part -1 is one that is not known; wide (m,) bool:
    characters of which no long runs are made; gap (m,) bool: spaces, which stand at an end of a run only."""

    part: np.ndarray
    message: np.ndarray
    wide: np.ndarray
    gap: np.ndarray


@dataclass(frozen=True)
class Alphabet:
    """The characters and words that terms are made of, sorted; a number is its place plus one."""

    characters: np.ndarray
    words: dict[str, int]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Self:
        """The commonest of both, from plain texts; as many as the numbers have room for."""
        whole = np.frombuffer(" ".join(["", *texts, ""]).encode("utf-32-le"), dtype=np.uint32)
        found, counts = np.unique(whole, return_counts=True)
        most = np.argsort(-counts, kind="stable")[: 2 ** BITS[CHARACTERS] - 1]
        seen: dict[str, int] = {}
        for text in texts:
            for word in words_of(text):
                seen[word] = seen.get(word, 0) + 1
        common = sorted(seen, key=lambda word: (-seen[word], word))[: 2 ** BITS[WORDS] - 1]
        return cls(np.sort(found[most]), {word: i for i, word in enumerate(sorted(common))})

    def parts(self, texts: Sequence[str], block: str) -> Occurrences:
        return self._characters(texts) if block == CHARACTERS else self._words(texts)

    def _characters(self, texts: Sequence[str]) -> Occurrences:
        padded = [f" {text} " if text else "" for text in texts]
        whole = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32)
        message = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
        part = places(whole, self.characters)
        return Occurrences(part, message, whole >= WIDE_FROM, whole == ord(" "))

    def _words(self, texts: Sequence[str]) -> Occurrences:
        said = [words_of(text) for text in texts]
        part = [self.words.get(word, -1) for words in said for word in words]
        message = np.repeat(np.arange(len(texts)), [len(words) for words in said])
        none = np.zeros(len(part), dtype=bool)
        return Occurrences(np.array(part, dtype=np.int64), message, none, none)


@dataclass(frozen=True)
class Counted:
    """How often each term (m,) of a block occurs in each message: counts (n, m), rows and columns as given."""

    codes: np.ndarray
    counts: sparse.csr_matrix

    def rows(self, chosen: np.ndarray) -> "Counted":
        return Counted(self.codes, self.counts[chosen])


def count(
    texts: Sequence[str], alphabet: Alphabet, block: str, longest: int, least: int
) -> Counted:
    """Every term of up to `longest` parts that stands in at least `least` of the plain texts."""
    said = alphabet.parts(texts, block)
    codes, columns, rows = [], [], []
    found = 0
    for length in range(1, longest + 1):
        code, at = runs(said, block, length)
        names, place = np.unique(code, return_inverse=True)
        pairs, times = _pairs(said.message[at], place, len(names))
        kept = np.bincount(pairs[1], minlength=len(names)) >= least
        new = np.cumsum(kept) - 1 + found
        inside = kept[pairs[1]]
        codes.append(names[kept])
        columns.append(np.stack([new[pairs[1][inside]], times[inside]]))
        rows.append(pairs[0][inside])
        found += int(kept.sum())
    column, times = np.concatenate(columns, axis=1)
    shape = (len(texts), found)
    counts = sparse.csr_matrix((times.astype(np.float32), (np.concatenate(rows), column)), shape)
    return _sorted_by_code(Counted(np.concatenate(codes), counts))


def runs(said: Occurrences, block: str, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes (m,) of the runs of so many known parts that lie in one message, and the places where they begin."""
    size = len(said.part) - length + 1
    if size <= 0:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    fits = said.message[:size] == said.message[length - 1 :]
    code = np.zeros(size, dtype=np.uint64)
    for place in range(length):
        part = said.part[place : place + size]
        fits &= part >= 0
        if length > LONGEST_WIDE:
            fits &= ~said.wide[place : place + size]
        if length == 1 or 0 < place < length - 1:
            fits &= ~said.gap[place : place + size]
        code |= (part + 1).astype(np.uint64) << np.uint64(BITS[block] * place)
    at = np.flatnonzero(fits)
    return code[at], at


def looked_up(
    said: Occurrences, block: str, longest: int, codes: np.ndarray, messages: int
) -> sparse.csr_matrix:
    """(messages, m) how often each of the sorted codes (m,) occurs."""
    row, column = [], []
    for length in range(1, longest + 1):
        code, at = runs(said, block, length)
        place = places(code, codes)
        known = place >= 0
        row.append(said.message[at[known]])
        column.append(place[known])
    rows, columns = np.concatenate(row), np.concatenate(column)
    counts = sparse.csr_matrix(
        (np.ones(len(rows), np.float32), (rows, columns)), (messages, len(codes))
    )
    counts.sum_duplicates()
    return counts


def shortened(texts: Sequence[str]) -> list[str]:
    """The plain texts of messages, as far as learners read."""
    return [plain(text[: 2 * MOST_CHARACTERS])[:MOST_CHARACTERS] for text in texts]


def alphabet_state(alphabet: Alphabet) -> dict[str, np.ndarray]:
    written = "\n".join(alphabet.words).encode()
    return {"characters": alphabet.characters, "words": np.frombuffer(written, dtype=np.uint8)}


def alphabet_from(arrays: dict[str, Any]) -> Alphabet:
    written = arrays["words"].tobytes().decode()
    words = written.split("\n") if written else []
    return Alphabet(arrays["characters"], {word: i for i, word in enumerate(words)})


def places(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Where each value stands among the sorted known ones; -1 where it does not."""
    if not len(known):
        return np.full(len(values), -1)
    place = np.searchsorted(known, values)
    place[place == len(known)] = 0
    return np.where(known[place] == values, place, -1)


def _pairs(
    message: np.ndarray, term: np.ndarray, terms: int
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """The different pairs of message and term, and how often each occurs."""
    both, times = np.unique(message.astype(np.int64) * max(terms, 1) + term, return_counts=True)
    return (both // max(terms, 1), both % max(terms, 1)), times


def _sorted_by_code(made: Counted) -> Counted:
    order = np.argsort(made.codes)
    return Counted(made.codes[order], made.counts[:, order])
