"""Put phrases together into a message in the customer's language, and know what was named where."""

import datetime
import random
import re
from dataclasses import dataclass

import pandas as pd

from insights.demo import phrases_en, phrases_zh
from insights.demo.catalogue import BEANS, CARE, FILTERS, TEA
from insights.demo.people import CITIES_ZH, EUROPE, phone
from insights.demo.shelf import YUAN_PER_EURO

PACK_ZH = re.compile(
    r"\s+[\d.]+(\s×\s\d+)?\s(克|公斤|毫升|升|张|片|只|支|包|条|杯份|欧元|毫米|厘米).*$"
)
CITIES = [city for _, _, cities, _, _ in EUROPE.values() for city in cities]
# Characters for private use stand around what is named until the text is whole.
_OPEN, _BETWEEN, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}(\\w+){_BETWEEN}([^{_CLOSE}]*){_CLOSE}")
_PLACEHOLDER = re.compile(r"\{(\w+)(?::([^}]*))?\}")


@dataclass(frozen=True)
class Written:
    """named: (kind, start, end) of the text, where something is named: product, order, person, money, date …"""

    subject: str
    text: str
    named: tuple[tuple[str, int, int], ...]


def short_names(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Product names as people say them: without the size of the pack."""
    return [n.split(",")[0] for n in frame.name], [PACK_ZH.sub("", n) for n in frame.zh]


class Writer:
    def __init__(self, rng, frame: pd.DataFrame) -> None:
        self._random = random.Random(int(rng.integers(2**62)))
        self._products = short_names(frame)
        self._used_up = frame.category.isin([BEANS, TEA, FILTERS, CARE]).to_numpy()

    def write(
        self,
        topic: str,
        chinese: bool,
        product: int,
        number: str,
        name: str,
        staff: str,
        day: datetime.date = datetime.date(2025, 6, 1),
    ) -> Written:
        """Subject and text of this day about a product (its position; -1: none in particular) and an order."""
        language = phrases_zh if chinese else phrases_en
        words = self._words(chinese, product, number, name, staff, day)
        kind = "used_up" if product >= 0 and self._used_up[product] else "kept"
        phrases = language.PHRASES.get(f"{topic}:{kind}") or language.PHRASES[topic]
        parts = [self._pick(part, number) for part in phrases]
        joined = ("" if chinese else " ").join(part for part in parts if part)
        subject = _MARK.sub(
            r"\2", _filled(self._pick(language.SUBJECTS.get(topic, []), number), words)
        )
        text, named = _unmarked(_filled(joined, words))
        return Written(subject[:1].upper() + subject[1:], text[:1].upper() + text[1:], named)

    def _words(self, chinese, product, number, name, staff, day) -> dict[str, tuple[str, str]]:
        """Per placeholder what kind of thing it is ('' where it is nothing in particular) and what is said."""
        some = self._random
        if product < 0:
            thing = ("", "咖啡豆" if chinese else "coffee")
        else:
            thing = ("product", self._products[int(chinese)][product])
        euros = some.choice([9.9, 24.5, 39, 58, 119, 349])
        then = day - datetime.timedelta(days=some.randint(2, 20))
        serial = some.randrange(1000)
        return {
            "product": thing,
            "number": ("order", number),
            "days": ("", str(some.randint(2, 9))),
            "first": ("person", name if chinese else name.split(" ")[0]),
            "staff": ("person" if staff else "", staff or "Northbean"),
            "amount": (
                "money",
                f"{round(euros * YUAN_PER_EURO)} 元" if chinese else f"€{euros:.2f}",
            ),
            "date": ("date", f"{then.month}月{then.day}日" if chinese else f"{then.day} {then:%B}"),
            "city": ("place", some.choice(CITIES_ZH if chinese else CITIES)),
            "phone": ("phone", phone("China" if chinese else "United Kingdom", serial)),
            "mail": ("email", f"post{serial}@example.org"),
        }

    def _pick(self, wordings: list[str], number: str) -> str:
        """One wording; without an order's number, one that does not speak of it."""
        if not number:
            wordings = [w for w in wordings if "{number}" not in w]
        return self._random.choice(wordings) if wordings else ""


def _filled(wording: str, words: dict[str, tuple[str, str]]) -> str:
    def fill(match: re.Match[str]) -> str:
        kind, said = ("date", match[2]) if match[1] == "day" else words[match[1]]
        return f"{_OPEN}{kind}{_BETWEEN}{said}{_CLOSE}" if kind and said else said

    return _PLACEHOLDER.sub(fill, wording)


def _unmarked(text: str) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    plain, named, done = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[done : match.start()]
        named.append((match[1], len(plain), len(plain) + len(match[2])))
        plain += match[2]
        done = match.end()
    return plain + text[done:], tuple(named)
