"""The word lists, read once: own lists for both languages beside VADER's lexicon (Hutto & Gilbert 2014) for English.

A list is lines of "key [key …]: terms"; English terms are separated by commas, Chinese ones by spaces.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
# General words weigh less than what customers say of deliveries and goods; the faint ones say nothing.
_VADER_SHARE = 0.8
_FAINT = 1.0
# Of wordings with the name of an aspect in them that speak of none.
NOTHING = "nothing"
# Figures, sizes and parts of telephones, whatever slang makes of some: 86, (8, M8.
_FIGURE = re.compile(r"(?=.*\d)(?:[\d().:|-]+|[a-z]-?\d|\d-?[a-z])")


@dataclass(frozen=True, slots=True)
class Word:
    """One term in the parts it may play. weight: -4 to 4, None where it says nothing by itself.

    whole: a wording that means what it says, also in a question or after "if".
    """

    weight: float | None = None
    aspect: str = ""
    roles: tuple[tuple[str, float], ...] = ()
    whole: bool = False


def lines(name: str) -> Iterator[tuple[list[str], str]]:
    """Keys before the colon, the terms after it."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            keys, _, terms = line.partition(": ")
            yield keys.split(), terms


def terms(text: str, chinese: bool) -> list[str]:
    if chinese:
        return text.split()
    return [form for term in text.split(",") if term.strip() for form in _forms(term.strip())]


def _forms(term: str) -> list[str]:
    """A regular verb marked by ~ stands for its forms."""
    if not term.endswith("~"):
        return [term]
    verb = term[:-1]
    stem = verb[:-1] if verb.endswith("e") else verb
    if re.search(r"[^aeiou][aeiou][mpgtn]$", verb):
        doubled = verb + verb[-1]
        return [verb, verb + "s", verb + "ed", verb + "ing", doubled + "ed", doubled + "ing"]
    if re.search(r"[^aeiou]y$", verb):
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    return [verb, verb + "s", stem + "ed", stem + "ing"]


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Word]:
    """Folded term to what it does in a sentence, of both languages, emoji among them."""
    found = {term: Word(weight=weight) for term, weight in _vader()}
    for name, chinese in (("en.txt", False), ("zh.txt", True), ("emoji.txt", True)):
        for keys, text in lines(name):
            weight = float(keys[0]) or None
            for term in terms(text, chinese):
                found[term.lower()] = Word(weight, keys[1] if len(keys) > 1 else "")
    for name, chinese in (("en_roles.txt", False), ("zh_roles.txt", True)):
        for keys, text in lines(name):
            role = (keys[0], float(keys[1]) if len(keys) > 1 else 1.0)
            for term in terms(text, chinese):
                word = found.get(term, Word())
                found[term] = replace(word, roles=(*word.roles, role))
    return found


def _vader() -> Iterator[tuple[str, float]]:
    spec = find_spec("vaderSentiment")
    assert spec and spec.origin
    path = Path(spec.origin).parent / "vader_lexicon.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        term, weight, *_ = line.split("\t")
        word = term.isascii() and (term.isalpha() or len(term) < 5)
        if abs(float(weight)) >= _FAINT and word and not _FIGURE.fullmatch(term):
            yield term, _VADER_SHARE * float(weight)


@lru_cache(maxsize=1)
def aspects() -> dict[str, str]:
    """Folded name of something people judge, to its code."""
    return {
        term: keys[0] for keys, text in lines("aspects.txt") for term in terms(text, chinese=False)
    }


@lru_cache(maxsize=1)
def goods() -> frozenset[str]:
    """Names of what is bought as well as judged."""
    return frozenset(
        term
        for keys, text in lines("aspects.txt")
        if "goods" in keys
        for term in terms(text, chinese=False)
    )


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    return frozenset((FOLDER / "stop.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def generic_words() -> frozenset[str]:
    """Words that say nothing of a subject by themselves: greetings, praise, what every message is about."""
    return frozenset((FOLDER / "generic.txt").read_text(encoding="utf-8").split())
