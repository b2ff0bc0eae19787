"""Workers, trainer and scheduler note every few seconds that they live and what they do.

A thread of the parent process does it, so a trainer that is busy for an hour keeps its pulse. Should the database
be away, it goes on as soon as that is back; while somebody writes to SQLite for long, a file says that they live.
"""

import atexit
import logging
import os
import socket
import threading
from collections.abc import Callable

from celery.signals import (
    after_task_publish,
    beat_init,
    worker_init,
    worker_ready,
    worker_shutdown,
)
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from crm.operations import signs
from crm.operations.models import WorkerHeartbeat

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5
PATIENCE_MS = 2000
Role = WorkerHeartbeat.Role

# A worker forks to replace a child that died. No copy of an open connection, or of a lock that is held, may get
# into the child, so a fork waits for the beat that is under way.
_beating = threading.Lock()
os.register_at_fork(
    before=_beating.acquire, after_in_parent=_beating.release, after_in_child=_beating.release
)


class Pulse(threading.Thread):
    """Beats until it is stopped; then the row is gone as well."""

    def __init__(self, name: str, role: str, doing: Callable[[], list[dict]]):
        super().__init__(daemon=True, name="pulse")
        self.row, self.doing, self.ended = name, doing, threading.Event()
        self.fixed = {"role": role, "host": socket.gethostname(), "pid": os.getpid()}
        self.fixed["started_at"] = timezone.now()
        self.well = True

    def run(self) -> None:
        self.note(self.beat)
        while not self.ended.wait(EVERY_SECONDS):
            self.note(self.beat)

    def stop(self) -> None:
        self.ended.set()
        signs.take_away(self.row)
        self.note(self.leave)

    def leave(self) -> None:
        hurry()
        WorkerHeartbeat.objects.filter(name=self.row, pid=self.fixed["pid"]).delete()

    def beat(self) -> None:
        hurry()
        values = self.fixed | {"seen_at": timezone.now(), "doing": self.doing()}
        mine = WorkerHeartbeat.objects.filter(name=self.row)
        if not mine.update(**values):
            WorkerHeartbeat.objects.update_or_create(name=self.row, defaults=values)
            WorkerHeartbeat.objects.forgotten().delete()

    def note(self, write: Callable) -> None:
        with _beating:
            try:
                write()
                self.well = True
            except (DatabaseError, InterfaceError) as error:
                if is_busy(error):
                    if not self.ended.is_set():
                        signs.leave(self.row)
                elif self.well:  # said once, not every five seconds
                    logger.warning("No heartbeat: the database does not answer: %s", error)
                    self.well = False
            finally:
                connection.close()


def hurry() -> None:
    """A sign of life that waits for a long writer would come too late."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")


def is_busy(error: Exception) -> bool:
    """Whether the database is there, and somebody else writes to it."""
    return connection.vendor == "sqlite" and "locked" in str(error)


class Work:
    """What this worker is doing: the tasks that its pool has begun, with when we first saw each."""

    def __init__(self):
        self.since: dict[str, str] = {}

    def __call__(self) -> list[dict]:
        from celery.worker.state import active_requests  # a worker's module, which pages do without

        now, begun = timezone.now().isoformat(), {one.id: one for one in list(active_requests)}
        self.since = {key: self.since.get(key, now) for key in begun}
        return [
            {"task": one.name, "about": about(one.args), "since": self.since[key]}
            for key, one in begun.items()
        ]


def about(arguments) -> str:
    """The first argument of a task, where it is an id or the like: the rest is nobody's business here."""
    first = next(iter(arguments or ()), "")
    return str(first) if isinstance(first, int | str) and len(str(first)) <= 20 else ""


class Sent:
    """What the scheduler has sent last."""

    def __init__(self):
        self.last: list[dict] = []

    def note(self, sender=None, **kwargs) -> None:
        self.last = [{"task": sender, "about": "", "since": timezone.now().isoformat()}]

    def __call__(self) -> list[dict]:
        return self.last


_pulses: list[Pulse] = []


def begin(name: str, role: str, doing: Callable[[], list[dict]]) -> Pulse:
    pulse = Pulse(name, role, doing)
    _pulses.append(pulse)
    pulse.start()
    return pulse


@worker_init.connect
def end_what_was_cut_short(**kwargs) -> None:
    """Before any model is loaded: a restore whose files have not followed its records yet."""
    from crm.operations.backups.files import settle

    try:
        settle()
    except (DatabaseError, InterfaceError, OSError) as error:
        logger.warning("Could not look for an unfinished restore: %s", error)
    connection.close()


@worker_ready.connect
def worker_lives(sender, **kwargs) -> None:
    queues = sender.app.amqp.queues.consume_from
    begin(sender.hostname, Role.TRAINER if "train" in queues else Role.WORKER, Work())


@worker_shutdown.connect
def worker_leaves(**kwargs) -> None:
    while _pulses:
        _pulses.pop().stop()


@beat_init.connect
def beat_lives(**kwargs) -> None:
    sent = Sent()
    after_task_publish.connect(sent.note, weak=False)
    pulse = begin(f"beat@{socket.gethostname()}", Role.BEAT, sent)
    atexit.register(pulse.stop)
