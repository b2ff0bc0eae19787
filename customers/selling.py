"""What of a product was sold lately, and to whom, over the customers somebody may see."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from customers.access import visible_customers
from customers.models import Customer, Order, OrderLine, Product

MONTHS, BUYERS = 12, 10


@dataclass
class Month:
    first: datetime.date
    orders: int = 0
    units: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)


@dataclass
class Sold:
    """Of the last twelve calendar months, this one included; amounts in base currency."""

    months: list[Month]
    orders: int
    units: Decimal
    amount: Decimal
    returned: Decimal
    customers: int

    @property
    def returned_share(self) -> float | None:
        return float(self.returned / self.units) if self.units else None


def lines_of(user, product: Product, since: datetime.datetime) -> QuerySet[OrderLine]:
    lines = OrderLine.objects.filter(product=product, order__occurred_at__gte=since)
    return lines.filter(
        visible_customers(user, "order__customer__"), order__customer__archived_at=None
    )


def first_of_months(today: datetime.date) -> list[datetime.date]:
    """First days of the last twelve months, oldest first."""
    count = today.year * 12 + today.month - 1
    return [datetime.date(n // 12, n % 12 + 1, 1) for n in range(count - MONTHS + 1, count + 1)]


def sold_lately(user, product: Product) -> Sold:
    """Two queries: sums of each month, and how many customers there were."""
    firsts = first_of_months(timezone.now().astimezone(datetime.UTC).date())
    since = datetime.datetime.combine(firsts[0], datetime.time(), datetime.UTC)
    lines = lines_of(user, product, since)
    sale, back = Q(order__kind=Order.Kind.SALE), Q(order__kind=Order.Kind.RETURN)
    rows = (
        lines.annotate(month=TruncMonth("order__occurred_at", tzinfo=datetime.UTC))
        .order_by().values("month")
        .annotate(
            orders=Count("order", filter=sale, distinct=True),
            units=Sum("quantity", filter=sale, default=Decimal(0)),
            amount=Sum("base_amount", filter=sale, default=Decimal(0)),
            returned=Sum("quantity", filter=back, default=Decimal(0)),
        )
    )  # fmt: skip
    months = {first: Month(first) for first in firsts}
    returned = Decimal(0)
    for row in rows:
        month = months[row["month"].date()]
        month.orders, month.units, month.amount = row["orders"], row["units"], row["amount"]
        returned += abs(row["returned"])
    whole = list(months.values())
    customers = lines.filter(sale).aggregate(n=Count("order__customer", distinct=True))["n"]
    return Sold(
        whole, sum(m.orders for m in whole), sum((m.units for m in whole), Decimal(0)),
        sum((m.amount for m in whole), Decimal(0)), returned, customers,
    )  # fmt: skip


def buyers_of(user, product: Product, since: datetime.date) -> list[Customer]:
    """Those who bought it most often since then, each with ``bought`` orders, ``units``, ``spent`` and ``last``."""
    moment = datetime.datetime.combine(since, datetime.time(), datetime.UTC)
    lines = lines_of(user, product, moment).filter(order__kind=Order.Kind.SALE)
    rows = list(
        lines.order_by().values("order__customer")
        .annotate(
            bought=Count("order", distinct=True), units=Sum("quantity"), spent=Sum("base_amount"),
            last=Max("order__occurred_at"),
        )
        .order_by("-bought", "-spent", "order__customer")[:BUYERS]
    )  # fmt: skip
    people = Customer.objects.visible_to(user).with_scores()
    known = people.in_bulk([row["order__customer"] for row in rows])
    found = []
    for row in rows:
        if person := known.get(row.pop("order__customer")):
            for name, value in row.items():
                setattr(person, name, value)
            found.append(person)
    return found
