"""Characters of two scripts: one spelling for comparing, and which language a text is in.

Folding keeps every character in its place, so that what is found in the folded text is found in the original.
"""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from insights.ml.voice.words import lines

HAN = "㐀-䶿一-鿿豈-﫿"
HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
# Two letters and more: of ":D" and "xD" the mark stays.
_WORD = re.compile(r"[^\W\d_]{2,}")
_OTHER = re.compile(r"[぀-ヿ가-힯Ѐ-ӿ؀-ۿ֐-׿ऀ-ॿ฀-๿Ͱ-Ͽ]")
# Characters of Chinese go on behind them without a blank.
_ADDRESS = re.compile(
    rf"(?:https?://|www\.)[^\s{HAN}]+|(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9_.+-]+@[a-zA-Z0-9_.-]+|[@#]\w+"
    rf"|(?<![^\W{HAN}])(?<!-)(?:[^\W{HAN}]|-)*\d(?:[^\W{HAN}]|-)*"
)


# Chinese characters to a word, and the share of the other language from which on a text is mixed.
_HAN_A_WORD, _MIXED = 1.6, 0.12


@lru_cache(maxsize=2)
def frequent(language: str) -> frozenset[str]:
    """The most frequent words of English ("en"), and those of its neighbours ("other")."""
    return frozenset(
        next(terms.split() for keys, terms in lines("languages.txt") if keys == [language])
    )


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, from OpenCC's table of single characters."""
    spec = find_spec("opencc")
    assert spec and spec.origin
    table = {}
    path = Path(spec.origin).parent / "dictionary" / "TSCharacters.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        one, _, others = line.partition("\t")
        other = others.split(" ")[0]
        if len(one) == len(other) == 1 and one != other:
            table[ord(one)] = other
    return table


@lru_cache(maxsize=1)
def _traditional_only() -> frozenset[str]:
    """Characters that simplified writing does not use."""
    simplified = set(_simplified().values())
    return frozenset(c for c in map(chr, _simplified()) if c not in simplified)


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    table = dict(_simplified())
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord("’"): "'", ord("‘"): "'", ord("`"): "'", 0x3000: " ", 0xA0: " ", ord("–"): "-"}
    table |= {ord(c): c.lower() for c in map(chr, range(0x41, 0x5B))}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF21, 0xFF3B)}
    table |= {
        ord(c): c.lower()
        for c in map(chr, range(0xC0, 0x250))
        if c.isupper() and len(c.lower()) == 1
    }
    return table


def folded(text: str) -> str:
    """Lower case, simplified characters, half-width letters and marks; as long as the text."""
    return text.translate(_folding())


def language(text: str) -> str:
    """en, zh-Hans, zh-Hant, mixed, or other where it is neither of the two, or nothing is said."""
    plain = _ADDRESS.sub(" ", text)
    han = sum(len(run) for run in HAN_RUN.findall(plain))
    others = len(_OTHER.findall(plain))
    words = _LATIN_WORD.findall(plain.replace("’", "'"))
    latin = [word for word in words if not HAN_RUN.match(word)]
    if others > (han + len(latin)) * 0.3:
        return "other"
    if not han:
        return _of_latin(latin)
    # Names of brands and models are foreign words in Chinese too; sentences of English are not.
    spoken = sum(word[0].islower() and len(word) > 1 for word in latin)
    share = spoken / (spoken + han / _HAN_A_WORD)
    if share > _MIXED and (spoken > 1 or han < 16):
        return "mixed" if share < 1 - _MIXED else "en"
    return "zh-Hant" if _is_traditional(plain) else "zh-Hans"


def understood(plain: str) -> str:
    """The folded text as the word lists may read it, as long as it is: of a language that they do not know, emoji and
    marks alone. "Die" and "war" judge nothing in German."""
    return _WORD.sub(_blank, plain) if language(plain) == "other" else plain


def _blank(word: re.Match[str]) -> str:
    return " " * len(word.group())


def family(text: str) -> str:
    """en, zh, mixed or other: the language without how it is written."""
    return language(text).partition("-")[0]


def _is_traditional(text: str) -> bool:
    only = _traditional_only()
    traditional = sum(c in only for c in text)
    return traditional >= 1 and traditional >= 0.08 * sum(len(r) for r in HAN_RUN.findall(text))


def _of_latin(words: list[str]) -> str:
    lower = [word.lower() for word in words]
    if not lower:
        return "other"
    english = sum(word in frequent("en") for word in lower)
    foreign = sum(word in frequent("other") for word in lower)
    accented = sum(not word.isascii() for word in lower)
    if foreign + accented > english and (foreign > 1 or len(lower) < 4 or accented > 1):
        return "other"
    return "en"
