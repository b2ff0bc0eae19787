"""What a learnt recommender is: scores for every product, and which owned product speaks for each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import History
from insights.ml.ranking import LENGTH, best_columns, within_caps

_BATCH_CELLS = 8_000_000
Arrays = dict[str, np.ndarray]


class Scorer(Protocol):
    """Learnt scores that are sums over what a customer owns, in the order in which it was bought.

    Whatever looks at an ordered history fits behind it: a History sorted by lag is the customer's sequence.
    """

    name: ClassVar[str]

    def spoken(self, history: History) -> sp.csr_matrix | np.ndarray:
        """(customers, products) scores; 0 or less where nothing speaks for a product. A customer's row
        depends on that customer alone, to the last bit."""
        ...

    def contributions(self, history: History, top: np.ndarray) -> Iterator[sp.csr_matrix]:
        """For each column of top (customers, k): CSR (customers, products), what each owned product adds
        to the score of the one listed there."""
        ...

    def whys(
        self, history: History, rows: np.ndarray, listed: np.ndarray, owned: np.ndarray
    ) -> np.ndarray:
        """Codes of the reasons why the customers in these rows are shown the listed products because of the
        owned ones, all of one length."""
        ...

    def pairs(self, why: str) -> sp.csc_matrix:
        """The (owned, listed) pairs that this reason can be given for, where a share is told with it."""
        ...

    def state(self) -> tuple[dict[str, Any], Arrays]: ...

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: Arrays) -> Self: ...


@dataclass(frozen=True)
class Part:
    """Item-to-item weights, CSC (products, products): column j holds what owning i says about j.

    fade: how fast older purchases are forgotten (see History.faded). why: code of the reason it gives.
    """

    weights: sp.csc_matrix
    fade: float = 0.0
    why: str = "bought_with"
    amount: float = 1.0

    @cached_property
    def by_target(self) -> sp.csr_matrix:
        return sp.csr_matrix(self.weights.T)

    def size(self, history: History) -> float:
        """What it says about all customers in all."""
        said = np.asarray(abs(self.weights).sum(axis=1)).ravel()
        return float(np.asarray(history.faded(self.fade).sum(axis=0)).ravel() @ said)


@dataclass(frozen=True)
class Additive:
    """Sums of item-to-item weights over what a customer owns: the largest term is the reason."""

    name: ClassVar[str] = "additive"

    parts: tuple[Part, ...]

    def mixed(self, amounts: list[float]) -> "Additive":
        """The first part as it is, the others by the given amounts; a part with none is left out."""
        weighed = [replace(p, amount=a) for p, a in zip(self.parts, [1.0, *amounts], strict=True)]
        return Additive(tuple(part for part in weighed if part.amount))

    @cached_property
    def summed(self) -> list[Part]:
        """Parts that remember alike are one matrix when scores are summed up."""
        weights: dict[float, sp.csc_matrix] = {}
        for part in self.parts:
            own = part.amount * part.weights
            weights[part.fade] = weights[part.fade] + own if part.fade in weights else own
        return [Part(sp.csc_matrix(one), fade) for fade, one in weights.items()]

    def spoken(self, history: History) -> sp.csr_matrix:
        terms = [history.faded(part.fade) @ part.weights for part in self.summed]
        return sp.csr_matrix(sum(terms[1:], start=terms[0]))

    def contributions(self, history: History, top: np.ndarray) -> Iterator[sp.csr_matrix]:
        faded = [history.faded(part.fade) for part in self.summed]
        for column in top.T:
            terms = [
                sp.csr_matrix(known.multiply(part.by_target[column]))
                for known, part in zip(faded, self.summed, strict=True)
            ]
            yield sp.csr_matrix(sum(terms[1:], start=terms[0]))

    def whys(
        self, history: History, rows: np.ndarray, listed: np.ndarray, owned: np.ndarray
    ) -> np.ndarray:
        names = np.array([part.why for part in self.parts], dtype=object)
        if len(self.parts) == 1:
            return np.repeat(names, len(rows))
        lag = looked_up(history.lags, rows, owned)
        said = [
            part.amount * lag**-part.fade * looked_up(part.by_target, listed, owned)
            for part in self.parts
        ]
        return names[np.argmax(said, axis=0)]

    def pairs(self, why: str) -> sp.csc_matrix:
        meant = [abs(part.weights) for part in self.parts if part.why == why]
        return sp.csc_matrix(sum(meant, start=sp.csc_matrix(self.parts[0].weights.shape)))

    def state(self) -> tuple[dict[str, Any], Arrays]:
        meta = [{"fade": part.fade, "why": part.why, "amount": part.amount} for part in self.parts]
        arrays: Arrays = {}
        for i, part in enumerate(self.parts):
            arrays |= sparse_arrays(f"part{i}", part.weights)
        return {"parts": meta}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: Arrays) -> "Additive":
        return cls(
            tuple(
                Part(sp.csc_matrix(*sparse_parts(f"part{i}", arrays)), **one)
                for i, one in enumerate(meta["parts"])
            )
        )


@dataclass(frozen=True)
class Ranker:
    """Scores for every product: those of a scorer or none, lift and popular (products,).

    Products that nothing speaks for come after all others, the most popular first: their scores lie in
    [-1, 0], those of products with a reason above 0. groups (products,): category codes, -1 without one;
    a list holds a category at most ranking.MOST_OF_A_CATEGORY times while there is anything else.
    """

    scorer: Scorer | None
    lift: np.ndarray
    popular: np.ndarray
    groups: np.ndarray

    def scores(self, history: History) -> np.ndarray:
        """(customers, products) scores; what is owned already is -inf."""
        scores = np.empty(history.shape)
        scores[:] = self.popular - 1
        if self.scorer is not None:
            spoken = self.scorer.spoken(history)
            if isinstance(spoken, np.ndarray):
                np.copyto(scores, spoken * self.lift, where=spoken > 0)
            else:
                rows = np.repeat(np.arange(history.shape[0]), np.diff(spoken.indptr))
                positive = spoken.data > 0
                rows, columns = rows[positive], spoken.indices[positive]
                scores[rows, columns] = spoken.data[positive] * self.lift[columns]
        owned = history.lags
        scores[
            np.repeat(np.arange(history.shape[0]), np.diff(owned.indptr)), owned.indices
        ] = -np.inf
        return scores

    def listed(self, scores: np.ndarray, k: int = LENGTH) -> tuple[np.ndarray, np.ndarray]:
        """The k products of each customer's list, best first, and their scores: both (customers, k)."""
        if (self.groups < 0).all():
            top = best_columns(scores, k)
        else:
            top = within_caps(best_columns(scores, 3 * k), scores, self.groups, k)
        return top, np.take_along_axis(scores, top, axis=1)


