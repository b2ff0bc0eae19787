"""Item-to-item weights on boards whose pairs are known."""

import numpy as np
import pytest
import scipy.sparse as sp

from insights.ml import neighbours
from insights.ml.neighbours import blended, cosine_weights, ease_weights, shares

PAIRS = 6


@pytest.fixture
def pairs():
    """300 customers, 12 products: 2i and 2i + 1 are bought together, pairs at random."""
    generator = np.random.default_rng(1)
    has_pair = generator.random((300, PAIRS)) < 0.3
    bought = np.repeat(has_pair, 2, axis=1) & (generator.random((300, 2 * PAIRS)) < 0.9)
    return sp.csr_matrix(bought.astype(float))


def partner_of_each(weights):
    return weights.toarray().argmax(axis=0).tolist()


PARTNERS = [j ^ 1 for j in range(2 * PAIRS)]


@pytest.mark.parametrize(
    "learn",
    [
        lambda bought: cosine_weights(bought),
        lambda bought: ease_weights(bought, 10.0),
        lambda bought: blended(cosine_weights(bought), ease_weights(bought, 10.0)),
    ],
    ids=["cosine", "ease", "both"],
)
def test_each_products_strongest_neighbour_is_its_partner(pairs, learn):
    weights = learn(pairs)
    assert partner_of_each(weights) == PARTNERS
    assert np.abs(weights.diagonal()).max() == 0


def test_cosine_is_the_textbook_formula(pairs):
    x = pairs.toarray()
    norm = np.linalg.norm(x, axis=0)
    expected = x.T @ x / np.outer(norm, norm)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(cosine_weights(pairs).toarray(), expected, atol=1e-10)


def test_ease_solves_the_ridge_problem_it_stands_for(pairs):
    # Steck (2019): column j is the ridge regression of product j on all others.
    x, penalty, j = pairs.toarray(), 25.0, 3
    others = np.delete(np.arange(x.shape[1]), j)
    ridge = np.linalg.solve(
        x[:, others].T @ x[:, others] + penalty * np.eye(len(others)), x[:, others].T @ x[:, j]
    )
    learnt = ease_weights(pairs, penalty).toarray()[others, j]
    np.testing.assert_allclose(learnt, ridge, atol=1e-9)


def test_only_the_strongest_neighbours_are_kept(pairs):
    weights = cosine_weights(pairs, keep=2)
    assert np.diff(weights.indptr).max() == 2
    assert partner_of_each(weights) == PARTNERS


def test_working_in_blocks_changes_nothing(pairs, monkeypatch):
    whole, whole_shares = (
        cosine_weights(pairs, keep=4),
        shares(pairs, cosine_weights(pairs, keep=4)),
    )
    monkeypatch.setattr(neighbours, "_BLOCK_CELLS", 30)
    blocks = cosine_weights(pairs, keep=4)
    np.testing.assert_array_equal(blocks.toarray(), whole.toarray())
    np.testing.assert_array_equal(shares(pairs, blocks), whole_shares)


def test_a_large_catalogue_takes_its_best_sold_products_only(pairs):
    sold = np.asarray(pairs.sum(axis=0)).ravel()
    left_out = np.argsort(-sold, kind="stable")[8:]
    weights = ease_weights(pairs, 10.0, most=8).toarray()
    assert np.abs(weights[left_out]).max() == 0 and np.abs(weights[:, left_out]).max() == 0
    assert np.count_nonzero(weights) > 0


def test_the_share_says_how_many_buyers_of_one_also_bought_the_other(pairs):
    weights = cosine_weights(pairs)
    x, share = pairs.toarray(), shares(pairs, weights)
    column = 5
    for at in range(weights.indptr[column], weights.indptr[column + 1]):
        row = weights.indices[at]
        assert share[at] == pytest.approx(x[x[:, row] > 0, column].mean())
