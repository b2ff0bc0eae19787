"""Put many rows into one table as fast as the database takes them.

For the big, narrow tables (orders, lines, events): COPY on PostgreSQL, executemany in chunks on SQLite. Rows are
tuples under ids reserved before, so that what refers to them can be built at once. Nothing here sends signals or
fills defaults: callers name every column that needs a value.
"""

import datetime
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, models

CHUNK = 2000


def chunked(rows: Iterable, size: int = CHUNK) -> Iterator[list]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that nobody else will get. Insert rows under them before reserving again, in the same transaction."""
    assert connection.in_atomic_block, "reserved ids are only safe inside a transaction"
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', key, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # One writer at a time: nobody comes between this look and our insert.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = row[0] if row else 0
        return list(range(last + 1, last + 1 + count))


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Insert tuples of the named fields (``order_id``, not ``order``)."""
    columns = ", ".join(connection.ops.quote_name(_field(model, n).column) for n in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({columns}) FROM STDIN"
            # Django wraps the errors of what it calls itself; COPY is not among that.
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in _plain(model, names, rows):
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(names))
        for chunk in chunked(_plain(model, names, rows)):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", chunk)


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert instances of one model, and give them their ids."""
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    for pk, one in zip(reserve_ids(model, len(objects)), objects, strict=True):
        one.pk = pk
    # pre_save fills what the moment of saving fills.
    rows = (tuple(field.pre_save(one, add=True) for field in fields) for one in objects)
    insert_rows(model, [field.attname for field in fields], rows)


def insert_new_rows(
    model: type[models.Model], names: Sequence[str], rows: Sequence[tuple], key: str
) -> dict:
    """Insert those whose unique ``key`` (one of the names) nobody has stored; returns their ids by key.

    Somebody else may store the same keys meanwhile: whoever comes first has it, and nothing fails.
    """
    at = names.index(key)
    if connection.vendor == "postgresql":
        return _insert_arrays(model, names, rows, key)
    # One writer at a time: what is not there now is not there when we insert.
    known = set()
    for chunk in chunked(rows):
        found = model._base_manager.filter(**{f"{key}__in": [row[at] for row in chunk]})
        known |= set(found.values_list(key, flat=True))
    fresh = [row for row in rows if row[at] not in known]
    ids = reserve_ids(model, len(fresh)) if fresh else []
    insert_rows(model, ["id", *names], ((pk, *row) for pk, row in zip(ids, fresh, strict=True)))
    return {row[at]: pk for pk, row in zip(ids, fresh, strict=True)}


def _insert_arrays(model, names: Sequence[str], rows: Sequence[tuple], key: str) -> dict:
    """As fast as COPY, which cannot pass over a row: one statement, each column an array in binary form."""
    import psycopg

    if not rows:
        return {}
    quote = connection.ops.quote_name
    fields = [_field(model, name) for name in names]
    columns = ", ".join(quote(field.column) for field in fields)
    # Without its length: a cast would cut a text that is too long, where the column itself refuses it.
    types = [re.sub(r"\(.*\)", "", field.db_type(connection)) for field in fields]
    arrays = ", ".join(f"%b::{type_}[]" for type_ in types)
    unique = quote(_field(model, key).column)
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT * FROM unnest({arrays})"
        f" ON CONFLICT ({unique}) DO NOTHING RETURNING {unique}, {quote(model._meta.pk.column)}"
    )
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        return dict(cursor.fetchall())


def update_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Update by id: tuples of the named fields' new values, the id last."""
    columns = ", ".join(f"{connection.ops.quote_name(_field(model, n).column)} = %s" for n in names)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"UPDATE {table} SET {columns} WHERE id = %s"
    with connection.cursor() as cursor:
        for chunk in chunked(_plain(model, [*names, "id"], rows)):
            cursor.executemany(statement, chunk)


def _field(model: type[models.Model], name: str) -> models.Field:
    return next(f for f in model._meta.concrete_fields if name in (f.name, f.attname))


def _utc(value: datetime.datetime | None) -> str | None:
    return value and str(value.astimezone(datetime.UTC).replace(tzinfo=None))


def _hex(value: uuid.UUID | None) -> str | None:
    return value and value.hex


def _clock(value: datetime.time | None) -> str | None:
    return value and value.isoformat()


def _plain(model, names: Sequence[str], rows: Iterable[tuple]) -> Iterable[tuple]:
    """Values as Django stores them, where the database's own driver would store something else."""
    ways: dict[int, Callable] = {}
    for at, name in enumerate(names):
        match _field(model, name).get_internal_type():
            case "JSONField":
                ways[at] = json.dumps
            case "DateTimeField" if connection.vendor == "sqlite":
                ways[at] = _utc
            case "TimeField" if connection.vendor == "sqlite":
                ways[at] = _clock
            case "UUIDField" if connection.vendor == "sqlite":
                ways[at] = _hex
    if not ways:
        return rows
    return (
        tuple(ways[at](value) if at in ways else value for at, value in enumerate(row))
        for row in rows
    )
