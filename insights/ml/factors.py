"""Matrix factorisation for implicit feedback by alternating least squares.

Hu, Koren & Volinsky (2008), "Collaborative filtering for implicit feedback datasets", with the penalty of
Rendle et al. (2022), "Revisiting the performance of iALS": it grows with how often a row was seen. With
s = x_u . y_i, the loss is

    sum over bought (1 - s)^2 + unseen * sum over all s^2 + penalty * sum of rows (count + unseen * others) |row|^2

Customers are folded in by the same least squares when they are scored, so none is stored and who came
after the training is served like everyone else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import History
from insights.ml.rankers import Arrays

# Factors of products settle long before every customer has been looked at.
MOST_CUSTOMERS = 20_000
MOST_PRODUCTS = 5_000
_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Factors:
    """Products' factors, (products, factors); a row of zeros took no part."""

    name: ClassVar[str] = "factors"

    products: np.ndarray
    unseen: float
    penalty: float

    def spoken(self, history: History) -> np.ndarray:
        scores = np.empty(history.shape)
        for rows, system, right in _systems(
            history.bought, self.products, self.unseen, self.penalty
        ):
            vectors = _solved(system, right)
            # Row by row instead of a dense matrix product: a customer's scores must not depend on who
            # else is in the batch, and BLAS adds up in an order that does.
            scores[rows] = _as_sparse(vectors) @ self.products.T
        return scores

    def contributions(self, history: History, top: np.ndarray) -> Iterator[sp.csr_matrix]:
        """Hu et al. (2008), section 5: the score of j is the sum over owned i of y_j' A_u^-1 y_i."""
        bought, k = history.bought, top.shape[1]
        owner = np.repeat(np.arange(bought.shape[0]), np.diff(bought.indptr))
        added = np.empty((k, bought.nnz))
        for rows, system, _ in _systems(bought, self.products, self.unseen, self.penalty):
            towards = np.linalg.solve(system, self.products[top[rows]].transpose(0, 2, 1))
            span = slice(bought.indptr[rows.start], bought.indptr[rows.stop])
            own, who = self.products[bought.indices[span]], owner[span] - rows.start
            for place in range(k):
                added[place, span] = np.einsum("nf,nf->n", own, towards[who, :, place])
        for values in added:
            yield sp.csr_matrix((values, bought.indices, bought.indptr), shape=bought.shape)

    def whys(
        self, history: History, rows: np.ndarray, listed: np.ndarray, owned: np.ndarray
    ) -> np.ndarray:
        return np.full(len(rows), "goes_with", dtype=object)

    def pairs(self, why: str) -> sp.csc_matrix:
        return sp.csc_matrix((len(self.products),) * 2)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        return {"unseen": self.unseen, "penalty": self.penalty}, {"factors": self.products}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: Arrays) -> "Factors":
        return cls(arrays["factors"], meta["unseen"], meta["penalty"])


def als(
    bought: sp.csr_matrix,
    factors: int,
    unseen: float,
    penalty: float,
    rounds: int = 8,
    random_state: int = 42,
) -> Factors:
    """Learnt from binary CSR (customers, products), at most MOST_CUSTOMERS of them, drawn at random, and the
    MOST_PRODUCTS products with most buyers."""
    generator = np.random.default_rng(random_state)
    if bought.shape[0] > MOST_CUSTOMERS:
        bought = bought[np.sort(generator.choice(bought.shape[0], MOST_CUSTOMERS, replace=False))]
    buyers = np.asarray(bought.sum(axis=0)).ravel()
    chosen = np.sort(np.argsort(-buyers, kind="stable")[:MOST_PRODUCTS])
    part = sp.csr_matrix(bought[:, chosen])
    products = generator.normal(0, 0.1, (len(chosen), factors)) / np.sqrt(factors)
    across = sp.csr_matrix(part.T)
    for _ in range(rounds):
        customers = least_squares(part, products, unseen, penalty)
        products = least_squares(across, customers, unseen, penalty)
    everywhere = np.zeros((bought.shape[1], factors))
    everywhere[chosen] = products
    return Factors(everywhere, unseen, penalty)


def least_squares(
    seen: sp.csr_matrix, others: np.ndarray, unseen: float, penalty: float
) -> np.ndarray:
    """The rows that minimise the loss while the others stay as they are: (rows, factors)."""
    found = np.empty((seen.shape[0], others.shape[1]))
    for rows, system, right in _systems(seen, others, unseen, penalty):
        found[rows] = _solved(system, right)
    return found


def _systems(
    seen: sp.csr_matrix, others: np.ndarray, unseen: float, penalty: float
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """The normal equations of a few rows at a time: (rows, factors, factors) and (rows, factors)."""
    k, taking_part = others.shape[1], np.count_nonzero(others.any(axis=1))
    gram = unseen * (others.T @ others)
    height = max(1, _BLOCK_CELLS // (k * k))
    for first in range(0, seen.shape[0], height):
        rows = slice(first, min(first + height, seen.shape[0]))
        part = seen[rows]
        system = _outer_sums(part, others, height) + gram
        counted = np.diff(part.indptr) + unseen * taking_part
        system[:, np.arange(k), np.arange(k)] += (penalty * counted)[:, None]
        yield rows, system, part @ others


def _outer_sums(part: sp.csr_matrix, others: np.ndarray, height: int) -> np.ndarray:
    """Sums of y y' over what each row has seen: (rows, factors, factors); outer products a few at a time."""
    k = others.shape[1]
    total = np.zeros((part.shape[0], k * k))
    columns = part.tocsc() if len(others) > height else part
    for first in range(0, len(others), height):
        some = others[first : first + height]
        products = (some[:, :, None] * some[:, None, :]).reshape(len(some), k * k)
        total += columns[:, first : first + height] @ products
    return total.reshape(-1, k, k)


def _solved(system: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.linalg.solve(system, right[:, :, None])[:, :, 0]


def _as_sparse(dense: np.ndarray) -> sp.csr_matrix:
    n, k = dense.shape
    indices = np.tile(np.arange(k), n)
    return sp.csr_matrix((dense.ravel(), indices, np.arange(0, n * k + 1, k)), shape=(n, k))
