"""Read messages: everything that is said about them, in one call and without a look at the database.

Without trained models the reading rests on word lists and rules alone; with them, sentiment and intent are
theirs, and everything else stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from insights.ml.voice import polarity, reasons
from insights.ml.voice.aspects import Aspect, aspects
from insights.ml.voice.entities import Entity, entities
from insights.ml.voice.finding import Boundaries
from insights.ml.voice.keywords import keywords
from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.masking import masked
from insights.ml.voice.quoting import own_words
from insights.ml.voice.script import folded, language, understood

__all__ = [
    "LABELS",
    "Aspect",
    "Entity",
    "Knowledge",
    "Reading",
    "Sentence",
    "Span",
    "TextModel",
    "read",
]

LABELS = ("negative", "neutral", "positive")
# Longer texts are read up to here: nobody complains for longer, and one message must not hold up the others.
LONGEST = 5_000
# Of what a trained model's heaviest word of a message weighs: words of less are not shown as evidence.
LEAST_TELLING = 0.3
# From this share of known words on a trained model alone judges a text; of what it has hardly seen a word, the rules.
ENOUGH_KNOWN = 0.5
# Kinds of entities whose words judge nothing: Grace is no grace, Perfect Brew no praise.
_NAMES = ("product", "order", "person", "place", "email")
# And those that no message is about.
_NO_SUBJECT = ("order", "person", "email", "phone", "money", "date")


@dataclass(frozen=True)
class Span:
    """Characters of the original text; the signed weights of a message sum to what moved its score."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Sentence:
    """sentiment: -1 to 1."""

    start: int
    end: int
    sentiment: float


@dataclass(frozen=True)
class Reading:
    """language: en, zh-Hans, zh-Hant, mixed or other. sentiment: -1 to 1.

    chances: of LABELS, sum 1. intent: a code, or "other". urgency: 0 (can wait) to 3 (now).
    """

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
    """A trained model of texts: chances (n, classes), rows sum to 1; the share of known words (n,), which is asked of
    models of sentiment alone; weights of the words of one text."""

    def chances(self, texts: Sequence[str]) -> Any: ...

    def known(self, texts: Sequence[str]) -> Any: ...

    def weights(self, text: str) -> list[Span]: ...


def read(
    texts: Sequence[str],
    knowledge: Knowledge,
    sentiment: TextModel | None = None,
    intent: TextModel | None = None,
) -> list[Reading]:
    """One reading per text, in order.

    A trained intent model names its classes in ``classes`` and the chance from which on it answers in ``least``.
    """
    readings = [_by_rules(text[:LONGEST], knowledge) for text in texts]
    if not readings or (sentiment is None and intent is None):
        return readings
    # As they were learnt from: their writers' own words without whom they are about, every character in its place.
    told = [
        masked(own_words(text[:LONGEST]), one.entities)
        for text, one in zip(texts, readings, strict=True)
    ]
    if sentiment is not None:
        readings = _with_sentiment(told, readings, sentiment)
    if intent is not None:
        readings = _with_intent(told, readings, intent, knowledge.reason_codes)
    return readings


def _by_rules(text: str, knowledge: Knowledge) -> Reading:
    plain = folded(text)
    boundaries = Boundaries(plain)
    named = entities(text, plain, boundaries, knowledge)
    # Names are found in all of it; what is felt and wanted, in what the writer says now.
    if (own := own_words(text)) != text:
        text, plain = own, folded(own)
        boundaries = Boundaries(plain)
    sure = [e for e in named if not e.suggested]
    heard = understood(plain)
    said = polarity.mood(
        text,
        heard,
        boundaries,
        [(e.start, e.end) for e in sure if e.kind in _NAMES],
    )
    score = polarity.squashed(said.score)
    chances = polarity.chances(score, said.conflict)
    # A company's own wordings may be in any language.
    own_reasons = [code for f in knowledge.reasons.find_all(plain, boundaries) for code in f.value]
    reason, chance = reasons.intent(heard, boundaries, score, own_reasons)
    level, why = reasons.urgency(heard, boundaries, score, text)
    return Reading(
        language=language(text),
        sentiment=score,
        label=LABELS[chances.index(max(chances))],
        chances=chances,
        evidence=_evidence(said, score),
        sentences=tuple(
            Sentence(start, end, polarity.squashed(said.of_sentence(index)))
            for index, (start, end) in enumerate(said.sentences)
        ),
        aspects=aspects(heard, boundaries, said),
        keywords=keywords(
            plain,
            [(e.start, e.end) for e in sure if e.kind == "product"],
            [(f.start, f.end) for f in knowledge.ourselves.find(plain, boundaries)]
            + [(e.start, e.end) for e in sure if e.kind in _NO_SUBJECT],
        ),
        entities=named,
        intent=reason,
        intent_chance=chance,
        urgency=level,
        urgency_reasons=why,
    )


