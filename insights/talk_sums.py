"""Sums of what is talked about: stored ones for who sees whole teams, counted ones for who sees single customers."""

import datetime
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from customers.models import Sentiment
from insights.models import MessageTopic, Topic, TopicDay, TopicMoney
from insights.topic_days import LATELY as SPOKE_WITHIN

Row = dict[str, int]


def sees_teams(user) -> bool:
    return user.is_admin or user.is_manager


def spans_of(today: datetime.date, spans: Iterable[int], before: int) -> dict[int, tuple]:
    """By number of days: the first day that is counted, and the first of those before it."""
    first = {days: today - datetime.timedelta(days=days - 1) for days in spans}
    return {days: (since, since - datetime.timedelta(days=before)) for days, since in first.items()}


def sums_by_topic(user, today: datetime.date, spans: Iterable[int], before: int) -> dict:
    """By topic, None for all messages: ``lately_7`` messages of 7 days, ``negative_7`` of them, ``before_7`` of the
    ``before`` days before; and so on. One query."""
    found = spans_of(today, spans, before)
    start = min(first for _since, first in found.values())
    if sees_teams(user):
        rows = TopicDay.objects.visible_to(user).filter(day__gte=start)
        return by_topic(rows, stored_sums(found))
    rows = MessageTopic.objects.visible_to(user).shown().filter(occurred_at__gte=midnight(start))
    sums = by_topic(rows, counted_sums(found))
    everything = {
        name: sum(row[name] for row in sums.values()) for row in sums.values() for name in row
    }
    return sums | {None: everything} if sums else {}


def by_topic(rows, sums: dict) -> dict[int | None, Row]:
    found = rows.order_by().values("topic").annotate(**sums)
    return {row.pop("topic"): row for row in found}


def stored_sums(spans: dict[int, tuple]) -> dict[str, Sum]:
    sums = {}
    for days, (since, first) in spans.items():
        lately, before = Q(day__gte=since), Q(day__gte=first, day__lt=since)
        sums |= {
            f"lately_{days}": Sum("messages", filter=lately, default=0),
            f"negative_{days}": Sum("negative", filter=lately, default=0),
            f"before_{days}": Sum("messages", filter=before, default=0),
        }
    return sums


def counted_sums(spans: dict[int, tuple]) -> dict[str, Count]:
    sums = {}
    for days, (since, first) in spans.items():
        lately = Q(occurred_at__gte=midnight(since))
        before = Q(occurred_at__gte=midnight(first), occurred_at__lt=midnight(since))
        sums |= {
            f"lately_{days}": Count("pk", filter=lately),
            f"negative_{days}": Count("pk", filter=lately & Q(reading__label=Sentiment.NEGATIVE)),
            f"before_{days}": Count("pk", filter=before),
        }
    return sums


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def money_by_topic(user, topics: Iterable[int], now: datetime.datetime) -> dict[int, tuple]:
    """Customers who spoke of each topic in its last four weeks, and the value at risk with them."""
    if sees_teams(user):
        rows = TopicMoney.objects.visible_to(user).filter(topic__in=topics).order_by()
        sums = rows.values("topic").annotate(people=Sum("customers"), money=Sum("value_at_risk"))
        return {row["topic"]: (row["people"], row["money"]) for row in sums}
    spoke = MessageTopic.objects.visible_to(user).shown().exclude(reading__customer=None)
    spoke = spoke.filter(topic__in=topics, occurred_at__gte=now - SPOKE_WITHIN).order_by()
    score = "reading__customer__score__"
    pairs = spoke.annotate(money=F(f"{score}expected_value") * F(f"{score}churn_risk"))
    found: dict[int, tuple] = {}
    for topic, _who, money in pairs.values_list("topic", "reading__customer", "money").distinct():
        people, sum_ = found.get(topic, (0, 0.0))
        found[topic] = people + 1, sum_ + (money or 0.0)
    return found


def days_of(user, topic: Topic, first: datetime.date, last: datetime.date) -> list[tuple]:
    """(day, messages) of the days on which somebody spoke of it."""
    if sees_teams(user):
        rows = TopicDay.objects.visible_to(user).filter(topic=topic, day__gte=first, day__lte=last)
        return list(rows.values_list("day", "messages"))
    said = MessageTopic.objects.visible_to(user).shown().filter(
        topic=topic, occurred_at__gte=midnight(first),
        occurred_at__lt=midnight(last + datetime.timedelta(days=1)),
    )  # fmt: skip
    rows = said.annotate(day=TruncDate("occurred_at", tzinfo=datetime.UTC)).order_by()
    return list(rows.values("day").annotate(n=Count("pk")).values_list("day", "n"))
