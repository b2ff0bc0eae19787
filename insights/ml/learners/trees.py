"""Many decision trees as plain node arrays: where rows end, and what each split adds on the way there."""

from typing import Self

import numpy as np

ROWS_AT_ONCE = 4096
NAMES = ("roots", "feature", "threshold", "missing_left", "left", "right", "value")
BITS = 8  # leaves of a tree that is small
EVERY_BIT = np.uint8((1 << BITS) - 1)
LOWEST_BIT = np.array([(i & -i).bit_length() - 1 for i in range(1 << BITS)]).clip(0)


class Trees:
    """Trees one after the other in arrays of nodes; a parent always stands before its children.

    roots (trees,); feature (nodes,), -1 in leaves; threshold (nodes,), up to which a row goes left; missing_left
    (nodes,), whether a row does whose number is not known (without it: never); left, right (nodes,); value
    (nodes,): of a leaf what it says, of another node what its training rows are told on average.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        self.roots, self.feature = arrays["roots"].astype(int), arrays["feature"].astype(int)
        self.threshold, self.value = arrays["threshold"], arrays["value"]
        self.left, self.right = arrays["left"].astype(int), arrays["right"].astype(int)
        never = np.zeros(len(self.feature), bool)
        self.missing_left = arrays.get("missing_left", never).astype(bool)
        leaves = np.add.reduceat(self.feature < 0, self.roots)
        self.leaves = self._walked if leaves.max() > BITS else SmallTrees(self).leaves

    @classmethod
    def joined(cls, trees: list[dict[str, np.ndarray]]) -> Self:
        """From one dict of arrays per tree, whose children count from the tree's own root."""
        sizes = np.array([len(tree["feature"]) for tree in trees])
        roots = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        names = [name for name in NAMES if name in trees[0]]
        arrays = {name: np.concatenate([tree[name] for tree in trees]) for name in names}
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

    def _walked(self, design: np.ndarray) -> np.ndarray:
        """(n, trees) the node that each row ends in, all of them going down a step at a time."""
        nodes = np.tile(self.roots, (len(design), 1))
        rows = np.arange(len(design))[:, None]
        while True:
            feature = self.feature[nodes]
            inner = feature >= 0
            if not inner.any():
                return nodes
            value = design[rows, np.maximum(feature, 0)]
            goes_left = value <= self.threshold[nodes]
            goes_left |= np.isnan(value) & self.missing_left[nodes]
            further = np.where(goes_left, self.left[nodes], self.right[nodes])
            nodes = np.where(inner, further, nodes)

    def sum(self, design: np.ndarray) -> np.ndarray:
        """(n,) the sum over the trees of what they say."""
        said = np.empty(len(design))
        for start in range(0, len(design), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            said[part] = self.value[self.leaves(design[part])].sum(axis=1)
        return said

    def mean(self, design: np.ndarray) -> np.ndarray:
        """(n,) the mean over the trees of what they say."""
        return self.sum(design) / len(self.roots)

    def mean_credit(self, design: np.ndarray) -> np.ndarray:
        """(n, size) the mean over the trees of what each family adds (see follow)."""
        credit = np.zeros((len(design), self.credit_.shape[1]))
        for start in range(0, len(design), ROWS_AT_ONCE):
            leaves = self.leaves(design[start : start + ROWS_AT_ONCE])
            for tree in range(leaves.shape[1]):
                credit[start : start + ROWS_AT_ONCE] += self.credit_[leaves[:, tree]]
        return credit / len(self.roots)


class SmallTrees:
    """Trees of at most eight leaves, all questions of all of them asked at once (QuickScorer, Lucchese et al. 2015).

    The leaves of a tree are the bits of one number, the leftmost lowest. A row that goes right at a node cannot
    end in the leaves to the left of it: their bits are struck out, and the lowest one that is left is its leaf.
    """

    def __init__(self, trees: Trees):
        width = (BITS - 1, len(trees.roots))  # a tree has one question less than leaves
        self.feature, self.missing_left = np.zeros(width, int), np.ones(width, bool)
        self.threshold = np.full(width, np.inf)  # where there is no question, everybody goes left
        self.remain = np.full(width, EVERY_BIT)
        self.ends = np.zeros((len(trees.roots), len(LOWEST_BIT)), int)
        for number, root in enumerate(trees.roots):
            questions: list[tuple[int, int]] = []
            leaves: list[int] = []
            self._number(trees, root, questions, leaves)
            self.ends[number] = np.resize(leaves, BITS)[LOWEST_BIT]
            for place, (node, to_the_left) in enumerate(questions):
                self.feature[place, number] = trees.feature[node]
                self.threshold[place, number] = trees.threshold[node]
                self.missing_left[place, number] = trees.missing_left[node]
                self.remain[place, number] ^= to_the_left

    def _number(self, trees: Trees, node: int, questions: list, leaves: list) -> None:
        """From left to right: the leaves, and each question with the bits of the leaves to its left below it."""
        if trees.feature[node] < 0:
            leaves.append(node)
            return
        first = len(leaves)
        self._number(trees, trees.left[node], questions, leaves)
        questions.append((node, (1 << len(leaves)) - (1 << first)))
        self._number(trees, trees.right[node], questions, leaves)

    def leaves(self, design: np.ndarray) -> np.ndarray:
        """(n, trees) the node that each row ends in."""
        columns, unknown = design.T.copy(), np.isnan(design.T)
        alive = np.full((len(self.ends), len(design)), EVERY_BIT)
        asked = zip(self.feature, self.threshold, self.missing_left, self.remain, strict=True)
        for feature, threshold, missing_left, remain in asked:
            goes_left = columns[feature] <= threshold[:, None]
            goes_left |= unknown[feature] & missing_left[:, None]
            alive &= np.where(goes_left, EVERY_BIT, remain[:, None])
        return self.ends[np.arange(len(self.ends)), alive.T]
