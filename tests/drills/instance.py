"""An installation of the drill's own: database, broker, folders and port, with the processes of `make run`."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from crm.setup.steps import ROOT
from tests.drills.services import Missing, Postgres, Redis, free_port

# Enough for the churn model to beat the plain rule on most days; on others the drill goes on with the segments, which
# are always published.
CUSTOMERS = 1500
START_SECONDS = 240
MODELS_MB, SCRATCH_MB = 12, 120
# A database that says yes before it has written anything down.
FORGETFUL = "-c synchronous_commit=off -c wal_writer_delay=10000"
# libfaketime refuses the call by which Python sleeps; waiting for nothing else is as good.
SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
"""
RUN = "import sys; from crm.setup import running; sys.exit(running.run())"


class Instance:
    def __init__(self, engine: str, with_clock: bool = False, without: str = ""):
        self.home = Path(tempfile.mkdtemp(prefix="perennial-drill-"))
        self.home.chmod(0o755)
        self.engine, self.port = engine, free_port()
        self.redis = Redis(self.home / "redis")
        self.without = without
        forgetful = FORGETFUL if without == "commits" else ""
        self.postgres = (
            Postgres(self.home / "postgres", forgetful) if engine == "postgres" else None
        )
        self.url = f"http://127.0.0.1:{self.port}"
        self.models = self.home / "models"
        self.scratch = self.home / "scratch"
        self.log = self.home / "log"
        self.product: subprocess.Popen | None = None
        self.with_clock = with_clock
        self.has_small_disks = os.getuid() == 0  # who else may not mount any

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url(),
            "DEBUG": "off",
            "DEMO": "yes",
            "DEMO_CUSTOMERS": str(CUSTOMERS),
            "ENV_FILE": str(self.home / "env"),
            "LOG_LEVEL": "WARNING",
            "MODELS_DIR": str(self.models),
            "PORT": str(self.port),
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": "only-for-the-drill-" * 4,
            "SQLITE_TMPDIR": str(self.scratch),
            "STATIC_ROOT": str(self.home / "static"),
            "VAR_DIR": str(self.home / "var"),
        }

    def database_url(self) -> str:
        return self.postgres.url if self.postgres else f"sqlite:///{self.home}/drill.sqlite3"

    def clock_environment(self) -> dict[str, str]:
        """Processes whose clock is moved by a file; what they wait for runs by the true one."""
        if not self.with_clock:
            return {}
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not found:
            raise Missing("Moving the clock needs libfaketime: apt-get install faketime")
        self.set_clock(0)
        (self.home / "sitecustomize.py").write_text(SLEEP)
        return {
            "PYTHONPATH": str(self.home),
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.home / "clock"),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1",
            "NO_FAKE_STAT": "1",
        }

    def set_clock(self, seconds: int) -> None:
        new = self.home / "clock.new"
        new.write_text(f"{seconds:+d}\n")
        os.replace(new, self.home / "clock")

    def start(self) -> None:
        """Services, then the product as `make run` starts it, until it answers."""
        for folder, megabytes in ((self.models, MODELS_MB), (self.scratch, SCRATCH_MB)):
            folder.mkdir()
            if self.has_small_disks:
                size = f"size={megabytes}m,mode=0777"
                subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
        self.redis.start()
        if self.postgres:
            self.postgres.create()
        environment = os.environ | self.environment() | self.clock_environment()
        with self.log.open("wb") as log:
            self.product = subprocess.Popen(
                [sys.executable, "-c", RUN], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > end or self.product.poll() is not None:
                raise Missing(f"The product does not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.5)

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
            return True
        return False

    def login(self, role: str) -> dict[str, str]:
        return json.loads((self.home / "var" / "demo_logins.json").read_text())[role]

    def manage(self, *words: str, **more: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        environment = os.environ | self.environment() | self.clock_environment() | more
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
        )

    def processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.product.pid).children(recursive=True)
        return []

    def stop(self) -> None:
        if self.product and self.product.poll() is None:
            self.product.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.product.wait(40)
            left = self.processes()
            for process in [*left, self.product]:
                with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                    process.kill()
        if self.redis.process:
            self.redis.stop_at_once()
        if self.postgres:
            with contextlib.suppress(Missing):
                self.postgres.stop_at_once()
        for folder in (self.models, self.scratch) if self.has_small_disks else ():
            subprocess.run(["umount", "--lazy", folder], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.home, ignore_errors=True)
