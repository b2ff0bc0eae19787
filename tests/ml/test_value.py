"""Customer value and the next order, on companies whose customers are known."""

import json
from datetime import timedelta

import numpy as np
import pytest
from scipy.special import expit

from insights.ml import value, value_judging, value_stages
from insights.ml.evaluation import NotEnoughData
from insights.ml.features import features
from insights.ml.learners import boosted_amounts
from insights.ml.learners.boosted_amounts import LINKS, BoostedTrees
from insights.ml.lifetimes import PurchaseDays
from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.lifetimes.season import season
from insights.ml.ranges import Ranges, coverage
from insights.ml.value_spenders import SPENDERS
from tests.ml.companies import NOW, at, company, leavers, without_memory
from tests.ml.shops import quiet

# The networks take half a minute; they meet the same contract (test_spenders_meet_one_contract), and what reads whole
# stories is judged in test_value_of_whole_stories.
NETWORKS = {"ziln", "story"}
QUICK = [name for name in SPENDERS if name not in NETWORKS]


def trained(tables, now=NOW, **params):
    data = value.inputs(tables, now, params)
    return value.evaluate(data, value.candidates(params), quiet)


@pytest.fixture(scope="module")
def shop():
    return leavers()


@pytest.fixture(scope="module")
def evaluation(shop):
    """With boosting, which small companies go without, in few rounds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(value_judging, "ENOUGH_CUSTOMERS", 100)
        patch.setattr(value_stages, "SURE_CUSTOMERS", 400)
        patch.setitem(boosted_amounts.SETTINGS, "max_iter", 12)
        patch.setitem(boosted_amounts.SETTINGS, "learning_rate", 0.2)
        return trained(shop, candidates=QUICK)


@pytest.fixture(scope="module")
def model(evaluation):
    return evaluation.model


def test_it_says_whether_more_customers_would_help(evaluation, shop):
    curve = evaluation.summary["learning_curve"]
    assert curve["learner"] == "tweedie"
    learnt = [one["customers"] for one in curve["points"]]
    assert len(learnt) >= 2 and learnt == sorted(learnt) and learnt[-1] >= 2 * learnt[-2] - 1
    deviances = {
        one["name"]: one["metrics"]["deviance"] for one in evaluation.summary["candidates"]
    }
    # With all of them it is the learner that was judged.
    assert curve["points"][-1]["deviance"] == pytest.approx(deviances[curve["learner"]])
    assert curve["more"] in ("helps", "flat", "unsure")
    assert json.loads(json.dumps(curve, allow_nan=False)) == curve
    assert evaluation.summary["windows"]["sampled"] is False


def test_of_a_rule_and_of_models_of_buying_no_curve_is_told(shop):
    assert trained(shop, candidates=["pareto"]).summary["learning_curve"] == {}


def test_the_champion_beats_the_rule_and_all_figures_stand_there(evaluation):
    summary = evaluation.summary
    assert summary["better_than_rule"] and summary["grade"] in "ABC"
    assert [one["name"] for one in summary["candidates"]] == QUICK
    for one in summary["candidates"]:
        assert {"mae_spend", "mae_transactions", "spearman", "ngini", "total_ratio"} <= set(
            one["metrics"]
        )
    metrics = summary["published_metrics"]
    assert metrics["ngini"] > 0.85 and 0.85 < metrics["total_ratio"] < 1.15
    assert 0.7 < summary["ranges"]["coverage"] <= 1
    assert summary["level"]["served"] == pytest.approx(1, abs=0.05)
    assert summary["next_order"]["brier"] < summary["next_order"]["rule_brier"]
    assert 0.65 < summary["next_order"]["inside"] < 0.95
    json.dumps(summary, allow_nan=False, default=float)


def test_each_figure_lies_in_its_range_and_more_days_bring_more(model, shop):
    told = value.predict(model, shop, NOW)
    for name in ("spend_90", "spend_365"):
        assert (told[f"{name}_low"] <= told[name]).all() and (
            told[name] <= told[f"{name}_high"]
        ).all()
    assert (told["spend_365"] >= told["spend_90"]).all()
    for name in ("stays_365", "within_30"):
        assert told[name].between(0, 1).all()
    assert (told["next_from"] <= told["next_on"]).all() and (
        told["next_on"] <= told["next_to"]
    ).all()
    assert (told["next_from"] > NOW.date().isoformat()).all()


def test_who_bought_yesterday_in_a_rhythm_is_foretold_it_and_who_left_long_ago_is_not(model):
    # The same customer twice: one keeps a rhythm of 15 days, the other stopped a year ago.
    rhythm = [(1, day) for day in range(300, 540, 15)] + [(2, day) for day in range(0, 150, 15)]
    told = value.predict(model, with_orders(rhythm), NOW).set_index("customer_id")
    assert told["within_30"][1] > 0.8 > 0.1 > told["within_30"][2]
    assert told["stays_365"][1] > 0.9 > 0.3 > told["stays_365"][2]
    assert told["spend_365"][1] > 5 * told["spend_365"][2]
    assert told["usual_gap"].tolist() == [15, 15]
    days = (np.datetime64(told["next_on"][1]) - np.datetime64(NOW.date())) / np.timedelta64(1, "D")
    assert 1 <= days <= 20


def with_orders(pairs, days=540):
    return company(pairs, [], days)


def test_a_hundred_customers_are_enough_and_the_rule_has_its_share():
    evaluation = trained(leavers(90, seed=4))
    assert evaluation.summary["verdict"]["facts"]["weight"] < 20
    assert evaluation.summary["verdict"]["facts"]["n"] > 70
    assert 50 < evaluation.summary["verdict"]["facts"]["early"] <= 90
    assert evaluation.model is not None


def test_where_the_rule_is_not_beaten_it_is_served_itself_with_wide_ranges():
    tables = leavers(130)
    evaluation = trained(tables, candidates=[])
    summary, model = evaluation.summary, evaluation.model
    assert not summary["better_than_rule"] and summary["grade"] == "D"
    assert summary["served_rule"] and summary["champion"] == model.forecast.spender.name == "rule"
    told = value.predict(model, tables, NOW)
    assert (told["spend_90_high"] > told["spend_90"]).mean() > 0.5
    assert (told["spend_90_low"] == 0).mean() > 0.5


def test_what_is_missing_is_said_with_how_much():
    with pytest.raises(NotEnoughData) as few:
        trained(leavers(40))
    assert (few.value.code, few.value.facts) == ("too_few_customers", {"needed": 50, "have": 40})
    young = leavers(400, days=70)
    with pytest.raises(NotEnoughData) as short:
        trained(young, at(70))
    assert short.value.code == "history_too_short"
    assert short.value.facts["days_have"] <= 70 < short.value.facts["days_needed"]


@pytest.mark.parametrize("target", LINKS)
def test_trees_from_arrays_say_what_the_library_says(shop, target):
    frame = features(shop, [NOW - timedelta(days=90)])
    x = frame[["recency_days", "orders_all", "gap_mean", "spend_90"]].to_numpy()
    y = np.nan_to_num(frame["spend_30"].to_numpy())
    trees = BoostedTrees(target).fit(x, y)
    meta, arrays = trees.state()
    again = BoostedTrees.from_state(json.loads(json.dumps(meta)), arrays)
    said = trees.estimator_.predict(x)
    said = {"amount": np.exp, "log": np.expm1}.get(target, lambda z: z)(said)
    np.testing.assert_allclose(again.predict(x), np.maximum(said, 0), rtol=1e-9, atol=1e-9)
    assert again.predict(x[3:4])[0] == pytest.approx(again.predict(x)[3], abs=1e-12)


def test_a_season_is_foretold_from_a_year_ago_and_growth_is_none():
    """Everyone buys three times as often in the last quarter of each year; ever more customers come."""
    generator = np.random.default_rng(6)
    pairs = [
        (customer, day)
        for customer in range(500)
        for day in np.cumsum(generator.exponential(20, 50)) + 1.2 * customer
        if day < 730 and (day % 365 >= 275 or generator.random() < 1 / 3)
    ]
    for last, least, most in ((639, 1.8, 3.5), (549, 0.7, 1.4), (729, 0.3, 0.6)):
        everyone = PurchaseDays.of(with_orders(pairs, 730))
        last += int(at(0).timestamp() // 86400)
        behaviour = Behaviour.fit(everyone.histories(last))
        assert least < season(everyone, last, 90, behaviour, "pareto") < most
    assert season(everyone.until(last - 300), last - 300, 90, behaviour, "pareto") == 1


def spenders(n=4000, seed=2):
    """Expectations, log-odds of spending anything, the true chance of it, and what each spent."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(1, 2, n)
    chance = expit(odds)
    amount = np.exp(generator.normal(3, 1, n))
    spent = amount * generator.gamma(4, 0.25, n) * (generator.random(n) < chance)
    return amount * chance, odds, chance, spent


