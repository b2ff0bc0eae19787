"""What happens to customers and concerns whoever looks after them or follows them: told to each, once."""

import datetime
from collections.abc import Collection

from django.db.models import Exists, F, Model, OuterRef, Q
from django.utils import timezone

from customers.mentioning import sees_customer
from customers.models import (
    HIGH_RISK,
    ChangeSet,
    Customer,
    CustomerScore,
    Follow,
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


def tell_followers(ids: Collection[int], owner: User, actor, change_set: ChangeSet) -> None:
    """Who else follows customers that were given to somebody: told of one by its name, of many by their number."""
    theirs: dict[int, list[Follow]] = {}
    for one in following(ids):
        theirs.setdefault(one.user_id, []).append(one)
    notify_many(
        Notice(
            some[0].user, Kind.FOLLOWED, some[0].customer if len(some) == 1 else None, actor,
            key=f"{Kind.FOLLOWED}:{change_set.pk}",
            facts={"what": Kind.GIVEN, "owner": str(owner), "count": len(some)},
        )
        for some in theirs.values()
    )  # fmt: skip


def following(ids: Collection[int]) -> list[Follow]:
    """Who follows these customers and may see them. Not their owners, who are told as such."""
    follows = Follow.objects.filter(customer__in=list(ids), user__is_active=True)
    follows = follows.select_related("user", "customer").prefetch_related("user__teams")
    return [
        one
        for one in follows.order_by("pk")
        if one.user_id != one.customer.owner_id and sees_customer(one.user, one.customer)
    ]


def somebody_cares() -> Q:
    """Of what belongs to a customer: somebody looks after it or follows it."""
    return Q(customer__owner__isnull=False) | Exists(
        Follow.objects.filter(customer=OuterRef("customer"))
    )


def tell_who_cares(kind: str, news: list[tuple[Customer, dict]]) -> None:
    """What happened to customers: to the owner of each, and to its followers as such."""
    notices = [Notice(customer.owner, kind, **more) for customer, more in news if customer.owner]
    followers: dict[int, list[User]] = {}
    for one in following({customer.pk for customer, __ in news}):
        followers.setdefault(one.customer_id, []).append(one.user)
    for customer, more in news:
        facts = more.get("facts", {}) | {"what": kind}
        same = more | {"key": f"{kind}:{more['key']}", "facts": facts}
        notices += [Notice(who, Kind.FOLLOWED, **same) for who in followers.get(customer.pk, ())]
    notify_many(notices)


def take_back(change_set: ChangeSet, actor) -> None:
    """What a change told of when it is undone: who has not heard of it never does, who has is told of this too."""
    kinds = (Kind.GIVEN, Kind.HANDED, Kind.ASSIGNED, Kind.FOLLOWED)
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
        somebody_cares(),
        churn_risk__gte=HIGH_RISK,
        churn_risk_before__lte=F("churn_risk") - MUCH,
        customer__archived_at=None,
    )
    if isinstance(scope, range):
        rose = rose.filter(customer__gte=scope.start, customer__lt=scope.stop)
    elif scope is not None:
        rose = rose.filter(customer__in=list(scope))
    news = [
        (
            score.customer,
            {
                "about": score.customer,
                "key": f"{score.customer_id}:{score.churn_scored_at.astimezone(datetime.UTC).date()}",
                "facts": {"before": score.churn_risk_before, "now": score.churn_risk},
            },
        )
        for score in rose.select_related("customer__owner").order_by("customer")
    ]
    tell_who_cares(Kind.RISK, news)


def tell_complaints(ids: Collection[int]) -> None:
    """Of these messages the unhappy ones that have just come, each once; not to whoever wrote it down."""
    unhappy = Q(channel=Interaction.Channel.COMPLAINT) | Q(reading__label=Sentiment.NEGATIVE)
    talks = Interaction.objects.filter(
        unhappy,
        somebody_cares(),
        pk__in=ids,
        occurred_at__gte=timezone.now() - LATELY,
        customer__archived_at=None,
    )
    news = [
        (talk.customer, {"about": talk, "actor": talk.author, "key": f"interaction:{talk.pk}"})
        for talk in talks.select_related("customer__owner", "author").order_by("pk")
    ]
    tell_who_cares(Kind.COMPLAINT, news)
