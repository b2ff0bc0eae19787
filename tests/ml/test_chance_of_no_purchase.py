"""BG/NBD among the candidates for churn: on customers who behave as it says, it needs no outcomes to be right."""

import numpy as np
import pytest
from scipy.special import expit

from insights.ml import churn
from insights.ml.evaluation import binary_metrics
from insights.ml.learners.lifetime import Lifetime
from insights.ml.learners.rule import SingleColumnRule
from tests.ml.companies import NOW, company


@pytest.fixture(scope="module")
def board():
    """Everyone buys at a rate of their own, and leaves after one purchase in seven."""
    generator = np.random.default_rng(6)
    orders = []
    for customer in range(1, 901):
        day, rate = generator.uniform(0, 250), generator.gamma(1.0, 1 / 40)
        while day < 540:
            orders.append((customer, day))
            if generator.random() < 1 / 7:
                break
            day += 1 + generator.exponential(1 / rate)
    return churn.inputs(company(orders, [], 540), NOW, {"horizon_days": 60})


@pytest.fixture(scope="module")
def learner(board):
    return Lifetime(60).fit(board.train.frame, board.train.y, board.train.groups)


def test_its_chances_come_true_though_it_was_told_no_outcome(board, learner):
    said = expit(learner.raw(board.test.frame))
    assert said.mean() == pytest.approx(board.test.y.mean(), abs=0.04)
    for part in np.array_split(np.argsort(said), 4):
        assert said[part].mean() == pytest.approx(board.test.y[part].mean(), abs=0.1)


def test_it_knows_more_than_silence(board, learner):
    rule = SingleColumnRule(("recency_days",))
    rule.fit(board.train.frame, board.train.y, board.train.groups)
    plain, known = (
        binary_metrics(board.test.y, expit(one.raw(board.test.frame)))["log_loss"]
        for one in (rule, learner)
    )
    assert known < 0.97 * plain


def test_the_longer_the_horizon_the_less_likely_is_no_purchase(board, learner):
    near, far = (Lifetime(days) for days in (30, 120))
    near.model_ = far.model_ = learner.model_
    assert (near.raw(board.test.frame) >= far.raw(board.test.frame)).all()
    assert near.raw(board.test.frame).mean() > far.raw(board.test.frame).mean() + 0.5


def test_of_who_bought_once_only_silence_and_the_single_purchase_speak(board, learner):
    terms, _ = learner.contributions(board.test.frame)
    once = (board.test.frame["purchase_days"] == 1).to_numpy()
    silence = board.test.frame["recency_days"].to_numpy()
    recency = terms[:, learner.families.index("recency")]
    rising = np.argsort(silence[once])
    assert recency[once][rising[-1]] > recency[once][rising[0]]
    assert np.ptp(terms[once, learner.families.index("tenure")]) < 0.5 * np.ptp(recency[once])


def test_it_is_asked_about_the_horizon_of_the_question_and_only_where_purchases_count():
    params = {"horizon_days": 45, "candidates": ["lifetime"]}
    _, one = churn.candidates(params)
    assert one.build().days == 45 and one.glass_box
    label = churn.candidates({"label_attribute": "left"})
    assert "lifetime" not in {one.name for one in label}
