"""Recommenders compete on later data, and one that is no better than the best-sellers is not used."""

from dataclasses import replace
from datetime import UTC, timedelta

import numpy as np
import pytest

from insights.ml import products
from insights.ml.evaluation import NotEnoughData
from tests.ml.shops import NOW, no_pattern, one_leads_to_the_next, quiet, shop, two_worlds


def judged(purchases, as_of=NOW, **params):
    data = products.inputs(shop(purchases), as_of, params)
    return products.evaluate(data, products.candidates(params), quiet)


def test_where_customers_differ_a_learner_wins_and_the_rule_is_named():
    evaluation = judged(two_worlds())
    summary = evaluation.summary
    assert evaluation.model is not None
    assert summary["better_than_rule"] and summary["grade"] in "AB"
    assert summary["baseline"] == "popularity" and summary["champion"] != "popularity"
    metrics = {one["name"]: one["metrics"] for one in summary["candidates"]}
    # Twelve products a world, most of them owned: whoever knows the world fills the list with it.
    assert metrics[summary["champion"]]["ndcg_at_10"] > 1.3 * metrics["popularity"]["ndcg_at_10"]
    for one in summary["candidates"]:
        for name, (low, high) in one["interval"].items():
            assert low <= one["metrics"][name] <= high


@pytest.mark.slow
def test_where_order_matters_a_learner_that_sees_it_is_chosen_by_itself():
    summary = judged(one_leads_to_the_next()).summary
    assert summary["champion"] in ("sequence", "blend")
    metrics = {one["name"]: one["metrics"] for one in summary["candidates"]}
    assert metrics[summary["champion"]]["ndcg_at_10"] > 1.4 * metrics["ease"]["ndcg_at_10"]


def test_where_everybody_wants_the_same_no_ranking_is_published():
    once_each = {
        (customer, product): (customer, product, day) for customer, product, day in no_pattern()
    }
    evaluation = judged(list(once_each.values()))
    assert evaluation.model is None
    assert not evaluation.summary["better_than_rule"] and not evaluation.summary["only_reorders"]
    assert evaluation.summary["grade"] == "D" and evaluation.summary["published_metrics"] is None


def test_what_is_due_again_needs_no_ranking():
    evaluation = judged(no_pattern())
    summary = evaluation.summary
    assert not summary["better_than_rule"] and summary["only_reorders"]
    assert summary["grade"] == "D" and summary["published_metrics"] is None
    assert summary["reorders"]["n"] >= 50 and 0 < summary["reorders"]["bought_again"] < 1
    facts = shop(no_pattern())
    told = products.predict(evaluation.model, facts, NOW)
    assert set(told["why"]) == {"reorder"}
    ranked = products.predict(replace(evaluation.model, only_reorders=False), facts, NOW)
    assert set(ranked["why"]) > {"reorder"}
    columns = ["customer_id", "product_id"]
    among = ranked[ranked["why"] == "reorder"].merge(told, on=columns)
    assert len(among) > 50  # the same, but for those that no list had room for
    meta, arrays = evaluation.model.state()
    assert products.ProductsModel.from_state(meta, arrays).only_reorders


def test_settings_are_chosen_before_the_test_window_opens():
    # What happens after the test cutoff may move the grades, never the choices.
    early = [row for row in two_worlds() if row[2] < 270]
    late = [row for row in two_worlds() if row[2] >= 270]
    generator = np.random.default_rng(3)
    strange = [(customer, int(generator.choice([1, 101])), day) for customer, _, day in late]
    params = {"test_as_of": NOW - timedelta(days=90)}
    usual, other = judged(early + late, **params), judged(early + strange, **params)
    for one, two in zip(usual.summary["candidates"], other.summary["candidates"], strict=True):
        assert one["settings"] == two["settings"] and one["validation"] == two["validation"]
    assert usual.summary["candidates"] != other.summary["candidates"]
    assert usual.summary["champion"] == other.summary["champion"]


def test_progress_is_reported_from_start_to_end():
    seen = []
    data = products.inputs(shop(two_worlds()), NOW, {})
    products.evaluate(data, products.candidates({}), lambda *call: seen.append(call))
    fractions = [fraction for _, fraction, _ in seen]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1


def test_the_targets_are_new_products_of_the_window_only():
    purchases = [(c, p, 10) for c in range(1, 61) for p in range(1, 13) if p != c % 12 + 1]
    purchases += [(c, c % 12 + 1, 200) for c in range(1, 61)]  # new in the validation window
    purchases += [(c, 99, 280) for c in range(1, 61)]  # nobody had bought it before
    purchases += [(c, 2, 281) for c in range(1, 61)]  # everybody has had it
    with pytest.raises(NotEnoughData) as nothing_new_in_the_last_window:
        products.inputs(shop(purchases), NOW, {})
    assert nothing_new_in_the_last_window.value.code == "too_few_buyers"
    assert nothing_new_in_the_last_window.value.facts["have"] == 0


def test_a_file_that_ended_long_ago_is_judged_on_its_own_last_days():
    now = judged(two_worlds()).summary["windows"]
    later = judged(two_worlds(), as_of=NOW + timedelta(days=2000)).summary["windows"]
    assert later["test_until"] <= (NOW + timedelta(days=1)).isoformat()
    assert now["horizon_days"] == later["horizon_days"] == 90


def test_only_the_asked_for_products_take_part():
    data = products.inputs(shop(two_worlds()), NOW, {"only_product_ids": list(range(1, 13))})
    assert set(data.now.product_ids) == set(range(1, 13))


def test_a_moment_with_a_zone_is_the_same_moment():
    plain = products.inputs(shop(two_worlds()), NOW, {})
    zoned = products.inputs(shop(two_worlds()), NOW.replace(tzinfo=UTC), {})
    assert (plain.test.bought != zoned.test.bought).nnz == 0 and plain.as_of == zoned.as_of


@pytest.mark.parametrize(
    ("purchases", "code"),
    [
        ([], "no_orders"),
        ([(c, p, 300 + p) for c in range(60) for p in range(1, 20)], "history_too_short"),
        ([(c, p, 18 * p) for c in range(20) for p in range(1, 20)], "too_few_customers"),
    ],
)
def test_too_little_data_says_what_is_missing(purchases, code):
    with pytest.raises(NotEnoughData) as refused:
        products.inputs(shop(purchases), NOW, {})
    assert refused.value.code == code