def test_ranges_hold_what_they_promise():
    expected, odds, chance, spent = spenders()
    old, new = slice(0, 2000), slice(2000, 4000)
    learnt = Ranges.fit(expected[old], spent[old], odds[old])
    low, high = learnt.around(expected[new], odds[new])
    inside = (spent[new] >= low) & (spent[new] <= high)
    # Who hardly ever spends is nearly always inside: nothing is what was said.
    likely = chance[new] > 0.2
    assert inside[likely].mean() == pytest.approx(0.8, abs=0.03) and inside[~likely].mean() > 0.8
    for least, most in ((0.2, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1)):
        group = (chance[new] > least) & (chance[new] <= most)
        assert inside[group].mean() == pytest.approx(0.8, abs=0.06), (least, most)
    for third in np.array_split(np.argsort(expected[new][likely]), 3):
        assert inside[likely][third].mean() == pytest.approx(0.8, abs=0.06)
    # A level that is missed by a third, up or down, has its place in them once it is reckoned with.
    up, down = spent[new] * 1.33, spent[new] / 1.33
    unprepared = coverage(low[likely], high[likely], up[likely])
    assert unprepared < 0.75
    learnt = Ranges.fit(expected[old], spent[old], odds[old], 1.33)
    low, high = (end[likely] for end in learnt.around(expected[new], odds[new]))
    assert coverage(low, high, up[likely]) > unprepared
    both = [coverage(low, high, moved[likely]) for moved in (up, down)]
    assert np.mean(both) == pytest.approx(0.8, abs=0.03)


