"""What happens to customers and concerns whoever looks after them: told to the owner of each, once."""

import datetime
from collections.abc import Collection

from django.db.models import F, Q
from django.utils import timezone

from customers.models import HIGH_RISK, Customer, CustomerScore, Interaction, Sentiment
from customers.notifying import Kind, Notice, notify, notify_many

MUCH = 0.2  # of a chance between 0 and 1, since the day before
LATELY = datetime.timedelta(days=3)


def tell_owner(customer: Customer, actor, key: str) -> None:
    """That a customer is theirs now."""
    if customer.owner:
        notify(customer.owner, Kind.GIVEN, customer, actor, key=key)


def tell_rises(scope: range | Collection[int] | None) -> None:
    """Whose risk has become high by a large step; once a day and customer, however often they are scored."""
    rose = CustomerScore.objects.filter(
        churn_risk__gte=HIGH_RISK,
        churn_risk_before__lte=F("churn_risk") - MUCH,
        customer__owner__isnull=False,
        customer__archived_at=None,
    )
    if isinstance(scope, range):
        rose = rose.filter(customer__gte=scope.start, customer__lt=scope.stop)
    elif scope is not None:
        rose = rose.filter(customer__in=list(scope))
    notify_many(
        Notice(
            score.customer.owner, Kind.RISK, score.customer,
            key=f"{score.customer_id}:{score.churn_scored_at.astimezone(datetime.UTC).date()}",
            facts={"before": score.churn_risk_before, "now": score.churn_risk},
        )
        for score in rose.select_related("customer__owner").order_by("customer")
    )  # fmt: skip


def tell_complaints(ids: Collection[int]) -> None:
    """Of these messages the unhappy ones that have just come, each once; not to whoever wrote it down."""
    unhappy = Q(channel=Interaction.Channel.COMPLAINT) | Q(reading__label=Sentiment.NEGATIVE)
    talks = Interaction.objects.filter(
        unhappy,
        pk__in=ids,
        occurred_at__gte=timezone.now() - LATELY,
        customer__owner__isnull=False,
        customer__archived_at=None,
    )
    notify_many(
        Notice(talk.customer.owner, Kind.COMPLAINT, talk, talk.author)
        for talk in talks.select_related("customer__owner", "author").order_by("pk")
    )
