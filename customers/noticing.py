"""What happens to customers and concerns whoever looks after them: told to the owner of each, once."""

import datetime
from collections.abc import Collection

from django.db.models import F, Model, Q
from django.utils import timezone

from customers.models import (
    HIGH_RISK,
    ChangeSet,
    Customer,
    CustomerScore,
    Interaction,
    Notification,
    Sentiment,
    User,
)
from customers.notifying import BACK, Kind, Notice, notify, notify_many

MUCH = 0.2  # of a chance between 0 and 1, since the day before
LATELY = datetime.timedelta(days=3)


def tell_owner(customer: Customer, actor, change_set: ChangeSet) -> None:
    """That a customer is theirs now."""
    if customer.owner:
        tell_handover(customer.owner, Kind.GIVEN, customer, 1, actor, change_set)


def tell_handover(
    user: User, kind: str, one: Model | None, count: int, actor, change_set: ChangeSet
) -> None:
    """Tell who got customers (GIVEN) or messages (HANDED): of one by what it is, of many by their number."""
    notify(user, kind, one, actor, key=f"{kind}:{change_set.pk}", facts={"count": count})


def take_back(change_set: ChangeSet, actor) -> None:
    """What a change told of when it is undone: who has not heard of it never does, who has is told of this too."""
    kinds = (Kind.GIVEN, Kind.HANDED, Kind.ASSIGNED)
    keys = [f"{change_set.pk}", *(f"{kind}:{change_set.pk}" for kind in kinds)]
    told = Notification.objects.filter(at__gte=change_set.at, kind__in=kinds, key__in=keys)
    told = list(told.select_related("user"))
    Notification.objects.filter(pk__in=[one.pk for one in told]).delete()
    notify_many(
        # Of how many, not of whom: the reader may not see these customers any more.
        Notice(
            one.user,
            one.kind,
            None,
            actor,
            key=f"{BACK}{one.key}",
            facts=one.facts | {"back": True},
        )
        for one in told
        if one.was_heard
    )


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
