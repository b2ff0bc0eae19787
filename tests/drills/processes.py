"""Which process of the product is which."""

import contextlib
import os
import signal
import time

import psutil

from tests.drills.instance import Instance


def _words(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _parents_words(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        parent = process.parent()
        return _words(parent) if parent else ""
    return ""


def _is(process: psutil.Process, mark: str, child: bool) -> bool:
    return mark in _words(process) and (mark in _parents_words(process)) == child


FINDERS = {
    "web master": lambda p: _is(p, "gunicorn", child=False),
    "web worker": lambda p: _is(p, "gunicorn", child=True),
    "worker": lambda p: _is(p, "worker@", child=False),
    "worker's child": lambda p: _is(p, "worker@", child=True),
    "trainer": lambda p: _is(p, "trainer@", child=False),
    "training": lambda p: _is(p, "run_training", child=False),
    "beat": lambda p: _is(p, "crm beat", child=False),
}


def find(instance: Instance, name: str) -> list[psutil.Process]:
    return [process for process in instance.processes() if FINDERS[name](process)]


def wait_for(instance: Instance, name: str, seconds: float = 60) -> list[psutil.Process]:
    end = time.monotonic() + seconds
    while not (found := find(instance, name)):
        if time.monotonic() > end:
            raise TimeoutError(f"No {name} came up in {seconds:.0f} s")
        time.sleep(0.1)
    return found


def kill(process: psutil.Process) -> bool:
    """At once and without a word; whether it was there."""
    try:
        os.kill(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
