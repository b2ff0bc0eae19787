"""The churn horizon that the company's own orders suggest, beside the field in the settings."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.db.models import Max, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.models import Company, CustomerTotals, Order, User
from insights.ml.horizon import Proposal, proposed

# So many customers drawn at random settle the rhythm to a day or two, and cost a page nothing.
CUSTOMERS = 2_000


def drawn() -> list[int]:
    """Keys of customers who have come back; fewer where many of the keys drawn belong to others."""
    returning = CustomerTotals.objects.filter(orders__gt=1)
    span = returning.aggregate(low=Min("pk"), high=Max("pk"))
    if span["low"] is None:
        return []
    keys = range(span["low"], span["high"] + 1)
    if len(keys) > 5 * CUSTOMERS:
        keys = random.Random(42).sample(keys, 5 * CUSTOMERS)
        returning = returning.filter(pk__in=keys)
    found = list(returning.values_list("pk", flat=True).order_by("pk"))
    return found if len(found) <= CUSTOMERS else random.Random(42).sample(found, CUSTOMERS)


def days_with_orders(customers: list[int]) -> Iterator[list[date]]:
    """Each customer's days with an order, ascending."""
    orders = Order.objects.filter(
        customer__in=customers, kind=Order.Kind.SALE, customer__profiling_refused=False
    )
    rows = orders.order_by("customer", "occurred_at").values_list("customer", "occurred_at")
    for _customer, times in groupby(rows.iterator(), key=lambda row: row[0]):
        yield sorted({moment.date() for _pk, moment in times})


def proposal() -> Proposal | None:
    return proposed(days_with_orders(drawn()))


@require_safe
@role_required(User.Role.ADMIN)
def horizon(request) -> HttpResponse:
    context = {"proposal": proposal(), "chosen": Company.current().churn_horizon_days}
    return render(request, "insights/_horizon.html", context)
