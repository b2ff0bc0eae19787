"""What is not well, in plain words, and what to do: one sentence, and the command or the page that mends it."""

import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.operations.broker import BrokerFacts
from crm.operations.models import Backup, WorkerHeartbeat
from crm.operations.readiness import (
    SCORED_SECONDS,
    STALE_SECONDS,
    WAITING_SECONDS,
)
from crm.operations.state import Disk, Records, seconds_since
from crm.operations.wording import size_words

Role = WorkerHeartbeat.Role
# Set by our image alone: within another container the product may well have been started by make run.
IN_IMAGE = "PERENNIAL_IMAGE" in os.environ
BACKUP_AGE = datetime.timedelta(days=8)


@dataclass(frozen=True)
class Trouble:
    what: str
    advice: str
    command: str = ""
    link: tuple[str, str] | None = None  # address, words
    is_bad: bool = True  # else it can wait


def manage(words: str) -> str:
    start = "docker compose exec web python" if IN_IMAGE else ".venv/bin/python"
    return f"{start} manage.py {words}"


def start(service: str) -> str:
    return f"docker compose up -d {service}" if IN_IMAGE else "make run"


def troubles(
    records: Records, broker: BrokerFacts | None, space: Disk, sweep_is_on: bool
) -> list[Trouble]:
    found = [
        *of_migrations(records),
        *of_broker(broker),
        *of_workers(records),
        *of_scoring(records),
        *of_trainings(records),
        *of_schedule(sweep_is_on),
        *of_disk(space),
        *of_backups(),
    ]
    return sorted(found, key=lambda one: not one.is_bad)


def of_migrations(records: Records) -> Iterator[Trouble]:
    if records.unapplied:
        yield Trouble(
            _("The database is older than this release."),
            _("Bring its tables up to date; nothing is lost."),
            manage("migrate"),
        )


def of_broker(broker: BrokerFacts | None) -> Iterator[Trouble]:
    if broker is None:
        yield Trouble(
            _("The broker does not answer."),
            _(
                "Pages and records work on. New scores and trainings wait, and are caught up with once it is back."
            ),
            start("redis"),
        )


def of_workers(records: Records) -> Iterator[Trouble]:
    alive = {one.role for one in records.workers}
    missing = {
        Role.WORKER: (
            _("No worker is running."),
            _("Scores do not follow new orders and messages until one runs again."),
        ),
        Role.TRAINER: (_("No trainer is running."), _("Trainings wait until one runs again.")),
        Role.BEAT: (
            _("The scheduler is not running."),
            _("Nothing happens at night, and lost work is not found again."),
        ),
    }
    for role, (what, advice) in missing.items():
        if role not in alive:
            yield Trouble(what, advice, start(role.value))


def of_scoring(records: Records) -> Iterator[Trouble]:
    late = (seconds_since(records.scored_at) or 0) > SCORED_SECONDS
    if records.has_champion and late:
        yield Trouble(
            _("Not everyone was scored last night."),
            _("Silence is the strongest sign of leaving, and only a scoring notices it."),
            manage("score_customers"),
        )
    if (seconds_since(records.stale_since) or 0) > STALE_SECONDS:
        yield Trouble(
            _("Customers wait for their new score."),
            _(
                "Their facts changed more than five minutes ago; a worker scores them within seconds."
            ),
            start("worker"),
        )


def of_trainings(records: Records) -> Iterator[Trouble]:
    if not records.running and (seconds_since(records.waiting_since) or 0) > WAITING_SECONDS:
        yield Trouble(
            _("A training waits, and nobody takes it up."),
            _("It starts by itself as soon as a trainer runs."),
            start("trainer"),
            (reverse("models"), _("Models")),
        )


def of_schedule(sweep_is_on: bool) -> Iterator[Trouble]:
    if not sweep_is_on:
        yield Trouble(
            _("The sweep that finds lost work is switched off."),
            _("Switch it on in the schedule, to run every ten seconds."),
            link=(reverse("admin:django_celery_beat_periodictask_changelist"), _("Schedule")),
        )


def of_disk(space: Disk) -> Iterator[Trouble]:
    if space.is_low:
        yield Trouble(
            _("The disk is nearly full: %(size)s are free.") % {"size": size_words(space.free)},
            _("Make room before a training or a backup fails for want of it."),
        )


def of_backups() -> Iterator[Trouble]:
    newest, good = Backup.objects.first(), Backup.last_good()
    if newest and newest.error:
        yield Trouble(
            _("The last backup failed."),
            _("What it said stands below under recent errors. Try it again once that is mended."),
            manage("backup"),
        )
    elif not good or timezone.now() - good.started_at > BACKUP_AGE:
        yield Trouble(
            _("There is no backup of the last days.") if good else _("There is no backup yet."),
            _("Make one now, or every night; keep a copy on another machine."),
            manage("backup"),
            is_bad=False,
        )
