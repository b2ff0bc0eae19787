"""What is bought after what: directed neighbours, learnt from the order of each customer's purchases.

Sequential rules weighted by distance (Ludewig & Jannach 2018, "Evaluation of session-based recommendation
algorithms"), over whole customer histories instead of sessions. A step is a day with a purchase: what
was bought on one day has no order.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import Board, positions, run_starts
from insights.ml.neighbours import column_blocks, joined, strongest_weights

# How many steps back a purchase is still counted as having led to a new one.
STEPS = 5


@dataclass(frozen=True)
class Steps:
    """The days with a purchase, one row each, in order within each customer.

    owner (steps,): customer row. bought: binary CSR (steps, products), all that was bought that day;
    new: the same for what that customer bought for the first time.
    """

    owner: np.ndarray
    bought: sp.csr_matrix
    new: sp.csr_matrix

    @classmethod
    def of(cls, board: Board) -> "Steps":
        past, m = board.past, len(board.product_ids)
        row, _ = positions(board.customer_ids, past.customer_id)
        column, _ = positions(board.product_ids, past.product_id)
        order = np.lexsort((column, past.day, row))
        row, column, day = row[order], column[order], past.day[order]
        once = run_starts(row, day, column)
        row, column, day = row[once], column[once], day[once]
        first = run_starts(row, day)
        step = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(row))))
        # In order of customer and day, so the first time that a pair is met is its first purchase.
        fresh = np.unique(row * np.int64(max(m, 1)) + column, return_index=True)[1]
        shape = (len(first), m)
        return cls(
            row[first], _binary(step, column, shape), _binary(step[fresh], column[fresh], shape)
        )


def _binary(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def following_weights(board: Board, fade: float, damp: float, keep: int = 100) -> sp.csc_matrix:
    """Weights (products, products), column j: how often j was bought new after i, the `keep` highest.

    A purchase l steps earlier (at most STEPS) counts l ** -fade. Divided by buyers(i) ** (1 - damp) *
    buyers(j) ** damp: 0 is the share of i's buyers, 0.5 the cosine's way of not favouring best-sellers.
    """
    steps = Steps.of(board)
    buyers = np.maximum(np.asarray(board.bought.sum(axis=0)).ravel(), 1)
    lags = [(lag, *_lagged(steps.owner, lag)) for lag in range(1, STEPS + 1)]
    columns = []
    for first, block in column_blocks(steps.new):
        new, width = block.tocsr(), block.shape[1]
        led_to = np.zeros((len(buyers), width))
        for lag, earlier, later in lags:
            pairs = steps.bought[earlier].T @ new[later]
            led_to += lag**-fade * np.asarray(pairs.todense())
        led_to /= buyers[:, None] ** (1 - damp) * buyers[None, first : first + width] ** damp
        led_to[np.arange(first, first + width), np.arange(width)] = 0
        columns.append(strongest_weights(led_to, keep))
    return joined(columns, len(buyers))


def _lagged(owner: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of steps and of those `lag` steps later of the same customer."""
    earlier = np.flatnonzero(owner[:-lag] == owner[lag:]) if len(owner) > lag else np.array([], int)
    return earlier, earlier + lag


def later_shares(board: Board, pairs: sp.csc_matrix) -> np.ndarray:
    """For each stored pair (i, j): the share of i's buyers who first bought j on a later day than i."""
    past, m = board.past, len(board.product_ids)
    row, _ = positions(board.customer_ids, past.customer_id)
    column, _ = positions(board.product_ids, past.product_id)
    # Sales stand in time order: the first of a pair is its first purchase.
    first = np.unique(row * np.int64(max(m, 1)) + column, return_index=True)[1]
    days = sp.csr_matrix((past.day[first], (row[first], column[first])), shape=board.bought.shape)
    by_product = days.tocsc()
    buyers = np.maximum(np.diff(by_product.indptr), 1)
    found = np.zeros(pairs.nnz)
    for j in range(m):
        span = slice(pairs.indptr[j], pairs.indptr[j + 1])
        who = by_product.indices[by_product.indptr[j] : by_product.indptr[j + 1]]
        when = by_product.data[by_product.indptr[j] : by_product.indptr[j + 1]]
        theirs = days[who]
        earlier = theirs.data < np.repeat(when, np.diff(theirs.indptr))
        led = np.bincount(theirs.indices[earlier], minlength=m)
        found[span] = led[pairs.indices[span]] / buyers[pairs.indices[span]]
    return found
