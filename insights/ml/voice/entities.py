"""Whom and what a message names: the company's own records by gazetteer, money, dates and addresses by rule.

Names that only statistics see are suggestions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from insights.ml.voice import forms
from insights.ml.voice.finding import Boundaries, segmenter
from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.script import HAN_RUN
from insights.ml.voice.words import lines


@lru_cache(maxsize=2)
def _known(what: str) -> frozenset[str]:
    return frozenset(next(terms.split() for keys, terms in lines("names.txt") if keys == [what]))


@dataclass(frozen=True)
class Entity:
    """Something named. key: the record's, None where unknown or shared by several; suggested: only probable.

    kind: product, order, person, place, money, date, email or phone.
    """

    kind: str
    text: str
    start: int
    end: int
    key: Any
    suggested: bool


def entities(
    text: str, plain: str, boundaries: Boundaries, knowledge: Knowledge
) -> tuple[Entity, ...]:
    """In order of the text, without overlaps: what the company knows before what only looks like something."""
    ranked = [
        (0, Entity(f.value.kind, text[f.start : f.end], f.start, f.end, f.value.key, False))
        for f in knowledge.find(text, plain, boundaries)
    ]
    ranked += [(1, entity) for entity in _by_rule(text, plain)]
    ranked += [(2, entity) for entity in _suggested(text, plain)]
    kept: list[Entity] = []
    for _, entity in sorted(ranked, key=lambda r: (r[0], r[1].start - r[1].end)):
        if all(entity.end <= k.start or k.end <= entity.start for k in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _by_rule(text: str, plain: str) -> Iterator[Entity]:
    digits = any(c.isdigit() for c in plain)
    taken: list[tuple[int, int]] = []
    for kind in ("email", "order", "money", "date", "phone"):
        if (kind == "email" and "@" not in plain) or (kind in ("order", "phone") and not digits):
            continue
        for match in forms.RULES[kind].finditer(plain):
            start, end = match.span(match.lastindex or 0)
            while end > start and plain[end - 1] in " -.,":
                end -= 1
            if _may(plain, text, start, end) and all(end <= s or e <= start for s, e in taken):
                taken.append((start, end))
                yield Entity(kind, text[start:end], start, end, None, False)


def _may(plain: str, text: str, start: int, end: int) -> bool:
    """ "May" and "sun" are months and days with a capital only."""
    word = text[start:end]
    return not (
        word.isalpha()
        and word.islower()
        and word in ("may", "march", "sun", "mon", "sat", "fri", "wed")
    )


def _suggested(text: str, plain: str) -> Iterator[Entity]:
    for match in forms.ADDRESSED.finditer(plain):
        start, end = match.span(1)
        words = text[start:end].split(" ")
        if len(words) > 1 and not words[1][:1].isupper():
            end = start + len(words[0])
        name = text[start:end]
        if name[:1].isupper() and plain[start:end].split(" ")[0] not in _known("nobody"):
            yield Entity("person", name, start, end, None, True)
    if not HAN_RUN.search(plain):
        return
    for match in forms.SURNAMED.finditer(plain):
        if match.group(1) in _known("family"):
            yield Entity(
                "person", text[match.start() : match.end()], match.start(), match.end(), None, True
            )
    for run in HAN_RUN.finditer(plain):
        at = run.start()
        for word, tag in segmenter().tag(run.group()):
            end = at + len(word)
            if tag == "nr" and 2 <= len(word) <= 3 and word[0] in _known("family"):
                yield Entity("person", text[at:end], at, end, None, True)
            elif tag == "ns" and len(word) >= 2:
                yield Entity("place", text[at:end], at, end, None, True)
            at = end
