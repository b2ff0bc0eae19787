"""Add up what was talked about, per day, team and topic, whenever it has been looked for."""

import datetime

from django.db import transaction
from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.db.models.functions import TruncDate

from customers.models import Sentiment
from insights.models import MessageTopic, TopicDay


@transaction.atomic
def add_up() -> None:
    """All sums, anew: customers change teams, and messages their topic. Rows without a topic count all messages."""
    TopicDay.objects.all().delete()
    for topic, rows in (
        ("topic", MessageTopic.objects.shown().exclude(topic=None)),
        ("", MessageTopic.objects.shown()),
    ):
        TopicDay.objects.bulk_create(sums(rows, topic), batch_size=500)


def sums(rows, topic: str):
    owned = Case(
        When(
            reading__customer__team=None, reading__customer__owner__isnull=False, then=Value(True)
        ),
        default=Value(False),
        output_field=BooleanField(),
    )
    by = ["day", "reading__customer__team", "owned", *([topic] if topic else [])]
    days = rows.exclude(occurred_at=None).annotate(
        day=TruncDate("occurred_at", tzinfo=datetime.UTC), owned=owned
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
