"""Messages without whom they are from and about: what no model of texts may learn, struck out before it reads."""

import re
from collections.abc import Iterable

from insights.ml.voice.entities import Entity
from insights.ml.voice.script import HAN_RUN, folded

HIDDEN = frozenset({"person", "order", "email", "phone"})
# Where somebody lives: a house number with its street, in either language's order.
STREETS = re.compile(
    r"\b\d{1,5}[a-z]?,? (?:[\w'-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|square|boulevard|court)\b"
    r"|\b[\w-]+(?:straße|strasse|gasse|weg|gatan|vägen) \d{1,5}[a-z]?\b"
    r"|[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷|弄|胡同)\s?\d{1,5}\s?(?:号|弄)(?:\s?\d{1,5}\s?(?:室|楼|单元|栋))*"
)
LINES = re.compile(r"\d(?:[ -]?\d){4,}")


def masked(text: str, named: Iterable[Entity], names: Iterable[str] = ()) -> str:
    """As long as the text, with spaces for people, numbers that lead to somebody, and addresses.

    `names`: of whoever wrote it, struck out wherever their parts stand as words.
    """
    plain = folded(text)
    spans = [(one.start, one.end) for one in named if one.kind in HIDDEN]
    for pattern in (STREETS, LINES, *_parts(names)):
        spans += [match.span() for match in pattern.finditer(plain)]
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _parts(names: Iterable[str]) -> Iterable[re.Pattern[str]]:
    for name in names:
        plain = folded(name).strip()
        whole = [plain] if HAN_RUN.search(plain) else re.split(r"[\s.,]+", plain)
        for part in whole:
            if len(part) > 2 or (len(part) == 2 and HAN_RUN.search(part)):
                yield re.compile(rf"(?<![a-z0-9]){re.escape(part)}(?![a-z0-9])")