def _evidence(said: polarity.Mood, score: float) -> tuple[Span, ...]:
    """The score shared out among the words in proportion to their weights."""
    share = score / said.score if abs(said.score) > 1e-9 else polarity.squashed(1e-6) / 1e-6
    return tuple(Span(h.start, h.end, h.weight * share) for h in said.hits if h.weight)


def _with_sentiment(
    texts: Sequence[str], readings: list[Reading], model: TextModel
) -> list[Reading]:
    """Score, label, evidence and the mood of each sentence as the model has it, as far as it knows the words; other
    languages than English and Chinese are left to the rules."""
    judged = [place for place, one in enumerate(readings) if one.language != "other"]
    whole = [texts[place] for place in judged]
    pieces = [texts[i][one.start : one.end] for i in judged for one in readings[i].sentences]
    of_pieces = iter(zip(model.chances(pieces), _trust(model, pieces), strict=True))
    told = list(readings)
    for place, row, trust in zip(judged, model.chances(whole), _trust(model, whole), strict=True):
        reading = readings[place]
        negative, neutral, positive = (
            _drawn(float(p), rule, trust) for p, rule in zip(row, reading.chances, strict=True)
        )
        chances = (negative, neutral, positive)
        evidence = reading.evidence
        if trust >= 0.5:
            evidence = strongest(as_phrases(model.weights(texts[place]), evidence))
        told[place] = replace(
            reading,
            sentiment=_drawn(float(row[-1] - row[0]), reading.sentiment, trust),
            label=LABELS[chances.index(max(chances))],
            chances=chances,
            evidence=evidence,
            sentences=tuple(_felt(one, *next(of_pieces)) for one in reading.sentences),
        )
    return told


def _trust(model: TextModel, texts: Sequence[str]) -> list[float]:
    """How far the model has the say in each text, 0 to 1."""
    return [min(1.0, float(share) / ENOUGH_KNOWN) for share in model.known(texts)]


def _drawn(said: float, ruled: float, trust: float) -> float:
    return trust * said + (1 - trust) * ruled


def _felt(one: Sentence, row: Sequence[float], trust: float) -> Sentence:
    return replace(one, sentiment=_drawn(float(row[-1] - row[0]), one.sentiment, trust))


def as_phrases(words: Sequence[Span], phrases: Sequence[Span]) -> list[Span]:
    """Words that the rules read as one ("not bad") weigh together: a model knows "bad" alone, people do not."""
    apart, weights = [], [0.0] * len(phrases)
    for word in words:
        around = (i for i, p in enumerate(phrases) if p.start <= word.start and word.end <= p.end)
        place = next(around, None)
        if place is None:
            apart.append(word)
        else:
            weights[place] += word.weight
    together = [Span(p.start, p.end, w) for p, w in zip(phrases, weights, strict=True)]
    return sorted([*apart, *together], key=lambda one: one.start)


def strongest(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Every word weighs something to a trained model; people are shown those that decide."""
    least = LEAST_TELLING * max((abs(one.weight) for one in spans), default=0.0)
    return tuple(one for one in spans if one.weight and abs(one.weight) >= least)


def _with_intent(
    texts: Sequence[str], readings: list[Reading], model: Any, own: frozenset[str]
) -> list[Reading]:
    """The model's reason where it is sure enough, else "other"; what it has not learnt yet is told by its wordings."""
    unlearnt = own - {str(code) for code in model.classes}
    least = float(getattr(model, "least", reasons.LEAST_CHANCE))
    told = []
    for row, reading in zip(model.chances(texts), readings, strict=True):
        if reading.intent in unlearnt:
            told.append(reading)
            continue
        best = max(range(len(row)), key=lambda i: row[i])
        chance = float(row[best])
        code = str(model.classes[best]) if chance >= least else reasons.OTHER
        told.append(replace(reading, intent=code, intent_chance=chance))
    return told
