"""Who bought what as of a moment, and what they bought new in the window after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from insights.ml.stories import Stories
from insights.ml.tables import Tables, utc

DAY = np.timedelta64(1, "D")
RECENT_DAYS = (7, 14, 28)


@dataclass(frozen=True)
class Sales:
    """Sold lines with a product, in time order. Arrays of equal length; days are whole UTC days."""

    customer_id: np.ndarray
    product_id: np.ndarray
    at: np.ndarray

    def before(self, moment: datetime) -> "Sales":
        return self._cut(0, int(np.searchsorted(self.at, instant(moment))))

    def between(self, start: datetime, end: datetime) -> "Sales":
        first, last = np.searchsorted(self.at, [instant(start), instant(end)])
        return self._cut(int(first), int(last))

    def of(self, customer_ids: np.ndarray) -> "Sales":
        rows = np.isin(self.customer_id, customer_ids)
        return Sales(self.customer_id[rows], self.product_id[rows], self.at[rows])

    @property
    def day(self) -> np.ndarray:
        """Whole days since 1970."""
        return self.at.astype("datetime64[D]").astype(np.int64)

    def _cut(self, first: int, last: int) -> "Sales":
        """A stretch of time shares the arrays: boards of several moments cost no memory of their own."""
        rows = slice(first, max(first, last))
        return Sales(self.customer_id[rows], self.product_id[rows], self.at[rows])

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class History:
    """What each customer owns, and how long ago in their own time it was bought last.

    lags: CSR (customers, products); 1 is the customer's latest day with a purchase, 2 the one before it.
    Sorted by lag, a row is the order in which the customer bought. stories: all else that they did, where a
    recommender takes part that reads it.
    """

    lags: sp.csr_matrix
    stories: Stories | None = None

    @cached_property
    def bought(self) -> sp.csr_matrix:
        """Binary CSR (customers, products)."""
        return self._with(np.ones(self.lags.nnz))

    def faded(self, fade: float) -> sp.csr_matrix:
        """Weights lag ** -fade: 0 remembers everything alike, 2 little but the latest purchases."""
        return self._with(self.lags.data**-fade) if fade else self.bought

    @property
    def shape(self) -> tuple[int, int]:
        return self.lags.shape

    def __getitem__(self, rows: slice | np.ndarray) -> "History":
        told = None if self.stories is None else self.stories[rows]
        return History(self.lags[rows], told)

    def _with(self, data: np.ndarray) -> sp.csr_matrix:
        return sp.csr_matrix((data, self.lags.indices, self.lags.indptr), shape=self.lags.shape)


@dataclass(frozen=True)
class Board:
    """The sales before `as_of` as a matrix.

    customer_ids (n,) and product_ids (m,) are sorted; history holds (n, m); past is what it was made of;
    recent[d] (m,) counts the buyers of each product in the last d days. targets is binary CSR (n, m):
    products known here that a customer bought for the first time in the window, or None while the window
    is open. cold holds the (customer row, product id) pairs of the window whose product nobody had bought
    before.
    """

    as_of: datetime
    customer_ids: np.ndarray
    product_ids: np.ndarray
    past: Sales
    history: History
    recent: dict[int, np.ndarray]
    targets: sp.csr_matrix | None = None
    cold: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def bought(self) -> sp.csr_matrix:
        return self.history.bought

    @property
    def asked(self) -> np.ndarray:
        """Rows of the customers who did buy something new: the ones a list is judged on."""
        assert self.targets is not None
        return np.flatnonzero(np.diff(self.targets.indptr) > 0)

    def part(self, customer_ids: np.ndarray) -> "Board":
        """What there would be to learn from had there been these customers alone; every product keeps its column."""
        rows = np.flatnonzero(np.isin(self.customer_ids, customer_ids))
        past, products = self.past.of(customer_ids), self.product_ids
        recent = {days: _recent_buyers(past, self.as_of, days, products) for days in self.recent}
        ids = self.customer_ids[rows]
        return Board(self.as_of, ids, products, past, self.history[rows], recent)


def instant(moment: datetime) -> np.datetime64:
    return np.datetime64(utc(moment), "us")


def read_sales(tables: Tables, only_product_ids: Sequence[int] | None = None) -> Sales:
    """The sold lines of `tables`; returns and cancellations are not sales."""
    lines = tables["lines"]
    keep = pc.and_(pc.equal(lines["kind"], "sale"), pc.is_valid(lines["product_id"]))
    if only_product_ids is not None:
        chosen = pa.array(sorted(only_product_ids), type=lines["product_id"].type)
        keep = pc.and_(keep, pc.is_in(lines["product_id"], value_set=chosen))
    keep = pc.and_(keep, pc.greater(pc.fill_null(lines["quantity"], 1.0), 0.0))
    lines = lines.filter(keep)
    at = lines["occurred_at"].to_numpy().astype("datetime64[us]")
    order = np.argsort(at, kind="stable")
    customer = lines["customer_id"].to_numpy().astype(np.int64)
    product = lines["product_id"].to_numpy().astype(np.int64)
    return Sales(customer[order], product[order], at[order])


def returned(tables: Tables, sales: Sales, as_of: datetime) -> Sales:
    """What customers sent back before as_of and have not bought since; at is when it came back."""
    lines = tables["lines"]
    lines = lines.filter(
        pc.and_(pc.equal(lines["kind"], "return"), pc.is_valid(lines["product_id"]))
    )
    at = lines["occurred_at"].to_numpy().astype("datetime64[us]")
    order = np.argsort(at, kind="stable")
    order = order[at[order] < instant(as_of)]
    customer = lines["customer_id"].to_numpy().astype(np.int64)[order]
    product = lines["product_id"].to_numpy().astype(np.int64)[order]
    base = np.int64(max(product.max(initial=0), sales.product_id.max(initial=0)) + 1)
    pairs, latest = np.unique((customer * base + product)[::-1], return_index=True)
    at = at[order][::-1][latest]
    where, sent_back = positions(pairs, sales.customer_id * base + sales.product_id)
    bought = np.full(len(pairs), np.datetime64(0, "us"))
    # Sales stand in time order, so the latest of a pair is written last.
    bought[where[sent_back]] = sales.at[sent_back]
    kept = at >= bought
    return Sales(pairs[kept] // base, pairs[kept] % base, at[kept])


def matrix(sales: Sales, customer_ids: np.ndarray, product_ids: np.ndarray) -> sp.csr_matrix:
    """Binary CSR (customers, products) of the sales whose customer and product are both known."""
    shape = (len(customer_ids), len(product_ids))
    row, known_row = positions(customer_ids, sales.customer_id)
    column, known_column = positions(product_ids, sales.product_id)
    both = known_row & known_column
    # Through one number per pair: a line bought ten times is one purchase here, and order cannot matter.
    pairs = np.unique(row[both] * np.int64(max(shape[1], 1)) + column[both])
    rows, columns = np.divmod(pairs, max(shape[1], 1))
    return sp.csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=shape)


def history(sales: Sales, customer_ids: np.ndarray, product_ids: np.ndarray) -> History:
    """Of the sales whose customer and product are both known; only the latest of each pair counts."""
    shape = (len(customer_ids), len(product_ids))
    row, known_row = positions(customer_ids, sales.customer_id)
    column, known_column = positions(product_ids, sales.product_id)
    both = known_row & known_column
    row, column, day = row[both], column[both], sales.day[both]
    # Sorted by customer and product, the latest first, through one number per line.
    order = np.argsort((row * np.int64(max(shape[1], 1)) + column)[::-1], kind="stable")
    row, column, day = row[::-1][order], column[::-1][order], day[::-1][order]
    lag = _lags(row, day)
    latest = run_starts(row, column)
    pairs = (lag[latest], (row[latest], column[latest]))
    return History(sp.csr_matrix(pairs, shape=shape))


def _lags(row: np.ndarray, day: np.ndarray) -> np.ndarray:
    """For each line: days with a purchase of the same customer from it to the latest, itself included."""
    if not len(row):
        return np.array([], dtype=float)
    # Days count backwards here, so that each customer's latest comes first.
    back = int(day.max()) - day
    span = np.int64(back.max()) + 1
    days, of_line = np.unique(row * span + back, return_inverse=True)
    first = run_starts(days // span)
    place = np.arange(len(days)) - np.repeat(first, np.diff(np.append(first, len(days))))
    return (place[of_line] + 1).astype(float)


def positions(sorted_ids: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each id stands in sorted_ids, and whether it does stand there."""
    if not len(sorted_ids):
        return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=bool)
    where = np.minimum(np.searchsorted(sorted_ids, ids), len(sorted_ids) - 1)
    return where.astype(np.int64), sorted_ids[where] == ids


