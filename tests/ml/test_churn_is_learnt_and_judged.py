"""The whole question, from tables to a judged model, on companies whose truth is known."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from insights.ml import churn
from insights.ml.evaluation import NotEnoughData
from insights.ml.snapshots import Snapshot
from insights.ml.tables import complete
from tests.ml.companies import NOW, at, company, labelled, leavers, with_rows, without_memory
from tests.ml.shops import quiet

QUICK = {"horizon_days": 60, "candidates": ["rfm_logistic", "logistic"]}
LABEL = {"label_attribute": "left", "positive": "yes", "candidates": ["logistic", "ebm"]}


def learn(tables, params, report=quiet):
    return churn.evaluate(churn.inputs(tables, NOW, params), churn.candidates(params), report)


@pytest.fixture(scope="module")
def evaluation(leaving):
    return learn(leaving, QUICK)


def test_what_can_be_foreseen_is_and_the_rule_is_beaten(evaluation):
    summary = evaluation.summary
    assert summary["better_than_rule"] and summary["grade"] in "AB"
    assert summary["champion"] in ("rfm_logistic", "logistic")
    assert summary["published_metrics"]["roc_auc"] > 0.75
    facts = summary["verdict"]["facts"]
    assert facts["top_tenth"] > facts["chance"]


def test_the_summary_is_json_and_tells_the_whole_story(evaluation):
    summary = json.loads(json.dumps(evaluation.summary, allow_nan=False))
    assert [one["name"] for one in summary["candidates"]] == ["rule", "rfm_logistic", "logistic"]
    for one in summary["candidates"]:
        low, high = one["interval"]["roc_auc"]
        assert low < one["metrics"]["roc_auc"] < high
    assert sum(one["n"] for one in summary["calibration"]) == summary["n_test"]
    assert summary["importance"][0]["points"] > summary["importance"][-1]["points"]


def test_where_nothing_can_be_foreseen_no_model_is_offered():
    evaluation = learn(without_memory(), {**QUICK, "candidates": ["logistic"]})
    assert evaluation.model is None
    assert not evaluation.summary["better_than_rule"]
    assert evaluation.summary["grade"] == "D"
    assert evaluation.summary["published_metrics"] is None


def test_training_windows_close_before_the_judged_one_opens(leaving):
    made = churn.inputs(leaving, NOW, QUICK)
    windows, horizon = made.windows, timedelta(days=60)
    judged = datetime.fromisoformat(windows["test_as_of"])
    assert judged + horizon <= NOW
    training = [datetime.fromisoformat(one) for one in windows["training_as_ofs"]]
    assert len(training) > 1
    assert all(moment + horizon <= judged for moment in training)


def test_the_outcome_is_what_happened_in_the_window(leaving):
    made = churn.inputs(leaving, NOW, QUICK)
    opened = datetime.fromisoformat(made.windows["test_as_of"])
    orders = leaving["orders"].to_pandas()
    inside = (orders["occurred_at"] >= opened) & (
        orders["occurred_at"] < opened + timedelta(days=60)
    )
    came = set(orders.loc[inside, "customer_id"])
    assert made.test.y.tolist() == [float(c not in came) for c in made.test.frame["customer_id"]]
    earlier = set(orders.loc[orders["occurred_at"] < opened, "customer_id"])
    assert set(made.test.frame["customer_id"]) == earlier


def test_a_file_that_ends_last_year_has_its_last_order_as_its_present(leaving):
    today, a_year_on = churn.inputs(leaving, NOW, QUICK), churn.inputs(leaving, at(900), QUICK)
    assert a_year_on.windows["test_as_of"] <= today.windows["test_as_of"]
    assert 0.05 < a_year_on.test.y.mean() < 0.95


def test_the_moments_can_be_set_by_hand(leaving):
    params = {**QUICK, "test_as_of": at(400), "training_as_ofs": [at(250), at(300)]}
    windows = churn.inputs(leaving, NOW, params).windows
    assert windows["test_as_of"] == at(400).isoformat()
    assert windows["training_as_ofs"] == [at(250).isoformat(), at(300).isoformat()]


def test_who_never_bought_has_no_score(leaving, evaluation):
    more = with_rows(leaving, "customers", [{"customer_id": 9999, "kind": "person"}])
    assert churn.predict(evaluation.model, more, NOW, [9999]).empty
    assert 9999 not in set(churn.predict(evaluation.model, more, NOW)["customer_id"])


def test_steps_are_reported_in_order():
    steps = []
    params = {**QUICK, "candidates": ["logistic"]}
    learn(leavers(200), params, lambda step, fraction, rows: steps.append((step, fraction)))
    names = [name for name, _ in steps]
    assert names[:3] == ["fit:rule", "fit:logistic", "judge"] and names[-1] == "done"
    fractions = [fraction for _, fraction in steps]
    assert fractions == sorted(fractions) and fractions[-1] == 1


@pytest.mark.slow
def test_a_known_label_is_judged_by_folds_and_never_a_feature():
    evaluation = learn(labelled(), LABEL)
    summary = evaluation.summary
    assert summary["judged_on"] == "folds" and summary["windows"]["form"] == "label"
    assert summary["better_than_rule"]
    # The best anybody could do here is about .78: far above it would be the label itself.
    assert 0.65 < summary["published_metrics"]["roc_auc"] < 0.85
    scored = churn.predict(evaluation.model, labelled(), NOW)
    told = {reason["code"] for reasons in scored["reasons"] for reason in reasons}
    assert told == {"attribute:age", "attribute:contract", "others"}


def test_a_label_that_nothing_explains_gives_no_model():
    evaluation = learn(labelled(informative=False), {**LABEL, "candidates": ["logistic"]})
    assert evaluation.model is None and evaluation.summary["grade"] == "D"


@pytest.mark.parametrize(
    ("tables", "params", "code"),
    [
        (complete({}), {}, "no_orders"),
        (company([(c, c % 90) for c in range(1, 200)], [], 90), {}, "history_too_short"),
        (leavers(40), {"horizon_days": 60}, "too_few_customers"),
        (
            company([(c, d) for c in range(1, 150) for d in range(5, 540, 20)], [], 540),
            {},
            "one_outcome_only",
        ),
        (labelled(200), {"label_attribute": "gone", "positive": "yes"}, "label_missing"),
    ],
)
def test_too_little_data_is_said_in_a_word_with_facts(tables, params, code):
    with pytest.raises(NotEnoughData) as caught:
        churn.inputs(tables, NOW, params)
    assert caught.value.code == code
    json.dumps(caught.value.facts)


def test_the_choice_never_looks_at_the_window_that_judges():
    """With every outcome there turned round, the same candidate is chosen, and then found wanting."""
    params = {"horizon_days": 60, "candidates": ["rfm_logistic", "logistic"]}
    made = churn.inputs(leavers(200), NOW, params)
    turned = replace(made, test=Snapshot(made.test.frame, 1 - made.test.y))
    one, other = (
        churn.evaluate(i, churn.candidates(params), quiet).summary for i in (made, turned)
    )
    assert one["champion"] == other["champion"] == "logistic"
    assert one["better_than_rule"] and not other["better_than_rule"]
    for right, wrong in zip(one["candidates"], other["candidates"], strict=True):
        name = "validation_log_loss"
        assert right["metrics"][name] == wrong["metrics"][name]


def test_the_move_of_the_base_rate_is_told(evaluation):
    rates = evaluation.summary["base_rates"]
    assert len(rates["learnt"]) == len(evaluation.summary["windows"]["training_as_ofs"])
    assert rates["judged"] == evaluation.summary["positive_share"]
    assert 0 < rates["said"] < 1


def test_the_base_is_a_plausible_share(leaving, evaluation):
    scored = churn.predict(evaluation.model, leaving, NOW)
    assert scored["base"].nunique() == 1
    # The mean of log-odds, which on a board as clear as this one lie far out.
    assert 0.02 < scored["base"].iloc[0] < 0.98
    assert np.isfinite(scored["risk"]).all() and scored["risk"].between(0, 1).all()
