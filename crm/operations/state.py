"""How the installation is at this moment, in a handful of cheap queries; the pages and figures read it from here."""

import datetime
import shutil
from dataclasses import dataclass
from functools import cache
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min
from django.utils import timezone

from crm.operations.models import WorkerHeartbeat
from insights.models import OF_CUSTOMERS, FullScoring, ModelVersion, StaleCustomer, TrainingRun

MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Records:
    """What the database knows."""

    milliseconds: float
    unapplied: list[str]
    workers: list[WorkerHeartbeat]  # those that are alive
    scored_at: datetime.datetime | None  # everyone, by a full scoring or a new model
    scoring_asked_at: datetime.datetime | None  # a full scoring that is not done yet
    has_champion: bool
    stale: int  # counted up to MOST_COUNTED
    stale_since: datetime.datetime | None
    waiting: int
    waiting_since: datetime.datetime | None
    running: int


def look_up() -> Records:
    began = perf_counter()
    unapplied = unapplied_migrations()
    milliseconds = round(1000 * (perf_counter() - began), 1)
    if unapplied:  # the tables that the rest is read from may be missing
        return Records(milliseconds, unapplied, [], None, None, False, 0, None, 0, None, 0)
    full = FullScoring.objects.filter(pk=1).first() or FullScoring()
    scoring = ModelVersion.objects.filter(kind__in=OF_CUSTOMERS, is_champion=True)
    champions = scoring.aggregate(at=Max("published_at"))
    active = list(TrainingRun.objects.active().values_list("status", "created_at"))
    queued = [at for status, at in active if status == TrainingRun.Status.QUEUED]
    stale = StaleCustomer.objects.order_by()
    return Records(
        milliseconds=milliseconds,
        unapplied=[],
        workers=list(WorkerHeartbeat.objects.alive()),
        # Of those whom no published model speaks of nobody was scored, whatever ran before.
        scored_at=champions["at"] and max(filter(None, (full.served_at, champions["at"]))),
        scoring_asked_at=full.requested_at if full.requested > full.served else None,
        has_champion=champions["at"] is not None,
        stale=stale[:MOST_COUNTED].count(),
        stale_since=stale.aggregate(since=Min("since"))["since"],
        waiting=len(queued),
        waiting_since=min(queued, default=None),
        running=len(active) - len(queued),
    )


def unapplied_migrations() -> list[str]:
    """Those of this release that the database does not know; one query."""
    applied = MigrationRecorder.Migration
    table = applied._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM " + connection.ops.quote_name(table))
        known = set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in migrations_on_disk() - known)


@cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    replaced = {key for one in loader.disk_migrations.values() for key in one.replaces}
    return frozenset(set(loader.disk_migrations) - replaced)


@dataclass(frozen=True)
class Disk:
    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """A training, or a backup, needs room for what it makes beside what there is."""
        return self.free < min(2 * 1024**3, self.total // 20)


def disk() -> Disk:
    """Of the file system that the models are on."""
    place = next(one for one in (settings.MODELS_DIR, *settings.MODELS_DIR.parents) if one.exists())
    usage = shutil.disk_usage(place)
    return Disk(usage.free, usage.total)


def seconds_since(moment: datetime.datetime | None) -> int | None:
    return None if moment is None else max(0, round((timezone.now() - moment).total_seconds()))
