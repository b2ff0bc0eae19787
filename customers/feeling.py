"""How the latest messages of one customer felt, and those before: what the score card says in words."""

from dataclasses import dataclass

from customers.models import Customer, MessageReading, Sentiment
from customers.models.readings import MessageReadingQuerySet

LATEST = 5
CLEARLY = 0.2  # more of one kind than of the other, as a share of the messages
WORTH = {Sentiment.NEGATIVE: -1, Sentiment.NEUTRAL: 0, Sentiment.POSITIVE: 1}


@dataclass(frozen=True)
class Feeling:
    """``balance`` goes from -1 (all negative) to 1 (all positive)."""

    messages: int
    negative: int
    positive: int
    before: str  # the label of the five before; "" where there are fewer than that

    @property
    def balance(self) -> float:
        return (self.positive - self.negative) / self.messages

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
    return read.exclude(occurred_at=None).order_by("-occurred_at", "-pk")[: 2 * LATEST]


def feeling_of(labels: list[str]) -> Feeling | None:
    """Of these readings' labels, the newest first; None where there are none."""
    if not labels:
        return None
    latest, earlier = labels[:LATEST], labels[LATEST:]
    before = ""
    if len(earlier) == LATEST:
        before = label_of(sum(WORTH[one] for one in earlier) / LATEST)
    return Feeling(
        len(latest), latest.count(Sentiment.NEGATIVE), latest.count(Sentiment.POSITIVE), before
    )
