"""A large company from its first record to its scores: what each step takes in time, processor time and memory.

Each step runs in a process of its own, as it does in use. `cpu_s` is that of the step's processes, `database_cpu_s`
that of PostgreSQL (the whole server's, so nothing else should use it), `peak_mb` that of the step's largest process.

make bench NAME=million                            # PostgreSQL: DATABASE_URL, or the local one
python -m benchmarks.million --customers 20000     # smaller; --engine sqlite, --keep NAME
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import common
from benchmarks.loop import counts, judged, steps_of

KINDS = ("segments", "churn", "value", "products")


def main() -> None:
    parser = common.with_company(common.arguments(__doc__ or ""), 1_000_000)
    parser.set_defaults(engine="postgresql")
    options = parser.parse_args()
    with common.throwaway(options.engine, options.keep) as folder:
        common.say(f"== {options.engine}, {options.customers:,} customers")
        figures = {"customers": options.customers, "engine": options.engine}
        with database(figures, "demo_company"):
            figures["demo_company"] = common.company(folder, options)
        figures |= counts() | {"never_read": leave_unread()}
        figures["features"] = step(figures, "features", "of_everyone('features')", folder)
        all_due()
        for kind in KINDS:
            with database(figures, f"train_{kind}"):
                figures[f"train_{kind}"] = common.command(
                    f"train {kind}", "retrain", kind
                ).figures()
            figures[f"train_{kind}"] |= steps_of(kind)
        figures["night"] = together([figures[f"train_{kind}"] for kind in KINDS])
        for what in published():
            figures[what] = step(figures, what, f"of_everyone({what!r})", folder)
        for kind in KINDS:
            name = f"write_back_{kind}"
            figures[name] = step(figures, name, f"write_back({kind!r})", folder)
        with database(figures, "score_everyone"):
            words = ("score everyone, all of it", "score_customers")
            figures["score_everyone"] = common.command(*words).figures()
        figures["database_mb"] = size()
        common.finish("million", figures, judged())


def leave_unread() -> int:
    """Messages that nobody has read by now count as silence: a training would wait for them, half an hour at most.
    What reading costs is measured by benchmarks.backfill, which may run before this one on the same company."""
    from django.utils import timezone

    from customers.models import MessageReading

    return MessageReading.objects.unread().update(read_at=timezone.now())


def all_due() -> None:
    """Every kind waits to be trained, as in a night of the schedule: what one has worked out serves the next."""
    from insights.requesting import request_training

    for kind in KINDS:
        request_training(kind, send=False)


def together(trainings: list[dict]) -> dict:
    return {
        "wall_s": round(sum(one["wall_s"] for one in trainings), 2),
        "cpu_s": round(sum(one["cpu_s"] for one in trainings), 2),
        "peak_mb": max(one["peak_mb"] for one in trainings),
    }


def step(figures: dict, name: str, call: str, folder: Path) -> dict:
    """A function of this module in a process of its own; what it says of itself stands in a file."""
    with database(figures, name):
        words = f"from benchmarks.million import *; {call}"
        took = common.command(name.replace("_", " "), "shell", "-c", words).figures()
    return took | json.loads((folder / "step.json").read_text())


def published() -> list[str]:
    """What the models say of everybody, by the kinds that have a champion."""
    from insights.models import ModelVersion

    champions = ModelVersion.objects.filter(is_champion=True).values_list("kind", flat=True)
    said = {"segments": "segments", "churn": "risks_with_reasons", "value": "values"}
    said["products"] = "recommendations"
    return [said[kind] for kind in KINDS if kind in set(champions)]


# ---- in the processes of the steps ----------------------------------------------------------------------


def of_everyone(what: str) -> None:
    """Read everybody range by range, as a scoring does, and work out one thing of them; nothing is written."""
    from django.utils import timezone

    from insights.dataset import load_tables
    from insights.scoring import chunks

    now, rows, seconds = timezone.now(), 0, {"read_s": 0.0, "work_s": 0.0}
    work = WORK[what]()
    for keys in chunks(None):
        began = time.perf_counter()
        tables = load_tables(now, keys)
        read = time.perf_counter()
        rows += work(tables, now)
        seconds["read_s"] += read - began
        seconds["work_s"] += time.perf_counter() - read
    told = {name: round(value, 2) for name, value in seconds.items()}
    note({"rows": rows, **told, "rows_a_second": round(rows / max(seconds["work_s"], 1e-9))})


def features():
    import datetime

    from insights.ml.features import features as of

    return lambda tables, now: len(of(tables, [now.astimezone(datetime.UTC).replace(tzinfo=None)]))


def said_by(kind: str):
    def load():
        from insights.models import ModelVersion
        from insights.scoring import answers_of, model_of

        champion = ModelVersion.objects.get(kind=kind, is_champion=True)
        model_of(champion)
        return lambda tables, now: len(answers_of(champion, tables, now))

    return load


WORK = {
    "features": features,
    "segments": said_by("segments"),
    "risks_with_reasons": said_by("churn"),
    "values": said_by("value"),
    "recommendations": said_by("products"),
}


def write_back(kind: str) -> None:
    """The champion's stored scores onto the customers once more, in the one transaction of a publishing."""
    from insights.models import ModelVersion
    from insights.publishing import publish

    version = ModelVersion.objects.filter(kind=kind, is_champion=True).first()
    if version:
        publish(version, catch_up=False)
    note({"rows": version.scores.count() if version else 0})


def note(told: dict) -> None:
    (Path(os.environ["VAR_DIR"]) / "step.json").write_text(json.dumps(told))


# ---- the database's own part ----------------------------------------------------------------------------


@contextmanager
def database(figures: dict, name: str) -> Iterator[None]:
    """Adds what PostgreSQL's processes have worked meanwhile, where they can be seen from here."""
    before = server_seconds()
    yield
    after = server_seconds()
    if before is not None and after is not None:
        figures.setdefault("database_cpu_s", {})[name] = round(after - before, 1)


def server_seconds() -> float | None:
    """Processor time of the server: of its main process, of those that have ended, and of those that live."""
    import psutil
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        server = psutil.Process(pid).parent()
        if server is None or "postgres" not in server.name():
            return None
        times = [server.cpu_times(), *(one.cpu_times() for one in server.children())]
    except psutil.Error:
        return None
    ended = times[0].children_user + times[0].children_system
    return ended + sum(one.user + one.system for one in times)


def size() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return round(cursor.fetchone()[0] / 2**20, 1)


if __name__ == "__main__":
    main()
