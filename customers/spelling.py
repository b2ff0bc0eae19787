"""How names are typed: 张小明 as zxm or zhangxiaoming, Marta Lindqvist as ml, Léa Lefèvre as lea lefevre."""

import re
import unicodedata
from functools import lru_cache

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# Characters that are read otherwise where they are a family name.
FAMILY_NAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge", "任": "ren",
    "朴": "piao", "乐": "yue", "覃": "qin", "缪": "miao", "冼": "xian", "尉迟": "yu chi", "万俟": "mo qi",
    "长孙": "zhang sun", "召": "shao", "员": "yun", "种": "chong", "秘": "bi", "繁": "po", "折": "she",
    "黑": "he", "晟": "cheng", "洗": "xian", "那": "na", "翟": "zhai", "柏": "bai", "费": "fei", "纪": "ji",
}  # fmt: skip
MOST = 5  # initials: nobody types more
# Between the words of a name; and letters that are no other letter with a mark.
BETWEEN = re.compile(r"[^\w]+|_")
ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "þ": "th", "ı": "i", "ß": "ss"}
)
MOST_WORDS = 6  # of a name: from each of them on it is written a second time


def without_marks(text: str) -> str:
    """In small letters as on a keyboard that has no others: Müller as muller."""
    plain = unicodedata.normalize("NFD", text.lower()).translate(ALIKE)
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


def unmarked(text: str) -> list[str]:
    """From each of its words on, without marks and in one, where that is not what is written."""
    if text.isascii():
        return []
    written = [word for word in BETWEEN.split(text.lower()) if word][:MOST_WORDS]
    plain = [without_marks(word) for word in written]
    differ = [w != p and p.isascii() for w, p in zip(written, plain, strict=True)]
    return ["".join(plain[at:]) for at in range(len(plain)) if any(differ[at:])]


def initials(name: str) -> list[str]:
    """The first letters of a name in Latin letters, of more than two words also of the first and the last alone."""
    if HAN.search(name):
        return []
    words = BETWEEN.split(without_marks(name))
    letters = [word[0] for word in words if word[:1].isascii() and word[:1].isalpha()]
    if len(letters) < 2:
        return []
    return list(dict.fromkeys(["".join(letters[:MOST]), letters[0] + letters[-1]]))


def spellings(text: str, *, is_name: bool) -> list[str]:
    """The initials of its Chinese characters and, of a name, them written out; both ways where a reading is twofold."""
    return list(_spellings("".join(HAN.findall(text)), is_name)) if HAN.search(text) else []


@lru_cache(maxsize=4096)
def _spellings(characters: str, is_name: bool) -> tuple[str, ...]:
    # Loaded where there is something to spell: most companies' names need none of it.
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(characters, errors="ignore")
    found = [syllables]
    family = next((f for f in (characters[:2], characters[:1]) if f in FAMILY_NAMES), "")
    read_so = FAMILY_NAMES.get(family, "").split()
    if is_name and syllables[: len(family)] != read_so:
        found.append([*read_so, *syllables[len(family) :]])
    words = []
    for one in found:
        words.append("".join(part[0] for part in one if part))
        if is_name:
            words.append("".join(one))
    return tuple(dict.fromkeys(words))
