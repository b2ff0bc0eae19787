"""How many events and orders a second come in by API and by CSV, and whether each is stored exactly once.

make bench NAME=ingest                                               # SQLite
make bench NAME=ingest ARGS='--engine postgresql --rounds 5'

Real web processes answer over HTTP; "per core" is per second of processor time that they used (the database's own is
not theirs). Lost is what the answers called stored and the database does not hold, doubled what it holds twice.
"""

import json
import random
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks import sent
from benchmarks.common import arguments, command, finish, say, throwaway
from benchmarks.web import Load, Web, post_all, web_processes

CLIENTS = (1, 8)
LIMITS = ("API_RATE_READ", "API_RATE_WRITE", "API_RATE_INGEST")


def main() -> None:
    parser = arguments((__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="figures are medians of so many")
    parser.add_argument("--events", type=int, default=40_000, help="events in each round")
    parser.add_argument("--orders", type=int, default=4000, help="orders in each round")
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000], help="of the CSV")
    parser.add_argument("--only", choices=["events", "orders", "csv"], help="one part of it")
    options = parser.parse_args()
    wanted = [options.only] if options.only else ["events", "orders", "csv"]
    figures: dict = {"engine": options.engine, "rounds": options.rounds}
    with throwaway(options.engine) as folder:
        people = sent.company()
        with web_processes(**dict.fromkeys(LIMITS, "1000000/second")) as web:
            parts = list(by_api(web, people, options, wanted))
            figures |= best(parts) | {"peak_mb_of_a_web_process": round(web.peak_mb(), 1)}
        if "csv" in wanted:
            parts += [csv(kind, rows, people, folder) for kind in CSV for rows in options.rows]
    figures["lost"] = sum(part["lost"] for part in parts)
    figures["doubled"] = sum(part["doubled"] for part in parts)
    finish("ingest", figures, parts)


def by_api(web: Web, people: sent.People, options, wanted: list[str]) -> Iterator[dict]:
    if "events" in wanted:
        for size in (1000, 5000):
            yield from (events(web, people, options, size, clients) for clients in CLIENTS)
        yield same_events(web, people, options)
    if "orders" in wanted:
        for size in (1, 500):
            yield from (orders(web, people, options, size, clients) for clients in CLIENTS)
            yield same_orders(web, people, options, size)


def best(parts: list[dict]) -> dict:
    """The figures people ask for first."""
    named = {f"{one['what']}_{one['batch']}_by_{one['clients']}": one for one in parts}
    return {
        f"{name}_{figure}": one[figure]
        for name, one in named.items()
        for figure in ("per_s", "per_core_s")
        if figure in one
    }


