"""Which products go with which: item-to-item weights learnt from who bought what.

Every learner here answers with a sparse matrix W (products x products), column j holding what having
bought product i says about product j. A customer's score for j is the sum over what they own, so the
largest term is the reason ("bought with i"). The diagonal is empty: owning a product is no reason to
recommend it. `bought` is a binary CSR matrix, customers x products.
"""

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from scipy.linalg import lapack

# EASE inverts a dense products x products matrix: 5,000 products take about 10 s and 400 MB on two
# cores. Of a larger catalogue the products with most buyers take part; the rest have no EASE weights.
EASE_PRODUCTS = 5_000
KEEP = 100
_BLOCK_CELLS = 20_000_000


def cosine_weights(bought: sp.csr_matrix, keep: int = KEEP, shrink: float = 0.0) -> sp.csc_matrix:
    """Item-based nearest neighbours by cosine (Sarwar et al. 2001), the `keep` nearest per product.

    shrink: added to the denominator, so that two products with a handful of buyers in common do not
    look alike by chance.
    """
    buyers = _column_sums(bought)
    norms = np.sqrt(buyers)
    by_product = bought.T.tocsr()
    columns = []
    for first, block in column_blocks(bought):
        together = np.asarray((by_product @ block).todense())
        width = together.shape[1]
        together /= norms[:, None] * norms[None, first : first + width] + shrink + 1e-12
        together[np.arange(first, first + width), np.arange(width)] = 0
        columns.append(strongest_weights(together, keep))
    return joined(columns, bought.shape[1])


def ease_weights(
    bought: sp.csr_matrix, penalty: float, keep: int = KEEP, most: int = EASE_PRODUCTS
) -> sp.csc_matrix:
    """EASE^R (Steck 2019): the closed form of a linear autoencoder without a diagonal.

    B = I - P diag(1 / diag P) with P = (X'X + penalty I)^-1, cut to the `keep` highest
    weights per product. Only the `most` products with most buyers take part.
    """
    buyers = _column_sums(bought)
    chosen = np.sort(np.argsort(-buyers, kind="stable")[:most])
    chosen = chosen[buyers[chosen] > 0]
    if not len(chosen):
        return sp.csc_matrix((bought.shape[1],) * 2)
    part = bought[:, chosen]
    gram = np.asarray((part.T @ part).todense(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += penalty
    inverse = _inverse(gram)
    weights = inverse / -np.diag(inverse)
    weights[np.diag_indices_from(weights)] = 0
    small = strongest_weights(weights, keep).tocoo()
    shape = (bought.shape[1],) * 2
    return sp.csc_matrix((small.data, (chosen[small.row], chosen[small.col])), shape=shape)


def _inverse(gram: np.ndarray) -> np.ndarray:
    """Of a positive definite matrix, by its Cholesky factor: half the work of solving for the identity."""
    factor, failed = lapack.dpotrf(gram.T, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise np.linalg.LinAlgError("the penalty is too small for this board")
    lower = np.tril(inverse)
    return lower + np.tril(inverse, -1).T


def blended(cosine: sp.csc_matrix, ease: sp.csc_matrix) -> sp.csc_matrix:
    """The sum of two weight matrices, the first brought to the second's total size."""
    sizes = [float(np.abs(one.data).sum()) for one in (cosine, ease)]
    mixed = sp.csc_matrix(cosine * (sizes[1] / sizes[0]) + ease) if all(sizes) else cosine
    mixed.sort_indices()
    return mixed


def shares(bought: sp.csr_matrix, weights: sp.csc_matrix) -> np.ndarray:
    """For each stored weight (i, j): the share of the buyers of i who also bought j. Aligned to W.data."""
    buyers = np.maximum(_column_sums(bought), 1)
    by_product = bought.T.tocsr()
    found = np.empty(weights.nnz)
    for first, block in column_blocks(bought):
        together = np.asarray((by_product @ block).todense())
        for j in range(together.shape[1]):
            span = slice(weights.indptr[first + j], weights.indptr[first + j + 1])
            rows = weights.indices[span]
            found[span] = together[rows, j] / buyers[rows]
    return found


def column_blocks(bought: sp.csr_matrix) -> Iterator[tuple[int, sp.csc_matrix]]:
    """Columns a few at a time, so that a dense block of co-purchases stays within about 160 MB."""
    columns = bought.tocsc()
    width = max(1, _BLOCK_CELLS // max(bought.shape[1], 1))
    for first in range(0, bought.shape[1], width):
        yield first, columns[:, first : first + width].astype(np.float64)


def strongest_weights(dense: np.ndarray, keep: int) -> sp.csc_matrix:
    """Each column's `keep` highest values; the others become zero."""
    if keep < dense.shape[0]:
        edge = np.partition(dense, -keep, axis=0)[-keep]
        dense = np.where(dense >= edge[None, :], dense, 0)
    return sp.csc_matrix(dense)


def joined(columns: list[sp.csc_matrix], size: int) -> sp.csc_matrix:
    if not columns:
        return sp.csc_matrix((size, size))
    joined = sp.csc_matrix(sp.hstack(columns, format="csc"))
    joined.sort_indices()
    return joined


def _column_sums(matrix: sp.csr_matrix) -> np.ndarray:
    return np.asarray(matrix.sum(axis=0)).ravel()
