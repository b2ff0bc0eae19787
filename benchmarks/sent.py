"""What a shop sends: customers it has, events, orders, files; the same for the same random numbers."""

import csv
import datetime
import random
import uuid
from collections.abc import Iterator
from pathlib import Path

CUSTOMERS, PRODUCTS = 10_000, 500
KINDS = ("page", "product_view", "search", "cart")
NEWEST = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)


class People:
    token: str
    customers: list[int]


def company() -> People:
    """An admin with a token, customers known from a shop, products."""
    from django.db import connection, transaction

    from customers.changing import open_change_set
    from customers.models import ApiToken, Company, User
    from customers.upserting import CustomerRow, ProductRow, upsert_customers, upsert_products

    people = People()
    Company.current()
    admin = User.objects.create_user("bench", role=User.Role.ADMIN)
    __, people.token = ApiToken.objects.issue(admin, "bench", ApiToken.Scope.values)
    with transaction.atomic():
        change_set = open_change_set("api", admin)
        people.customers = []
        for start in range(0, CUSTOMERS, 2000):
            rows = [CustomerRow("shop", f"C{n}") for n in range(start, start + 2000)]
            people.customers += upsert_customers(rows, change_set).ids
        upsert_products([ProductRow(f"SKU-{n}") for n in range(PRODUCTS)], change_set)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return people


def who(rng: random.Random, people: People):
    """Half by our ids, half by the shop's."""
    at = rng.randrange(CUSTOMERS)
    if rng.random() < 0.5:
        return people.customers[at]
    return {"source": "shop", "external_id": f"C{at}"}


def moment(rng: random.Random) -> str:
    return (NEWEST - datetime.timedelta(seconds=rng.randrange(90 * 86_400))).isoformat()


def event(rng: random.Random, people: People) -> dict:
    kind = rng.choice(KINDS)
    row = {
        "customer": who(rng, people),
        "kind": kind,
        "subject": f"/pages/{rng.randrange(2000)}",
        "occurred_at": moment(rng),
        "seconds": rng.randrange(600),
        "key": str(uuid.UUID(int=rng.getrandbits(128))),
    }
    if kind in ("product_view", "cart"):
        row["product"] = f"SKU-{rng.randrange(PRODUCTS)}"
    return row


def order(rng: random.Random, people: People) -> dict:
    lines = [
        {
            "product": f"SKU-{rng.randrange(PRODUCTS)}",
            "quantity": rng.randrange(1, 5),
            "unit_price": f"{rng.randrange(100, 9999) / 100:.2f}",
        }
        for _line in range(3)
    ]
    return {
        "customer": who(rng, people),
        "source": "shop",
        "number": f"{rng.getrandbits(64):x}",
        "occurred_at": moment(rng),
        "currency": "EUR",
        "lines": lines,
    }


def key(row: dict) -> str:
    return row.get("key") or row["number"]


def count(kind: str) -> int:
    from customers.models import Event, Order

    return {"events": Event, "orders": Order}[kind].objects.count()


def count_rows(kind: str) -> int:
    """What rows of a file become: events, and lines of orders."""
    from customers.models import Event, OrderLine

    return {"events": Event, "orders": OrderLine}[kind].objects.count()


def write_csv(path: Path, names: tuple, rows: int, rng: random.Random, people: People) -> int:
    """A file in which one row of a hundred cannot be used; returns how many those are."""
    bad = 0
    source = event_rows(rng, people) if "key" in names else order_rows(rng, people)
    with path.open("w", newline="") as file:
        out = csv.DictWriter(file, names)
        out.writeheader()
        for number in range(rows):
            row = next(source)
            row["customer"] = f"C{rng.randrange(CUSTOMERS)}" if "key" in names else row["customer"]
            if number % 100 == 50:
                bad += 1
                wrong = ("occurred_at", "yesterday") if number % 200 == 50 else spoilt(names)
                row |= dict([wrong])
            out.writerow({name: row.get(name, "") for name in names})
    return bad


def spoilt(names: tuple) -> tuple[str, str]:
    return ("customer", "nobody we know") if "key" in names else ("quantity", "many")


def event_rows(rng: random.Random, people: People) -> Iterator[dict]:
    while True:
        yield event(rng, people)


def order_rows(rng: random.Random, people: People) -> Iterator[dict]:
    """The lines of orders, one after the other."""
    while True:
        head = order(rng, people)
        head["customer"] = f"C{rng.randrange(CUSTOMERS)}"
        for line in head["lines"]:
            yield head | line
