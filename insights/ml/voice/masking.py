"""Messages without whom they are from and about: what no model of texts may learn, struck out before it reads."""

import re
from collections.abc import Iterable

from insights.ml.voice.entities import Entity
from insights.ml.voice.script import HAN_RUN, folded

HIDDEN = frozenset({"person", "order", "email", "phone"})
# Where somebody lives: a house number with its street, in either order.
_NAME = r"(?:(?:de|di|da|do|du|des|del|della|la|le|les|los|las|el|of|the|saint|san|santa) |[ld]')*[\w'-]+"
STREETS = re.compile(
    r"\b\d{1,5}[a-z]?,? (?:[\w'-]+ ){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|drive|square|boulevard|court|terrace|crescent)\b"
    r"|\b[\w-]+(?:straße|strasse|str\.?|gasse|weg|platz|allee|ufer|damm|chaussee|gatan|vägen|straat|laan|gracht|plein)"
    r" ?\d{1,4} ?[a-z]?\b"
    r"|\b[\w-]+ (?:straße|strasse|str\.|allee|platz|gasse) \d{1,4} ?[a-z]?\b"
    rf"|\b(?:calle|c/|avenida|avda\.?|paseo|plaza|viale|piazza|corso|rua|rue|boulevard|avenue|allée|chemin|quai|impasse)"
    rf" ?{_NAME}(?: [\w'-]+)?,? (?:n[º°.o] ?)?\d{{1,4}}[a-z]?\b"
    rf"|\b\d{{1,4}}(?: ?bis| ?ter)?,?"
    rf" (?:rue|avenue|boulevard|chemin|allée|impasse|quai|place(?= d)) {_NAME}(?: [\w'-]+)?"
    r"|\bp\.? ?o\.? ?box \d+"
    r"|[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷|弄|胡同)\s?\d{1,5}\s?(?:号|弄)(?:\s?\d{1,5}\s?(?:室|楼|单元|栋))*"
)
# By way of the capital: "via DHL 3 days late" names no street.
CAPITAL_STREETS = re.compile(
    r"\bVia (?:(?:d[aei]l?l?[aeo]?|San|Santa) )?[A-ZÀ-Ý][\w'-]+(?: [A-ZÀ-Ý][\w'-]+)?,?"
    r" (?:n\. ?)?\d{1,4}(?:/?[a-zA-Z])?\b"
    r"(?! ?(?:day|week|hour|month|time|x\b))"
)
# British, Canadian, Dutch, and those with their country in front; those of figures alone are LINES.
POSTCODES = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"
    r"|\b\d{4} ?(?!ML|MG|KG|MM|CM|GB|MB|TB|AM|PM|UK|US|EU)[A-Z]{2}\b|\b(?:A|B|CH|D|DK|F|I|L|S)-\d{4,5}\b"
)
SMALL_POSTCODES = re.compile(
    r"\b[a-z]{1,2}\d[a-z\d]? \d(?!gb|tb|db|ah|hz|st|nd|rd|th|xl|lb|pt)[abd-hjlnp-uw-z]{2}\b"
)
# Names that people go by elsewhere.
HANDLES = re.compile(
    r"(?<![\w.@])@(?:[a-z0-9_.]{2,30}|[\u4e00-\u9fff]{2,4}(?=[\s,，:：]))"
    r"|(?:微信号?|薇信|v信|\bwx|\bvx|\bweixin|\bwechat(?: id)?|\bqq)\s*(?:号|id)?\s*"
    r"(?:[:：是为]\s*[a-z0-9][a-z0-9_-]{4,19}|(?=[a-z_-]*\d)[a-z0-9][a-z0-9_-]{4,19})"
)
# Letters are part of it: GB82 WEST 1234 …
IBANS = re.compile(
    r"\b[a-z]{2}\d{2}(?: ?(?=[a-z0-9]{0,3}\d|[a-z]{4} ?[a-z0-9]{0,3}\d)[a-z0-9]{4}){2,7}"
    r"(?: ?(?=[a-z]{0,2}\d)[a-z0-9]{1,3})?\b"
)
LINES = re.compile(r"\d(?:[ -]?\d){4,}")


def masked(text: str, named: Iterable[Entity], names: Iterable[str] = ()) -> str:
    """As long as the text, with spaces for people, numbers that lead to somebody, and addresses.

    `names`: of whoever wrote it, struck out wherever their parts stand as words.
    """
    plain = folded(text)
    spans = [(one.start, one.end) for one in named if one.kind in HIDDEN]
    for pattern in (STREETS, SMALL_POSTCODES, HANDLES, IBANS, LINES, *_parts(names)):
        spans += [match.span() for match in pattern.finditer(plain)]
    for pattern in (CAPITAL_STREETS, POSTCODES):
        spans += [match.span() for match in pattern.finditer(text)]
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
