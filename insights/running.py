"""Watch over one training: start it in a process of its own, and end it when it must end.

The parent (a solo Celery worker, or the command line) keeps the clock, the sign of life and the stop column,
and can kill the child with everything the child has started. The child does the learning and reports its
steps. If the parent dies, the child sees its standard input close and ends too.
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    transaction,
)
from django.db.models import F
from django.utils import timezone

from insights import unfinished
from insights.models import TrainingRun

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
GIVEN_UP = {"code": "too_many_attempts", "attempts": MOST_ATTEMPTS}
LOOK_SECONDS, HEARTBEAT_SECONDS, SILENCE_SECONDS, MERCY_SECONDS = 0.5, 5, 60, 5
# What a child that ends by itself says by its code: the database went away, there is no room on the disk.
AGAIN, DISK_FULL = 75, 74
Status = TrainingRun.Status


def run(run_id: int) -> None:
    """Take a waiting run and see it through; does nothing when somebody else has taken it.

    An attempt that was cut off from outside is followed by the next one, until there have been too many; what its
    networks had learnt by then is not learnt again (see insights.unfinished).
    """
    while take(run_id) and attempt(run_id):
        logger.warning("Training run %s was cut off and is tried again", run_id)


def attempt(run_id: int) -> bool:
    """One child from start to end; whether another attempt is due."""
    with tempfile.TemporaryFile() as words, signals_noted() as signals:
        child = start(run_id, words)
        status, facts = Status.FAILED, {"code": "crashed"}
        try:
            status, facts = watch(run_id, child, signals)
        finally:
            kill(child)
            finish(run_id, status, facts, last_words(words))
    unfinished.forget_settled()
    for number in signals:  # now Celery, or the shell, may have it
        os.kill(os.getpid(), number)
    return status == Status.QUEUED and not signals


def take(run_id: int) -> bool:
    """QUEUED becomes RUNNING, once; the attempt counts before the work, since the work may kill us."""
    now = timezone.now()
    waiting = TrainingRun.objects.filter(pk=run_id, status=Status.QUEUED)
    waiting.filter(attempts__gte=MOST_ATTEMPTS).update(
        status=Status.FAILED, ended_at=now, facts=GIVEN_UP
    )
    try:
        with transaction.atomic():
            return bool(
                waiting.update(
                    status=Status.RUNNING,
                    attempts=F("attempts") + 1,
                    started_at=now,
                    heartbeat_at=now,
                    watcher_host=socket.gethostname(),
                    watcher_pid=os.getpid(),
                    stop_requested=False,
                    step="start",
                    fraction=0,
                    rows=None,
                    steps=[],
                    error="",
                    facts={},
                )
            )
    except IntegrityError:  # another run of this kind is under way; the sweep sends this one again
        return False


def start(run_id: int, words: IO[bytes]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_training", str(run_id)],
        stdin=subprocess.PIPE,  # closes with us
        stdout=words,
        stderr=words,
        start_new_session=True,  # a process group that can be killed as a whole
    )


def watch(run_id: int, child: subprocess.Popen, signals: list[int]) -> tuple[str, dict]:
    """Look after the child until it ends or must end; returns how the run is to be closed."""
    began = heard = time.monotonic()
    mine = TrainingRun.objects.filter(pk=run_id, status=Status.RUNNING)
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return verdict(child.wait(LOOK_SECONDS))
        now = time.monotonic()
        if signals:
            return Status.QUEUED, {}
        if now - began > settings.TRAINING_TIME_LIMIT:
            return Status.FAILED, {"code": "time_limit", "seconds": settings.TRAINING_TIME_LIMIT}
        try:
            stop = mine.values_list("stop_requested", flat=True).first()
            if stop is None:  # closed already: by the child just now, or by the sweep
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(MERCY_SECONDS)
                return Status.DONE, {}
            if stop:
                return Status.STOPPED, {}
            if now - heard > HEARTBEAT_SECONDS:
                mine.update(heartbeat_at=timezone.now())
                heard = now
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Training run %s: the database does not answer: %s", run_id, error)
            close_old_connections()
            if now - heard > SILENCE_SECONDS:
                return Status.FAILED, {"code": "crashed"}


def verdict(code: int) -> tuple[str, dict]:
    """What the exit code of a child that has not closed its run means for the run."""
    if code < 0 or code == AGAIN:
        return Status.QUEUED, {"code": "killed", "exit_code": code}
    if code == DISK_FULL:
        return Status.FAILED, {"code": "disk_full"}
    return Status.FAILED, {"code": "crashed", "exit_code": code}


def finish(run_id: int, status: str, facts: dict, words: str = "") -> None:
    """Close a run that its child has not closed; the one place where failure is written down.

    Waits for a database that is being restarted: its end may be why the child has ended.
    """
    began = time.monotonic()
    while True:
        close_old_connections()
        try:
            return close(run_id, status, facts, words)
        except (InterfaceError, OperationalError):
            if time.monotonic() - began > SILENCE_SECONDS:
                raise
            time.sleep(1)


def close(run_id: int, status: str, facts: dict, words: str) -> None:
    run = TrainingRun.objects.filter(pk=run_id, status=Status.RUNNING)
    if status == Status.QUEUED:
        fresh = {"status": status, "heartbeat_at": None, "step": "", "fraction": 0}
        if facts:  # cut off: the next attempt is ours, and this one counts
            run.update(**fresh, facts=facts, error=words)
        else:  # we are asked to leave: whoever comes next takes it up again, and this was no failed attempt
            run.update(**fresh, sent_at=None, attempts=F("attempts") - 1)
        return
    words = words if status == Status.FAILED else ""
    if run.update(status=status, facts=facts, error=words, ended_at=timezone.now()):
        # Its words stay on the run: they may quote what somebody wrote, which belongs in no log.
        logger.warning("Training run %s ended as %s %s", run_id, status, facts)


def kill(child: subprocess.Popen) -> None:
    """The child and everything it started, politely first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(MERCY_SECONDS)
            break
    assert child.stdin
    child.stdin.close()


def last_words(words: IO[bytes], most: int = 4000) -> str:
    words.seek(max(0, words.seek(0, os.SEEK_END) - most))
    return words.read().decode(errors="replace").replace("\x00", "").strip()


@contextlib.contextmanager
def signals_noted() -> Iterator[list[int]]:
    """While a child runs, being asked to leave means ending it first and putting its run back."""
    noted: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
    try:
        before = {n: signal.signal(n, lambda number, frame: noted.append(number)) for n in numbers}
    except ValueError:  # not the main thread: signals are somebody else's affair
        yield noted
        return
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
