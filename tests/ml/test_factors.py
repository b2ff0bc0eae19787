"""Matrix factorisation by alternating least squares: its loss, its answer, its reasons."""

import numpy as np
import pytest
import scipy.sparse as sp

from insights.ml import factors
from insights.ml.baskets import History
from insights.ml.factors import als, least_squares

UNSEEN, PENALTY = 0.2, 0.02


@pytest.fixture(scope="module")
def bought():
    """Two tastes: 60 customers buy from products 0-5, 60 from 6-11."""
    generator = np.random.default_rng(5)
    taste = np.repeat([[1, 0], [0, 1]], 60, axis=0)
    likely = taste @ np.repeat([[0.5, 0.02], [0.02, 0.5]], 6, axis=1)
    return sp.csr_matrix((generator.random(likely.shape) < likely).astype(float))


def loss(x, customers, products):
    """As written in the module, in dense numpy."""
    said = customers @ products.T
    rows = x.sum(axis=1) + UNSEEN * x.shape[1]
    columns = x.sum(axis=0) + UNSEEN * x.shape[0]
    return (
        (x * (1 - said) ** 2).sum()
        + UNSEEN * (said**2).sum()
        + PENALTY * (rows @ (customers**2).sum(axis=1) + columns @ (products**2).sum(axis=1))
    )


def test_every_half_step_lowers_the_loss(bought):
    generator = np.random.default_rng(0)
    x, across = bought.toarray(), sp.csr_matrix(bought.T)
    products = generator.normal(0, 0.1, (x.shape[1], 4))
    customers = generator.normal(0, 0.1, (x.shape[0], 4))
    losses = [loss(x, customers, products)]
    for _ in range(5):
        customers = least_squares(bought, products, UNSEEN, PENALTY)
        losses.append(loss(x, customers, products))
        products = least_squares(across, customers, UNSEEN, PENALTY)
        losses.append(loss(x, customers, products))
    assert all(later < earlier for earlier, later in zip(losses, losses[1:], strict=False))


def test_no_other_row_would_have_a_lower_loss(bought):
    x = bought.toarray()
    generator = np.random.default_rng(1)
    products = generator.normal(0, 0.3, (x.shape[1], 3))
    best = least_squares(bought, products, UNSEEN, PENALTY)
    for _ in range(5):
        other = best + generator.normal(0, 0.01, best.shape)
        assert loss(x, other, products) > loss(x, best, products)


def test_customers_are_scored_by_the_taste_of_what_they_own(bought):
    learnt = als(bought, 4, UNSEEN, PENALTY)
    own = sp.csr_matrix(np.array([[1.0, 1] + [0] * 10, [0] * 10 + [1, 1], [0] * 12]))
    scores = learnt.spoken(History(own))
    assert scores[0, :6].mean() > 3 * scores[0, 6:].mean()
    assert scores[1, 6:].mean() > 3 * scores[1, :6].mean()
    assert not scores[2].any()


def test_what_the_purchases_add_is_the_whole_score(bought):
    learnt = als(bought, 4, UNSEEN, PENALTY)
    known = History(bought[:20])
    scores = learnt.spoken(known)
    top = np.argsort(-scores, axis=1)[:, :3]
    for k, added in enumerate(learnt.contributions(known, top)):
        np.testing.assert_allclose(
            np.asarray(added.sum(axis=1)).ravel(), scores[np.arange(20), top[:, k]], atol=1e-10
        )


def test_working_in_blocks_and_leaving_products_out_changes_no_shape(bought, monkeypatch):
    whole = als(bought, 4, UNSEEN, PENALTY)
    monkeypatch.setattr(factors, "_BLOCK_CELLS", 80)
    np.testing.assert_allclose(als(bought, 4, UNSEEN, PENALTY).products, whole.products, atol=1e-8)
    monkeypatch.setattr(factors, "MOST_PRODUCTS", 5)
    monkeypatch.setattr(factors, "MOST_CUSTOMERS", 40)
    few = als(bought, 4, UNSEEN, PENALTY)
    assert few.products.shape == (12, 4)
    assert np.count_nonzero(few.products.any(axis=1)) == 5
