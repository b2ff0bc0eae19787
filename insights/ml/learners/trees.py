"""Many decision trees as plain node arrays: where rows end, and what each split adds on the way there."""

from typing import Self

import numpy as np

ROWS_AT_ONCE = 4096
NAMES = ("roots", "feature", "threshold", "left", "right", "value")


class Trees:
    """Trees one after the other in arrays of nodes; a parent always stands before its children.

    roots (trees,); feature (nodes,), -1 in leaves; threshold (nodes,), up to which a row goes left; left, right
    (nodes,); value (nodes,): of a leaf what it says, of another node what its training rows are told on average.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        self.roots, self.feature = arrays["roots"].astype(int), arrays["feature"].astype(int)
        self.threshold, self.value = arrays["threshold"], arrays["value"]
        self.left, self.right = arrays["left"].astype(int), arrays["right"].astype(int)

    @classmethod
    def joined(cls, trees: list[dict[str, np.ndarray]]) -> Self:
        """From one dict of arrays per tree, whose children count from the tree's own root."""
        sizes = np.array([len(tree["feature"]) for tree in trees])
        roots = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        arrays = {name: np.concatenate([tree[name] for tree in trees]) for name in NAMES[1:]}
        for side in ("left", "right"):
            arrays[side] = arrays[side].astype(int) + np.repeat(roots, sizes)
        return cls({"roots": roots, **arrays})

    def state(self) -> dict[str, np.ndarray]:
        return {name: getattr(self, name) for name in NAMES}

    @property
    def base(self) -> np.ndarray:
        """(trees,) what each says before anything is known."""
        return self.value[self.roots]

    def follow(self, families: np.ndarray, size: int) -> None:
        """Collect the credit of each family on the way from the root to each node: (nodes, size).

        families (columns,): the family of each column of the design. Each split is credited with the change of
        the value that it brings (Saabas 2014), so the credits of a leaf add up to its value exactly.
        """
        self.credit_ = np.zeros((len(self.feature), size))
        for node in np.flatnonzero(self.feature >= 0):
            for child in (self.left[node], self.right[node]):
                self.credit_[child] = self.credit_[node]
                change = self.value[child] - self.value[node]
                self.credit_[child, families[self.feature[node]]] += change

    def leaves(self, design: np.ndarray) -> np.ndarray:
        """(n, trees) the leaf that each row ends in."""
        nodes = np.tile(self.roots, (len(design), 1))
        rows = np.arange(len(design))[:, None]
        while True:
            feature = self.feature[nodes]
            inner = feature >= 0
            if not inner.any():
                return nodes
            goes_left = design[rows, np.maximum(feature, 0)] <= self.threshold[nodes]
            further = np.where(goes_left, self.left[nodes], self.right[nodes])
            nodes = np.where(inner, further, nodes)

    def mean(self, design: np.ndarray) -> np.ndarray:
        """(n,) the mean over the trees of what they say."""
        said = np.empty(len(design))
        for start in range(0, len(design), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            said[part] = self.value[self.leaves(design[part])].mean(axis=1)
        return said

    def mean_credit(self, design: np.ndarray) -> np.ndarray:
        """(n, size) the mean over the trees of what each family adds (see follow)."""
        credit = np.zeros((len(design), self.credit_.shape[1]))
        for start in range(0, len(design), ROWS_AT_ONCE):
            leaves = self.leaves(design[start : start + ROWS_AT_ONCE])
            for tree in range(leaves.shape[1]):
                credit[start : start + ROWS_AT_ONCE] += self.credit_[leaves[:, tree]]
        return credit / len(self.roots)
