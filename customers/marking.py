"""A message's words with what was found in them: pieces of plain text with their marks, for a template to escape."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers.models import Interaction, MessageReading, Sentiment, concern_word, concerns
from customers.reader_words import aspect_word, entity_word, readers_words, urgency_words

EXCERPT = 400
SHORT = 420  # up to here a text is shown whole
LINE, LEAD = 220, 60  # characters of a row, at most so many before the words that tell
URGENT = 2  # from here on it is said
FAINT = 0.1  # what is said of an aspect in a question or an aside is neither praise nor blame


@dataclass(frozen=True)
class Piece:
    """Characters that share their marks: ``sign`` of the evidence (-1, 0, 1), the thing they name, and whether they
    were looked for."""

    text: str
    sign: int = 0
    kind: str = ""
    url: str = ""
    suggested: bool = False
    sought: bool = False

    @property
    def title(self) -> str:
        named = entity_word(self.kind) if self.kind else ""
        return _("perhaps: %(thing)s") % {"thing": named} if self.suggested and named else named


def places_of(sought: str, words: str) -> list[tuple[int, int]]:
    """Where one of the words looked for stands."""
    if not sought.strip():
        return []
    pattern = "|".join(re.escape(one) for one in sorted(sought.split(), key=len, reverse=True))
    return [found.span() for found in re.finditer(pattern, words, re.IGNORECASE)]


def pieces(
    words: str,
    details: dict,
    start: int,
    end: int,
    urls: dict,
    hits: Sequence[tuple[int, int]] = (),
) -> list[Piece]:
    """The words from ``start`` to ``end``, cut wherever a mark begins or ends; ``urls`` by kind and key, ``hits``
    what was looked for."""
    evidence = [e for e in details.get("evidence", ()) if e[0] < end and e[1] > start and e[2]]
    entities = [e for e in details.get("entities", ()) if e[1] < end and e[2] > start]
    cuts = {start, end}
    hits = [hit for hit in hits if hit[0] < end and hit[1] > start]
    for first, last, *_rest in (*evidence, *(entity[1:] for entity in entities), *hits):
        cuts |= {max(start, first), min(end, last)}
    edges = sorted(cuts)
    found = []
    for left, right in zip(edges, edges[1:], strict=False):
        weight = sum(e[2] for e in evidence if e[0] <= left and right <= e[1])
        entity = next((e for e in entities if e[1] <= left and right <= e[2]), None)
        kind, *__, key, suggested = entity or ("", None, False)
        found.append(
            Piece(
                words[left:right],
                (weight > 0) - (weight < 0),
                kind,
                urls.get((kind, key), "") if entity else "",
                bool(suggested),
                any(first <= left and right <= last for first, last in hits),
            )
        )
    return found


def marked(talk: Interaction, sought: str = "") -> "Marked | None":
    """The message with what was read out of it and the words looked for; None until then. Its reader may see its
    customer, and so the orders it leads to, which are that customer's own."""
    reading = getattr(talk, "reading", None)
    if reading is None or not (reading.label or reading.details):
        return None
    return Marked(talk, reading, sought)


def urls_of(talk: Interaction, details: dict) -> dict[tuple[str, int], str]:
    """Where the things that a message names are shown, by kind and key."""
    found = {}
    for kind, _start, _end, key, _suggested in details.get("entities", ()):
        if kind == "order" and key and talk.customer_id:
            page = reverse("customer", args=[talk.customer_id])
            found[kind, key] = f"{page}?timeline=orders#order-{key}"
        elif kind == "product" and key:
            found[kind, key] = reverse("product", args=[key])
    return found


