"""Columns of arrays into a table: COPY on PostgreSQL, executemany in chunks on SQLite.

The numerical brother of customers.inserting: values never become Python objects on PostgreSQL, where Arrow writes
the text that COPY reads. What is not named gets the field's own default.
"""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection, models
from django.utils import timezone

from customers.inserting import CHUNK, chunked, reserve_ids

# The same draw as reserve_ids makes, without fetching it row by row where it is one unbroken run.
DRAW = """
SELECT MIN(id), MAX(id), COUNT(*) FROM (
    SELECT nextval(pg_get_serial_sequence(%s, %s)) AS id FROM generate_series(1, %s) OFFSET 0) AS drawn
"""


def reserve(model: type[models.Model], count: int) -> np.ndarray:
    """Ids nobody else will get; call it in the transaction that loads the rows."""
    if connection.vendor == "postgresql" and count:
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(DRAW, [table, model._meta.pk.column, count])
            first, last, drawn = cursor.fetchone()
        if last - first + 1 == drawn:
            return np.arange(first, last + 1, dtype=np.int64)
    return np.array(reserve_ids(model, count), dtype=np.int64)


def load(model: type[models.Model], columns: Mapping[str, Any]) -> int:
    """Insert rows given as equally long columns (arrays, lists) or single values; returns how many.

    Times are Unix seconds (NaN: unknown). Named fields take their values as they are; JSON fields take objects.
    """
    count = max((len(v) for v in columns.values() if not _is_single(v)), default=0)
    if not count:
        return 0
    now = int(timezone.now().timestamp())
    fields, arrays = [], []
    for field in model._meta.concrete_fields:
        name = field.attname
        if name in columns:
            value = columns[name]
        elif field.primary_key or field.null:
            continue
        elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            value = now
        else:
            value = field.get_default()
        fields.append(field)
        arrays.append(_array(field, value, count))
    unknown = set(columns) - {f.attname for f in fields}
    assert not unknown, f"{model.__name__} has no {unknown}"
    table = pa.table(arrays, names=[f.column for f in fields])
    (_copy if connection.vendor == "postgresql" else _execute)(model._meta.db_table, table)
    return count


def _is_single(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, dict, bool))


def _array(field: models.Field, value: Any, count: int) -> pa.Array:
    kind = field.get_internal_type()
    if kind == "JSONField":
        value = (
            json.dumps(value) if _is_single(value) else [json.dumps(v, default=str) for v in value]
        )
    if _is_single(value):
        value = pa.repeat(value, count) if value is not None else pa.nulls(count)
    array = value if isinstance(value, pa.Array) else pa.array(value, from_pandas=True)
    if kind == "DateTimeField" and not pa.types.is_null(array.type):
        return array.cast(pa.int64(), safe=False).cast(pa.timestamp("s", tz="UTC"))
    if isinstance(field, (models.ForeignKey, models.IntegerField)):
        return array.cast(pa.int64())
    return array


def _copy(table_name: str, table: pa.Table) -> None:
    text = io.BytesIO()
    pa.csv.write_csv(table, text, pa.csv.WriteOptions(include_header=False))
    names = ", ".join(connection.ops.quote_name(c) for c in table.column_names)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {connection.ops.quote_name(table_name)} ({names}) FROM STDIN (FORMAT csv)"
        ) as copy,
    ):
        copy.write(text.getbuffer())


def _execute(table_name: str, table: pa.Table) -> None:
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column, format="%Y-%m-%d %H:%M:%S")
        elif pa.types.is_date(column.type):
            column = column.cast(pa.string())
        elif pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        columns.append(column.to_pylist())
    names = ", ".join(connection.ops.quote_name(c) for c in table.column_names)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {connection.ops.quote_name(table_name)} ({names}) VALUES ({marks})"
    with connection.cursor() as cursor:
        for rows in chunked(zip(*columns, strict=True), CHUNK):
            cursor.executemany(statement, rows)
