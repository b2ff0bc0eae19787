"""How a score that is no sum is shared out: Shapley values of reason families in sampled orders, or in all."""

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np

Orders = Sequence[Sequence[int] | np.ndarray]


def sampled_shares(
    forward: Callable[[np.ndarray], np.ndarray],
    design: np.ndarray,
    typical: np.ndarray,
    family: np.ndarray,
    size: int,
    orders: int,
    random_state: int,
) -> tuple[np.ndarray, float]:
    """Shares (n, size) and base: base + the row's shares = forward(row), exactly.

    design (n, m); typical (m,): the customer that reasons are told against; family (m,): which family each column
    belongs to. In `orders` fixed orders and their reverses, see `sampled_orders`.
    """
    every = sampled_orders(size, orders, random_state)
    return _shares(forward, design, typical, family, every)


def exact_shares(
    forward: Callable[[np.ndarray], np.ndarray], design: np.ndarray, typical: np.ndarray
) -> tuple[np.ndarray, float]:
    """The same of every order there is (Shapley 1953), each column (of a few) a family of its own."""
    family = np.arange(len(typical))
    return _shares(forward, design, typical, family, list(permutations(family)))


def sampled_orders(size: int, orders: int, random_state: int) -> Orders:
    """That many orders of the families, each also backwards (Castro et al. 2009, antithetic); the same for everyone,
    so that a customer's reasons do not depend on who else is asked for."""
    generator = np.random.default_rng(random_state)
    forwards = [generator.permutation(size) for _ in range(orders)]
    return [*forwards, *(order[::-1] for order in forwards)]


def telescoped(
    said: Callable[[np.ndarray], np.ndarray], n: int, base: float, every: Orders
) -> np.ndarray:
    """Shares (n, size): base + the row's shares = what is said with everything present, exactly.

    said(present): the answers (n,) with these families (size,) bool as they are and the others as is typical.
    Families are put back one after another in each of the orders, and every order telescopes.
    """
    size = len(every[0])
    shares = np.zeros((n, size))
    for order in every:
        present, before = np.zeros(size, dtype=bool), np.full(n, base)
        for place in order:
            present[place] = True
            after = said(present)
            shares[:, place] += after - before
            before = after
    return shares / len(every)


def _shares(
    forward: Callable[[np.ndarray], np.ndarray],
    design: np.ndarray,
    typical: np.ndarray,
    family: np.ndarray,
    every: Orders,
) -> tuple[np.ndarray, float]:
    base = float(forward(typical[None, :])[0])

    def said(present: np.ndarray) -> np.ndarray:
        return forward(np.where(present[family], design, typical))

    return telescoped(said, len(design), base, every), base