class Marked:
    """What a template shows of a message that has been read."""

    def __init__(self, talk: Interaction, reading: MessageReading, sought: str = ""):
        self.talk, self.reading = talk, reading
        self.hits = places_of(sought, talk.words)
        self.details = reading.details or {}
        self.urls = urls_of(talk, self.details)

    @property
    def is_felt(self) -> bool:
        return bool(self.reading.label)

    @cached_property
    def subject(self) -> list[Piece]:
        return self._pieces(0, len(self.talk.subject))

    @cached_property
    def text(self) -> list[Piece]:
        return self._pieces(self._text_at, self._text_at + len(self.talk.text))

    @cached_property
    def excerpt(self) -> list[Piece]:
        if len(self.talk.text) <= SHORT:
            return []
        return [*self._pieces(self._text_at, self._text_at + EXCERPT), Piece("…")]

    @cached_property
    def line(self) -> list[Piece]:
        """One line of it, for a list: around the words that tell most how it felt; nothing in it is a link."""
        words = self.talk.words
        start = self._line_at(words)
        end = min(len(words), start + LINE)
        one_line = words.replace("\n", " ")
        if ends := len(self.talk.subject):  # there the text begins
            one_line = f"{one_line[:ends]}\n{one_line[ends + 1 :]}"
        found = pieces(one_line, self.details, start, end, {}, self.hits)
        return [
            *([Piece("…")] if start else []),
            *(replace(piece, text=piece.text.replace("\n", " · ")) for piece in found),
            *([Piece("…")] if end < len(words) else []),
        ]

    def _line_at(self, words: str) -> int:
        """Where the line begins: with the sentence of what was looked for or of the strongest words, or one before it,
        the earliest that is near enough."""
        evidence = [e for e in self.details.get("evidence", ()) if e[2]]
        if len(words) <= LINE // 2 or not (self.hits or evidence):
            return 0
        if self.hits:
            strongest = self.hits[0][0]
        else:
            strongest = max(evidence, key=lambda e: abs(e[2]))[0]
        starts = [0, *(s[0] for s in self.details.get("sentences", ()))]
        near = [start for start in starts if 0 <= strongest - start <= LEAD]
        if near:
            return min(near)
        # With a whole word; Chinese has no space nearby.
        space = words.find(" ", strongest - LEAD, strongest - LEAD // 2)
        return space + 1 if space >= 0 else strongest - LEAD

    @property
    def mood(self) -> dict:
        return next((one for one in self.choices if one["here"]), {})

    @property
    def _text_at(self) -> int:
        return len(self.talk.subject) + 1 if self.talk.subject else 0

    def _pieces(self, start: int, end: int) -> list[Piece]:
        return pieces(self.talk.words, self.details, start, end, self.urls, self.hits)

    @property
    def choices(self) -> list[dict]:
        icons = {"negative": "mood-sad", "neutral": "mood-neutral", "positive": "mood-smile"}
        return [
            {"value": one.value, "words": one.label, "icon": icons[one.value],
             "here": one.value == self.reading.label}
            for one in Sentiment
        ]  # fmt: skip

    @property
    def intents(self) -> list[dict]:
        known = {**concerns().choices(), self.reading.intent: concern_word(self.reading.intent)}
        return [
            {"value": code, "words": words, "here": code == self.reading.intent}
            for code, words in known.items()
            if code
        ]

    @property
    def intent(self) -> str:
        return concern_word(self.reading.intent) if self.reading.intent not in ("", "other") else ""

    @property
    def read_by(self) -> str:
        """The models that read it, with their versions; empty where the built-in rules did alone."""
        return readers_words(self.reading.version)

    @property
    def aspects(self) -> list[dict]:
        """Each aspect once, with the sum of what is said about it."""
        felt: dict[str, float] = {}
        for code, _start, _end, sentiment in self.details.get("aspects", ()):
            felt[code] = felt.get(code, 0.0) + sentiment
        return [
            {"words": aspect_word(code), "sign": (value > FAINT) - (value < -FAINT)}
            for code, value in felt.items()
        ]

    @property
    def urgency(self) -> str:
        """Why somebody should answer soon; empty where it can wait."""
        if self.reading.urgency < URGENT:
            return ""
        return urgency_words(self.details.get("urgency", ())) or _("Urgent")

    @property
    def answered(self) -> bool:
        """Within the days in which what is sent counts as an answer, here as on the dashboards."""
        return self.waited is not None and self.waited <= MessageReading.ANSWERED_WITHIN

    @property
    def late(self) -> bool:
        """Something was sent, but so much later that it is no answer."""
        return self.waited is not None and not self.answered

    @property
    def waited(self) -> datetime.timedelta | None:
        """From the message to what was sent next."""
        if not self.reading.answered_at or not self.talk.occurred_at:
            return None
        return self.reading.answered_at - self.talk.occurred_at

    @property
    def waiting(self) -> datetime.timedelta | None:
        """Since the message, while nothing has been sent."""
        if self.reading.answered_at or not self.talk.occurred_at:
            return None
        return timezone.now() - self.talk.occurred_at
