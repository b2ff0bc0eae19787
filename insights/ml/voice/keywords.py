"""The few phrases that say what a message is about.

English by runs of words between stop words, as RAKE does (Rose et al. 2010); Chinese by nouns and what stands with
them. Phrases that are named twice, stand early or name something people judge come first.
"""

import re

from insights.ml.voice.finding import segmenter
from insights.ml.voice.script import HAN_RUN, folded
from insights.ml.voice.words import aspects, stop_words

_WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[.,;:!?\n]|\d+")
_CONTENT = ("n", "v", "a", "i", "j", "l", "eng", "z", "b")
_LONGEST = 3


def keywords(plain: str, most: int = 6) -> tuple[str, ...]:
    """Of a folded text, the best first."""
    scores: dict[str, float] = {}
    for position, phrase in enumerate([*_chinese(plain), *_english(plain)]):
        parts = phrase.split() if phrase[:1].isascii() else [phrase]
        known = any(part in aspects() for part in parts) or phrase in aspects()
        first = 1 / (1 + 0.05 * position)
        scores[phrase] = scores.get(phrase, 0.0) + first * (len(parts) ** 0.5) * (
            1.5 if known else 1
        )
    chosen: list[str] = []
    for phrase in sorted(scores, key=lambda p: -scores[p]):
        if not any(phrase in other or other in phrase for other in chosen):
            chosen.append(phrase)
    return tuple(chosen[:most])


def _english(plain: str) -> list[str]:
    stop = stop_words()
    phrases: list[str] = []
    run: list[str] = []
    for token in [*_WORD.findall(HAN_RUN.sub(" . ", plain)), "."]:
        if token[0].isalpha() and len(token) > 2 and token not in stop:
            run.append(token)
            continue
        if run:
            phrases += [" ".join(run[i : i + _LONGEST]) for i in range(0, len(run), _LONGEST)]
            run = []
    return phrases


def _chinese(plain: str) -> list[str]:
    """Words of content; two that stand together and end in a noun are one phrase."""
    stop = stop_words()
    phrases: list[str] = []
    for run in HAN_RUN.findall(plain):
        joins = False
        for word, tag in segmenter().tag(run):
            content = tag.startswith(_CONTENT) and word not in stop
            if content and joins and tag.startswith("n") and len(phrases[-1]) + len(word) <= 6:
                phrases[-1] += word
                joins = False
            elif content and len(word) > 1:
                phrases.append(word)
                joins = tag.startswith(("n", "b"))
            else:
                joins = False
    return phrases


def keywords_of(text: str) -> tuple[str, ...]:
    return keywords(folded(text))
