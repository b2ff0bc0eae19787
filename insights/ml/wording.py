"""How alike two products are by what is written about them: name, category, description.

Character n-grams within words, so that Chinese, plurals and compound words need no dictionary; hashed,
so that no vocabulary has to be stored and a product added after training can be compared at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from insights.ml.baskets import positions

_BITS = 16
_BLOCK_CELLS = 20_000_000


@dataclass(frozen=True)
class Wording:
    """Learnt state: which n-grams are common everywhere and so say little. idf: (2**16,)."""

    idf: np.ndarray

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "Wording":
        """Smoothed inverse document frequency (Spärck Jones 1972) over the catalogue's texts."""
        counts = _hashed(texts)
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        return cls(np.log((1 + len(texts)) / (1 + seen)) + 1)

    def vectors(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Unit vectors (len(texts), 2**16); their dot product is the cosine similarity."""
        weighted = _hashed(texts)
        weighted.data = (1 + np.log(weighted.data)) * self.idf[weighted.indices]
        return normalize(weighted)


def catalogue_texts(products: pa.Table, product_ids: np.ndarray) -> list[str]:
    """What is written about each product, '' where nothing is known about it."""
    ids = products["product_id"].to_numpy()
    order = np.argsort(ids, kind="stable")
    columns = [products[name].to_pylist() for name in ("name", "category", "description")]
    where, known = positions(ids[order], product_ids)
    return [
        " ".join(column[order[row]] or "" for column in columns) if found else ""
        for row, found in zip(where, known, strict=True)
    ]


def content_weights(vectors: sp.csr_matrix, keep: int) -> sp.csc_matrix:
    """Item-to-item weights by wording alone: the `keep` most similar per product, no diagonal."""
    blocks = []
    height = max(1, _BLOCK_CELLS // max(vectors.shape[0], 1))
    for first in range(0, vectors.shape[0], height):
        alike = sp.csr_matrix(vectors[first : first + height] @ vectors.T)
        blocks.append(_nearest(alike, first, keep))
    stacked = sp.vstack(blocks) if blocks else sp.csr_matrix((0, 0))
    weights = sp.csc_matrix(stacked.T)
    weights.sort_indices()
    return weights


def _nearest(alike: sp.csr_matrix, first: int, keep: int) -> sp.csr_matrix:
    dense = alike.toarray()
    dense[np.arange(len(dense)), np.arange(first, first + len(dense))] = 0
    if keep < dense.shape[1]:
        edge = np.partition(dense, -keep, axis=1)[:, -keep]
        dense[dense < edge[:, None]] = 0
    return sp.csr_matrix(dense)


def _hashed(texts: Sequence[str]) -> sp.csr_matrix:
    hasher = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), n_features=2**_BITS, norm=None, alternate_sign=False
    )
    if not len(texts):
        return sp.csr_matrix((0, 2**_BITS))
    return sp.csr_matrix(hasher.transform(texts))
