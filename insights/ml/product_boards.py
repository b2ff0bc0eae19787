"""The boards that recommenders are trained and judged on: two closed windows and the present."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from insights.ml.baskets import Board, Sales, board, instant, read_sales
from insights.ml.evaluation import NotEnoughData
from insights.ml.stories import MOST_STORIES, Part, stories
from insights.ml.tables import Tables, complete, utc
from insights.ml.wording import Wording, catalogue_texts

HORIZON_DAYS = 90
FEWEST_CUSTOMERS = 50
FEWEST_PRODUCTS = 10
FEWEST_CATEGORIES = 3


@dataclass(frozen=True)
class Inputs:
    """Boards as of the validation and the test cutoff (windows closed) and as of now (window open)."""

    as_of: datetime
    horizon_days: int
    sales: Sales
    validation: Board
    test: Board
    now: Board
    products: pa.Table
    category: dict[int, str]
    only_product_ids: list[int] | None
    stories: dict[str, Any] = field(default_factory=dict)


def inputs(tables: Tables, as_of: datetime, params: dict[str, Any]) -> Inputs:
    """Interaction matrices as of the two cutoffs and as of now.

    params: horizon_days (90), test_as_of (the newest closed window's start), validation_as_of (a horizon
    earlier), only_product_ids (all). Raises NotEnoughData 'no_orders', 'history_too_short',
    'too_few_customers', 'too_few_buyers' (of something new, in either window) or 'too_few_products'.
    """
    tables = complete(tables)
    horizon = int(params.get("horizon_days", HORIZON_DAYS))
    chosen = params.get("only_product_ids")
    sales = read_sales(tables, chosen).before(as_of)
    if not len(sales):
        raise NotEnoughData("no_orders", {})
    # A file that ends last year says nothing about the time since: its last order is its present.
    closed = min(utc(as_of), sales.at[-1].astype(datetime) + timedelta(seconds=1))
    test_as_of = params.get("test_as_of") or closed - timedelta(days=horizon)
    validation_as_of = params.get("validation_as_of") or test_as_of - timedelta(days=horizon)
    _enough_history(sales, validation_as_of, test_as_of, horizon)
    boards = [board(sales, moment, horizon) for moment in (validation_as_of, test_as_of)]
    for one in boards:
        _enough(one)
    boards.append(board(sales, closed))
    part = Part.of(params, len(boards[-1].customer_ids), tables, MOST_STORIES, small_too=True)
    if part.takes:
        boards = [told(one, tables) for one in boards]
    validation, test, now = boards
    return Inputs(
        closed, horizon, sales, validation, test, now, tables["products"], categories(tables["products"]),
        None if chosen is None else sorted(int(i) for i in chosen), part.told,
    )  # fmt: skip


def told(on: Board, tables: Tables) -> Board:
    """The board with everything that its customers did before its moment."""
    moments = np.full(len(on.customer_ids), instant(on.as_of))
    return replace(
        on, history=replace(on.history, stories=stories(tables, on.customer_ids, moments))
    )


def _enough_history(sales: Sales, validation: datetime, test: datetime, horizon: int) -> None:
    """Before the first window opens, a third of a window's length must have been seen."""
    first = sales.at[0].astype(datetime)
    if instant(first + timedelta(days=horizon // 3)) > instant(validation):
        needed = (test - validation).days + horizon + horizon // 3
        have = int((sales.at[-1] - sales.at[0]) / np.timedelta64(1, "D"))
        raise NotEnoughData("history_too_short", {"days_needed": needed, "days_have": have})


def _enough(one: Board) -> None:
    for code, rows in (("too_few_customers", one.customer_ids), ("too_few_buyers", one.asked)):
        if len(rows) < FEWEST_CUSTOMERS:
            raise NotEnoughData(code, {"needed": FEWEST_CUSTOMERS, "have": len(rows)})
    if len(one.product_ids) < FEWEST_PRODUCTS:
        raise NotEnoughData(
            "too_few_products", {"needed": FEWEST_PRODUCTS, "have": int(len(one.product_ids))}
        )


def categories(products: pa.Table) -> dict[int, str]:
    pairs = zip(products["product_id"].to_pylist(), products["category"].to_pylist(), strict=True)
    return {int(product): name or "" for product, name in pairs}


def groups_of(data: Inputs, on: Board) -> np.ndarray:
    """Category codes of the board's products, -1 where none is known. Where nearly everything is of one kind
    there is nothing to choose among, and so no groups."""
    names = [data.category.get(int(product), "") for product in on.product_ids]
    codes = {name: i for i, name in enumerate(sorted(set(names) - {""}))}
    if len(codes) < FEWEST_CATEGORIES:
        return np.full(len(names), -1)
    return np.array([codes.get(name, -1) for name in names])


def vectors_of(data: Inputs, on: Board, wording: Wording) -> sp.csr_matrix:
    """What is written about the board's products, (products, n-grams)."""
    return wording.vectors(catalogue_texts(data.products, on.product_ids))
