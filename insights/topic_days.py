"""Add up what was talked about, per day, team and topic, whenever it has been looked for."""

import datetime

from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from customers.models import Customer, CustomerSubject, Sentiment
from customers.saying import add_up_subjects
from insights.models import MessageTopic, Topic, TopicDay, TopicMoney

OF_TOPICS = """
JOIN insights_messagetopic m ON m.reading_id = r.interaction_id
JOIN insights_topic t ON t.id = m.topic_id AND t.retired_at IS NULL
"""
LATELY = datetime.timedelta(days=28)


@transaction.atomic
def add_up() -> None:
    """All sums, anew: customers change teams, and messages their topic. Rows without a topic count all messages."""
    TopicDay.objects.all().delete()
    for topic, rows in (
        ("topic", MessageTopic.objects.shown().exclude(topic=None)),
        ("", MessageTopic.objects.shown()),
    ):
        TopicDay.objects.bulk_create(sums(rows, topic), batch_size=500)
    add_up_money()
    add_up_subjects(CustomerSubject.Kind.TOPIC, "CAST(t.number AS TEXT)", OF_TOPICS)


@transaction.atomic
def add_up_money() -> None:
    """Also whenever scores were published, which are half of it."""
    TopicMoney.objects.all().delete()
    for one in Topic.objects.current():
        TopicMoney.objects.bulk_create(money_of(one, timezone.now() - LATELY))


def owned_by_somebody(prefix: str = "") -> Case:
    alone = {f"{prefix}team": None, f"{prefix}owner__isnull": False}
    return Case(When(**alone, then=Value(True)), default=Value(False), output_field=BooleanField())


def money_of(topic: Topic, since: datetime.datetime):
    spoke = topic.messages.filter(reading__customer=OuterRef("pk"), occurred_at__gte=since)
    people = Customer.objects.filter(Exists(spoke), archived_at=None, profiling_refused=False)
    value = F("score__expected_value") * F("score__churn_risk")
    rows = people.annotate(owned=owned_by_somebody()).order_by().values("team", "owned").annotate(
        customers=Count("pk"), money=Coalesce(Sum(value), 0.0, output_field=FloatField()),
    )  # fmt: skip
    for row in rows:
        yield TopicMoney(
            topic=topic, team_id=row["team"], owned=row["owned"], customers=row["customers"],
            value_at_risk=row["money"],
        )  # fmt: skip


def sums(rows, topic: str):
    by = ["day", "reading__customer__team", "owned", *([topic] if topic else [])]
    days = rows.exclude(occurred_at=None).annotate(
        day=TruncDate("occurred_at", tzinfo=datetime.UTC),
        owned=owned_by_somebody("reading__customer__"),
    )
    counts = days.order_by().values(*by).annotate(
        messages=Count("pk"),
        negative=Count("pk", filter=Q(reading__label=Sentiment.NEGATIVE)),
    )  # fmt: skip
    for row in counts.iterator():
        yield TopicDay(
            day=row["day"], team_id=row["reading__customer__team"], owned=row["owned"],
            topic_id=row.get("topic"), messages=row["messages"], negative=row["negative"],
        )  # fmt: skip