def strongest(contributions: sp.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Per row the column of the highest positive value, -1 where none is positive, and that value."""
    owner = np.full(contributions.shape[0], -1, dtype=np.int64)
    value = np.zeros(contributions.shape[0])
    lengths = np.diff(contributions.indptr)
    rows = np.flatnonzero(lengths)
    if not len(rows):
        return owner, value
    starts = contributions.indptr[rows]
    most = np.maximum.reduceat(contributions.data, starts)
    best = contributions.data == np.repeat(most, lengths[rows])
    # Of equal ones the first column, so that a row's answer depends on that row alone.
    first = np.minimum.reduceat(
        np.where(best, contributions.indices, contributions.shape[1]), starts
    )
    speaks = most > 0
    owner[rows[speaks]], value[rows[speaks]] = first[speaks], most[speaks]
    return owner, value


def looked_up(matrix: sp.csr_matrix, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return np.asarray(matrix[rows, columns]).ravel() if len(rows) else np.array([])


def batches(history: History) -> Iterator[tuple[slice, History]]:
    """Customers a few at a time, so that a dense block of scores stays within about 64 MB."""
    size = max(1, _BATCH_CELLS // max(history.shape[1], 1))
    for first in range(0, history.shape[0], size):
        rows = slice(first, min(first + size, history.shape[0]))
        yield rows, history[rows]


def sparse_arrays(name: str, matrix: sp.csr_matrix | sp.csc_matrix) -> Arrays:
    return {
        f"{name}_data": matrix.data,
        f"{name}_indices": matrix.indices,
        f"{name}_indptr": matrix.indptr,
        f"{name}_shape": np.array(matrix.shape),
    }


def sparse_parts(name: str, arrays: Arrays) -> tuple[tuple[np.ndarray, ...], tuple[int, ...]]:
    """What a sparse matrix is made of again: its three arrays and its shape."""
    parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    return parts, tuple(int(size) for size in arrays[f"{name}_shape"])
