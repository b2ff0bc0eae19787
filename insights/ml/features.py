"""Features as of a moment: tables and moments in, one row per customer and moment out.

The one definition, used for training and for scoring, is plain SQL (features.sql, attributes.sql). It is
parsed by sqlglot, which writes it in the dialect of whichever engine runs it: DuckDB in this process by
default, Spark on a cluster. Every feature is computed from one customer's own facts, so the row of a
customer does not depend on who else is asked for; what is learnt across customers (category levels,
scales, medians) is state of the models.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlglot

from insights.ml.tables import Facts, Tables, connect, only

KEYS = ("customer_id", "as_of")
ATTRIBUTE = "attribute:"
# A column that holds no feature but what a customer did, event by event (see insights.ml.stories).
STORY = "story"

# Which reason a feature speaks for. A reason is one thing a person would name, however many figures
# measure it.
FAMILIES: dict[str, tuple[str, ...]] = {
    "recency": ("recency_days", "recency_over_gap", "recency_over_longest"),
    "frequency": (
        "orders_all", "orders_30", "orders_90", "orders_180", "orders_365", "active_months", "purchase_days",
    ),
    "rhythm": ("gap_mean", "gap_median", "gap_longest", "gap_spread", "gap_last", "gap_trend"),
    "order_trend": ("orders_trend",),
    "season": ("orders_year_ago", "spend_year_ago"),
    "spend": (
        "spend_all", "spend_30", "spend_90", "spend_180", "spend_365",
        "order_value", "largest_order", "last_order_amount",
    ),
    "spend_trend": ("spend_trend", "basket_trend"),
    "price": ("unit_price", "price_trend", "discount_level"),
    "breadth": (
        "products_all", "products_90", "new_products_90", "categories_all", "categories_90", "repeat_share",
        "lines_per_order", "units_per_order",
    ),
    "returns": ("returns_all", "returns_90", "returns_365", "returned_share", "return_recency_days"),
    "browsing": (
        "visits_30", "visits_90", "visits_trend", "views_30", "views_90", "carts_90", "searches_90",
        "seconds_30", "seconds_90", "seconds_per_visit", "visit_recency_days",
    ),
    "looking": ("views_since_order", "carts_since_order"),
    "conversations": ("conversations_30", "conversations_90", "conversations_365"),
    "complaints": ("complaints_30", "complaints_90", "complaints_365", "complaint_recency_days"),
    "ratings": ("low_ratings_365", "mean_rating", "last_rating"),
    "service": ("response_hours_365", "unanswered_90"),
    "voice": (
        "feeling_last", "feeling_worst_90", "feeling_trend", "negative_30", "negative_90", "negative_365",
        "negative_unanswered_90", "negative_waiting_hours", "negative_reason", "negative_reason_90",
        "negative_topic", "cancelling_90",
    ),
    "tenure": ("tenure_days", "first_sale_days"),
    "country": ("country",),
    "language": ("language",),
    "customer_kind": ("customer_kind",),
}  # fmt: skip
# Names as the record has them now; what they were before nobody has noted.
UNDATED = ("country", "language", "customer_kind")
CATEGORIES = (*UNDATED, "negative_reason", "negative_topic")
# The tables that features.sql looks at.
OF_FEATURES = ("customers", "orders", "lines", "events", "interactions", "readings", "products")
NUMBERS = tuple(name for names in FAMILIES.values() for name in names if name not in CATEGORIES)


@cache
def query(name: str, dialect: str = "duckdb") -> str:
    """The definition `name` ('features' or 'attributes') in the dialect of an engine."""
    source = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    return sqlglot.transpile(source, read="duckdb", write=dialect, comments=False)[0]


def features(
    tables: Tables,
    as_ofs: Sequence[datetime],
    customer_ids: Iterable[int] | None = None,
    custom: bool = True,
) -> pd.DataFrame:
    """One row per customer and moment, sorted by (as_of, customer_id).

    Columns: customer_id, as_of, `NUMBERS` (float64, NaN where there is no fact), `CATEGORIES` and, unless
    `custom` is false, one column 'attribute:<name>' per custom attribute (float64; a date is days before as_of; a
    boolean 0/1; text and choice are strings). Days are days of 24 hours, money is in the base currency. Nothing that
    happened at or after a row's as_of is in it.

    Of `Facts`, asked as of their own moment, they are worked out once: whoever asks has them to read, not to write.
    """
    moments = sorted(set(as_ofs))
    if not isinstance(tables, Facts) or customer_ids is not None or moments != [tables.as_of]:
        some = only(tables, customer_ids)
        frame = _without_attributes(some, moments)
        return _with_attributes(frame, some, moments) if custom else frame
    if tables.frame is None:
        tables.frame = _without_attributes(tables, moments)
    if not custom:
        return tables.frame
    if tables.whole is None:
        tables.whole = _with_attributes(tables.frame, tables, moments)
    return tables.whole


def categorical_columns(frame: pd.DataFrame) -> list[str]:
    """The columns whose values are names, not amounts."""
    return [name for name in feature_columns(frame) if frame[name].dtype == object]


def feature_columns(frame: pd.DataFrame) -> list[str]:
    """Every column that is a feature."""
    return [name for name in frame.columns if name not in (*KEYS, STORY)]


def family_of(column: str) -> str:
    """The reason code a feature speaks for; a custom attribute speaks for itself."""
    if column.startswith(ATTRIBUTE):
        return column
    return next(code for code, names in FAMILIES.items() if column in names)


def _text(values: pd.Series) -> pd.Series:
    """Plain str objects and None, whatever string type pandas read them as."""
    return values.astype(object).where(values.notna(), None).astype(object)


def _asked(name: str, tables: Tables, moments: Sequence[datetime]) -> pa.Table:
    """The definition's own tables, and no others, are looked at."""
    snapshots = pa.table({"as_of": pa.array(moments, type=pa.timestamp("us"))})
    needed = ("attributes",) if name == "attributes" else OF_FEATURES
    connection = connect({**{one: tables[one] for one in needed}, "snapshots": snapshots})
    try:
        return connection.sql(query(name)).to_arrow_table()
    finally:
        connection.close()