def test_who_is_almost_sure_to_order_again_has_a_range_above_zero():
    expected, odds, chance, spent = spenders()
    low, high = Ranges.fit(expected, spent, odds).around(expected, odds)
    sure, unsure = chance > 0.93, chance < 0.87
    assert (low[sure] > 0).all() and (low[unsure] == 0).all()
    assert np.median((low / expected)[chance > 0.97]) > 0.3
    assert (low <= expected).all() and (expected <= high).all()
    # Asked about alone, each is told what they are told among all.
    alone = Ranges.fit(expected, spent, odds).around(expected[7:8], odds[7:8])
    assert (alone[0][0], alone[1][0]) == (low[7], high[7])


def test_where_the_log_odds_say_nothing_nobody_is_called_sure():
    expected, odds, _, spent = spenders()
    odds = np.random.default_rng(5).permutation(odds)
    learnt = Ranges.fit(expected[:2000], spent[:2000], odds[:2000])
    low, high = learnt.around(expected[2000:], odds[2000:])
    assert (low == 0).all()
    for fourth in np.array_split(np.argsort(odds[2000:]), 4):
        inside = coverage(low[fourth], high[fourth], spent[2000:][fourth])
        assert inside == pytest.approx(0.8, abs=0.05)


def test_ranges_of_a_few_customers_are_as_wide_as_ever_they_were():
    expected, odds, _, spent = spenders()
    few = Ranges.fit(expected[:8], spent[:8], odds[:8])
    low, high = few.around(expected, odds)
    assert (low <= expected).all() and (expected <= high).all()
    nobody = Ranges.fit(expected[:8], 0 * spent[:8], odds[:8])
    low, high = nobody.around(expected, odds)
    assert (low == 0).all() and (high == expected).all()
    again = Ranges.from_state(json.loads(json.dumps(few.state())))
    np.testing.assert_array_equal(again.around(expected, odds), few.around(expected, odds))


@pytest.mark.slow
def test_where_nothing_can_be_foreseen_every_group_has_what_it_is_promised():
    tables, opened, after = without_memory(), at(450), 90
    model = trained(tables, opened, candidates=["pareto"]).model
    told = value.predict(model, tables, opened)
    everyone, last = PurchaseDays.of(tables), int(opened.timestamp() // 86400) - 1
    _, came = everyone.between(last + 1, last + after).sums(told["customer_id"].to_numpy())
    low, high = told["spend_90_low"].to_numpy(), told["spend_90_high"].to_numpy()
    for by in ("stays_365", "spend_90"):
        for group in np.array_split(np.argsort(told[by].to_numpy(), kind="stable"), 3):
            assert coverage(low[group], high[group], came[group]) > 0.7, by
    assert (low == 0).all()  # of a window's length, four of ten buy nothing
    assert 0.75 < coverage(low, high, came) < 0.9
