"""Put phrases together into a message in the customer's language."""

import random
import re

import pandas as pd

from insights.demo import phrases_en, phrases_zh
from insights.demo.catalogue import BEANS, CARE, FILTERS, TEA

PACK_ZH = re.compile(
    r"\s+[\d.]+(\s×\s\d+)?\s(克|公斤|毫升|升|张|片|只|支|包|条|杯份|欧元|毫米|厘米).*$"
)


def short_names(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Product names as people say them: without the size of the pack."""
    return [n.split(",")[0] for n in frame.name], [PACK_ZH.sub("", n) for n in frame.zh]


class Writer:
    def __init__(self, rng, frame: pd.DataFrame) -> None:
        self._random = random.Random(int(rng.integers(2**62)))
        self._products = short_names(frame)
        self._used_up = frame.category.isin([BEANS, TEA, FILTERS, CARE]).to_numpy()

    def write(
        self, topic: str, chinese: bool, product: int, number: str, name: str, staff: str
    ) -> tuple[str, str]:
        """Subject and text about a product (its position; -1: none in particular) and an order."""
        language = phrases_zh if chinese else phrases_en
        if product < 0:
            thing = "咖啡豆" if chinese else "coffee"
        else:
            thing = self._products[int(chinese)][product]
        words = {
            "product": thing,
            "number": number,
            "days": self._random.randint(2, 9),
            "first": name if chinese else name.split(" ")[0],
            "staff": staff or "Northbean",
        }
        phrases = language.PHRASES
        kind = "used_up" if product >= 0 and self._used_up[product] else "kept"
        phrases = phrases.get(f"{topic}:{kind}") or phrases[topic]
        parts = [self._pick(part, number).format(**words) for part in phrases]
        text = ("" if chinese else " ").join(part for part in parts if part)
        subject = self._pick(language.SUBJECTS.get(topic, []), number).format(**words)
        return subject[:1].upper() + subject[1:], text[:1].upper() + text[1:]

    def _pick(self, wordings: list[str], number: str) -> str:
        """One wording; without an order's number, one that does not speak of it."""
        if not number:
            wordings = [w for w in wordings if "{number}" not in w]
        return self._random.choice(wordings) if wordings else ""
