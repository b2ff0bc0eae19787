"""Rows of a query as columns: from the database's cursor into Arrow in blocks.

PostgreSQL hands them over by COPY, SQLite by fetchmany, so that a million order lines take seconds and little more
memory than the tables themselves.
"""

import contextlib
import gc
import io
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.csv
from django.db import DatabaseError, connection

# Small blocks of rows: what Python has made of them is gone before its collector looks at it.
BLOCK_ROWS, BLOCK_BYTES = 1_000, 8 * 2**20


def read_columns(query: str, params: dict, schema: pa.Schema) -> pa.Table:
    """What the query finds, in the columns of the schema, in its order."""
    blocks = _fetched if connection.vendor == "sqlite" else _copied
    with collector_at_rest():
        return pa.Table.from_batches(blocks(query, params, schema), schema).combine_chunks()


@contextlib.contextmanager
def collector_at_rest() -> Iterator[None]:
    """While many small things are made that are needed together, Python's search for cycles among them finds none,
    and takes two fifths of the processor time. For stretches that end soon: what does form cycles stays until then."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fetched(query: str, params: dict, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        while rows := cursor.fetchmany(BLOCK_ROWS):
            columns = zip(*rows, strict=True)
            arrays = [_array(c, field.type) for c, field in zip(columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: tuple, type_: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(type_):
        return pa.array(values, pa.string()).cast(type_)
    if pa.types.is_boolean(type_):
        return pa.array([None if v is None else bool(v) for v in values], type_)
    return pa.array(values).cast(type_) if pa.types.is_floating(type_) else pa.array(values, type_)


def _copied(query: str, params: dict, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Each message of COPY is one row, so a block always ends with one."""
    for rows in _copy_rows(query, params):
        yield from _parsed(b"".join(rows), schema)


def _copy_rows(query: str, params: dict) -> Iterator[list[memoryview]]:
    """In blocks, straight from libpq: psycopg's own loop over a million rows takes ten times the processor time."""
    from psycopg.pq import ExecStatus

    with connection.cursor() as cursor:
        text = cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT csv)", params)
        wire = connection.connection.pgconn
        result = wire.exec_(text.encode())
        try:
            if result.status != ExecStatus.COPY_OUT:
                raise DatabaseError(result.error_message.decode(errors="replace"))
            length = 1
            while length > 0:
                length, rows = _copy_block(wire.get_copy_data)
                if rows:
                    yield rows
            result = wire.get_result()
            if result is None or result.status != ExecStatus.COMMAND_OK:
                raise DatabaseError("The server broke off while it copied rows.")
            while wire.get_result() is not None:
                pass
        except BaseException:
            connection.close()  # nobody else may meet it half-way through a copy
            raise


def _copy_block(next_row: Callable[[int], tuple[int, memoryview]]) -> tuple[int, list[memoryview]]:
    """Rows until there are enough or no more, and the length of the last: not above nothing when it was the end."""
    rows: list[memoryview] = []
    size, note = 0, rows.append
    while size < BLOCK_BYTES:
        length, row = next_row(0)
        if length <= 0:
            return length, rows
        note(row)
        size += length
    return size, rows


def _parsed(text: bytes, schema: pa.Schema) -> list[pa.RecordBatch]:
    table = pyarrow.csv.read_csv(
        io.BytesIO(text),
        read_options=pyarrow.csv.ReadOptions(column_names=schema.names, block_size=2 * len(text)),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,  # COPY writes "" for an empty text and nothing for NULL
            true_values=["t"],
            false_values=["f"],
        ),
    )
    return table.to_batches()
