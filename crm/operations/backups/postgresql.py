"""The records of an installation on PostgreSQL, by COPY over its own connection.

No pg_dump is needed, whose version would have to match the server's: the tables are made by the migrations, to the
state that the backup was in, and filled with what was copied out. All of a restore is one transaction, so that
whatever ends it early leaves the records as they were.
"""

import gzip
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from psycopg import sql

from crm.operations.backups.archive import Writer, part
from crm.operations.models import Restored, WorkerHeartbeat

LEVEL = 1
LOCK_SECONDS = 30
ORDER = ("VIEW", "MATERIALIZED VIEW", "TABLE", "SEQUENCE", "FUNCTION")
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1
"""
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1
"""
# What migrations make beside tables; what belongs to an extension stays.
THINGS = """
SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
  oid::regclass::text
FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
UNION ALL
SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
PLAIN_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid AND relkind = 'r'
WHERE relnamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""

Say = Callable[[str], None]


def size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


class Snapshot:
    """The records as of one moment: a read-only transaction that sees nothing later."""

    def __init__(self, cursor: psycopg.Cursor, folder: Path):
        self.cursor, self.folder = cursor, folder

    def rows(self, text: str, params=None) -> list[tuple]:
        return self.cursor.execute(text, params).fetchall()

    def write(self, archive: Writer, say: Say) -> dict:
        counts, columns = {}, {}
        tables = [name for (name,) in self.rows(TABLES)]
        for number, table in enumerate(tables, 1):
            columns[table] = self.rows(COLUMNS, [f'"{table}"'])
            counts[table] = self.copy(table, [name for name, _kind in columns[table]], archive)
            say(f"{number} of {len(tables)} tables: {table}, {counts[table]:,} rows")
        sequences = {name: value for name, value in self.rows(SEQUENCES) if value is not None}
        return {"tables": counts, "columns": columns, "sequences": sequences}

    def copy(self, table: str, columns: list[str], archive: Writer) -> int:
        rows, query = 0, _copy("COPY {} ({}) TO STDOUT", table, columns)
        with tempfile.TemporaryFile(dir=self.folder) as packed:
            with (
                gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=LEVEL, mtime=0) as out,
                self.cursor.copy(query) as stream,
            ):
                for block in stream:
                    rows += bytes(block).count(b"\n")  # a line break in a value is escaped
                    out.write(block)
            archive.add(f"database/{table}.copy.gz", packed)
        return rows


def _copy(words: str, table: str, columns: list[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(words).format(sql.Identifier(table), names)


@contextmanager
def snapshot(folder: Path) -> Iterator[Snapshot]:
    params = connection.get_connection_params() | {"autocommit": True}
    params.pop("cursor_factory", None)
    with psycopg.connect(**params) as link, link.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL datestyle = 'ISO'")
        yield Snapshot(cursor, folder)
        cursor.execute("COMMIT")


@transaction.atomic
def restore(archive: Path, manifest: dict, token: str, say: Say) -> None:
    """Everything in the database by what is in the archive, brought up to this release."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        say("Making the tables as they were")
        drop_everything(cursor)
        # Checks of keys that wait for the end of the transaction would stand in the way of the next migration.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        executor = MigrationExecutor(connection)
        executor.migrate(leaves(executor.loader.graph, manifest["migrations"]))
        tables = sorted(manifest["tables"])
        make_missing(cursor, manifest["columns"])
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables))
        again = bare(cursor)
        for number, table in enumerate(tables, 1):
            say(f"{number} of {len(tables)} tables: {table}")
            fill(cursor, archive, table, manifest)
        for name, value in manifest["sequences"].items():
            cursor.execute("SELECT setval(to_regclass(%s), %s)", [f'"{name}"', value])
        say("Making the indexes")
        for text in again:
            cursor.execute(text)
    say("Bringing it up to this release")
    call_command("migrate", interactive=False, verbosity=0)
    WorkerHeartbeat.objects.all().delete()
    Restored.objects.create(token=token, path=str(archive))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def leaves(graph: MigrationGraph, recorded: list[list[str]]) -> list[tuple[str, str]]:
    """The last ones of each app, of those that were applied."""
    applied = {(app, name) for app, name in recorded} & set(graph.node_map)
    before = {
        parent.key
        for key in applied
        for parent in graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted(applied - before)


def make_missing(cursor, columns: dict[str, list[list[str]]]) -> None:
    """Tables of an app that is no longer part of the product: bare, for a later migration may read them."""
    cursor.execute(TABLES)
    for table in set(columns) - {name for (name,) in cursor.fetchall()}:
        words = ", ".join(f'"{name}" {kind}' for name, kind in columns[table])
        cursor.execute(f'CREATE TABLE "{table}" ({words})')


def drop_everything(cursor) -> None:
    """Tables before sequences: one that belongs to a column goes with it, and cannot go alone."""
    cursor.execute(THINGS)
    for kind, name in sorted(cursor.fetchall(), key=lambda thing: ORDER.index(thing[0])):
        cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")


def bare(cursor) -> list[str]:
    """Take foreign keys and plain indexes off; returns the statements that bring them back."""
    cursor.execute(FOREIGN_KEYS)
    keys = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(PLAIN_INDEXES)
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    back = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}" for table, name, text in keys]
    return [*(definition for _name, definition in indexes), *back]


def fill(cursor, archive: Path, table: str, manifest: dict) -> None:
    names = [name for name, _kind in manifest["columns"][table]]
    query = _copy("COPY {} ({}) FROM STDIN", table, names)
    # What triggers once made of these rows is in the archive too.
    cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    with (
        part(archive, f"database/{table}.copy.gz") as packed,
        gzip.open(packed) as plain,
        cursor.copy(query) as stream,
    ):
        while block := plain.read(1024 * 1024):
            stream.write(block)
    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    found, wanted = cursor.fetchone()[0], manifest["tables"][table]
    if found != wanted:
        raise ValueError(f"{table}: {found} rows instead of {wanted}")
