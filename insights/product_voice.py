"""What is said about a product: how it felt, which sides of it, what about, the newest and the worst."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from customers.models import MessageReading, Product, Sentiment
from customers.models.readings import about_product
from customers.reader_words import aspect_word
from insights.models import MessageTopic, Topic, VoiceDay
from insights.movements import Span
from insights.talk import name_of
from insights.talk_sums import midnight, sees_teams
from insights.voice import Amounts, by_day, messages_of
from insights.voice_days import answers

LOOKED_AT, ASPECTS, TOPICS, NEWEST, WORST = 500, 8, 6, 3, 3


@dataclass
class Aspect:
    code: str
    negative: int = 0
    positive: int = 0
    neutral: int = 0

    @property
    def words(self) -> str:
        return aspect_word(self.code)

    @property
    def messages(self) -> int:
        return self.negative + self.positive + self.neutral

    @property
    def bar(self) -> dict[str, float]:
        """Widths in percent: good from the left, bad from the right, what is neither between them."""
        bad = 100 * self.negative / self.messages
        return {"good": 100 * self.positive / self.messages, "bad": bad, "bad_at": 100 - bad}


def days_of(user, product: Product, span: Span) -> dict[datetime.date, Amounts]:
    """Stored sums for who sees teams, counted ones for who sees single customers."""
    if sees_teams(user):
        return by_day(user, span, VoiceDay.By.PRODUCT, str(product.pk))
    rows = said_of(user, product, span).annotate(day=TruncDate("occurred_at", tzinfo=datetime.UTC))
    labels = {f"{one}_": Count("pk", filter=Q(label=one)) for one in Sentiment.values}
    wait, answered = answers()
    sums = rows.order_by().values("day").annotate(
        n=Count("pk"), answered=Count("pk", filter=answered), waited=Sum(wait, filter=answered), **labels
    )  # fmt: skip
    return {
        row["day"]: Amounts(
            row["n"], row["negative_"], row["neutral_"], row["positive_"], 0.0, row["answered"],
            (row["waited"] or datetime.timedelta()).total_seconds() / 3600,
        )
        for row in sums
    }  # fmt: skip


def said_of(user, product: Product, span: Span):
    """Messages about the product that one may see, without what stands beside them."""
    wanted = {"product": product.pk, "since": span.first, "until": span.last}
    return messages_of(user, wanted).select_related(None)


def aspects_of(user, product: Product, span: Span) -> list[Aspect]:
    """Sides that are named, in messages, the most frequent first; of the newest messages, so that it stays quick."""
    newest = said_of(user, product, span).order_by("-occurred_at", "-pk")
    found: dict[str, Aspect] = {}
    for details in newest.values_list("details", flat=True)[:LOOKED_AT]:
        felt: dict[str, float] = {}
        for code, _start, _end, sentiment in details.get("aspects", ()):
            felt[code] = felt.get(code, 0.0) + sentiment
        for code, value in felt.items():
            one = found.setdefault(code, Aspect(code))
            name = "negative" if value < 0 else "positive" if value > 0 else "neutral"
            setattr(one, name, getattr(one, name) + 1)
    return sorted(found.values(), key=lambda one: (-one.messages, one.code))[:ASPECTS]


def topics_of(user, product: Product, span: Span) -> list[dict]:
    """The topics that messages about it are about: number, name and messages."""
    rows = MessageTopic.objects.visible_to(user).shown().filter(
        topic__retired_at=None, topic__isnull=False,
        reading__in=MessageReading.objects.filter(about_product(product.pk)), occurred_at__gte=midnight(span.first),
    )  # fmt: skip
    counts = rows.order_by().values("topic").annotate(n=Count("pk")).order_by("-n", "topic")
    found = {row["topic"]: row["n"] for row in counts[:TOPICS]}
    topics = Topic.objects.in_bulk(found)
    return [
        {"number": topics[pk].number, "name": name_of(topics[pk]), "messages": n}
        for pk, n in found.items()
    ]


def newest_and_worst(user, product: Product, span: Span) -> tuple[list, list]:
    """Interactions; the worst are negative, by how they sound, and none of the newest again."""
    wanted = {"product": product.pk, "since": span.first, "until": span.last}
    rows = messages_of(user, wanted)
    newest = [one.interaction for one in rows.order_by("-occurred_at", "-pk")[:NEWEST]]
    bad = rows.filter(label=Sentiment.NEGATIVE, sentiment__isnull=False)
    bad = bad.exclude(pk__in=[talk.pk for talk in newest])
    worst = [one.interaction for one in bad.order_by("sentiment", "-occurred_at", "-pk")[:WORST]]
    return newest, worst
