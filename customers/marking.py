"""A message's words with what was found in them: pieces of plain text with their marks, for a template to escape."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers import han
from customers.elsewhere import elsewhere
from customers.models import Interaction, MessageReading, Sentiment, concern_word, concerns
from customers.reader_words import aspect_word, entity_word, readers_words, urgency_words
from customers.wording import points

EXCERPT = 400
SHORT = 420  # up to here a text is shown whole
LINE, LEAD = 220, 60  # characters of a row, at most so many before the words that tell
URGENT = 2  # from here on it is said
FAINT = 0.1  # what is said of an aspect in a question or an aside is neither praise nor blame
EVEN = 0.2  # a sentence of less is neutral, as a message of less is to the word lists
QUOTED = 180
YEAR = datetime.timedelta(days=365)
ICONS = {"negative": "mood-sad", "neutral": "mood-neutral", "positive": "mood-smile"}


@dataclass(frozen=True)
class Sentence:
    """How one sentence of several felt: ``score`` from -1 to 1."""

    start: int
    end: int
    score: float

    @property
    def mood(self) -> Sentiment:
        if abs(self.score) < EVEN:
            return Sentiment.NEUTRAL
        return Sentiment.POSITIVE if self.score > 0 else Sentiment.NEGATIVE

    @property
    def icon(self) -> str:
        return ICONS[self.mood]

    @property
    def said(self) -> str:
        """Negative −0.62"""
        return f"{self.mood.label} {points(self.score, 2)}"


@dataclass(frozen=True)
class Piece:
    """Characters that share their marks: ``sign`` of the evidence (-1, 0, 1), the thing they name, whether they were
    looked for, and the sentence that begins with them."""

    text: str
    sign: int = 0
    kind: str = ""
    url: str = ""
    suggested: bool = False
    sought: bool = False
    opens: Sentence | None = None

    @property
    def title(self) -> str:
        named = entity_word(self.kind) if self.kind else ""
        return _("perhaps: %(thing)s") % {"thing": named} if self.suggested and named else named


def places_of(sought: str, words: str) -> list[tuple[int, int]]:
    """Where one of the words looked for stands."""
    if not sought.strip():
        return []
    return [found.span() for found in han.pattern(sought.split()).finditer(words)]


def pieces(
    words: str,
    details: dict,
    start: int,
    end: int,
    urls: dict,
    hits: Sequence[tuple[int, int]] = (),
    sentences: Sequence[Sentence] = (),
) -> list[Piece]:
    """The words from ``start`` to ``end``, cut wherever a mark begins or ends; ``urls`` by kind and key, ``hits``
    what was looked for, ``sentences`` those whose beginning is marked."""
    evidence = [e for e in details.get("evidence", ()) if e[0] < end and e[1] > start and e[2]]
    entities = [e for e in details.get("entities", ()) if e[1] < end and e[2] > start]
    opens = {one.start: one for one in sentences if start <= one.start < end}
    cuts = {start, end, *opens}
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
                opens.get(left),
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
    def quote(self) -> list[Piece]:
        """The beginning of it, as it is quoted among others; nothing in it is a link."""
        words = self.talk.words
        start = self._text_at if self.talk.text else 0
        end = min(len(words), start + QUOTED)
        found = pieces(words, self.details, start, end, {}, sentences=self._felt_sentences)
        return [*found, *([Piece("…")] if end < len(words) else [])]

    @property
    def sentences(self) -> list[dict]:
        """How each felt, with its words; nothing of a message of a single one, whose feeling is its own, nor where none
        of them felt anything."""
        words = self.talk.words
        return [
            {"felt": one, "words": pieces(words, self.details, one.start, one.end, {})}
            for one in self._felt_sentences
        ]

    @cached_property
    def _felt_sentences(self) -> list[Sentence]:
        told = [Sentence(*one) for one in self.details.get("sentences", ())] if self.is_felt else []
        felt = any(one.mood != Sentiment.NEUTRAL for one in told)
        return told if felt and len(told) > 1 else []

    @property
    def keywords(self) -> list[dict]:
        """The phrases that say what it is about, each with the search for it: of a year, and back to this message."""
        page = elsewhere("voice")
        if not (page and self.is_felt and self.talk.occurred_at):
            return []
        now = timezone.now().astimezone(datetime.UTC)
        since = min(now - YEAR, self.talk.occurred_at.astimezone(datetime.UTC)).date()
        span = {"shown": "yes", "since": since.isoformat(), "until": now.date().isoformat()}
        return [
            {"words": one, "url": f"{page}?{urlencode(span | {'q': one})}#messages"}
            for one in self.details.get("keywords", ())
        ]

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
        marks = (self.details, start, end, self.urls, self.hits, self._felt_sentences)
        return pieces(self.talk.words, *marks)

    @property
    def choices(self) -> list[dict]:
        return [
            {"value": one.value, "words": one.label, "icon": ICONS[one.value],
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
