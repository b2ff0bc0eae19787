"""The product as it really runs, for a while: a database of its own, gunicorn on a free port, nothing mocked."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    url: str
    tokens: dict[str, str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as it:
        return it.getsockname()[1]


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """Of a server with an empty database, whose requests nobody counts and whose workers are away."""
    rates = {f"API_RATE_{kind}": "off" for kind in ("READ", "WRITE", "INGEST", "ANALYSIS", "TOKEN")}
    database = os.environ.get("CONTRACT_DATABASE_URL", f"sqlite:///{folder / 'contract.sqlite3'}")
    return {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
        **rates,
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "for this run only",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "DEBUG": "on",  # static files need not be collected then; the API answers the same
        "REDIS_URL": "memory://",
        "THROTTLE_URL": "memory://",
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        **more,
    }


@contextlib.contextmanager
def served(folder: Path, **more: str) -> Iterator[Served]:
    """The company of tests.contract.company behind two web processes."""
    port = free_port()
    env = environment(folder, port, **more)
    python = [sys.executable]
    subprocess.run(
        [*python, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True, timeout=300
    )
    company = {**env, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    told = subprocess.run(
        [*python, "-m", "tests.contract.company"], cwd=ROOT, env=company, check=True, timeout=120,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*python, "-m", "gunicorn", "crm.wsgi", "--config", "crm/gunicorn.py"],
            cwd=ROOT, env=env, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/healthz", server)
            yield Served(url, json.loads(told.stdout.splitlines()[-1]))
        finally:
            server.terminate()
            server.wait(30)


def wait_for(url: str, server: subprocess.Popen, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        away = contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError)
        with away, urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer")
