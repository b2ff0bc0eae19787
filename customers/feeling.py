"""How a customer feels now, by their latest messages, and how those before felt: what the score card says in words.

A message counts half as much as one written thirty days later, and after 180 days not at all: an old complaint does not
outweigh a calm message of yesterday. Lists and filters ask for the feeling of the latest message alone, and say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.models import Customer, MessageReading, Sentiment
from customers.models.readings import MessageReadingQuerySet

LATEST, BEFORE = 5, 5
HALF_LIFE, OLDEST = 30, 180  # days
CLEARLY = 0.2  # more of one kind than of the other, as a share of the messages
WORTH = {Sentiment.NEGATIVE: -1, Sentiment.NEUTRAL: 0, Sentiment.POSITIVE: 1}


@dataclass(frozen=True)
class Feeling:
    """``balance`` goes from -1 (all negative) to 1 (all positive), the newer messages counting more."""

    messages: int
    negative: int
    positive: int
    balance: float
    before: str  # the label of the five before; "" where there are fewer than that

    @property
    def label(self) -> Sentiment:
        return label_of(self.balance)

    @property
    def before_word(self) -> str:
        return Sentiment(self.before).label if self.before and self.before != self.label else ""

    @property
    def bar(self) -> dict[str, str]:
        """Where the bar begins and how long it is, of a hundred, from the middle."""
        half = 50 * abs(self.balance)
        return {"x": f"{50 - half if self.balance < 0 else 50:.1f}", "width": f"{half:.1f}"}


def label_of(balance: float) -> Sentiment:
    if balance <= -CLEARLY:
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if balance >= CLEARLY else Sentiment.NEUTRAL


def read_of(customer: Customer) -> MessageReadingQuerySet:
    """The readings that say it: of the latest messages from the customer that were read."""
    read = MessageReading.objects.filter(customer=customer, inbound=True).exclude(label="")
    return read.exclude(occurred_at=None).order_by("-occurred_at", "-pk")[: LATEST + BEFORE]


def feeling_of(read: Sequence[tuple[str, int]]) -> Feeling | None:
    """Of readings (label, how many days ago), the newest first; None where none of them is new enough."""
    latest = [(label, days) for label, days in read[:LATEST] if days <= OLDEST]
    if not latest:
        return None
    labels = [label for label, __ in latest]
    weights = [0.5 ** (max(days, 0) / HALF_LIFE) for __, days in latest]
    felt = sum(WORTH[label] * weight for label, weight in zip(labels, weights, strict=True))
    earlier = [label for label, __ in read[len(latest) : len(latest) + BEFORE]]
    before = ""
    if len(earlier) == BEFORE:
        before = label_of(sum(WORTH[label] for label in earlier) / BEFORE)
    negative, positive = labels.count(Sentiment.NEGATIVE), labels.count(Sentiment.POSITIVE)
    return Feeling(len(latest), negative, positive, felt / sum(weights), before)
