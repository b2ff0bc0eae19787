"""Whether more customers would help: said of companies where the answer is known."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from insights.ml.evaluation import Candidate
from insights.ml.learners import learner_class
from insights.ml.learners.fitting import fit_calibrated
from insights.ml.learning_curve import learning_curve, told
from insights.ml.snapshots import Snapshot


def leavers(customers, columns, effect, seed, twice=False):
    """Whether they leave depends on the sum of all columns; each customer stands in the table once, or twice."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(customers, columns))
    chance = expit(effect * values.sum(axis=1) / np.sqrt(columns))
    y = (generator.random(customers) < chance).astype(float)
    frame = pd.DataFrame(values, columns=[f"attribute:{i}" for i in range(columns)])
    frame.insert(0, "customer_id", np.arange(customers) + 1000 * seed)
    frame.insert(1, "as_of", pd.Timestamp("2024-01-01"))
    many = 2 if twice else 1
    return Snapshot(pd.concat([frame] * many, ignore_index=True), np.tile(y, many))


def curve(train, test):
    candidate = Candidate("logistic", learner_class("logistic"))
    whole = fit_calibrated(candidate.build, train).chance(test.frame)
    return learning_curve(candidate, train, test, whole)


def test_many_columns_and_few_customers_are_still_getting_better():
    found = curve(leavers(800, 30, 3.0, 1), leavers(2_000, 30, 3.0, 2))
    assert [one["customers"] for one in found["points"]] == [100, 200, 400, 800]
    losses = [one["log_loss"] for one in found["points"]]
    assert losses == sorted(losses, reverse=True)
    assert found["more"] == "helps" and found["gain"]["interval"][0] > 0
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_where_one_column_tells_all_more_customers_help_no_more():
    found = curve(leavers(2_400, 1, 1.5, 1), leavers(2_000, 1, 1.5, 2))
    assert found["more"] == "flat"
    low, high = found["points"][-1]["interval"]
    assert low < found["points"][-1]["log_loss"] < high


def test_a_few_tested_customers_settle_nothing():
    found = curve(leavers(400, 20, 2.0, 1), leavers(40, 20, 2.0, 2))
    assert found["more"] == "unsure"


def test_parts_are_drawn_by_customer():
    found = curve(leavers(800, 2, 1.0, 1, twice=True), leavers(200, 2, 1.0, 2))
    assert [one["customers"] for one in found["points"]] == [100, 200, 400, 800]


@pytest.mark.parametrize("customers", [20, 190])
def test_where_there_is_too_little_to_halve_that_is_said(customers):
    found = curve(leavers(customers, 1, 1.0, 1), leavers(50, 1, 1.0, 2))
    assert (found["more"], found["customers"], found["points"]) == ("too_few", customers, [])


def test_of_what_is_better_the_higher_a_rise_is_a_gain():
    values = {100: np.full(50, 0.2), 200: np.linspace(0.21, 0.23, 50)}
    found = told("ease", "ndcg_at_10", values, 0.02, higher_is_better=True)
    assert found["gain"]["ndcg_at_10"] == pytest.approx(0.02) and found["more"] == "helps"
    fallen = told("ease", "ndcg_at_10", {100: values[200], 200: values[100]}, 0.02, True)
    assert fallen["gain"]["ndcg_at_10"] == pytest.approx(-0.02) and fallen["more"] == "flat"
