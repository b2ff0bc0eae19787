"""The version stamp of a customer: differs as soon as anything changes that the customer page shows."""

import hashlib

from django.db.models import Count, Max, OuterRef, Q, Subquery

from customers.models import (
    Customer,
    CustomerQuerySet,
    Event,
    Interaction,
    MessageReading,
    Order,
    Task,
)

COLUMNS = (
    "updated_at",
    "totals__updated_at",
    "score__churn_scored_at",
    "score__segments_scored_at",
    "score__products_scored_at",
    "score__value_scored_at",
)


def _newest(model, figure) -> Subquery:
    rows = model.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Subquery(rows.annotate(figure=figure).values("figure"))


STAMPS = {
    "newest_order": _newest(Order, Max("pk")),
    "newest_talk": _newest(Interaction, Max("pk")),
    "newest_reading": _newest(MessageReading, Max("changed_at")),
    "newest_event": _newest(Event, Max("pk")),
    "newest_task": _newest(Task, Max("pk")),
    "open_tasks": _newest(Task, Count("pk", filter=Q(done_at=None))),
    "newest_done": _newest(Task, Max("done_at")),
}


def with_stamp(customers: CustomerQuerySet) -> CustomerQuerySet:
    """Everything the stamp is made of, in the same query."""
    return customers.annotate(**STAMPS)


def stamp_of(values: dict) -> str:
    """The stamp from ``with_stamp(…).values(*COLUMNS, *STAMPS)``."""
    text = "|".join(str(values[name]) for name in (*COLUMNS, *STAMPS))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def stamp_of_customer(customer: Customer) -> str:
    """The stamp of a customer read by ``with_stamp`` and ``with_scores``."""
    values = {name: getattr(customer, name) for name in STAMPS}
    for column in COLUMNS:
        value = customer
        for part in column.split("__"):
            value = getattr(value, part, None)
        values[column] = value
    return stamp_of(values)
