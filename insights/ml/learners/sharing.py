"""How a score that is no sum is shared out: Shapley values of reason families in sampled orders, or in all."""

from collections.abc import Callable, Sequence
from itertools import permutations

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
    belongs to. Families are put back one after another in `orders` fixed orders, each also taken backwards (Castro
    et al. 2009, antithetic): a customer's reasons do not depend on who else is asked for, and every order telescopes.
    """
    generator = np.random.default_rng(random_state)
    forwards = [generator.permutation(size) for _ in range(orders)]
    every = [*forwards, *(order[::-1] for order in forwards)]
    return _shares(forward, design, typical, family, every)


def exact_shares(
    forward: Callable[[np.ndarray], np.ndarray], design: np.ndarray, typical: np.ndarray
) -> tuple[np.ndarray, float]:
    """The same of every order there is (Shapley 1953), each column (of a few) a family of its own."""
    family = np.arange(len(typical))
    return _shares(forward, design, typical, family, list(permutations(family)))


def _shares(
    forward: Callable[[np.ndarray], np.ndarray],
    design: np.ndarray,
    typical: np.ndarray,
    family: np.ndarray,
    every: Sequence[Sequence[int] | np.ndarray],
) -> tuple[np.ndarray, float]:
    base = float(forward(typical[None, :])[0])
    shares = np.zeros((len(design), len(every[0])))
    for order in every:
        mixed = np.tile(typical, (len(design), 1))
        before = np.full(len(design), base)
        for place in order:
            mixed[:, family == place] = design[:, family == place]
            after = forward(mixed)
            shares[:, place] += after - before
            before = after
    return shares / len(every), base
