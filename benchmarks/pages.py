"""Queries and server time of the pages and lists people wait for, on a demo company with everything scored.

make bench NAME=pages ARGS='--customers 1000000 --engine postgresql --keep million'

Two real gunicorn workers answer over HTTP; the times are theirs, from the access log: what a request took from its
first byte in to its last byte out. Queries are counted in this process, by the same code.
"""

import contextlib
import http.client
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.addresses import Address, addresses
from benchmarks.common import (
    arguments,
    command,
    company,
    finish,
    say,
    throwaway,
    with_company,
)
from benchmarks.web import web_processes

CLIENTS = (1, 8)
KINDS = ("churn", "segments", "products")


def main() -> None:
    parser = with_company(arguments(__doc__.splitlines()[0]), 20_000)
    parser.add_argument("--requests", type=int, default=50, help="by each client")
    parser.add_argument("--only", default="", help="names of pages, with commas between")
    args = parser.parse_args()
    with throwaway(args.engine, args.keep) as folder:
        company(folder, args)
        train()
        command("the style sheets and scripts", "collectstatic", "--noinput", "--verbosity", "0")
        chosen = [one for one in addresses() if not args.only or one.name in args.only.split(",")]
        with server(folder) as (port, log):
            pages = [measure(one, port, log, args.requests) for one in chosen]
    figures = {"engine": args.engine, "customers": args.customers, "requests": args.requests}
    slow = [page["name"] for page in pages if page["p95_ms"] > 150]
    finish("pages", figures | {"p95_over_150_ms": slow}, pages)


def train() -> None:
    from insights.models import ModelVersion

    there = set(ModelVersion.objects.filter(is_champion=True).values_list("kind", flat=True))
    for kind in KINDS:
        if kind not in there:
            command(f"train {kind}", "retrain", kind)


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[int, Path]]:
    """Two web processes as the Procfile starts them; yields their port and their access log."""
    log = folder / "access.log"
    log.write_text("")
    # The prefix keeps a line of ours apart from whatever a path may hold.
    words = ["--access-logfile", str(log), "--access-logformat", "%(s)s %(D)s"]
    with web_processes(*words, WEB_CONCURRENCY="2") as web:
        yield web.port, log


def measure(page: Address, port: int, log: Path, requests: int) -> dict:
    """One page as its reader gets it: the queries once, then the time of each request."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from customers.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.filter(role=page.role, is_demo=True).order_by("pk").first())
    client.get(page.path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page.path)
    assert response.status_code == 200, (page.name, response.status_code)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    figures: dict = {"name": page.name, "role": page.role, "queries": len(queries)}
    for clients in CLIENTS:
        get_all(port, page.path, cookie, 4, 4)  # both processes have seen it once
        before = len(log.read_text().splitlines())
        get_all(port, page.path, cookie, requests, clients)
        lines = [line.split() for line in log.read_text().splitlines()[before:]]
        assert {status for status, _ in lines} == {"200"}, (page.name, lines[:3])
        times = [int(micro) / 1000 for _, micro in lines]
        assert len(times) == requests * clients, (page.name, len(times))
        suffix = "" if clients == 1 else f"_{clients}"
        figures[f"median{suffix}_ms"] = round(statistics.median(times), 1)
        figures[f"p95{suffix}_ms"] = round(
            statistics.quantiles(times, n=20, method="inclusive")[-1], 1
        )
    figures["kilobytes"] = round(len(response.content) / 1024, 1)
    say(str(figures))
    return figures


def get_all(port: int, path: str, cookie: str, requests: int, clients: int) -> None:
    headers = {"Cookie": cookie, "Host": "localhost", "Accept-Encoding": "gzip"}

    def one_client(_: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(requests):
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
        connection.close()

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(one_client, range(clients)))
    time.sleep(0.1)  # the log is written after the answer


if __name__ == "__main__":
    main()
