"""Which owned product speaks for a suggestion, which reorders come first, and how a list is filled."""

import numpy as np
import scipy.sparse as sp

from insights.ml.reorders import Due
from insights.ml.shortlists import Offers, merged, reorders, strongest_owned


def test_the_strongest_owned_product_is_the_reason():
    # Towards product 3: 0.2 from 0, 0.5 from 1, 0.9 from 2.
    by_target = sp.csr_matrix(np.array([[0, 0, 0, 0], [0] * 4, [0] * 4, [0.2, 0.5, 0.9, 0]]))
    bought = sp.csr_matrix(np.array([[1.0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]))
    owner, place = strongest_owned(bought, by_target, np.array([[3], [3], [3]]))
    assert owner.ravel().tolist() == [1, 2, -1]
    assert by_target.data[place[:2]].ravel().tolist() == [0.5, 0.9]


def test_what_speaks_against_is_never_a_reason():
    by_target = sp.csr_matrix(np.array([[0, -0.4], [-0.4, 0]]))
    owner, _ = strongest_owned(sp.csr_matrix(np.array([[1.0, 0]])), by_target, np.array([[1]]))
    assert owner.tolist() == [[-1]]


def test_the_likeliest_three_reorders_are_offered():
    due = Due(
        customer_id=np.array([7, 7, 7, 7, 8]),
        product_id=np.array([1, 2, 3, 4, 1]),
        usual=np.full(5, 30.0),
        late=np.arange(5.0),
        chance=np.array([0.1, 0.4, 0.3, 0.2, 0.5]),
        inputs=np.zeros((5, 4)),
    )
    offered = reorders(due, np.array([7, 8]), allowed=np.array([1, 2, 3, 4]))
    assert offered.product_id[offered.row == 0].tolist() == [2, 3, 4]
    without = reorders(due, np.array([7, 8]), allowed=np.array([1, 4]))
    assert without.product_id[without.row == 0].tolist() == [4, 1]
    assert without.facts[0] == {"days_late": 3, "usual_days": 30}


def offers(chances, whys):
    n = len(chances)
    return Offers(
        row=np.zeros(n, int), product_id=np.arange(n), chance=np.array(chances),
        why=np.array(whys, dtype=object), because=np.full(n, -1), facts=[{}] * n,
    )  # fmt: skip


def test_the_likeliest_ten_make_the_list():
    many = offers([0.01 * i for i in range(15)], ["popular"] * 15)
    shown, rank = merged(many)
    assert shown.tolist() == list(range(14, 4, -1)) and rank.tolist() == list(range(1, 11))


def test_a_product_nobody_bought_yet_gets_the_last_place_of_a_full_list():
    shown, _ = merged(offers([0.5] * 12 + [0.0], ["popular"] * 12 + ["similar"]))
    assert shown.tolist() == [*range(9), 12]
