"""Ranked lists: taking the best of a score matrix, and how good a list was once the window has closed."""

import numpy as np
import scipy.sparse as sp

METRICS = ("recall_at_10", "ndcg_at_10", "hit_rate_at_10")
LENGTH = 10


def best_columns(scores: np.ndarray, k: int = LENGTH) -> np.ndarray:
    """Columns of the k highest scores per row, best first: (rows, columns) -> (rows, min(k, columns)).

    Equal scores are taken in column order, so that a row's answer depends on that row alone.
    """
    k = min(k, scores.shape[1])
    if k == 0:
        return np.empty((len(scores), 0), dtype=np.int64)
    # The k-th highest value, then a stable sort among what is no worse: cheap, and exact under ties.
    edge = np.partition(scores, scores.shape[1] - k, axis=1)[:, -k]
    rows, columns = np.nonzero(scores >= edge[:, None])
    order = np.lexsort((columns, -scores[rows, columns], rows))
    starts = np.searchsorted(rows, np.arange(len(scores)))
    return columns[order][starts[:, None] + np.arange(k)[None, :]]


def list_metrics(top: np.ndarray, targets: sp.csr_matrix, k: int = LENGTH) -> dict[str, np.ndarray]:
    """Recall@k, NDCG@k and HitRate@k of each row's list, one value per row.

    top: (n, k) columns, best first. targets: (n, columns) binary, every row with at least one target.
    Recall divides by all targets of the row; NDCG (Järvelin & Kekäläinen 2002) has binary gains and the
    ideal list of min(k, targets) hits as its denominator.
    """
    hits = is_target(top[:, :k], targets)
    wanted = np.diff(targets.indptr)
    discount = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discount)[np.minimum(wanted, k) - 1]
    return {
        "recall_at_10": hits.sum(1) / wanted,
        "ndcg_at_10": (hits * discount[: hits.shape[1]]).sum(1) / ideal,
        "hit_rate_at_10": hits.any(1).astype(float),
    }


def is_target(top: np.ndarray, targets: sp.csr_matrix) -> np.ndarray:
    """(n, k) booleans: whether the listed column is among the row's targets."""
    rows = np.repeat(np.arange(len(top)), top.shape[1])
    if not len(rows):
        return np.zeros(top.shape, dtype=bool)
    found = np.asarray(targets[rows, top.ravel()]).ravel()
    return (found > 0).reshape(top.shape)


def mean_intervals(
    values: dict[str, np.ndarray], rounds: int = 300, random_state: int = 42
) -> dict[str, list[float]]:
    """95 % percentile intervals (Efron 1979) of the means, users resampled with replacement."""
    generator = np.random.default_rng(random_state)
    table = np.column_stack(list(values.values()))
    n = len(table)
    means = np.array(
        [generator.multinomial(n, np.full(n, 1 / n)) @ table / n for _ in range(rounds)]
    )
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return {name: [float(low[i]), float(high[i])] for i, name in enumerate(values)}
