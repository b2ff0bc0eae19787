"""The few phrases that say what a message is about.

English by runs of words between stop words, as RAKE does (Rose et al. 2010); Chinese by nouns and what stands with
them. Phrases that are named twice, stand early or name something people judge come first.
"""

import re
from collections.abc import Sequence

from insights.ml.voice.finding import segmenter
from insights.ml.voice.phrases import without
from insights.ml.voice.script import HAN_RUN, folded, frequent, language
from insights.ml.voice.words import aspects, generic_words, stop_words

Place = tuple[int, int]

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


def keywords(
    plain: str, goods: Sequence[Place] = (), hidden: Sequence[Place] = (), most: int = 6
) -> tuple[str, ...]:
    """Of a folded text, the best first. goods: places of names of products, which are kept whole; hidden: of names that
    say nothing of a subject."""
    names = [plain[start:end] for start, end in goods if end - start <= MOST_CHARACTERS]
    hidden = [(at, end) for at, end in hidden if not any(at < e and s < end for s, e in goods)]
    plain = _ADDRESS.sub(" . ", without(plain, [*goods, *hidden]))
    scores: dict[str, float] = {}
    found = [*names, *map(_telling, [*_chinese(plain), *_english(plain)])]
    for position, phrase in enumerate(one for one in found if one):
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


def _telling(phrase: str) -> str:
    """Without words at its ends that every message has; "" where nothing is left."""
    parts = phrase.split()
    while parts and " ".join(parts) not in aspects():
        if _says_nothing(parts[0]):
            del parts[0]
        elif _says_nothing(parts[-1]):
            del parts[-1]
        else:
            break
    return " ".join(parts)


def _says_nothing(word: str) -> bool:
    return word in generic_words() and word not in aspects()


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
    """Words of content; two that stand together and end in a noun, or in a measure (法压壶), are one phrase."""
    stop = stop_words()
    phrases: list[str] = []
    for run in HAN_RUN.findall(plain):
        joins = False
        for word, tag in segmenter().tag(run):
            content = tag.startswith(_CONTENT) and word not in stop and not _run_together(word)
            ends = (content and tag.startswith("n")) or tag == "q"
            if ends and joins and len(phrases[-1]) + len(word) <= 6:
                phrases[-1] += word
                joins = False
            elif content and len(word) > 1:
                phrases.append(word)
                joins = tag.startswith(("n", "b"))
            else:
                joins = False
    return phrases


def _run_together(word: str) -> bool:
    """A guess of the segmenter's that is no word: 前想, 还慢."""
    parts = segmenter().cut(word, False)
    return len(parts) > 1 and not stop_words().isdisjoint(parts)


def keywords_of(text: str) -> tuple[str, ...]:
    return keywords(folded(text))
