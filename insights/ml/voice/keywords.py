"""The few phrases that say what a message is about.

English by runs of words between stop words, as RAKE does (Rose et al. 2010); Chinese by nouns and what stands with
them. Phrases that are named twice, stand early or name something people judge come first.
"""

import re

from insights.ml.voice.finding import segmenter
from insights.ml.voice.script import HAN_RUN, folded, frequent, language
from insights.ml.voice.words import aspects, stop_words

# Of scripts that leave blanks between words: Latin with its accents, Greek, Cyrillic, Korean.
_LETTER = "a-zß-ɏͰ-ӿ가-힣"
_WORD = re.compile(rf"[{_LETTER}][{_LETTER}'’-]*[{_LETTER}]|[.,;:!?\n]|\d+")
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|(?<![a-z0-9._+-])[a-z0-9._+-]+@[a-z0-9-]+\.[a-z0-9.-]+"
)
_CONTENT = ("n", "v", "a", "i", "j", "l", "eng", "z", "b")
_LONGEST = 3
MOST_CHARACTERS = 40
# Of the frequent words of other languages the longer ones name things: "Lieferung".
_NAMES_NOTHING = 5


def keywords(plain: str, most: int = 6) -> tuple[str, ...]:
    """Of a folded text, the best first."""
    plain = _ADDRESS.sub(" . ", plain)
    scores: dict[str, float] = {}
    for position, phrase in enumerate([*_chinese(plain), *_english(plain)]):
        parts = [phrase] if HAN_RUN.match(phrase) else phrase.split()
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
    """And languages that are written like it."""
    stop = stop_words()
    if language(plain) == "other":
        stop |= {word for word in frequent("other") if len(word) <= _NAMES_NOTHING}
    phrases: list[str] = []
    run: list[str] = []
    for token in [*_WORD.findall(HAN_RUN.sub(" . ", plain)), "."]:
        if token[0].isalpha() and len(token) > 2 and token not in stop:
            run.append(token)
            continue
        if run:
            phrases += _short(run)
            run = []
    return phrases


def _short(run: list[str]) -> list[str]:
    """As phrases of a few words that a line can show; what is longer by itself is no word."""
    phrases: list[list[str]] = [[]]
    for word in run:
        if len(word) > MOST_CHARACTERS:
            continue
        longer = " ".join([*phrases[-1], word])
        if len(phrases[-1]) < _LONGEST and len(longer) <= MOST_CHARACTERS:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return [" ".join(words) for words in phrases if words]


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
