"""The records of an installation on SQLite: a copy of its file, made and brought back while others read and write."""

import gzip
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from crm.operations.backups.archive import Writer, part

PART = "database/perennial.sqlite3.gz"
LEVEL = 1  # three times as fast as the usual one, for a tenth more bytes
BUSY_SECONDS = 60


def place() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def size() -> int:
    files = [place(), place().with_name(f"{place().name}-wal")]
    return sum(one.stat().st_size for one in files if one.exists())


class Snapshot:
    """The records as of one moment."""

    def __init__(self, path: Path):
        self.path = path
        self.link = sqlite3.connect(path)

    def rows(self, sql: str) -> list[tuple]:
        return self.link.execute(sql).fetchall()

    def tables(self) -> dict[str, int]:
        names = self.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        )
        return {name: self.rows(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in names}

    def write(self, archive: Writer, say) -> dict:
        """Into the archive; returns what its list says of it."""
        say("Counting rows")
        counts = self.tables()
        say("Packing the records")
        with tempfile.TemporaryFile(dir=self.path.parent) as packed:
            with (
                self.path.open("rb") as plain,
                gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=LEVEL, mtime=0) as out,
            ):
                shutil.copyfileobj(plain, out, 1024 * 1024)
            archive.add(PART, packed)
        return {"tables": counts}


@contextmanager
def snapshot(folder: Path) -> Iterator[Snapshot]:
    """By SQLite's own online copying: no reader or writer waits, and none gets in between."""
    path = folder / "copy.sqlite3"
    with (
        closing(sqlite3.connect(f"file:{place()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    taken = Snapshot(path)
    try:
        yield taken
    finally:
        taken.link.close()


def unpack(archive: Path, folder: Path) -> Path:
    path = folder / "restored.sqlite3"
    with part(archive, PART) as packed, gzip.open(packed) as plain, path.open("wb") as out:
        shutil.copyfileobj(plain, out, 1024 * 1024)
    return path


def put_in_place(path: Path) -> None:
    """The whole content is replaced in one transaction of the file in use: killed half-way, it was never begun."""
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(place(), timeout=BUSY_SECONDS)) as target,
    ):
        target.execute("PRAGMA journal_mode=WAL")
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
