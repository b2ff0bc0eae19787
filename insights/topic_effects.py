"""Which topics go with leaving: customers who spoke of them against others who bought as lately and as often."""

import datetime
from dataclasses import asdict

import numpy as np
from django.db.models import Count, Max

from customers.models import Company, Customer, Order
from insights.ml.voice.effects import effect
from insights.models import MessageTopic, Topic

SPOKE_WITHIN = datetime.timedelta(days=90)


def measure_effects(now: datetime.datetime) -> None:
    """As of one horizon ago, so that who has left since is known: bought before, spoke in the 90 days before it."""
    company = Company.current()
    horizon = company.risk_days or company.churn_horizon_days
    then = now - datetime.timedelta(days=horizon)
    sales = Order.objects.filter(kind=Order.Kind.SALE)
    # As the churn model has it: who ordered within a year.
    year = then - datetime.timedelta(days=365)
    asked = Customer.objects.filter(archived_at=None, profiling_refused=False)
    known = (
        sales.filter(occurred_at__lte=then, customer__in=asked)
        .order_by().values("customer").annotate(last=Max("occurred_at"), n=Count("pk"))
        .filter(last__gt=year).values_list("customer", "last", "n")
    )  # fmt: skip
    rows = list(known)
    if not rows:
        return
    ids = np.array([row[0] for row in rows])
    recency = np.array([(then - row[1]).total_seconds() / 86_400 for row in rows])
    frequency = np.array([row[2] for row in rows])
    came_back = sales.filter(occurred_at__gt=then, occurred_at__lte=now).order_by()
    left = ~np.isin(ids, list(came_back.values_list("customer", flat=True).distinct()))
    spoke = speakers(then)
    for topic in Topic.objects.current():
        found = effect(np.isin(ids, list(spoke.get(topic.pk, ()))), left, recency, frequency)
        said = {**asdict(found), "days": horizon} if found else None
        Topic.objects.filter(pk=topic.pk).update(effect=said)


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
