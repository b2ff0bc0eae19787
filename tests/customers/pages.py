"""A scored customer with a history, for the tests of the pages."""

import datetime

from django.utils import timezone

from customers.models import (
    Customer,
    CustomerScore,
    Event,
    Interaction,
    Order,
    OrderLine,
    Product,
    Recommendation,
    ScoreReasons,
    Segment,
    Task,
)
from customers.totalling import refresh_totals

REASONS = [
    {"code": "recency", "facts": {"days": 63, "usual_gap": 24}, "points": 24.4},
    {"code": "complaints", "facts": {"count": 2, "days_since": 20}, "points": 18.3},
    {"code": "attribute:kind_of_shop", "facts": {"name": "kind_of_shop", "value": "Café"}, "points": 9.6},
    {"code": "frequency", "facts": {"orders": 6, "orders_all": 41}, "points": -6.2},
    {"code": "others", "facts": {"count": 3}, "points": 9.5},
]  # fmt: skip


def ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def score(
    customer: Customer, risk: float = 0.78, segment=Segment.AT_RISK, **fields
) -> CustomerScore:
    """Reasons that add up to 55.6 points; the base is what is left."""
    base = round(risk - sum(r["points"] for r in REASONS) / 100, 6)
    ScoreReasons.objects.create(customer=customer, churn={"base": base, "reasons": REASONS})
    return CustomerScore.objects.create(
        customer=customer, churn_risk=risk, churn_reason="recency", churn_scored_at=timezone.now(),
        segment=segment, recency_band=2, frequency_band=4, monetary_band=5,
        segments_scored_at=timezone.now(), **fields,
    )  # fmt: skip


def order(customer: Customer, number: str, when: datetime.datetime, lines: int = 2) -> Order:
    made = Order.objects.create(
        customer=customer, source="shop", number=number, occurred_at=when,
        currency="EUR", amount=10 * lines, base_amount=10 * lines,
    )  # fmt: skip
    for position in range(1, lines + 1):
        product, _ = Product.objects.get_or_create(
            sku=f"P{position}", defaults={"name": f"Beans no. {position}", "price": 10, "currency": "EUR"}
        )  # fmt: skip
        OrderLine.objects.create(
            order=made, position=position, product=product, quantity=1, unit_price=10, amount=10, base_amount=10
        )  # fmt: skip
    return made


def history(customer: Customer, orders: int = 4, talks: int = 3, visits: int = 2, tasks: int = 2):
    """Orders, messages, visits of three views each, done tasks and recommended products; days apart."""
    for i in range(orders):
        order(customer, f"{customer.pk}-{i}", ago(3 + 9 * i))
    for i in range(talks):
        Interaction.objects.create(
            customer=customer, channel="email", text=f"Message {i}", occurred_at=ago(1.5 + 7 * i)
        )
    for i in range(visits):
        for minute in range(3):
            when = ago(2 + 5 * i) + datetime.timedelta(minutes=4 * minute)
            Event.objects.create(
                customer=customer, kind="page", subject=f"Page {minute}", occurred_at=when
            )
    for i in range(tasks):
        Task.objects.create(customer=customer, title=f"Done task {i}", done_at=ago(1 + 11 * i))
        Task.objects.create(customer=customer, title=f"Open task {i}")
    for rank, product in enumerate(Product.objects.all()[:2], 1):
        Recommendation.objects.create(
            customer=customer, rank=rank, product=product, score=1 / rank, why="popular", version=1,
            facts={"buyers_recent": 42, "days": 90},
        )  # fmt: skip
    refresh_totals([customer.pk])
