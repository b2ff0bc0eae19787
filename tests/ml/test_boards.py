"""Who bought what as of a moment: sales only, before the moment only, and new only afterwards."""

from datetime import timedelta

import pytest

from insights.ml.baskets import board, read_sales
from tests.ml.shops import OPENED, shop

CUT = OPENED + timedelta(days=100)
PURCHASES = [
    (1, 10, 5), (1, 10, 50), (1, 11, 99.9), (2, 12, 20),
    (2, 10, 30, "return"), (3, 11, 40, "cancellation"),
    (1, 12, 100), (1, 10, 110), (2, 10, 150), (2, 99, 120), (3, 10, 130), (1, 11, 195), (2, 11, 195),
]  # fmt: skip


@pytest.fixture
def as_of_cut():
    return board(read_sales(shop(PURCHASES)), CUT, horizon_days=90)


def pairs(matrix, made):
    rows, columns = matrix.nonzero()
    ids = zip(made.customer_ids[rows], made.product_ids[columns], strict=True)
    return {(int(customer), int(product)) for customer, product in ids}


def test_the_past_is_what_was_sold_before_the_moment(as_of_cut):
    assert pairs(as_of_cut.bought, as_of_cut) == {(1, 10), (1, 11), (2, 12)}
    assert set(as_of_cut.bought.data) == {1.0}


def test_targets_are_first_purchases_of_known_products_within_the_window(as_of_cut):
    # Not 1-10 (had it), not 2-99 (nobody knew it), not 2-11 (after the window), not customer 3 (unknown).
    assert pairs(as_of_cut.targets, as_of_cut) == {(1, 12), (2, 10)}


def test_products_first_sold_in_the_window_are_kept_apart(as_of_cut):
    rows, products = as_of_cut.cold
    assert [
        (int(as_of_cut.customer_ids[r]), int(p)) for r, p in zip(rows, products, strict=True)
    ] == [(2, 99)]


def test_recent_buyers_are_counted_once_each(as_of_cut):
    counted = dict(zip(as_of_cut.product_ids.tolist(), as_of_cut.recent[28].tolist(), strict=True))
    assert counted == {10: 0, 11: 1, 12: 0}
    busy = board(read_sales(shop([(1, 10, 95), (1, 10, 96), (2, 10, 97), (3, 10, 50)])), CUT)
    assert busy.recent[28].tolist() == [2] and busy.recent[7].tolist() == [2]


def test_a_product_chosen_out_leaves_no_trace():
    chosen = board(read_sales(shop(PURCHASES), [10, 12]), CUT, 90)
    assert chosen.product_ids.tolist() == [10, 12] and chosen.customer_ids.tolist() == [1, 2]
