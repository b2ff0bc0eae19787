"""A little shop whose customers come back at their own pace, some ever less: enough to learn from, in a second."""

import datetime
import random
from decimal import Decimal

from django.utils import timezone

from customers.models import Customer, Order, OrderLine, Product
from customers.totalling import refresh_totals

DAYS = 480
# Keys do not depend on what other tests made before: a model that was learnt once knows the products.
FIRST_KEY = 900_000


def open_shop(customers: int = 500, seed: int = 7) -> list[Customer]:
    """Customers with orders and lines, totals included; the same for the same seed but for the dates."""
    chance = random.Random(seed)
    products = Product.objects.bulk_create(
        Product(
            pk=FIRST_KEY + i,
            sku=f"S{i}",
            name=f"Article {i}",
            category=f"Shelf {i % 4}",
            price=5 + i,
            currency="EUR",
        )
        for i in range(40)
    )
    people = Customer.objects.bulk_create(
        Customer(pk=FIRST_KEY + i, name=f"Customer {i}", country="SE" if i % 3 else "CN")
        for i in range(customers)
    )
    baskets = [basket for person in people for basket in visits(person, products, chance)]
    Order.objects.bulk_create([order for order, _lines in baskets])
    OrderLine.objects.bulk_create(line for _order, lines in baskets for line in lines)
    refresh_totals()
    return people


def visits(person: Customer, products: list[Product], chance: random.Random):
    """Every ``gap`` days or so an order, until interest ends; each prefers two shelves."""
    gap = chance.choice([10, 20, 40, 150, 200])
    ends = chance.choice([0, 0, 0, 130, 220, 300])
    taste = chance.sample(range(4), 2)
    ago = float(chance.randint(ends, DAYS))
    while ago > ends:
        yield basket(person, products, taste, ago, chance)
        ago -= chance.uniform(0.6, 1.4) * gap


def basket(
    person, products, taste, ago: float, chance: random.Random
) -> tuple[Order, list[OrderLine]]:
    when = timezone.now() - datetime.timedelta(days=ago, minutes=5)
    liked = [product for i, product in enumerate(products) if i % 4 in taste]
    chosen = chance.sample(liked, chance.randint(1, 3))
    order = Order(
        customer=person,
        source="shop",
        number=f"{person.pk}-{ago:.4f}",
        occurred_at=when,
        currency="EUR",
        amount=sum(Decimal(p.price) for p in chosen),
        base_amount=sum(Decimal(p.price) for p in chosen),
    )
    lines = [
        OrderLine(
            order=order, position=i, product=p, quantity=1, unit_price=p.price, amount=p.price, base_amount=p.price
        )
        for i, p in enumerate(chosen, 1)
    ]  # fmt: skip
    return order, lines
