"""What a message is about, as a set of words, pairs of words and codes: what topics are found in and named by.

Codes (``#late_delivery``) are the concern and the aspects that were read out of it: they say the same in every
language, so that one topic can hold messages of several.
"""

import re
from collections.abc import Iterable

from insights.ml.voice.finding import segmenter
from insights.ml.voice.script import HAN_RUN
from insights.ml.voice.words import stop_words

CODE = "#"
_WORD = re.compile(r"[a-z][a-z'-]*[a-z]|[^\sa-z'-]")
_CONTENT = ("n", "v", "a", "i", "j", "l", "z", "b")
# "晚了 6 天才送到": the measure word belongs to its figure, not to the word behind it.
_MEASURED = re.compile(
    r"\d[\d.,:]*\s*(?:小时|分钟|星期|公斤|毫升|[天年月日号点分秒次个件包袋盒杯块元克周位人])"
    r"|[一二两三四五六七八九十几半多]+天(?=才)"
)
# Verbs and numerals of Chinese that carry no subject.
_EMPTY = frozenset(["是有要会能可以没有不是可能希望觉得知道请问"])


def phrases(
    plain: str, hidden: Iterable[tuple[int, int]] = (), codes: Iterable[str] = ()
) -> frozenset[str]:
    """Of a folded text; ``hidden``: places of names and numbers that are no subject, such as orders and people."""
    plain = without(plain, hidden)
    found = {f"{CODE}{code}" for code in codes if code}
    for run in _english(plain):
        found |= {*run, *(f"{one} {other}" for one, other in zip(run, run[1:], strict=False))}
    for run in _chinese(plain):
        found |= {*run, *(f"{one}{other}" for one, other in zip(run, run[1:], strict=False))}
    return frozenset(found)


def without(plain: str, hidden: Iterable[tuple[int, int]]) -> str:
    """A mark in the place of each name, number and measure."""
    for start, end in sorted(hidden, reverse=True):
        plain = f"{plain[:start]} . {plain[end:]}"
    return _MEASURED.sub(" . ", plain)


def is_chinese(phrase: str) -> bool:
    return bool(HAN_RUN.match(phrase))


def _english(plain: str) -> list[list[str]]:
    """Runs of words between stop words and marks."""
    stop, runs, run = stop_words(), [], []
    for token in [*_WORD.findall(HAN_RUN.sub(" . ", plain)), "."]:
        if token[0].isalpha() and len(token) > 2 and token not in stop:
            run.append(token)
        elif run:
            runs.append(run)
            run = []
    return runs


def _chinese(plain: str) -> list[list[str]]:
    """Runs of words of content, two characters and more."""
    stop, runs = stop_words(), []
    for part in HAN_RUN.findall(plain):
        run: list[str] = []
        for word, tag in segmenter().tag(part):
            if tag.startswith(_CONTENT) and len(word) > 1 and word not in stop | _EMPTY:
                run.append(word)
            elif run:
                runs.append(run)
                run = []
        runs.append(run)
    return [run for run in runs if run]
