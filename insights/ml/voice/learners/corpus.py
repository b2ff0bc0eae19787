"""Messages to learn from, and what is worked out of them once however many learners, folds and settings ask."""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import numpy as np

from insights.ml.voice.learners.terms import (
    CHARACTERS,
    LONGEST,
    WORDS,
    Alphabet,
    Counted,
    count,
    shortened,
)

BLOCKS = (CHARACTERS, WORDS)
# So many messages, and a term that stands in one alone is left out: it costs memory and mostly is a slip of the pen.
MANY = 300
# Entries of the matrices that learners share, of eight bytes each.
MOST_KEPT = 25_000_000

Some = TypeVar("Some")


@dataclass
class _Whole:
    """Everything known of the messages that were given first; parts of them look in here."""

    texts: list[str]
    alphabet: Alphabet | None = None
    counted: dict[str, Counted] = field(default_factory=dict)
    made: dict[str, np.ndarray] = field(default_factory=dict)
    kept: dict[Hashable, tuple[int, Any]] = field(default_factory=dict)


class Corpus:
    """Some messages (n). `rows()` is a part of them that shares what has been counted of the whole.

    Which terms a learner keeps, and what they weigh, is decided by its own rows alone.
    """

    def __init__(self, texts: Sequence[str]):
        self.whole = _Whole(shortened(texts))
        self.index = np.arange(len(texts))

    def __len__(self) -> int:
        return len(self.index)

    @property
    def texts(self) -> list[str]:
        """The plain texts (n)."""
        return [self.whole.texts[place] for place in self.index]

    def rows(self, chosen: np.ndarray) -> Self:
        part = object.__new__(type(self))
        part.whole, part.index = self.whole, self.index[chosen]
        return part

    def joined(self, other: Self) -> Self:
        """These messages and others of the same whole."""
        both = object.__new__(type(self))
        both.whole, both.index = self.whole, np.concatenate([self.index, other.index])
        return both

    @property
    def alphabet(self) -> Alphabet:
        if self.whole.alphabet is None:
            self.whole.alphabet = Alphabet.learn(self.whole.texts)
        return self.whole.alphabet

    def counted(self, block: str) -> Counted:
        """Terms of the whole, counted in these messages."""
        if block not in self.whole.counted:
            least = 2 if len(self.whole.texts) >= MANY else 1
            self.whole.counted[block] = count(
                self.whole.texts, self.alphabet, block, LONGEST[block], least
            )
        return self.whole.counted[block].rows(self.index)

    def per_text(self, name: str, make: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
        """(n, …) what make(texts) says of each text, which is asked once for the whole."""
        if name not in self.whole.made:
            self.whole.made[name] = make(self.whole.texts)
        return self.whole.made[name][self.index]

    def once(self, what: Hashable, make: Callable[[], Some], size: Callable[[Some], int]) -> Some:
        """What make() works out of just these messages, whoever asks for it again; the oldest go where room ends, and
        what would take half of it is not kept."""
        key, kept = (what, hashlib.blake2b(self.index.tobytes()).digest()), self.whole.kept
        if key in kept:
            kept[key] = kept.pop(key)  # asked for last
            return kept[key][1]
        made = make()
        if size(made) <= MOST_KEPT // 2:
            kept[key] = (size(made), made)
            while sum(taken for taken, _ in kept.values()) > MOST_KEPT:
                del kept[next(iter(kept))]
        return made
