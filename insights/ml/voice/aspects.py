"""What a judgement is about: delivery, price, quality … with the mood of what is said of each."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from insights.ml.voice import words
from insights.ml.voice.finding import Boundaries, Finder, Found
from insights.ml.voice.polarity import Mood
from insights.ml.voice.weighing import CLAUSE_END

# What follows is why, and says for itself what is good or bad: "two stars because the coffee is fine".
_REASON = re.compile(r"\s*(?:only |just |mainly )?(?:because|since|as)\b|[是只就]*因为")
# Here another thought begins, with a comma before it or without; not in 不但 and 再好不过.
_TURNS = re.compile(
    r"\b(?:but(?! also\b)|however|although|though|whereas"
    r"|yet(?= (?:the|a|an|my|your|its?|they|i|we|he|she|this|that)\b))\b"
    r"|(?<![不非])但是?|(?<=[\u4e00-\u9fff])(?<![再最][\u4e00-\u9fff])不过(?![如去来关期分])"
    r"|可是(?!说)|然而|却|可惜"
)
# Who then speaks of themselves speaks of nothing that was named before: "… but I am disappointed".
_OF_OURSELVES = re.compile(
    r"[\s,，]*(?:(?:but|however|yet|though|although|但是?|不过|可是|然而)[\s,，]*)?(?:(?:i|we)\b|我们?)"
)
# A score of 2, one plain word, is about .7: there is less to say about one thing than about all.
_ALPHA = 4.0


@dataclass(frozen=True)
class Aspect:
    """One thing named or meant, and -1 to 1 what is said of it in its sentence."""

    code: str
    start: int
    end: int
    sentiment: float


@lru_cache(maxsize=1)
def _finder() -> Finder:
    return Finder(words.aspects())


def aspects(plain: str, boundaries: Boundaries, said: Mood) -> tuple[Aspect, ...]:
    """At most one of each code per sentence, in order of the text; goods only where something is said of them.

    A word of judgement goes to the nearest name in its clause; in a clause without one, to what the word itself
    is said of ("late", 难吃); else to the name in the clause before ("the coffee came, finally, and is great").
    """
    named = [one for one in _finder().find(plain, boundaries) if one.value != words.NOTHING]
    clauses = _clauses(plain, said)
    by_clause: dict[int, list[Found]] = {}
    for one in named:
        by_clause.setdefault(_within(clauses, one.start), []).append(one)
    scores: dict[tuple[int, str], float] = {}
    places: dict[tuple[int, str], tuple[int, int]] = {}
    for one in named:
        if plain[one.start : one.end] in words.goods():
            continue
        key = (_within(said.sentences, one.start), one.value)
        places.setdefault(key, (one.start, one.end))
        scores.setdefault(key, 0.0)
    for hit in (hit for hit in said.hits if hit.weight):
        clause = _within(clauses, hit.start)
        until = hit.end if _REASON.match(plain, hit.end) else len(plain)
        near = [n for n in by_clause.get(clause, ()) if n.start < until]
        own = hit.aspect if not hit.aspect.startswith("_") else ""
        elsewhere = not near and not own and hit.aspect != "_thanks"
        if elsewhere and not _OF_OURSELVES.match(plain, clauses[clause][0]):
            near = by_clause.get(clause - 1, [])
        if own and (not near or own in {n.value for n in near}):
            code, place = own, (hit.start, hit.end)
        elif near:
            best = min(near, key=lambda n: abs(n.start - hit.start))
            code, place = best.value, (best.start, best.end)
        else:
            continue
        key = (_within(said.sentences, place[0]), code)
        places.setdefault(key, place)
        scores[key] = scores.get(key, 0.0) + hit.weight
    found = [
        Aspect(key[1], *places[key], score / sqrt(score * score + _ALPHA))
        for key, score in scores.items()
    ]
    return tuple(sorted(found, key=lambda aspect: aspect.start))


def _clauses(plain: str, said: Mood) -> list[tuple[int, int]]:
    spans = []
    for start, end in said.sentences:
        ends = [match.end() for match in CLAUSE_END.finditer(plain, start, end)]
        ends += [match.start() for match in _TURNS.finditer(plain, start, end)]
        at = start
        for until in sorted({*ends, end} - {start}):
            spans.append((at, until))
            at = until
    return spans


def _within(spans: list[tuple[int, int]], at: int) -> int:
    return min(bisect_right(spans, at, key=lambda span: span[1]), len(spans) - 1)
