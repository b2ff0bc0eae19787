"""An hour of readers, writers and trainings: does memory grow, do connections leak, how slow do pages get?

make bench NAME=soak ARGS='--minutes 60'

An instance of its own, as `make run` starts it. First readers alone, then writers and one training after the other
beside them. The slope of a process's memory is a straight line through its last three quarters, in megabytes an hour;
a process that was replaced meanwhile counts under its role.
"""

import contextlib
import os
import statistics
import threading
import time
from collections import Counter, defaultdict

import psutil

from benchmarks.common import arguments, finish, say
from tests.drills.instance import Instance
from tests.drills.processes import FINDERS

LOOK_SECONDS = 10
KINDS = ("segments", "products", "churn")


def main() -> None:
    parser = arguments((__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60, help="of load")
    parser.add_argument(
        "--quiet-minutes", type=float, default=3, help="of readers alone, before it"
    )
    parser.add_argument("--clients", type=int, default=6, help="as many read as write")
    parser.add_argument("--pause", type=float, default=5, help="seconds between two trainings")
    options = parser.parse_args()
    instance = Instance("postgres" if options.engine == "postgresql" else "sqlite")
    os.environ.update(instance.environment(), DJANGO_SETTINGS_MODULE="crm.settings")
    try:
        say(f"→ Starting an instance in {instance.home}")
        instance.start()
        finish("soak", soaked(instance, options))
    finally:
        instance.stop()


def soaked(instance: Instance, options) -> dict:
    import django

    django.setup()
    load = paused_load(instance, options.clients)
    load.start()
    say(f"→ Readers alone for {options.quiet_minutes:g} minutes")
    quiet = read_for(load, options.quiet_minutes)
    say(f"→ Readers, writers and trainings for {options.minutes:g} minutes")
    looks, first_run = Looks(instance), newest_run()
    load.go_on()
    with beside(looks.go_on, lambda over: train(load, options.pause, over)):
        loaded = read_for(load, options.minutes)
    load.stop()
    return {
        "engine": options.engine,
        "minutes": options.minutes,
        **written(load.journal.entries),
        "trainings": trainings_after(first_run),
        "pages_quiet": quiet,
        "pages_loaded": loaded,
    } | looks.told()


def paused_load(instance: Instance, clients: int):
    """Readers and writers of a company whose models are trained; the writers wait for a word."""
    from customers.models import CustomerScore, Product
    from tests.drills import running
    from tests.drills.load import Load

    running.trained()
    customers = list(CustomerScore.objects.values_list("pk", flat=True))
    skus = list(Product.objects.filter(currency="EUR").values_list("sku", flat=True)[:40])
    load = Load(instance, customers, skus, 1, writers=clients, readers=clients)
    load.pause()
    return load


def read_for(load, minutes: float) -> dict:
    """How fast pages came during the next minutes."""
    began = time.monotonic()
    time.sleep(60 * minutes)
    return latencies(load.reads.rows, began, time.monotonic())


@contextlib.contextmanager
def beside(*jobs):
    """Each job in a thread of its own until the block ends; it is handed the event that tells it so."""
    over = threading.Event()
    threads = [threading.Thread(target=job, args=(over,)) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def written(entries: list) -> dict:
    from tests.drills import invariants

    lost, doubled = invariants.lost_and_doubled(entries)
    return {
        "written": sum(entry.accepted for entry in entries),
        "refused": [entry.refused for entry in entries if entry.refused][:5],
        "lost": len(lost),
        "doubled": len(doubled),
    }


def newest_run() -> int:
    from insights.models import TrainingRun

    return TrainingRun.objects.latest("pk").pk


def trainings_after(first_run: int) -> dict[str, int]:
    """How many trainings ended in which way."""
    from insights.models import TrainingRun

    runs = TrainingRun.objects.filter(pk__gt=first_run)
    return dict(Counter(runs.values_list("status", flat=True)))


def train(load, pause: float, over: threading.Event) -> None:
    """One training after the other; what another one of the kind does already is left to it."""
    number = 0
    while not over.wait(pause):
        try:
            answer = load.door.post("training-runs", {"kind": KINDS[number % len(KINDS)]})
            ended = not answer.ok
            while not ended and not over.wait(1):
                run = load.door.get(f"/api/v1/training-runs/{answer.json()['id']}/")
                ended = run.json()["status"] not in ("queued", "running")
        except OSError as error:
            say(f"  no answer to a training: {error}")
        number += 1


def latencies(rows: list[tuple[float, float, int]], start: float, end: float) -> dict:
    seconds = [took for at, took, _status in rows if start <= at <= end]
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {
        "pages": len(seconds),
        "not_200": sum(status != 200 for at, _took, status in rows if start <= at <= end),
        "median_ms": round(1000 * cuts[49], 1),
        "p95_ms": round(1000 * cuts[94], 1),
        "p99_ms": round(1000 * cuts[98], 1),
    }


class Looks:
    """Memory of each role and connections to the database, every ten seconds."""

    def __init__(self, instance: Instance):
        self.instance = instance
        self.memory: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.connections: list[tuple[int, int]] = []

    def go_on(self, over: threading.Event) -> None:
        from django.db import connection

        while not over.wait(LOOK_SECONDS):
            self.look()
        connection.close()

    def look(self) -> None:
        now, found = time.monotonic(), defaultdict(list)
        for process in self.instance.processes():
            for name, is_one in FINDERS.items():
                if is_one(process):
                    with contextlib.suppress(psutil.Error):
                        found[name].append(process.memory_info().rss / 2**20)
        for name, sizes in found.items():
            self.memory[name].append((now, statistics.mean(sizes)))
        if self.instance.postgres:
            self.connections.append(connections())

    def told(self) -> dict:
        memory = {
            name: {
                "first_mb": round(rows[0][1], 1),
                "last_mb": round(rows[-1][1], 1),
                "highest_mb": round(max(size for _at, size in rows), 1),
                "slope_mb_per_hour": slope(rows),
            }
            for name, rows in self.memory.items()
            if name != "training"  # a new process each time
        }
        if not self.connections:
            return {"memory": memory}
        quarter = len(self.connections) // 4 or 1
        totals = [total for total, _idle in self.connections]
        return {
            "memory": memory,
            "connections_first_quarter": statistics.mean(totals[:quarter]),
            "connections_last_quarter": statistics.mean(totals[-quarter:]),
            "connections_highest": max(totals),
            "idle_in_transaction_highest": max(idle for _total, idle in self.connections),
        }


def connections() -> tuple[int, int]:
    """To our database, and how many of them hold a transaction open for over ten seconds without a word."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'idle in transaction'"
            " AND now() - state_change > interval '10 seconds')"
            " FROM pg_stat_activity WHERE datname = current_database()"
        )
        return cursor.fetchone()


def slope(rows: list[tuple[float, float]]) -> float | None:
    rows = rows[len(rows) // 4 :]
    if len(rows) < 3:
        return None
    at, sizes = zip(*rows, strict=True)
    return round(3600 * statistics.linear_regression(at, sizes).slope, 2)


if __name__ == "__main__":
    main()
