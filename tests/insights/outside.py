"""Processes of the product beside the test's own: on the test's database, with its models and a broker of its own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from crm.celery import app
from insights.models import TrainingRun


def environment(**more: str) -> dict[str, str]:
    """What makes another process use this test's database and folder of models."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "ENV_FILE": os.devnull,
        "MODELS_DIR": str(settings.MODELS_DIR),
        "REDIS_URL": "memory://",
        "SECRET_KEY": "only-for-tests",
        **more,
    }


def database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    user = f"{values['USER']}:{values['PASSWORD']}".rstrip(":")
    host = values["HOST"] if not values["HOST"].startswith("/") else ""
    place = f"{host}:{values['PORT']}" if values["PORT"] else host
    url = f"postgres://{user}@{place}/{values['NAME']}"
    return url if host else url.replace("@/", f"@{values['HOST'].replace('/', '%2f')}/")


def manage(*words: str, **more: str) -> subprocess.Popen:
    words = (sys.executable, str(settings.BASE_DIR / "manage.py"), *words)
    return subprocess.Popen(
        words, env=environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def until(condition, seconds: float = 120.0):
    """Wait for it; what it returned, or a failure."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{condition} did not come true in {seconds} s")


def step_of(run: TrainingRun) -> str:
    return TrainingRun.objects.values_list("step", flat=True).get(pk=run.pk)


def learning(run: TrainingRun) -> bool:
    """Its child has begun to work."""
    return step_of(run) not in ("", "start")


def children_of(pid: int) -> list[int]:
    """The trainings that a process has started; a test's own process has other children, as a browser."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True
    )
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and "run_training" in row[-1]]


def gone(pid: int) -> bool:
    """Ended, be it without anybody having noticed yet."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return not state.stdout.strip() or state.stdout.startswith("Z")


@contextlib.contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Tasks sent by this process go there."""
    before = app.conf.broker_url
    _connect(url)
    try:
        yield
    finally:
        _connect(before)


def _connect(url: str) -> None:
    app.conf.broker_url = url
    app.amqp._producer_pool = app._pool = None  # what is connected elsewhere
