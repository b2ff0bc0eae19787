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
    belongs to. Families are put back one after another in `orders` fixed orders, each also taken backwards (Castro
    et al. 2009, antithetic): a customer's reasons do not depend on who else is asked for, and every order telescopes.
    """
    base = float(forward(typical[None, :])[0])
    shares = np.zeros((len(design), size))
    generator = np.random.default_rng(random_state)
    forwards = [generator.permutation(size) for _ in range(orders)]
    every = [*forwards, *(order[::-1] for order in forwards)]
    for order in every:
        mixed = np.tile(typical, (len(design), 1))
        before = np.full(len(design), base)
        for place in order:
            mixed[:, family == place] = design[:, family == place]
            after = forward(mixed)
            shares[:, place] += after - before
            before = after
    return shares / len(every), base
