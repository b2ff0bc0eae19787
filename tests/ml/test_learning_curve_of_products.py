"""Whether more customers would help to recommend: said of shops where the answer is known."""

import json

import numpy as np
import pytest

from insights.ml import product_curve, products
from insights.ml.baskets import board, read_sales
from insights.ml.contest import choose, losses_with
from insights.ml.product_curve import learning_curve
from insights.ml.recommenders import TREND_DAYS
from insights.ml.wording import Wording, catalogue_texts
from tests.ml.shops import NOW, no_pattern, quiet, shop, two_worlds


def many_worlds(customers, worlds, per_world=8, seed=3, days=360):
    """Each customer buys out of one world alone: the more worlds, the more customers it takes to know them all."""
    generator = np.random.default_rng(seed)
    return [
        (customer, 100 * (customer % worlds) + 1 + int(generator.integers(per_world)), int(day))
        for customer in range(1, customers + 1)
        for day in np.sort(generator.choice(days, 6, replace=False))
    ]


def judged(purchases, *names):
    data = products.inputs(shop(purchases), NOW, {"candidates": names})
    made = products.evaluate(data, products.candidates({"candidates": names}), quiet)
    return made.summary, made.summary["learning_curve"]


def test_with_many_kinds_of_customers_more_of_each_still_help():
    summary, curve = judged(many_worlds(1_000, 60), "item_knn")
    # Some had not bought yet when the window opened.
    learnt = [one["customers"] for one in curve["points"]]
    assert 950 < learnt[-1] < 1_000 and learnt[:3] == [int(learnt[-1] / n) for n in (8, 4, 2)]
    values = [one["ndcg_at_10"] for one in curve["points"]]
    assert values == sorted(values) and curve["more"] == "helps"
    assert curve["gain"]["interval"][0] > 0 and curve["learner"] == "item_knn"
    # With all of them it is the learner that was chosen, where it was chosen.
    (own,) = (one for one in summary["candidates"] if one["name"] == "item_knn")
    assert values[-1] == pytest.approx(own["validation"]["ndcg_at_10"])
    assert json.loads(json.dumps(curve, allow_nan=False)) == curve


def test_two_worlds_are_known_from_a_few_customers():
    _, curve = judged(two_worlds(customers=1_200), "item_knn", "ease")
    assert curve["more"] == "flat" and curve["learner"] in ("item_knn", "ease")
    low, high = curve["points"][-1]["interval"]
    assert low < curve["points"][-1]["ndcg_at_10"] < high


def test_of_a_large_catalogue_half_of_the_customers_is_enough(monkeypatch):
    monkeypatch.setattr(product_curve, "MANY_PRODUCTS", 20)
    _, curve = judged(two_worlds(), "item_knn")
    assert [one["customers"] for one in curve["points"]] == [120, 240]


def test_a_small_company_is_told_that_it_is_too_small():
    _, curve = judged(two_worlds(customers=160), "item_knn")
    assert curve == {"learner": "item_knn", "points": [], "customers": 160, "more": "too_few"}


def test_where_the_rule_is_not_beaten_the_best_learner_is_measured():
    once_each = {row[:2]: row for row in no_pattern()}
    summary, curve = judged(list(once_each.values()), "item_knn", "ease")
    assert not summary["better_than_rule"]
    assert curve["learner"] in ("item_knn", "ease") and len(curve["points"]) > 1


def test_of_the_rule_alone_there_is_no_curve_and_of_a_blend_a_part_is_measured():
    assert judged(two_worlds(), "nothing else")[1] == {}
    data = products.inputs(shop(two_worlds()), NOW, {})
    wording = Wording.fit(catalogue_texts(data.products, data.now.product_ids))
    tried = []
    for one in products.candidates({"candidates": ["ease", "blend"]}):
        tried.append(choose(data, one, wording, 14, tried))
    assert learning_curve(data, tried, tried[-1], wording, 14)["learner"] == "ease"


def test_a_part_knows_nothing_of_the_other_customers():
    purchases = two_worlds()
    whole = board(read_sales(shop(purchases)), NOW)
    chosen = whole.customer_ids[::3]
    part = whole.part(chosen)
    alone = board(read_sales(shop([row for row in purchases if row[0] in set(chosen)])), NOW)
    assert part.customer_ids.tolist() == alone.customer_ids.tolist()
    assert part.product_ids.tolist() == whole.product_ids.tolist() == alone.product_ids.tolist()
    assert (part.history.lags != alone.history.lags).nnz == 0
    np.testing.assert_array_equal(part.recent[TREND_DAYS], alone.recent[TREND_DAYS])
    assert len(part.past) == len(alone.past)


def test_nothing_is_chosen_by_it():
    data = products.inputs(shop(two_worlds()), NOW, {})
    wording = Wording.fit(catalogue_texts(data.products, data.now.product_ids))
    some = products.candidates({"candidates": ["item_knn"]})
    tried = [choose(data, one, wording, 14, []) for one in some]
    before = [(one.settings, one.validation.losses.copy()) for one in tried]
    curve = learning_curve(data, tried, tried[0], wording, 14)
    assert curve["learner"] == "item_knn"
    for one, (settings, losses) in zip(tried, before, strict=True):
        assert one.settings == settings and one.ranker is None
        np.testing.assert_array_equal(one.validation.losses, losses)
    everyone = losses_with(data, tried[1], wording, 14, data.validation.customer_ids)
    np.testing.assert_array_equal(everyone, before[1][1])
