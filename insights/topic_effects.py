"""Which topics go with leaving and with money: customers who spoke of them against others alike, per team."""

import datetime
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db.models import Count, Max, Q, Sum

from customers.models import Company, Customer, Order
from insights.ml.voice.effects import Compared, People
from insights.models import MessageTopic, Topic

SPOKE_WITHIN = datetime.timedelta(days=90)
YEAR = datetime.timedelta(days=365)


def measure_effects(now: datetime.datetime) -> None:
    """As of one horizon ago, so that what came of it is known: bought before, spoke in the 90 days before it."""
    company = Company.current()
    horizon = company.risk_days or company.churn_horizon_days
    then = now - datetime.timedelta(days=horizon)
    rows = list(bought_before(then, now).iterator())
    if not rows:
        return
    ids = np.array([row[0] for row in rows])
    # Those without a team are two groups: the ones of nobody, and the ones that admins alone see.
    whose = [(team, team is None and owner is not None) for _pk, team, owner, *_rest in rows]
    keys = list(dict.fromkeys(whose))
    groups = np.array([keys.index(one) for one in whose])
    compared = Compared(people_of(rows, groups, then))
    spoke = speakers(then)
    for topic in Topic.objects.current():
        found = compared.of(np.isin(ids, list(spoke.get(topic.pk, ()))))
        parts = []
        for one in found:
            part: dict[str, Any] = asdict(one)
            team, owned = keys[part.pop("group")]
            parts.append({"team": team, "owned": owned, **part})
        said = {"days": horizon, "parts": parts} if parts else None
        Topic.objects.filter(pk=topic.pk).update(effect=said)


def bought_before(then: datetime.datetime, now: datetime.datetime):
    """As the churn model has it: who ordered within a year."""
    asked = Customer.objects.filter(archived_at=None, profiling_refused=False)
    sales = Order.objects.filter(
        kind=Order.Kind.SALE, occurred_at__lte=now, customer__in=asked
    ).order_by()
    before, after = Q(occurred_at__lte=then), Q(occurred_at__gt=then)
    lately = before & Q(occurred_at__gt=then - YEAR)
    rows = sales.values("customer", "customer__team", "customer__owner").annotate(
        last=Max("occurred_at", filter=before), n=Count("pk", filter=before),
        spent_before=Sum("base_amount", filter=lately, default=0),
        orders_after=Count("pk", filter=after), spent=Sum("base_amount", filter=after, default=0),
    ).filter(last__gt=then - YEAR)  # fmt: skip
    return rows.values_list(
        "customer", "customer__team", "customer__owner", "last", "n",
        "spent_before", "orders_after", "spent",
    )  # fmt: skip


def people_of(rows: list[tuple], groups: np.ndarray, then: datetime.datetime) -> People:
    _pk, _team, _owner, last, n, spent_before, orders_after, spent = zip(*rows, strict=True)
    return People(
        recency=np.array([(then - one).total_seconds() / 86_400 for one in last]),
        frequency=np.array(n, dtype=float),
        spent_before=np.array(spent_before, dtype=float),
        left=np.array(orders_after) == 0,
        spent=np.array(spent, dtype=float),
        groups=groups,
    )


def speakers(then: datetime.datetime) -> dict[int, set[int]]:
    """By topic, who spoke of it in the days before."""
    said = MessageTopic.objects.shown().filter(
        topic__isnull=False, occurred_at__gt=then - SPOKE_WITHIN, occurred_at__lte=then
    )
    found: dict[int, set[int]] = {}
    pairs = said.exclude(reading__customer=None).order_by()
    for topic, customer in pairs.values_list("topic", "reading__customer").distinct():
        found.setdefault(topic, set()).add(customer)
    return found
