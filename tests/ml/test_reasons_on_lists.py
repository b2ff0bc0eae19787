"""Which owned product speaks for a suggestion, which reorders come first, and how a list is filled."""

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import History, Sales
from insights.ml.rankers import Additive, Part, strongest
from insights.ml.reorders import Due
from insights.ml.shortlists import Offers, merged, reorders


def known(*lags):
    return History(sp.csr_matrix(np.array(lags, dtype=float)))


def towards_three(*weights):
    """Weights towards product 3 from products 0, 1, 2."""
    return sp.csc_matrix(np.array([[0, 0, 0, weight] for weight in (*weights, 0)]))


def owners(scorer, history):
    (added,) = scorer.contributions(history, np.full((history.shape[0], 1), 3))
    return strongest(added)


def test_the_strongest_owned_product_is_the_reason():
    scorer = Additive((Part(towards_three(0.2, 0.5, 0.9)),))
    owner, value = owners(scorer, known([1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]))
    assert owner.tolist() == [1, 2, -1] and value.tolist() == [0.5, 0.9, 0]


def test_what_speaks_against_is_never_a_reason():
    owner, _ = owners(Additive((Part(towards_three(-0.4, 0, 0)),)), known([1, 0, 0, 0]))
    assert owner.tolist() == [-1]


def test_a_faded_purchase_gives_way_to_a_later_one():
    scorer = Additive((Part(towards_three(0.9, 0.5, 0), fade=1.0, why="bought_after"),))
    owner, value = owners(scorer, known([2, 1, 0, 0], [1, 2, 0, 0]))
    assert owner.tolist() == [1, 0] and value.tolist() == [0.5, 0.9]


def test_a_blend_names_the_part_that_speaks_loudest_for_the_pair():
    with_it = Part(towards_three(0.6, 0.1, 0))
    after_it = Part(towards_three(0.1, 0.9, 0), fade=2.0, why="bought_after")
    scorer = Additive((with_it, after_it))
    history = known([1, 2, 0, 0], [3, 1, 0, 0])
    owner, _ = owners(scorer, history)
    assert owner.tolist() == [0, 1]
    whys = scorer.whys(history, np.array([0, 1]), np.array([3, 3]), owner)
    assert whys.tolist() == ["bought_with", "bought_after"]
    assert scorer.mixed([0.0]).parts == (with_it,)


def test_the_likeliest_three_reorders_are_offered():
    due = Due(
        customer_id=np.array([7, 7, 7, 7, 8]),
        product_id=np.array([1, 2, 3, 4, 1]),
        usual=np.full(5, 30.0),
        late=np.arange(5.0),
        chance=np.array([0.1, 0.4, 0.3, 0.2, 0.5]),
        own=np.array([True, True, True, False, True]),
        inputs=np.zeros((5, 4)),
    )
    nothing = Sales(np.array([], int), np.array([], int), np.array([], "datetime64[us]"))
    offered = reorders(due, np.array([7, 8]), np.array([1, 2, 3, 4]), nothing)
    assert offered.product_id[offered.row == 0].tolist() == [2, 3, 4]
    without = reorders(due, np.array([7, 8]), np.array([1, 4]), nothing)
    assert without.product_id[without.row == 0].tolist() == [4, 1]
    assert without.facts[0] == {"days_late": 3, "usual_days": 30, "own": False}
    back = Sales(np.array([7]), np.array([2]), np.array([0], "datetime64[us]"))
    rest = reorders(due, np.array([7, 8]), np.array([1, 2, 3, 4]), back)
    assert rest.product_id[rest.row == 0].tolist() == [3, 4, 1]


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
