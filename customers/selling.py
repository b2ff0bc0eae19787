"""What of a product was sold in the last twelve months, and to whom, over the customers somebody may see: out of the
sums that are made every hour (customers.product_sums)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from customers.access import visible_customers
from customers.models import Customer, Product, ProductBuyer, ProductMonth
from customers.product_sums import first_of_months, visible_sums


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


def sold_lately(user, product: Product) -> Sold:
    """Two queries: sums of each month, and how many customers there were."""
    months = {
        first: Month(first)
        for first in first_of_months(timezone.now().astimezone(datetime.UTC).date())
    }
    names = ("orders", "units", "amount", "returned")
    seen = ProductMonth.objects.filter(visible_customers(user), product=product, month__in=months)
    returned = Decimal(0)
    for row in seen.values("month").annotate(**{f"{name}_": Sum(name) for name in names}):
        month = months[row["month"]]
        month.orders, month.units, month.amount = row["orders_"], row["units_"], row["amount_"]
        returned += row["returned_"]
    whole = list(months.values())
    customers = visible_sums(user).filter(product=product).aggregate(n=Sum("buyers"))["n"] or 0
    return Sold(
        whole, sum(m.orders for m in whole), sum((m.units for m in whole), Decimal(0)),
        sum((m.amount for m in whole), Decimal(0)), returned, customers,
    )  # fmt: skip


def buyers_of(user, product: Product) -> list[Customer]:
    """Those who bought it most often, each with ``bought`` orders, ``units``, ``spent`` and ``last``."""
    rows = (
        ProductBuyer.objects.filter(visible_customers(user, "customer__"), product=product)
        .filter(customer__archived_at=None)
        .order_by("-bought", "-spent", "customer")[: ProductBuyer.MOST]
    )
    rows = list(rows)
    people = Customer.objects.visible_to(user).with_scores()
    known = people.in_bulk([row.customer_id for row in rows])
    found = []
    for row in rows:
        if person := known.get(row.customer_id):
            person.bought, person.units, person.spent, person.last = (
                row.bought, row.units, row.spent, row.last,
            )  # fmt: skip
            found.append(person)
    return found
