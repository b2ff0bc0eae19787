"""The disk under the model files, and the one under what an import sets aside, is full; then there is room again."""

import contextlib
import csv
import time
from collections.abc import Iterator
from pathlib import Path

from customers.models import Interaction
from insights.ml import storage
from insights.models import ModelVersion
from tests.drills import processes
from tests.drills.context import Context, Stuck

FIELDS = ("external_id", "channel", "text", "occurred_at")
ROWS, DIFFERENT = 100_000, 3


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    """Not a byte more fits."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    try:
        yield
    finally:
        filler.unlink()


def models(context: Context) -> float:
    """A training fails in plain words, the model before it stays whole and goes on scoring."""
    folder = context.instance.models
    # What is done still removes old versions, which would make room again.
    context.until(
        lambda: not processes.find(context.instance, "training"), "a training before is not over"
    )
    champion = ModelVersion.objects.filter(kind="segments", is_champion=True).get()
    files = set(place(context, champion).iterdir())
    with full(folder):
        last = context.settled(context.train())
        if (last.status, last.facts.get("code")) != ("failed", "disk_full"):
            raise Stuck(f"with a full disk: {last.status} {last.facts} {last.error[-300:]}")
        context.order_is_scored(time.monotonic())
    if list(folder.glob("segments/.*")):
        raise Stuck("half-written files were left behind")
    storage.load(place(context, champion), champion.checksum)
    if set(place(context, champion).iterdir()) != files:
        raise Stuck("the files of the model before have changed")
    began = time.monotonic()
    last = context.settled(context.train())
    if last.status != "done":
        raise Stuck(f"with room again: {last.status} {last.facts}")
    return time.monotonic() - began


def place(context: Context, version: ModelVersion) -> Path:
    return context.instance.models / version.kind / f"v{version.number}"


def imports(context: Context) -> float:
    """An import of a file fails in plain words and writes nothing; with room again it writes all of it, once."""
    home, scratch = context.instance.home, context.instance.scratch
    file, source = home / "talks.csv", f"file {time.monotonic_ns()}"
    write_file(file)
    fields = [word for name in FIELDS for word in ("--set", f"{name}={name}")]
    words = ["import_interactions", str(file), "--source", source, "--tz", "UTC", *fields]
    with full(scratch):
        done = context.instance.manage(*words)
        if done.returncode == 0 or "Traceback" in done.stderr or "room" not in done.stderr:
            raise Stuck(f"with a full disk: {done.returncode} {done.stderr[-600:]}")
        if Interaction.objects.filter(source=source).exists():
            raise Stuck("half an import was left behind")
    began = time.monotonic()
    done = context.instance.manage(*words)
    stored = Interaction.objects.filter(source=source).count()
    if done.returncode or stored != DIFFERENT:
        raise Stuck(f"with room again: {stored} stored, {done.stderr[-600:]} {done.stdout[-600:]}")
    return time.monotonic() - began


def write_file(path: Path) -> None:
    """Large, so that it does not fit into memory while it is read; few rows of it differ."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(FIELDS)
        for number in range(ROWS):
            rows.writerow([number % DIFFERENT, "email", "word " * 100, "2026-01-02 03:04:05"])
