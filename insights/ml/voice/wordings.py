"""Wordings as they were said, of which names are made: up to five words that begin and end with one that tells.

"delivery took days longer", "past the promised date", "没人接电话": what stands inside may be any word, so that the
wording reads as people say it; what stands at its ends may not.
"""

import re
from collections.abc import Iterable, Iterator

from insights.ml.voice.finding import segmenter
from insights.ml.voice.phrases import is_chinese, without
from insights.ml.voice.script import HAN_RUN
from insights.ml.voice.words import generic_words, stop_words

LONGEST, MOST_CHARACTERS = 5, 9  # words, Chinese characters
_WORD = re.compile(r"[a-z](?:[a-z'-]*[a-z])?|[^\sa-z'-]")
_CONTENT = ("n", "v", "a", "i", "j", "l", "z", "b")
# Of one character: "慢", "退", but not "时"; and "能" begins no word that tells.
_SHORT = ("v", "a")
NEGATIONS = frozenset(
    ["not", "never", "no", "without", "cannot", "can't", "won't", "doesn't", "didn't"]
    + ["没", "没有", "不", "未", "无", "别", "不能", "不会"]
    + ["从没", "从来没", "从来没有", "从不", "从来不", "从未", "并没有", "并不", "不再", "毫无"]
)
# So many words behind a negation say the opposite without it: "never been disappointed".
_REACH = 3
_NUMERALS = frozenset("一二两三四五六七八九十几半多个点些次")


def wordings(plain: str, hidden: Iterable[tuple[int, int]] = ()) -> frozenset[str]:
    """Of a folded text; ``hidden``: places of names and numbers, over which no wording goes."""
    plain = without(plain, hidden).replace("\n", " . ")
    found: set[str] = set()
    for run in _english(plain):
        found |= {" ".join(part) for part in _parts(run)}
    for run in _chinese(plain):
        found |= {"".join(part) for part in _parts(run) if sum(map(len, part)) <= MOST_CHARACTERS}
    return frozenset(one for one in found if len(one) > 1)


def content_of(wording: str) -> list[str]:
    """The words that tell something, each once."""
    words = _chinese_words(wording) if is_chinese(wording) else wording.split()
    return [one for one in dict.fromkeys(words) if _tells(one) and one not in generic_words()]


def _parts(run: list[tuple[str, bool]]) -> Iterator[list[str]]:
    """Runs of up to five words; a negation may open one, and none begins behind it."""
    for start, (first, tells) in enumerate(run):
        before = {word for word, _ in run[max(0, start - _REACH) : start]}
        if not NEGATIONS.isdisjoint(before) or not (tells or first in NEGATIONS):
            continue
        for stop in range(start + 1, min(len(run), start + LONGEST) + 1):
            if run[stop - 1][1] and (tells or stop > start + 1):
                yield [word for word, _ in run[start:stop]]


def _english(plain: str) -> Iterator[list[tuple[str, bool]]]:
    run: list[tuple[str, bool]] = []
    for token in [*_WORD.findall(HAN_RUN.sub(" . ", plain)), "."]:
        if token[0].isalpha():
            run.append((token, _tells(token)))
        elif run:
            yield run
            run = []


def _chinese(plain: str) -> Iterator[list[tuple[str, bool]]]:
    """能不能 asks and turns nothing; 送货日 and 送货时间 are one word each, though their ends tell nothing alone."""
    for part in HAN_RUN.findall(plain):
        run: list[tuple[str, bool]] = []
        for word, tag in segmenter().tag(part):
            before, told = run[-1] if run else ("", False)
            tells = tag.startswith(_CONTENT if len(word) > 1 else _SHORT) and _tells(word)
            if word == f"不{before}":
                run[-1] = (before + word, False)
            elif told and not tells and _ends_a_word(word, tag):
                run[-1] = (before + word, True)
            else:
                run.append((word, tells))
        yield run


def _ends_a_word(word: str, tag: str) -> bool:
    return tag.startswith("n") or (len(word) == 1 and tag in ("m", "q") and word not in _NUMERALS)


def _chinese_words(wording: str) -> list[str]:
    return [word for word, tag in segmenter().tag(wording) if tag.startswith(_CONTENT)]


def _tells(word: str) -> bool:
    if is_chinese(word):
        return word not in stop_words() and word[0] != "能"
    return word not in stop_words() and len(word) > 2