def events(web: Web, people: sent.People, options, size: int, clients: int) -> dict:
    rng = random.Random(size * 10 + clients)
    rounds = []
    for _round in range(options.rounds):
        batches = [
            [sent.event(rng, people) for _row in range(size)]
            for _batch in range(max(options.events // size, clients))
        ]
        rounds.append(stored("events", web, people, batches, clients))
    return summary("events", size, clients, rounds)


def same_events(web: Web, people: sent.People, options) -> dict:
    """Eight clients send the same events at the same moment, each in an order of its own."""
    rng = random.Random(8)
    rounds = []
    for _round in range(options.rounds):
        rows = [sent.event(rng, people) for _row in range(1000)]
        batches = [rng.sample(rows, len(rows)) for _client in range(8)]
        rounds.append(stored("events", web, people, batches, 8))
    return summary("same_events", 1000, 8, rounds)


def orders(web: Web, people: sent.People, options, size: int, clients: int) -> dict:
    """One order a request, or many; single ones are fewer, so that a round takes no longer."""
    rng = random.Random(size * 10 + clients)
    count = options.orders if size > 1 else options.orders // 10
    rounds = []
    for _round in range(options.rounds):
        batches = [
            [sent.order(rng, people) for _row in range(size)]
            for _batch in range(max(count // size, clients))
        ]
        rounds.append(stored("orders", web, people, batches, clients))
    return summary("orders", size, clients, rounds)


def same_orders(web: Web, people: sent.People, options, size: int) -> dict:
    rng = random.Random(9000 + size)
    rounds = []
    for _round in range(options.rounds):
        rows = [sent.order(rng, people) for _row in range(size)]
        batches = [rng.sample(rows, size) for _client in range(8)]
        rounds.append(stored("orders", web, people, batches, 8))
    return summary("same_orders", size, 8, rounds)


def stored(kind: str, web: Web, people: sent.People, batches: list[list[dict]], clients: int):
    """Send the batches; what the answers said against what the database holds afterwards."""
    single = kind == "orders" and len(batches[0]) == 1
    path = "/api/v1/events/" if kind == "events" else "/api/v1/orders/bulk/"
    bodies = [json.dumps(batch).encode() for batch in batches]
    if single:
        path = "/api/v1/orders/"
        bodies = [json.dumps(batch[0]).encode() for batch in batches]
    before = sent.count(kind)
    load = post_all(web, path, people.token, bodies, clients)
    if single:
        said = load.statuses.get(201, 0)
    else:
        said = sum(answer.get("counts", {}).get("created", 0) for answer in load.answers)
    rows = sent.count(kind) - before
    wanted = len({sent.key(row) for batch in batches for row in batch})
    return {
        "per_s": rows / load.wall_s,
        "per_core_s": rows / load.cpu_s if load.cpu_s else 0.0,
        "median_ms": statistics.median(load.latencies_ms),
        "statuses": load.statuses,
        "lost": max(said - rows, 0) + max(wanted - rows, 0),
        "doubled": max(rows - wanted, 0) + max(rows - said, 0),
    } | broken(load)


def broken(load: Load) -> dict:
    """What a request that failed was answered with; nothing of this is to be seen."""
    found = [answer for answer in load.answers if "broken" in answer]
    return {"broken": found[:3]} if found else {}


def summary(what: str, size: int, clients: int, rounds: list[dict]) -> dict:
    """Medians over the rounds; what was lost or doubled, added up."""
    figures: dict = {"what": what, "batch": size, "clients": clients}
    for name in ("per_s", "per_core_s", "median_ms"):
        figures[name] = round(statistics.median(one[name] for one in rounds), 1)
    statuses: dict[int, int] = {}
    for one in rounds:
        for code, count in one["statuses"].items():
            statuses[code] = statuses.get(code, 0) + count
    figures["statuses"] = statuses
    for name in ("lost", "doubled"):
        figures[name] = sum(one[name] for one in rounds)
    for one in rounds:
        figures |= {"broken": one["broken"]} if "broken" in one else {}
    say(f"  {figures}")
    return figures


CSV = {
    "events": ("customer", "kind", "occurred_at", "subject", "product", "seconds", "key"),
    "orders": ("number", "customer", "occurred_at", "product", "quantity", "unit_price"),
}


def csv(kind: str, rows: int, people: sent.People, folder: Path) -> dict:
    """A file with one bad row in a hundred, by the command; every row is created or rejected."""
    from customers.models import ChangeSet

    path = folder / f"{kind}-{rows}.csv"
    bad = sent.write_csv(path, CSV[kind], rows, random.Random(rows), people)
    before = sent.count_rows(kind)
    mapped = [f"--set={name}={name}" for name in CSV[kind]]
    step = command(
        f"{rows:,} {kind} by CSV", f"import_{kind}", path, "--source=shop", "--currency=EUR",
        f"--rejected={path}.rejected", *mapped,
    )  # fmt: skip
    counts = ChangeSet.objects.latest("pk").counts
    there = sent.count_rows(kind) - before
    created, rejected = counts["created"], counts["rejected"]
    assert created + rejected == counts["total"] == rows, counts
    assert rejected == bad, (rejected, bad)
    figures = {"what": f"{kind}_csv", "batch": rows, "clients": 1} | step.figures()
    figures |= {"per_s": round(rows / step.wall_s, 1), "created": created, "rejected": rejected}
    figures |= {"lost": max(created - there, 0), "doubled": max(there - created, 0)}
    say(f"  {figures}")
    return figures


if __name__ == "__main__":
    main()
