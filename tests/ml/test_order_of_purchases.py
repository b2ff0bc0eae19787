"""What is bought after what, on chains whose order is known."""

from datetime import timedelta

import numpy as np
import pytest

from insights.ml.baskets import board, history, read_sales
from insights.ml.rankers import Additive, Part
from insights.ml.sequences import following_weights, later_shares
from tests.ml.shops import OPENED, shop

CHAIN = 8
NOW = OPENED + timedelta(days=200)


@pytest.fixture(scope="module")
def chain():
    """Product p is followed by p + 1, the last by the first; each customer buys three in a row."""
    purchases = [
        (customer, (customer + step) % CHAIN + 1, 10 * step + customer % 7)
        for customer in range(80)
        for step in range(3)
    ]
    return board(read_sales(shop(purchases)), NOW)


def test_the_strongest_follower_is_the_next_in_the_chain(chain):
    for damp in (0.0, 0.5):
        weights = following_weights(chain, 1.0, damp).toarray()
        assert weights.argmax(axis=1).tolist() == [(p + 1) % CHAIN for p in range(CHAIN)]
        assert np.abs(weights.diagonal()).max() == 0


def test_weights_are_counts_by_distance_over_buyers(chain):
    weights = following_weights(chain, fade=1.0, damp=0.0).toarray()
    # Of 30 buyers of a product, 20 bought the next one a step later, 10 the one after it two steps later.
    assert weights[2, 3] == pytest.approx(20 / 30)
    assert weights[2, 4] == pytest.approx(10 / 30 / 2)
    assert weights[3, 2] == 0


def test_a_customer_is_offered_what_follows_their_latest_purchase(chain):
    scorer = Additive((Part(following_weights(chain, 2.0, 0.0), 2.0, "bought_after"),))
    sales = read_sales(shop([(1, 2, 5), (1, 6, 50), (2, 6, 5), (2, 2, 50)]))
    scores = scorer.spoken(history(sales, np.array([1, 2]), chain.product_ids)).toarray()
    assert chain.product_ids[scores.argmax(axis=1)].tolist() == [7, 3]


def test_what_is_bought_on_one_day_has_no_order():
    sales = read_sales(shop([(c, p, 10 + p / 100) for c in range(20) for p in (1, 2)]))
    assert following_weights(board(sales, NOW), 1.0, 0.0).nnz == 0


def test_buying_again_is_not_a_new_step_of_another_customer():
    sales = read_sales(shop([(1, 1, 10), (1, 2, 20), (1, 1, 30), (2, 1, 40)]))
    weights = following_weights(board(sales, NOW), 1.0, 0.0).toarray()
    assert weights[0, 1] == pytest.approx(1 / 2) and weights[1, 0] == 0


def test_lags_count_a_customers_own_days_back_from_the_latest():
    sales = read_sales(
        shop([(1, 1, 10), (1, 2, 20), (1, 2, 20.1), (1, 3, 30), (1, 1, 30), (2, 3, 1)])
    )
    known = history(sales, np.array([1, 2, 9]), np.array([1, 2, 3]))
    assert known.lags.toarray().tolist() == [[1, 2, 1], [0, 0, 1], [0, 0, 0]]
    assert known.bought.toarray().tolist() == [[1, 1, 1], [0, 0, 1], [0, 0, 0]]
    assert known.faded(2.0).toarray()[0].tolist() == [1, 0.25, 1]


def test_the_share_counts_who_bought_it_on_a_later_day(chain):
    weights = following_weights(chain, 1.0, 0.0)
    told = weights.copy()
    told.data = later_shares(chain, weights)
    assert told[2, 3] == pytest.approx(20 / 30) and told[2, 4] == pytest.approx(10 / 30)
