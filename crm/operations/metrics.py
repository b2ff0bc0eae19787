"""The figures at /metrics that are read from the database, the broker and the disk at that moment.

Cheap questions only: nothing here counts a table that grows with the customers.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count
from prometheus_client.core import (
    CollectorRegistry,
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric

from crm.operations.broker import Silent, ask_broker
from crm.operations.counting import counted
from crm.operations.models import Backup, FailedTask, RowsTaken, WorkerHeartbeat
from crm.operations.state import Records, disk, look_up, seconds_since
from crm.operations.versions import product_version
from insights.models import ModelVersion, TrainingRun


def exposition() -> bytes:
    """Everything, as Prometheus reads it."""
    now = CollectorRegistry()
    now.register(Collected([*of_records(look_up()), *of_runs(), *of_broker(), *of_places()]))
    return generate_latest(counted()) + generate_latest(now)


class Collected:
    def __init__(self, found: list[Metric]):
        self.found = found

    def collect(self) -> list[Metric]:
        return self.found


def gauge(name: str, help: str, value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"perennial_{name}", help, value=value)


def labelled(name: str, help: str, label: str, found: dict[str, float]) -> GaugeMetricFamily:
    metric = GaugeMetricFamily(f"perennial_{name}", help, labels=[label])
    for word, value in found.items():
        metric.add_metric([word], value)
    return metric


def of_records(records: Records) -> Iterator[Metric]:
    alive = dict.fromkeys(WorkerHeartbeat.Role.values, 0)
    for worker in records.workers:
        alive[worker.role] += 1
    yield labelled("workers_alive", "Background processes with a fresh heartbeat.", "role", alive)
    yield gauge("migrations_unapplied", "Migrations not applied.", len(records.unapplied))
    ages = {
        "scoring_age_seconds": ("Since everyone was last scored.", records.scored_at),
        "stale_age_seconds": ("How long the oldest changed customer waits.", records.stale_since),
        "training_waiting_seconds": ("How long the oldest training waits.", records.waiting_since),
    }
    for name, (help, moment) in ages.items():
        age = seconds_since(moment)
        if age is not None or name != "scoring_age_seconds":  # never scored is no age
            yield gauge(name, help, age or 0)
    yield gauge("stale_customers", "Customers to be scored anew, counted to 10,000.", records.stale)


def of_runs() -> Iterator[Metric]:
    runs = GaugeMetricFamily(
        "perennial_training_runs", "Trainings by state.", labels=["kind", "status"]
    )
    grouped = TrainingRun.objects.order_by().values_list("kind", "status").annotate(Count("pk"))
    for kind, status, count in grouped:
        runs.add_metric([kind, status], count)
    yield runs
    done = TrainingRun.objects.filter(status=TrainingRun.Status.DONE)
    newest = done.newest_of_each_kind().values_list("kind", "started_at", "ended_at")
    took = {kind: (ended - began).total_seconds() for kind, began, ended in newest if began}
    yield labelled("training_last_seconds", "Seconds the last training took.", "kind", took)
    champions = ModelVersion.objects.filter(is_champion=True)
    numbers = dict(champions.order_by().values_list("kind", "number"))
    yield labelled("model_version", "Number of the published version.", "kind", numbers)
    rows = CounterMetricFamily(
        "perennial_imported_rows", "Rows of imported files.", labels=["kind", "result"]
    )
    for kind, result, count in RowsTaken.objects.values_list("kind", "result", "rows"):
        rows.add_metric([kind, result], count)
    yield rows
    failed = CounterMetricFamily(
        "perennial_task_failures", "Background tasks that failed.", labels=["task"]
    )
    for task, count in FailedTask.objects.values_list("task", "failures"):
        failed.add_metric([task], count)
    yield failed


def of_broker() -> Iterator[Metric]:
    try:
        facts = ask_broker()
    except Silent:
        yield gauge("broker_up", "Whether the broker answers.", 0)
        return
    yield gauge("broker_up", "Whether the broker answers.", 1)
    yield labelled("queue_messages", "Messages that wait in a queue.", "queue", facts.queues)


def of_places() -> Iterator[Metric]:
    space = disk()
    yield gauge("disk_free_bytes", "Free where the models are.", space.free)
    yield gauge("disk_total_bytes", "Size of the disk the models are on.", space.total)
    size, connections = of_database()
    yield gauge("database_size_bytes", "Size of the database.", size)
    if connections is not None:
        yield gauge("database_connections", "Connections to this database.", connections)
    if backup := Backup.last_good():
        yield gauge(
            "backup_age_seconds", "Since the last whole backup.", seconds_since(backup.started_at)
        )
        yield gauge("backup_size_bytes", "Its size.", backup.size)
    build = {
        "version": product_version(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "django": django.get_version(),
        "database": connection.vendor,
    }
    yield InfoMetricFamily("perennial_build", "What runs here.", value=build)


def of_database() -> tuple[int, int | None]:
    """Bytes, and connections where the database counts them."""
    if connection.vendor == "sqlite":
        place = Path(str(settings.DATABASES["default"]["NAME"]))
        files = [place, place.with_name(f"{place.name}-wal")]
        return sum(one.stat().st_size for one in files if one.exists()), None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), (SELECT numbackends FROM pg_stat_database"
            " WHERE datname = current_database())"
        )
        return cursor.fetchone()