def run_starts(*columns: np.ndarray) -> np.ndarray:
    """Where a new combination of values begins in columns sorted together."""
    if not len(columns[0]):
        return np.array([], dtype=np.int64)
    changed = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.concatenate([[0], np.flatnonzero(changed) + 1])


def board(sales: Sales, as_of: datetime, horizon_days: int | None = None) -> Board:
    """The board as of a moment; with a horizon, also what was bought new in the days after it."""
    past = sales.before(as_of)
    customers, products = np.unique(past.customer_id), np.unique(past.product_id)
    known = history(past, customers, products)
    recent = {days: _recent_buyers(past, as_of, days, products) for days in RECENT_DAYS}
    if horizon_days is None:
        return Board(as_of, customers, products, past, known, recent)
    window = sales.between(as_of, as_of + timedelta(days=horizon_days))
    later = matrix(window, customers, products)
    targets = sp.csr_matrix(later - later.multiply(known.bought))
    targets.eliminate_zeros()
    cold = _first_ever(window, customers, products)
    return Board(as_of, customers, products, past, known, recent, targets, cold)


def _recent_buyers(past: Sales, as_of: datetime, days: int, products: np.ndarray) -> np.ndarray:
    recent = past.between(as_of - timedelta(days=days), as_of)
    bought = matrix(recent, np.unique(recent.customer_id), products)
    return np.asarray(bought.sum(axis=0)).ravel()


def _first_ever(
    window: Sales, customers: np.ndarray, products: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    row, known_customer = positions(customers, window.customer_id)
    _, known_product = positions(products, window.product_id)
    fresh = known_customer & ~known_product
    return row[fresh], window.product_id[fresh]
