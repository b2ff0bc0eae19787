"""Checked rows on disk, waiting to be written: grouped by key whatever their place in the file, in little memory.

SQLite's own temporary database, whatever the product's: it spills to a file without a name (in SQLITE_TMPDIR, else
/var/tmp or /tmp), so even a killed import leaves nothing behind.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from customers.inserting import CHUNK

# Row number, digest of the whole row, values of the fields.
Staged = tuple[int, bytes, tuple]


class Staging:
    """``names`` are the fields' names; each becomes a column ``f_<name>``."""

    def __init__(self, names: list[str]):
        self.columns = [f"f_{name}" for name in names]
        self.count = 0
        self._rows: list[tuple] = []
        self._rejected: list[tuple] = []

    def __enter__(self) -> "Staging":
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in ("temp_store=FILE", "journal_mode=OFF", "cache_size=-32768"):
            self._db.execute(f"PRAGMA {pragma}")
        columns = ", ".join(f'"{name}"' for name in self.columns)
        self._db.execute(f"CREATE TABLE rows (rn INTEGER, key TEXT, digest BLOB, {columns})")
        self._db.execute('CREATE TABLE rejected (rn INTEGER, "column" TEXT, reason TEXT)')
        self._db.execute("BEGIN")
        marks = ", ".join("?" * (3 + len(self.columns)))
        self._insert = f"INSERT INTO rows VALUES ({marks})"
        return self

    def __exit__(self, *_exception) -> None:
        self._db.close()

    def add(self, row: int, key: str, digest: bytes, values: tuple) -> None:
        self._rows.append((row, key, digest, *values))
        if len(self._rows) >= CHUNK:
            self._flush()

    def reject(self, row: int, column: str, reason: str) -> None:
        self._rejected.append((row, column, reason))
        if len(self._rejected) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany(self._insert, self._rows)
        self._db.executemany("INSERT INTO rejected VALUES (?, ?, ?)", self._rejected)
        self.count += len(self._rows)
        self._rows, self._rejected = [], []

    def execute(self, statement: str, values: list | None = None) -> sqlite3.Cursor:
        self._flush()
        return self._db.execute(statement, values or [])

    def groups(self) -> Iterator[tuple[str, list[Staged]]]:
        """Rows of one key together, in the order of the file."""
        columns = ", ".join(f'"{name}"' for name in self.columns)
        cursor = self.execute(f"SELECT key, rn, digest, {columns} FROM rows ORDER BY key, rn")
        cursor.arraysize = CHUNK
        for key, rows in groupby(cursor, key=itemgetter(0)):
            yield key, [(row[1], row[2], row[3:]) for row in rows]

    def rejected(self) -> Iterator[tuple[int, str, str]]:
        """Row number, column and reason, in the order of the file."""
        return iter(self.execute('SELECT rn, "column", reason FROM rejected ORDER BY rn'))
