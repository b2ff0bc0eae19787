"""How many events and orders a second come in by API and by CSV, and whether each is stored exactly once.

make bench NAME=ingest                          # SQLite
make bench NAME=ingest ARGS='--engine postgresql --rounds 5'
"""

import datetime
import json
import random
import statistics
import uuid

from benchmarks.common import arguments, finish, say, throwaway
from benchmarks.web import Load, Web, post_all, web_processes

CUSTOMERS, PRODUCTS = 10_000, 500
KINDS = ("page", "product_view", "search", "cart")
NEWEST = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=3, help="figures are medians of so many")
    parser.add_argument("--events", type=int, default=40_000, help="events in each round")
    options = parser.parse_args()
    figures: dict = {"engine": options.engine, "rounds": options.rounds}
    with throwaway(options.engine):
        people = company()
        with web_processes() as web:
            figures["events"] = [
                events(web, people, options, size, clients)
                for size in (1000, 5000)
                for clients in (1, 8)
            ]
            figures["peak_mb_of_a_web_process"] = round(web.peak_mb(), 1)
    finish("ingest", figures)


class People:
    token: str
    customers: list[int]


def company() -> People:
    """An admin with a token, customers known from a shop, products."""
    from django.db import connection, transaction
    from rest_framework.authtoken.models import Token

    from customers.changing import open_change_set
    from customers.models import User
    from customers.upserting import CustomerRow, ProductRow, upsert_customers, upsert_products

    people = People()
    admin = User.objects.create_user("bench", role=User.Role.ADMIN)
    people.token = Token.objects.create(user=admin).key
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


def events(web: Web, people: People, options, size: int, clients: int) -> dict:
    """Rounds of batches of one size; rows in the database against what the answers said."""
    from customers.models import Event

    rounds = []
    rng = random.Random(size * 10 + clients)
    for _round in range(options.rounds):
        bodies = [
            json.dumps([event(rng, people) for _row in range(size)]).encode()
            for _batch in range(max(options.events // size, clients))
        ]
        before = Event.objects.count()
        load = post_all(web, "/api/v1/events/", people.token, bodies, clients)
        stored = Event.objects.count() - before
        accepted = sum(answer.get("accepted", 0) for answer in load.answers)
        sent = len(bodies) * size
        rounds.append(rates(load, stored) | {"lost": accepted - stored, "refused": sent - accepted})
    return summary("events", size, clients, rounds)


def event(rng: random.Random, people: People) -> dict:
    kind = rng.choice(KINDS)
    when = NEWEST - datetime.timedelta(seconds=rng.randrange(90 * 86_400))
    row = {
        "customer": rng.choice(people.customers),
        "kind": kind,
        "subject": f"/pages/{rng.randrange(2000)}",
        "occurred_at": when.isoformat(),
        "seconds": rng.randrange(600),
        "key": str(uuid.UUID(int=rng.getrandbits(128))),
    }
    if kind in ("product_view", "cart"):
        row["product"] = f"SKU-{rng.randrange(PRODUCTS)}"
    return row


def rates(load: Load, rows: int) -> dict:
    return {
        "per_s": rows / load.wall_s,
        "per_core_s": rows / load.cpu_s if load.cpu_s else 0.0,
        "median_ms": statistics.median(load.latencies_ms),
        "statuses": load.statuses,
    }


def summary(what: str, size: int, clients: int, rounds: list[dict]) -> dict:
    """Medians over the rounds; what was lost, added up."""
    figures: dict = {"what": what, "batch": size, "clients": clients}
    for name in ("per_s", "per_core_s", "median_ms"):
        figures[name] = round(statistics.median(one[name] for one in rounds), 1)
    figures["statuses"] = [one["statuses"] for one in rounds]
    for name in ("lost", "refused"):
        figures[name] = sum(one[name] for one in rounds)
    say(f"  {figures}")
    return figures


if __name__ == "__main__":
    main()
