"""How a score that is no sum is shared out: Shapley values of reason families by permutation sampling."""

from collections.abc import Callable

import numpy as np


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
    belongs to.
    """
    base = float(forward(typical[None, :])[0])

    def said(present: np.ndarray) -> np.ndarray:
        return forward(np.where(present[family], design, typical))

    return telescoped(said, len(design), size, base, orders, random_state), base


def telescoped(
    said: Callable[[np.ndarray], np.ndarray],
    n: int,
    size: int,
    base: float,
    orders: int,
    random_state: int,
) -> np.ndarray:
    """Shares (n, size): base + the row's shares = what is said with everything present, exactly.

    said(present): the answers (n,) with these families (size,) bool as they are and the others as is typical.
    Families are put back one after another in `orders` fixed orders, each also taken backwards (Castro et al. 2009,
    antithetic): a customer's reasons do not depend on who else is asked for, and every order telescopes.
    """
    shares = np.zeros((n, size))
    generator = np.random.default_rng(random_state)
    forwards = [generator.permutation(size) for _ in range(orders)]
    every = [*forwards, *(order[::-1] for order in forwards)]
    for order in every:
        present, before = np.zeros(size, dtype=bool), np.full(n, base)
        for place in order:
            present[place] = True
            after = said(present)
            shares[:, place] += after - before
            before = after
    return shares / len(every)
