"""The whole loop on a demo company, on both engines: trainings, scoring, publishing, the refresh of one order.

python -m benchmarks.loop --customers 20000
"""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks import common
from benchmarks.beside import beside, quiet

KINDS = ("segments", "churn", "value", "products")
REFRESHES = 20
# More customers than this are not scored by one worker alone as well: it takes twice as long.
ALONE = 200_000


def main() -> None:
    parser = common.with_company(common.arguments(__doc__), 20_000)
    parser.add_argument("--one-engine", action="store_true", help="only the one of --engine")
    options = parser.parse_args()
    if options.one_engine:
        figures, candidates = measure(options)
        common.finish("loop", figures, candidates)
        return
    figures, candidates = {"customers": options.customers}, []
    for engine in ("postgresql", "sqlite"):
        words = ["--one-engine", "--engine", engine, "--customers", options.customers]
        document = common.run_alone("loop", *words, "--seed", options.seed, "--keep", options.keep)
        figures[engine] = document["figures"]
        candidates += [{"engine": engine, **one} for one in document["candidates"]]
    common.finish("loop", figures, candidates)


def measure(options) -> tuple[dict, list[dict]]:
    with common.throwaway(options.engine, options.keep) as folder:
        common.say(f"== {options.engine}, {options.customers:,} customers")
        figures = {"demo_company": common.company(folder, options)}
        figures |= counts() | loading()
        for kind in KINDS:
            figures[f"train_{kind}"] = training(kind) | steps_of(kind)
        figures["beside_nothing"] = quiet()
        figures |= scoring(options.customers) | publishing() | refreshing()
        return figures, judged()


def counts() -> dict:
    from customers.models import Event, Interaction, Order, OrderLine

    models = {
        "orders": Order,
        "order_lines": OrderLine,
        "events": Event,
        "interactions": Interaction,
    }
    return {name: model.objects.count() for name, model in models.items()}


def loading() -> dict:
    """What one training reads, and what one range of a full scoring does."""
    from django.utils import timezone

    from insights.dataset import load_tables
    from insights.scoring import chunks
    from insights.training import learnt_from

    now, figures = timezone.now(), {}
    whom = {"training": learnt_from("churn", {}), "range": next(chunks(None))}
    for name, customers in whom.items():
        with common.measured(f"records into tables, for one {name}") as step:
            tables = load_tables(now, customers)
        megabytes = sum(table.nbytes for table in tables.values()) / 2**20
        rows = {one: len(table) for one, table in tables.items()}
        sizes = {"tables_mb": round(megabytes, 1), "rows": rows}
        figures[f"load_tables_{name}"] = step.figures() | sizes
    return figures


def training(kind: str) -> dict:
    """Train and publish; in a database that was kept with a champion, what its training took then."""
    from insights.models import TrainingRun

    run = TrainingRun.objects.filter(kind=kind, outcome="published").order_by("pk").last()
    if run is None:
        return common.command(f"train {kind}", "retrain", kind).figures()
    return {"wall_s": round((run.ended_at - run.started_at).total_seconds(), 1), "kept": True}


def steps_of(kind: str) -> dict:
    from insights.models import TrainingRun

    run = TrainingRun.objects.filter(kind=kind).latest("pk")
    return {"outcome": run.outcome, "steps": {one["code"]: one["seconds"] for one in run.steps}}


def scoring(customers: int) -> dict:
    """Everyone by one worker, then by two side by side; and what others feel while the two are at it."""
    from insights.requesting import request_full_scoring

    figures: dict = {}
    if customers <= ALONE:
        figures["score_everyone"] = common.command("score everyone", "score_customers").figures()
    felt: dict = {}
    request_full_scoring(send=False)
    words = "from insights.everyone import score_everyone; score_everyone()"

    def work(name: str) -> dict:
        return common.command(name, "shell", "-c", words).figures()

    with beside(felt), ThreadPoolExecutor(2) as pool:
        each = list(pool.map(work, ["one of two workers", "the other"]))
    by_two = {"each": each, "wall_s": max(one["wall_s"] for one in each), "beside": felt}
    return figures | {"score_everyone_by_two": by_two}


def publishing() -> dict:
    """Each champion published once more, from its stored scores; and what others feel meanwhile."""
    from insights.models import ModelVersion
    from insights.publishing import publish

    figures = {}
    for version in ModelVersion.objects.filter(is_champion=True):
        felt: dict = {}
        with beside(felt), common.measured(f"publish {version}") as step:
            publish(version, catch_up=False)
        figures[f"publish_{version.kind}"] = step.figures() | {"beside": felt}
    return figures


def refreshing() -> dict:
    """From an order in the database to the new score of its customer, in a process that is warm, as workers are."""
    from django.utils import timezone

    from customers.models import Customer, Order
    from insights.listening import mark_stale
    from insights.refreshing import refresh_stale

    ids = list(
        Customer.objects.filter(score__churn_risk__isnull=False).values_list("pk", flat=True)
    )
    seconds = []
    for number in range(REFRESHES + 1):
        pk = ids[number * len(ids) // (REFRESHES + 1)]
        when = timezone.now() - datetime.timedelta(seconds=1)
        Order.objects.create(
            customer_id=pk, source="bench", number=str(number), occurred_at=when,
            currency="EUR", amount=50, base_amount=50,
        )  # fmt: skip
        start = time.perf_counter()
        mark_stale([pk])
        refresh_stale()
        seconds.append(time.perf_counter() - start)
    first, *rest = seconds
    rest.sort()
    return {
        "refresh_one_cold_s": round(first, 2),
        "refresh_one_median_ms": round(1000 * rest[len(rest) // 2]),
        "refresh_one_p95_ms": round(1000 * rest[int(len(rest) * 0.95)]),
    }


def judged() -> list[dict]:
    from insights.models import ModelVersion

    found = []
    for version in ModelVersion.objects.filter(is_champion=True):
        summary = version.summary
        for one in summary.get("candidates", []):
            champion = one["name"] == summary.get("champion")
            found.append(
                {"kind": version.kind, "name": one["name"], "champion": champion, **one["metrics"]}
            )
    return found


if __name__ == "__main__":
    main()
