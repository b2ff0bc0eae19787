"""The company's facts as columnar tables: what every learner is handed.

Timestamps are UTC without a zone. Money is in the company's base currency. A row without a time or
without a customer never gets in here, nor does a customer who refused profiling.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, pa.Table]

_ID = pa.int64()
_TIME = pa.timestamp("us")

SCHEMAS: dict[str, pa.Schema] = {
    "customers": pa.schema(
        [
            ("customer_id", _ID),
            ("kind", pa.string()),
            ("country", pa.string()),
            ("language", pa.string()),
            ("created_at", _TIME),
        ]
    ),
    "attributes": pa.schema(
        [
            ("customer_id", _ID),
            ("name", pa.string()),
            ("type", pa.string()),
            ("text", pa.string()),
            ("number", pa.float64()),
            ("valid_from", _TIME),
        ]
    ),
    "orders": pa.schema(
        [
            ("order_id", _ID),
            ("customer_id", _ID),
            ("occurred_at", _TIME),
            ("kind", pa.string()),
            ("amount", pa.float64()),
        ]
    ),
    "lines": pa.schema(
        [
            ("order_id", _ID),
            ("customer_id", _ID),
            ("product_id", _ID),
            ("occurred_at", _TIME),
            ("kind", pa.string()),
            ("quantity", pa.float64()),
            ("amount", pa.float64()),
        ]
    ),
    "events": pa.schema(
        [
            ("customer_id", _ID),
            ("occurred_at", _TIME),
            ("kind", pa.string()),
            ("product_id", _ID),
            ("seconds", pa.float64()),
        ]
    ),
    "interactions": pa.schema(
        [
            ("customer_id", _ID),
            ("occurred_at", _TIME),
            ("channel", pa.string()),
            ("direction", pa.string()),
            ("rating", pa.float64()),
        ]
    ),
    # What was read out of customers' own messages; a fact of the moment the message was written.
    "readings": pa.schema(
        [
            ("customer_id", _ID),
            ("occurred_at", _TIME),
            ("label", pa.string()),
            ("sentiment", pa.float64()),
            ("intent", pa.string()),
            ("topic", _ID),
        ]
    ),
    "products": pa.schema(
        [
            ("product_id", _ID),
            ("name", pa.string()),
            ("category", pa.string()),
            ("description", pa.string()),
            ("price", pa.float64()),
            ("in_stock", pa.bool_()),
            ("archived", pa.bool_()),
        ]
    ),
}


def utc(moment: datetime) -> datetime:
    """The moment as the tables hold it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


class Facts(Mapping[str, pa.Table]):
    """Complete tables as several models ask about them: each is read when it is first asked for, and the features
    as of the moment are worked out once.

    ``tables`` are complete, or read when they are looked at; ``frame``: the features as of ``as_of`` without custom
    attributes, where they are known already (see insights.ml.features).
    """

    def __init__(self, tables: Tables, as_of: datetime, frame: "pd.DataFrame | None" = None):
        self.as_of, self.frame = utc(as_of), frame
        self.whole: pd.DataFrame | None = None  # with custom attributes
        self._tables = tables

    def __getitem__(self, name: str) -> pa.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SCHEMAS)

    def __len__(self) -> int:
        return len(SCHEMAS)


def complete(tables: Tables) -> Tables:
    """The same tables in the fixed column order and types; a table the company lacks is empty."""
    if isinstance(tables, Facts):
        return tables
    return {
        name: tables[name].select(schema.names).cast(schema)
        if name in tables
        else schema.empty_table()
        for name, schema in SCHEMAS.items()
    }


def only(tables: Tables, customer_ids: Iterable[int] | None) -> Tables:
    """The complete tables cut down to these customers (products stay whole); None keeps everyone."""
    whole = complete(tables)
    if customer_ids is None:
        return whole
    wanted = pa.array(sorted({int(i) for i in customer_ids}), type=_ID)
    return {
        name: table.filter(pc.is_in(table["customer_id"], value_set=wanted))
        if "customer_id" in table.column_names
        else table
        for name, table in whole.items()
    }


@cache
def _engine(threads: int, process: int) -> duckdb.DuckDBPyConnection:
    """One engine per process: to start one takes longer than to score a customer."""
    return duckdb.connect(":memory:", config={"threads": threads})


def connect(tables: Tables, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A connection of its own to the in-memory engine; it alone sees the tables, and reads them in place."""
    connection = _engine(threads, os.getpid()).cursor()
    for name, table in tables.items():
        connection.register(name, table)
    return connection
