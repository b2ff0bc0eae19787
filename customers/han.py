"""A word in the other Chinese script: what is typed in simplified characters finds traditional ones, and the other way
round.

From OpenCC's tables of single characters alone: its phrases would be right more often, and take a second to load.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django.db.models import Q

MOST = 8  # spellings of one word; each is looked up by itself
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def spelt(word: str) -> list[str]:
    """As it is typed, then in simplified and in traditional characters, as they are written in several places; where
    a simplified character stands for several, also with each of the others."""
    if not HAN.search(word):
        return [word]
    simplified, traditional, places = _tables()
    plain = "".join(simplified.get(one, one) for one in word)
    meant = [traditional.get(one, one) for one in plain]
    usual = "".join(one[0] for one in meant)
    found = [word, plain]
    for text in (usual, *_with_others(usual, meant)):
        found += [text, *(text.translate(place) for place in places)]
    return list(dict.fromkeys(found))[:MOST]


def _with_others(usual: str, meant: list[str]) -> Iterator[str]:
    for at, several in enumerate(meant):
        for other in several[1:]:
            yield usual[:at] + other + usual[at + 1 :]


def names(word: str, *fields: str) -> Q:
    """The word stands in one of these fields, in either script."""
    condition = Q(pk__in=[])
    for one in spelt(word):
        for field in fields:
            condition |= Q(**{f"{field}__icontains": one})
    return condition


def pattern(words: list[str]) -> re.Pattern[str]:
    """What was looked for, wherever it stands in a text; longer words before shorter ones."""
    parts = {part for word in words for part in spelt(word)}
    longest_first = sorted(parts, key=lambda one: (-len(one), one))
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str], list[dict[int, str]]]:
    """Traditional characters to the simplified one; that to all it may stand for, the usual one first; and what is
    written in their place in Taiwan and in Hong Kong."""
    traditional = {one: "".join(others) for one, others in _read("STCharacters")}
    places = [
        {ord(one): others[0] for one, others in _read(f"{place}Variants")} for place in ("TW", "HK")
    ]
    # What is simplified already stays, also where it is a rare traditional character as well.
    simplified = {
        one: others[0] for one, others in _read("TSCharacters") if traditional.get(one, one) == one
    }
    for place in places:
        for code, other in place.items():
            simplified.setdefault(other, simplified.get(chr(code), other))
    return simplified, traditional, places


def _read(table: str) -> list[tuple[str, list[str]]]:
    """Characters and what stands for them."""
    spec = find_spec("opencc")
    assert spec and spec.origin
    path = Path(spec.origin).parent / "dictionary" / f"{table}.txt"
    rows = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines())
    told = (
        (one, [other for other in others.split() if len(other) == 1]) for one, _, others in rows
    )
    return [(one, others) for one, others in told if len(one) == 1 and others]
