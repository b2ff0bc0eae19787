"""Everything the system page shows, gathered: a dozen queries, one question to the broker, no numerical library."""

import datetime
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from crm.operations.advice import troubles
from crm.operations.backups.making import BACKUP_TASK
from crm.operations.broker import BrokerFacts, Silent, ask_broker
from crm.operations.metrics import of_database
from crm.operations.models import Backup, FailedTask, WorkerHeartbeat
from crm.operations.sizes import folder_size, folders
from crm.operations.state import Records, disk, look_up
from crm.operations.versions import product_version
from crm.operations.wording import QUEUES, failure_sentence, since, size_words, task_words
from insights.models import Kind, ModelVersion, TrainingRun
from insights.progress import outcome_sentence
from insights.schedules import due_at

SWEEP_TASK = "insights.tasks.sweep"
TRAINING_TASK = "insights.tasks.run_training"
LIBRARIES = ("Django", "djangorestframework", "celery", "scikit-learn", "tensorflow", "duckdb")
ERRORS_SHOWN, ERRORS_DAYS = 8, 14
Status = TrainingRun.Status


def overview() -> dict:
    records, broker, space = look_up(), broker_facts(), disk()
    backup = Backup.last_good()
    jobs = list(PeriodicTask.objects.select_related("interval", "crontab", "solar", "clocked"))
    sweep_is_on = any(job.enabled and job.task == SWEEP_TASK for job in jobs)
    return {
        "troubles": troubles(records, broker, space, sweep_is_on),
        "workers": workers(records),
        "broker": broker,
        "queues": queues(broker),
        "records": records,
        "models": published_models(),
        "jobs": in_order(job_row(job) for job in jobs if not job.task.startswith("celery.")),
        "nightly": next((job for job in jobs if job.task == BACKUP_TASK), None),
        "backup": backup,
        "backup_size": size_words(backup.size if backup else None),
        "backup_running": Backup.objects.filter(
            ended_at=None, started_at__gt=timezone.now() - datetime.timedelta(hours=2)
        ).exists(),
        "space": space,
        "used": 1 - space.free / space.total,
        "sizes": sizes(space),
        "versions": versions(broker),
        "errors": errors(),
    }


def published_models() -> list[dict]:
    """Each kind with its champion, if it has one."""
    champions = {one.kind: one for one in ModelVersion.objects.filter(is_champion=True)}
    return [{"kind": kind, "champion": champions.get(kind.value)} for kind in Kind]


def broker_facts() -> BrokerFacts | None:
    try:
        return ask_broker()
    except Silent:
        return None


def workers(records: Records) -> list[dict]:
    runs = TrainingRun.objects.filter(status=Status.RUNNING).values_list("pk", "kind")
    kinds = {str(pk): kind for pk, kind in runs}
    return [
        {
            "worker": one,
            "doing": [
                {"words": task_words(what["task"], about(what, kinds)), "since": since(what)}
                for what in one.doing
            ],
            "is_scheduler": one.role == WorkerHeartbeat.Role.BEAT,
        }
        for one in records.workers
    ]


def about(what: dict, kinds: dict[str, str]) -> str:
    """What a task is about: of a training, its model."""
    named = what.get("about", "")
    return kinds.get(named, named) if what["task"] == TRAINING_TASK else named


def queues(broker: BrokerFacts | None) -> list[dict]:
    lengths = broker.queues if broker else {}
    return [{"words": words, "length": lengths.get(name)} for name, words in QUEUES.items()]


def job_row(job: PeriodicTask) -> dict:
    due = due_at(job, timezone.now()) if job.enabled else None
    words = task_words(job.task, (job.args or "").strip('[]"'))
    return {"job": job, "words": words, "due": due}


def in_order(rows: Iterable[dict]) -> list[dict]:
    """The next to run first, what is switched off last."""
    return sorted(rows, key=lambda row: (row["due"] is None, row["due"], row["words"]))


def sizes(space) -> list[tuple[str, str]]:
    used = {name: folder_size(folder) for name, folder in folders().items()}
    database, _connections = of_database()
    return [
        (_("Database"), size_words(database)),
        (_("Models"), size_words(used["models"])),
        (_("Uploads"), size_words(used["uploads"])),
        (_("Backups"), size_words(used["backups"])),
        (_("Free"), size_words(space.free)),
    ]


def versions(broker: BrokerFacts | None) -> list[tuple[str, str]]:
    return [
        (_("Perennial"), product_version()),
        ("Python", ".".join(map(str, sys.version_info[:3]))),
        (connection.display_name, ".".join(map(str, connection.get_database_version()))),
        (_("Broker"), broker.server if broker else "–"),
        *((name, library_version(name)) for name in LIBRARIES),
    ]


def library_version(name: str) -> str:
    """Read from what was installed: asking the library itself would load it."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def errors() -> list[dict]:
    """What went wrong lately, newest first: trainings, backups and other tasks that failed."""
    after = timezone.now() - datetime.timedelta(days=ERRORS_DAYS)
    runs = TrainingRun.objects.filter(status__in=(Status.FAILED, Status.LOST), ended_at__gt=after)
    backups = Backup.objects.exclude(error="").filter(started_at__gt=after)
    found = [
        {"at": run.ended_at, "run": run, "words": str(run), "said": outcome_sentence(run)}
        for run in runs[:ERRORS_SHOWN]
    ]
    found += [
        {"at": one.started_at, "words": _("Backup"), "said": one.error}
        for one in backups[:ERRORS_SHOWN]
    ]
    found += [
        {"at": one.at, "words": task_words(one.task, one.about), "said": failure_sentence(one)}
        for one in FailedTask.objects.filter(at__gt=after).order_by("-at")[:ERRORS_SHOWN]
    ]
    return sorted(found, key=lambda one: one["at"], reverse=True)[:ERRORS_SHOWN]
