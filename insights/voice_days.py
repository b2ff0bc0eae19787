"""Add up what was said, per day, team and side: made anew for the days on which something was read."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from customers.models import MessageReading
from customers.models.readings import PRODUCT
from insights.models import OutdatedVoiceDay, VoiceDay

# So many days are read and written at once.
MOST = 31
LABELS = ("negative", "neutral", "positive")
SIDES: dict[str, Any] = {
    VoiceDay.By.ALL: Value("", output_field=CharField()),
    VoiceDay.By.CHANNEL: F("interaction__channel"),
    VoiceDay.By.PRODUCT: Cast(PRODUCT, CharField()),
    VoiceDay.By.COUNTRY: F("customer__country"),
    VoiceDay.By.INTENT: F("intent"),
}


def refresh_days(renew: Callable[[], None] = lambda: None) -> int:
    """Work off the list of outdated days, a month of them at a time; how many there were."""
    done = 0
    while days := list(
        OutdatedVoiceDay.objects.order_by("day").values_list("day", flat=True)[:MOST]
    ):
        add_up(days)
        renew()
        done += len(days)
    return done


def outdate_all() -> None:
    """Every day is to be added up anew: customers have changed teams, been archived or gone."""
    moments = MessageReading.objects.exclude(label="").exclude(occurred_at=None)
    read = moments.annotate(at=TruncDate("occurred_at", tzinfo=datetime.UTC)).order_by()
    days = {*read.values_list("at", flat=True).distinct()}
    days |= {*VoiceDay.objects.order_by().values_list("day", flat=True).distinct()}
    OutdatedVoiceDay.objects.bulk_create(
        [OutdatedVoiceDay(day=day) for day in sorted(days)], batch_size=500, ignore_conflicts=True
    )


@transaction.atomic
def add_up(days: list[datetime.date]) -> None:
    """Struck out first: a day that is noted again meanwhile stays on the list."""
    OutdatedVoiceDay.objects.filter(day__in=days).delete()
    VoiceDay.objects.filter(day__in=days).delete()
    for by, value in SIDES.items():
        VoiceDay.objects.bulk_create(sums(by, value, days), batch_size=500)


def sums(by: str, value, days: list[datetime.date]) -> Iterator[VoiceDay]:
    """The rows of the days by one side, each with what its messages come to."""
    said = said_on(days, value)
    if by != VoiceDay.By.ALL:
        said = said.exclude(side=None).exclude(side="")
    rows = said.order_by().values("at", "customer__team", "by_owner", "side").annotate(**figures())
    for row in rows:
        yield VoiceDay(
            day=row["at"],
            team_id=row["customer__team"],
            owned=row["by_owner"],
            by=by,
            value=row["side"],
            **told(row),
        )


def figures() -> dict[str, Any]:
    """What messages come to, as annotations of a grouped query."""
    wait, answered = answers()
    return {
        "messages": Count("pk"),
        **{label: Count("pk", filter=Q(label=label)) for label in LABELS},
        "feeling": Coalesce(Sum("sentiment"), 0.0, output_field=FloatField()),
        "answered": Count("pk", filter=answered),
        "waited": Sum(wait, filter=answered),
    }


def told(row: dict[str, Any]) -> dict[str, float]:
    """A row of such a query by the names of the stored figures."""
    waited = row["waited"] or datetime.timedelta()
    return {name: row[name] for name in ("messages", *LABELS, "answered")} | {
        "sentiment_sum": row["feeling"],
        "answer_hours": waited.total_seconds() / 3600,
    }


def answers() -> tuple[ExpressionWrapper, Q]:
    """How long a message waited for its answer, and whether what was sent then is one."""
    wait = ExpressionWrapper(F("answered_at") - F("occurred_at"), DurationField())
    return wait, Q(answered_at__lte=F("occurred_at") + MessageReading.ANSWERED_WITHIN)


def said_on(days: list[datetime.date], value) -> QuerySet[MessageReading]:
    """Readings of the days (ascending), each with its day, its side and whether only its owner may see it."""
    start = datetime.datetime.combine(days[0], datetime.time(), datetime.UTC)
    stop = datetime.datetime.combine(days[-1], datetime.time(), datetime.UTC)
    owned = Case(
        When(customer__team=None, customer__owner__isnull=False, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return (
        MessageReading.objects.shown()
        .exclude(label="")
        .filter(occurred_at__gte=start, occurred_at__lt=stop + datetime.timedelta(days=1))
        .annotate(at=TruncDate("occurred_at", tzinfo=datetime.UTC), side=value, by_owner=owned)
        .filter(at__in=days)
    )
