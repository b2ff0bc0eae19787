"""Find many terms in a text at once, by Aho & Corasick (1975), at the boundaries of words in both scripts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from insights.ml.voice.script import HAN_RUN

# What a segmenter leaves stuck to a word without making it another one: 太薄, 坏了.
_HEADS = frozenset("很太真好挺超最更不没就都也又还被给是有可全老特贼蛮巨极够再多这那")
_TAILS = frozenset("了的吧啊呢吗嘛呀得着过很死极透太哦哈")


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    value: Any


@lru_cache(maxsize=1)
def segmenter() -> Any:
    """Chinese words by dictionary and hidden Markov model, as jieba does it."""
    import rjieba

    return rjieba


class Boundaries:
    """Where words begin and end: letters and digits by themselves, Chinese by the segmenter."""

    def __init__(self, text: str) -> None:
        self._text = text
        # For each Chinese character the word of the dictionary it belongs to; what is guessed beyond the
        # dictionary would swallow the names of people and goods.
        self._words: dict[int, tuple[int, int]] = {}
        for run in HAN_RUN.finditer(text):
            at = run.start()
            for word in segmenter().cut(run.group(), False):
                ends = at + len(word)
                for position in range(at, ends):
                    self._words[position] = (at, ends)
                at = ends

    def words(self) -> list[tuple[int, int]]:
        """Chinese words in order."""
        return sorted(set(self._words.values()))

    def whole(self, start: int, end: int) -> bool:
        """Do words of the segmenter begin and end just here?"""
        first, last = self._words.get(start), self._words.get(end - 1)
        return first is not None and last is not None and first[0] == start and last[1] == end

    def fit(self, start: int, end: int) -> bool:
        """May a term stand here, or is it a piece of another word?"""
        text = self._text
        if start and _glued(text[start - 1], text[start]):
            return False
        if end < len(text) and _glued(text[end - 1], text[end]):
            return False
        head, tail = self._words.get(start), self._words.get(end - 1)
        if end - start > 2 and (head is None or head != tail):
            return True
        before = text[head[0] : start] if head else ""
        after = text[end : tail[1]] if tail else ""
        return all(c in _HEADS for c in before) and all(c in _TAILS for c in after)


def _glued(one: str, other: str) -> bool:
    """Two characters of one word that is written in letters or digits."""
    if HAN_RUN.match(one) or HAN_RUN.match(other):
        return False
    return (one.isalnum() or one == "'") and (other.isalnum())


class Finder:
    """Terms to values; the longest win where they overlap."""

    def __init__(self, terms: Mapping[str, Any]) -> None:
        import ahocorasick

        self._automaton = ahocorasick.Automaton()
        for term, value in terms.items():
            self._automaton.add_word(term, (len(term), value))
        if terms:
            self._automaton.make_automaton()
        self._empty = not terms

    def find(self, text: str, boundaries: Boundaries) -> list[Found]:
        """``text`` is folded, as the terms are."""
        if self._empty:
            return []
        hits = [
            (last - length + 1, last + 1, value)
            for last, (length, value) in self._automaton.iter(text)
        ]
        return [Found(*hit) for hit in longest(hits, boundaries.fit)]

    def find_all(self, text: str, boundaries: Boundaries) -> list[Found]:
        """Overlapping ones too."""
        if self._empty:
            return []
        return [
            Found(last - length + 1, last + 1, value)
            for last, (length, value) in self._automaton.iter(text)
            if boundaries.fit(last - length + 1, last + 1)
        ]


def longest(hits: list[tuple[int, int, Any]], fit: Any) -> Iterable[tuple[int, int, Any]]:
    """The longest that fit, without overlaps, from left to right."""
    kept: list[tuple[int, int, Any]] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (h[0] - h[1], h[0])):
        places = range(hit[0], hit[1])
        if taken.isdisjoint(places) and fit(hit[0], hit[1]):
            taken.update(places)
            kept.append(hit)
    return sorted(kept, key=lambda h: h[0])


SENTENCE_END = re.compile(
    r"(?:[.!?…]+(?=[\s\"')\]]|$|[^\x00-\x7f])|[。！？；]|[!?;](?=[㐀-鿿])|\n|~+(?=\s|$))[.!?。！？…~]*"
)
