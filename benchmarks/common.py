"""What every benchmark shares: a throw-away database, measuring, and the one JSON line at the end.

Django is configured here, so a benchmark imports models and learners only inside its functions, after
:func:`throwaway` has opened.
"""

import argparse
import json
import os
import platform
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
LOCAL_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
PACKAGES = "django celery pandas numpy pyarrow duckdb scikit-learn interpret-core tensorflow"


@dataclass
class Step:
    """Seconds on the clock, seconds of processor time (children included), peak resident megabytes."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0

    def figures(self) -> dict[str, float]:
        return {
            "wall_s": round(self.wall_s, 2),
            "cpu_s": round(self.cpu_s, 2),
            "peak_mb": round(self.peak_mb, 1),
        }


def arguments(description: str) -> argparse.ArgumentParser:
    """The arguments every benchmark takes; add your own to it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--engine",
        choices=["sqlite", "postgresql"],
        default="postgresql" if _given_database().startswith("postgres") else "sqlite",
        help="default: PostgreSQL where DATABASE_URL names one, else SQLite",
    )
    return parser


def with_company(parser: argparse.ArgumentParser, customers: int) -> argparse.ArgumentParser:
    """The arguments of benchmarks that run on a demo company (see :func:`company`)."""
    parser.add_argument("--customers", type=int, default=customers)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", metavar="NAME", default="", help="keep the database, or use it again"
    )
    return parser


def company(folder: Path, options: argparse.Namespace) -> dict:
    """Load the demo company, unless the database was kept with one; what loading it has cost either way."""
    from customers.models import Customer

    path = folder / "demo_company.json"
    if not Customer.objects.exists():
        words = ["--customers", str(options.customers), "--seed", str(options.seed)]
        path.write_text(json.dumps(command("demo company", "demo_company", *words).figures()))
    elif (there := Customer.objects.count()) != options.customers:
        sys.exit(
            f"The database {options.keep} holds {there:,} customers, not {options.customers:,}."
        )
    return json.loads(path.read_text())


def say(text: str) -> None:
    print(text, flush=True)


def real_data(name: str) -> Path:
    """A file of the folder that PERENNIAL_DATA names; without it the benchmark ends with a clear word."""
    folder = os.environ.get("PERENNIAL_DATA", "")
    path = Path(folder) / name
    if not folder or not path.is_file():
        sys.exit(f"This benchmark reads {name}: set PERENNIAL_DATA to the folder that holds it.")
    return path


@contextmanager
def throwaway(engine: str = "sqlite", keep: str = "") -> Iterator[Path]:
    """A fresh migrated database, and a folder for models; both are gone afterwards. Yields the folder.

    ``keep``: a name under which both stay, and are met again by the next call with it: a million customers take
    minutes to load. Commands started inside (see :func:`command`) use the same database. Nothing goes to a real
    broker.
    """
    name = f"perennial_bench_{keep or secrets.token_hex(4)}"
    folder = Path(tempfile.gettempdir()) / name.replace("_", "-")
    folder.mkdir(exist_ok=bool(keep))
    admin = _given_database() or LOCAL_POSTGRESQL
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    if engine == "postgresql":
        if not (keep and _exists(admin, name)):
            _execute(admin, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        url = urlsplit(admin)._replace(path=f"/{name}").geturl()
    os.environ.update(
        DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="crm.settings",
        ENV_FILE=os.devnull,
        LOG_LEVEL="WARNING",
        MODELS_DIR=str(folder / "models"),
        REDIS_URL="memory://",
        SECRET_KEY="only-for-benchmarks",
        VAR_DIR=str(folder),
    )
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield folder
    finally:
        _close_connections()
        if keep:
            say(f"Kept: {url} and {folder}")
        else:
            if engine == "postgresql":
                _execute(admin, f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(folder, ignore_errors=True)


def run_alone(name: str, *words: object) -> dict:
    """A part of a benchmark in a process of its own, since Django is configured once per process: what it ends with."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, words)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    last = ""
    for line in child.stdout:
        last = line
        if not line.startswith('{"'):
            say(line.rstrip())
    if child.wait():
        sys.exit(f"{name} {' '.join(map(str, words))} ended with code {child.returncode}")
    return json.loads(last)


@contextmanager
def measured(what: str) -> Iterator[Step]:
    """Measure a stretch of this process (and of the children it ends)."""
    step = Step()
    say(f"→ {what} …")
    watch = PeakWatch()
    cpu, start = _cpu(), time.perf_counter()
    try:
        yield step
    finally:
        step.wall_s = time.perf_counter() - start
        step.cpu_s = _cpu() - cpu
        step.peak_mb = watch.stop()
        say(f"  {step.wall_s:.1f} s, {step.cpu_s:.1f} CPU s, peak {step.peak_mb:.0f} MB")


def command(what: str, *words: str | Path) -> Step:
    """Measure a management command in a process of its own, so that its memory is its own too."""
    say(f"→ {what}: manage.py {' '.join(map(str, words))}")
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "manage.py", *map(str, words)], cwd=ROOT)
    _, status, usage = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        sys.exit(f"manage.py {words[0]} ended with code {code}")
    step = Step(
        wall_s=time.perf_counter() - start,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=_megabytes(usage.ru_maxrss),
    )
    say(f"  {step.wall_s:.1f} s, {step.cpu_s:.1f} CPU s, peak {step.peak_mb:.0f} MB")
    return step


def finish(benchmark: str, figures: dict, candidates: list[dict] | None = None) -> None:
    """The last line: everything as one JSON object."""
    document = {
        "benchmark": benchmark,
        "figures": figures,
        "candidates": candidates or [],
        "machine": machine(),
        "versions": versions(),
    }
    say(json.dumps(document, ensure_ascii=False, default=float))


def machine() -> dict[str, object]:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "system": platform.platform(terse=True),
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gb": round(pages * size / 2**30, 1),
    }


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES.split():
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = ""
    return found


class PeakWatch:
    """Highest resident memory of this process while it runs, by looking every 20 milliseconds."""

    def __init__(self) -> None:
        self.peak = self._now()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    @staticmethod
    def _now() -> float:
        statm = Path("/proc/self/statm")
        if statm.is_file():
            return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    def _look(self) -> None:
        while not self.over.wait(0.02):
            self.peak = max(self.peak, self._now())

    def stop(self) -> float:
        self.over.set()
        self.thread.join()
        return max(self.peak, self._now())


def _megabytes(maxrss: int) -> float:
    return maxrss / 2**20 if sys.platform == "darwin" else maxrss / 2**10


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _given_database() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def _execute(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _exists(url: str, name: str) -> bool:
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def _close_connections() -> None:
    from django.apps import apps
    from django.db import connections

    if apps.ready:
        connections.close_all()
