"""Ranked lists: taking the best of a score matrix, and how good a list was once the window has closed."""

import numpy as np
import scipy.sparse as sp

from insights.ml.evaluation import SAME, wilson

LENGTH = 10
# Of one category a list holds at most half, so that who bought one kind of thing is shown more than that.
MOST_OF_A_CATEGORY = 5


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


def within_caps(top: np.ndarray, scores: np.ndarray, groups: np.ndarray, k: int) -> np.ndarray:
    """The first k of each row of top, no group more than MOST_OF_A_CATEGORY times: (n, wide) -> (n, k).

    groups: (columns,) codes, -1 for what belongs to none and is never held back. What was held back fills a
    list that would stay short otherwise, after the rest; what may not be listed (-inf) comes last.
    """
    group = groups[top]
    order = np.argsort(group, axis=1, kind="stable")
    ranked = np.take_along_axis(group, order, axis=1)
    # The place within its group: distance to where the group's run begins in the sorted row.
    at = np.arange(top.shape[1])
    begins = np.concatenate([np.ones((len(top), 1), bool), ranked[:, 1:] != ranked[:, :-1]], axis=1)
    place = at - np.maximum.accumulate(np.where(begins, at, 0), axis=1)
    held = np.empty(top.shape, dtype=bool)
    np.put_along_axis(held, order, (place >= MOST_OF_A_CATEGORY) & (ranked >= 0), axis=1)
    closed = ~np.isfinite(np.take_along_axis(scores, top, axis=1))
    first = np.argsort(held + 2 * closed, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(top, first, axis=1)


def variety(top: np.ndarray, owners: np.ndarray, customers: int) -> tuple[float, np.ndarray]:
    """Coverage: the share of all products that stand on at least one list; and each list's novelty.

    top: (n, k) columns. owners: (products,) how many of the customers own each. Novelty is the mean
    self-information -log2(owners / customers) of the list's products, in bits (Zhou et al. 2010): 1 bit
    more is a list of products known to half as many.
    """
    known = np.clip(owners, 1, None) / max(customers, 1)
    bits = -np.log2(np.minimum(known, 1))
    coverage = len(np.unique(top)) / max(len(owners), 1)
    return coverage, bits[top].mean(axis=1)


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
    """95 % percentile intervals (Efron 1979) of the means of figures from 0 to 1, users resampled with replacement."""
    generator = np.random.default_rng(random_state)
    table = np.column_stack(list(values.values()))
    n = len(table)
    means = np.array(
        [generator.multinomial(n, np.full(n, 1 / n)) @ table / n for _ in range(rounds)]
    )
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    found = {name: [float(low[i]), float(high[i])] for i, name in enumerate(values)}
    # Where everybody's list is alike, so is every resample: all right, or none.
    alike = [name for i, name in enumerate(values) if np.ptp(table[:, i]) < SAME]
    return found | {name: wilson(float(np.mean(values[name])), n) for name in alike if n}
