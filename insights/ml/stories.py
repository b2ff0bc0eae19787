"""Every customer's story as of a moment: what they did and what was said to them, in order.

The one definition, for training and for scoring alike, is plain SQL (stories.sql, story_products.sql), transpiled
like that of the features. A story is computed from one customer's own facts before the moment.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlglot

from insights.ml.features import STORY
from insights.ml.tables import Tables, connect, only

if TYPE_CHECKING:
    from insights.ml.evaluation import Candidate

# The latest purchases are never crowded out by visits: each have places of their own.
PURCHASES, OTHERS = 20, 12
LENGTH = PURCHASES + OTHERS
PRODUCTS = 16
CATEGORY_CODES = 255
KINDS = (
    "", "purchase", "return", "product_view", "cart", "search", "visit", "said", "told", "complaint", "other",
)  # fmt: skip
PURCHASE = KINDS.index("purchase")
# One event: its kind (index into KINDS), how many days before the moment, money or seconds, how often that day,
# rating (1..5), feeling read out of the words (-1..1), products and the codes of their categories. NaN, -1 and 0 where
# there is none.
EVENT = np.dtype(
    [
        ("kind", "i1"),
        ("days", "f4"),
        ("size", "f4"),
        ("number", "f4"),
        ("rating", "f4"),
        ("feeling", "f4"),
        ("products", "i8", (PRODUCTS,)),
        ("categories", "u1", (PRODUCTS,)),
    ]
)
TABLES = ("customers", "orders", "lines", "events", "interactions", "readings", "products")
# From so many customers and facts about them on, the network takes part by itself: with fewer it learns little that
# simpler learners do not know, and the first models would be late.
LEAST_CUSTOMERS, LEAST_EVENTS = 5_000, 50_000
# Who leaves and what is bought next a small network learns from fewer already, with each of its twins in seconds.
FEW_CUSTOMERS, FEW_EVENTS = 1_000, 20_000
# Where every customer's story has to be read, and not those of some drawn at random, so many are read in minutes.
MOST_STORIES = 100_000
CANDIDATE = "story"
SMALL = {"small": True}


@dataclass(frozen=True)
class Part:
    """Whether the candidate that reads stories takes part, and by what that was decided; `small`: as a network that
    is learnt from little in seconds."""

    takes: bool
    customers: int
    events: int
    needed: tuple[int, int]
    small: bool

    @classmethod
    def of(
        cls,
        params: Mapping[str, Any],
        customers: int,
        tables: Tables,
        most: int | None = None,
        small_too: bool = False,
    ) -> Self:
        """It does when asked for by name, or with enough to learn from and no more than `most` customers.

        small_too: whether a small one takes part where there is less to learn from."""
        names: Collection[str] | None = params.get("candidates")
        events = sum(len(tables[name]) for name in ("orders", "events", "interactions"))
        whole = customers >= LEAST_CUSTOMERS and events >= LEAST_EVENTS
        needed = (FEW_CUSTOMERS, FEW_EVENTS) if small_too else (LEAST_CUSTOMERS, LEAST_EVENTS)
        enough = customers >= needed[0] and events >= needed[1]
        takes = enough and customers <= (most or customers) if names is None else CANDIDATE in names
        return cls(takes, customers, events, needed, takes and names is None and not whole)

    @property
    def told(self) -> dict[str, Any]:
        needed = dict(zip(("customers_needed", "events_needed"), self.needed, strict=True))
        own = {"takes": self.takes, "customers": self.customers, "events": self.events}
        own |= {"small": self.small}
        return {**own, **needed}


def taking_part(
    candidates: "Sequence[Candidate]", told: bool, small: bool = False
) -> "list[Candidate]":
    """The candidates, less the one that reads stories where none are told; `small`: that one is a small network."""
    some = [one for one in candidates if told or one.name != CANDIDATE]
    if not small:
        return some
    return [
        replace(one, build=partial(one.build, **SMALL)) if one.name == CANDIDATE else one
        for one in some
    ]


@dataclass(frozen=True)
class Stories:
    """n stories in one array: those of row i are events[starts[i]:starts[i + 1]], the oldest event first."""

    events: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, rows: slice | np.ndarray) -> "Stories":
        chosen = np.arange(len(self))[rows]
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        return Stories(self.events[np.repeat(self.starts[chosen], lengths) + inside], starts)

    @classmethod
    def of(cls, cells: Sequence[np.ndarray]) -> "Stories":
        """Put together again from `cells()`, in the order given."""
        lengths = np.fromiter((len(cell) for cell in cells), np.int64, len(cells))
        events = np.concatenate([np.empty(0, EVENT), *cells])
        return cls(events, np.concatenate([[0], np.cumsum(lengths)]))

    def cells(self) -> list[np.ndarray]:
        """One array of events per story, as views."""
        bounds = self.starts.tolist()
        return [self.events[a:b] for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def stories(tables: Tables, customer_ids: Iterable[int], as_ofs: np.ndarray) -> Stories:
    """One story per row: customer_ids (n,) and as_ofs (n,) datetime64, in the order given."""
    ids, moments = np.asarray(customer_ids, np.int64), np.asarray(as_ofs).astype("datetime64[us]")
    told, about = _read(tables, ids, moments)
    events = np.zeros(len(told), EVENT)
    events["kind"] = [KINDS.index(kind) for kind in told["kind"].to_pylist()]
    for name in ("days", "size", "number", "rating", "feeling"):
        events[name] = told[name].to_numpy(zero_copy_only=False)
    events["products"] = -1
    where = about["event"].to_numpy(), about["place"].to_numpy() - 1
    events["products"][where] = about["product_id"].to_numpy()
    events["categories"][where] = _codes(about["category"])
    return _aligned(events, told, ids, moments)


def with_stories(frame: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The feature frame with one more column, `STORY`: each row's customer as of its moment, an array of EVENT."""
    found = stories(tables, frame["customer_id"].to_numpy(), frame["as_of"].to_numpy())
    cells = np.empty(len(frame), dtype=object)
    cells[:] = found.cells() if len(frame) else []
    return frame.assign(**{STORY: pd.Series(cells, index=frame.index, dtype=object)})