def _without_attributes(tables: Tables, moments: Sequence[datetime]) -> pd.DataFrame:
    return from_arrow(_asked("features", tables, moments))


def from_arrow(table: pa.Table) -> pd.DataFrame:
    """Feature rows without custom attributes, as `features` gives them, out of an engine or a file."""
    frame = table.to_pandas()
    for name in NUMBERS:
        frame[name] = frame[name].astype("float64")
    for name in CATEGORIES:
        frame[name] = _text(frame[name])
    return frame


def _with_attributes(
    frame: pd.DataFrame, tables: Tables, moments: Sequence[datetime]
) -> pd.DataFrame:
    long = _asked("attributes", tables, moments).to_pandas()
    index = pd.MultiIndex.from_frame(frame[["as_of", "customer_id"]])
    columns = {}
    for name, rows in long.groupby("name", sort=True):
        kind = rows["type"].iloc[-1]
        values = _attribute_values(rows, kind)
        values.index = pd.MultiIndex.from_frame(rows[["as_of", "customer_id"]])
        values = values.reindex(index)
        columns[ATTRIBUTE + str(name)] = values.set_axis(frame.index)
    return frame.assign(**columns) if columns else frame


def _attribute_values(rows: pd.DataFrame, kind: str) -> pd.Series:
    if kind in ("text", "choice"):
        return _text(rows["text"])
    numbers = rows["number"].astype("float64")
    if kind == "date":
        return (rows["as_of"] - pd.Timestamp(0)) / np.timedelta64(1, "D") - numbers
    return numbers
