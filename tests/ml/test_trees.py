"""However a row is led through the trees, it ends in the same leaf."""

import numpy as np
import pytest

from insights.ml.learners.trees import SmallTrees, Trees


def grown(generator, leaves):
    """One tree with so many leaves, split at random places; a parent stands before its children."""
    feature, left, right = [-1], [0], [0]
    while feature.count(-1) < leaves:
        node = int(generator.choice(np.flatnonzero(np.array(feature) < 0)))
        feature[node], left[node], right[node] = (
            generator.integers(4),
            len(feature),
            len(feature) + 1,
        )
        feature += [-1, -1]
        left += [0, 0]
        right += [0, 0]
    size = len(feature)
    return {
        "feature": np.array(feature), "left": np.array(left), "right": np.array(right),
        "threshold": generator.normal(size=size).round(1), "value": generator.normal(size=size),
        "missing_left": generator.random(size) < 0.5,
    }  # fmt: skip


@pytest.fixture
def design():
    generator = np.random.default_rng(4)
    rows = generator.normal(size=(500, 4)).round(1)  # rounded, so that many lie on a threshold
    rows[generator.random(rows.shape) < 0.2] = np.nan
    return rows


def one_by_one(trees, row):
    ends = []
    for node in trees.roots:
        while trees.feature[node] >= 0:
            value = row[trees.feature[node]]
            goes_left = (
                trees.missing_left[node] if np.isnan(value) else value <= trees.threshold[node]
            )
            node = (trees.left if goes_left else trees.right)[node]
        ends.append(int(node))
    return ends


@pytest.mark.parametrize("most", [8, 40])
def test_all_at_once_end_where_each_alone_ends(design, most):
    generator = np.random.default_rng(most)
    sizes = [1, 2, most, *generator.integers(1, most + 1, 30)]
    trees = Trees.joined([grown(generator, size) for size in sizes])
    assert isinstance(getattr(trees.leaves, "__self__", None), SmallTrees) == (most == 8)
    alone = [one_by_one(trees, row) for row in design]
    assert trees.leaves(design).tolist() == alone == trees._walked(design).tolist()
    np.testing.assert_allclose(trees.sum(design), trees.value[np.array(alone)].sum(axis=1))


def test_what_is_not_known_goes_right_where_nothing_else_was_learnt(design):
    tree = grown(np.random.default_rng(1), 6)
    del tree["missing_left"]
    trees = Trees.joined([tree])
    assert trees.leaves(design).tolist() == [one_by_one(trees, row) for row in design]
