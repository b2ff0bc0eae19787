"""Queries and server time of the pages people wait for, on a demo company with everything scored.

make bench NAME=pages ARGS='--customers 20000 --engine postgresql'
"""

import statistics
import time

from benchmarks.common import arguments, command, company, finish, say, throwaway, with_company


def main() -> None:
    parser = with_company(arguments(__doc__.splitlines()[0]), 20_000)
    parser.add_argument("--requests", type=int, default=20)
    args = parser.parse_args()
    with throwaway(args.engine, args.keep) as folder:
        command("the style sheets and scripts", "collectstatic", "--noinput", "--verbosity", "0")
        company(folder, args)
        for kind in ("churn", "segments", "products"):
            command(f"train {kind}", "retrain", kind, "--wait")
        pages = [measure(*page, args.requests) for page in addresses(folder)]
        figures = {"engine": args.engine, "customers": args.customers, "requests": args.requests}
        finish("pages", figures, pages)


def addresses(folder) -> list[tuple[str, str, str]]:
    """Name, role and address of each page; the customer is the one with the most orders."""
    from customers.models import Customer, Segment

    busiest = Customer.objects.exclude(owner=None).order_by("-totals__orders", "pk").first()
    return [
        ("home", "sales", "/"),
        ("customers", "admin", "/customers/"),
        ("customers_by_value", "admin", "/customers/?sort=-value"),
        ("customers_at_risk", "manager", f"/customers/?segment={Segment.AT_RISK}"),
        ("customers_search", "admin", "/customers/?q=schmidt"),
        ("customer", "admin", f"/customers/{busiest.pk}/"),
        ("segments", "manager", "/segments/"),
        ("models", "admin", "/models/"),
    ]


def measure(name: str, role: str, address: str, requests: int) -> dict:
    """One page as its reader gets it: the queries once, then the time of each request."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from customers.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.filter(role=role).order_by("pk").first())
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    count = len(queries)
    assert response.status_code == 200, (name, response.status_code)
    times = []
    for _ in range(requests):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    page = {
        "name": name,
        "queries": count,
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20, method="inclusive")[-1], 1),
        "kilobytes": round(len(response.content) / 1024, 1),
    }
    say(str(page))
    return page


if __name__ == "__main__":
    main()