@cache
def query(name: str, dialect: str = "duckdb") -> str:
    """The definition `name` ('stories' or 'story_products') in the dialect of an engine."""
    source = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    filled = source.format(purchases=PURCHASES, others=OTHERS, products=PRODUCTS)
    return sqlglot.transpile(filled, read="duckdb", write=dialect, comments=False)[0]


def _read(tables: Tables, ids: np.ndarray, moments: np.ndarray) -> tuple[pa.Table, pa.Table]:
    """Events in order of moment, customer and time; and which of them (by number) is about which products."""
    snapshots = pa.table({"as_of": pa.array(np.unique(moments), type=pa.timestamp("us"))})
    connection = connect({**only(tables, np.unique(ids).tolist()), "snapshots": snapshots})
    try:
        told = connection.sql(query("stories")).to_arrow_table()
        numbered = told.append_column("event", pa.array(np.arange(len(told))))
        connection.register("told", numbered)
        return told, connection.sql(query("story_products")).to_arrow_table()
    finally:
        connection.close()


def _codes(names: pa.ChunkedArray) -> np.ndarray:
    """Category names -> 1..255, the same for a name wherever it is met; 0 without a category."""
    which, levels = pd.factorize(names.to_pandas())
    known = [
        1 + zlib.crc32(str(level).encode()) % CATEGORY_CODES if level else 0 for level in levels
    ]
    return np.array([*known, 0], np.uint8)[which]


def _aligned(events: np.ndarray, told: pa.Table, ids: np.ndarray, moments: np.ndarray) -> Stories:
    """The events of the rows asked for; who has none has an empty story."""
    found = pd.MultiIndex.from_arrays(
        [told["as_of"].to_numpy().astype("datetime64[us]"), told["customer_id"].to_numpy()]
    )
    unique = found.unique()
    starts = np.searchsorted(unique.get_indexer(found), np.arange(len(unique) + 1))
    rows = unique.get_indexer(pd.MultiIndex.from_arrays([moments, ids])) if len(unique) else None
    # One more story, an empty one, for those who have none.
    whole = Stories(events, np.append(starts, starts[-1]))
    return whole[rows if rows is not None else np.zeros(len(ids), int)]
