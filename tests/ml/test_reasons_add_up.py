"""Base plus points is the score, and every reason speaks of the customer's own facts."""

import json

import numpy as np
import pytest
from scipy.special import expit

from insights.ml import churn, explain
from insights.ml.features import FAMILIES, features
from insights.ml.readings import Readings
from tests.ml.companies import NOW

RARE = ("forest", "boosting", "svm", "blend", "keras")
RARE = [pytest.param(name, marks=pytest.mark.slow) for name in RARE]


@pytest.fixture(scope="module", params=["logistic", "ebm", *RARE])
def scored(request, leaving, churn_champion):
    return churn.predict(churn_champion(request.param), leaving, NOW)


def test_base_plus_points_is_the_risk(scored):
    for row in scored.itertuples():
        total = 100 * row.base + sum(reason["points"] for reason in row.reasons)
        assert total == pytest.approx(100 * row.risk, abs=1e-9)


def test_reasons_come_by_size_at_most_five_and_the_others_last(scored):
    for reasons in scored["reasons"]:
        *named, others = reasons
        assert others["code"] == "others" and others["facts"]["count"] >= 0
        assert len(named) <= 5
        sizes = [abs(reason["points"]) for reason in named]
        assert sizes == sorted(sizes, reverse=True)


def test_reasons_are_json_and_carry_the_facts_that_their_code_promises(scored):
    for reasons in json.loads(json.dumps(scored["reasons"].tolist(), allow_nan=False)):
        for reason in reasons[:-1]:
            assert set(reason["facts"]) == set(explain.REASONS[reason["code"]])


def test_facts_are_the_customers_own(scored, leaving):
    frame = features(leaving, [NOW]).set_index("customer_id")
    last = leaving["orders"].to_pandas().query("kind == 'sale' and occurred_at < @NOW")
    last = last.groupby("customer_id")["occurred_at"].max()
    seen = 0
    for row in scored.itertuples():
        for reason in row.reasons:
            if reason["code"] == "recency":
                days = (NOW.date() - last[row.customer_id].date()).days
                assert reason["facts"]["days"] == days
                seen += 1
            if reason["code"] == "complaints":
                assert reason["facts"]["count"] == frame.loc[row.customer_id, "complaints_365"]
    assert seen


def test_every_family_of_features_has_a_reason():
    assert set(explain.REASONS) == set(FAMILIES)
    grouped = [code for topic in explain.TOPICS for code in topic]
    assert len(grouped) == len(set(grouped)) and set(grouped) < set(FAMILIES)


def test_five_named_reasons_carry_most_of_the_points(scored):
    """Whatever the learner: one that spreads its weight over all features names its reasons as well."""
    named = others = 0.0
    for *listed, rest in scored["reasons"]:
        named += sum(abs(reason["points"]) for reason in listed)
        others += abs(rest["points"])
    assert named / (named + others) > 0.9


def test_what_people_name_in_one_breath_is_one_reason_with_its_main_fact(scored):
    for reasons in scored["reasons"]:
        codes = [reason["code"] for reason in reasons]
        for topic in explain.TOPICS:
            assert len(set(topic) & set(codes)) <= 1


def test_a_topic_has_all_its_points_and_speaks_of_what_did_most_in_their_direction():
    families = ["recency", "spend", "rhythm", "breadth"]
    shares = np.array([[9.0, 1.0, 4.0, -2.0], [-3.0, 1.0, 8.0, 0.0], [2.0, 1.0, -6.0, 0.5]])
    every = np.ones(shares.shape, dtype=bool)
    topics = explain.by_topic(families, shares, every, every)
    np.testing.assert_allclose(topics.sizes, [[13, 1, -2], [5, 1, 0], [-4, 1, 0.5]])
    assert [families[i] for i in topics.main[:, 0]] == ["recency", "rhythm", "rhythm"]
    np.testing.assert_allclose(topics.sizes.sum(axis=1), shares.sum(axis=1))


def test_a_topic_speaks_of_a_fact_that_can_explain_it_where_there_is_one():
    families, shares = ["recency", "rhythm"], np.array([[9.0, 4.0], [9.0, -4.0], [-9.0, -4.0]])
    rise = np.array([[False, True]] * 3)
    fall = np.array([[True, False]] * 3)
    topics = explain.by_topic(families, shares, rise, fall)
    assert [families[i] for i in topics.main[:, 0]] == ["rhythm", "recency", "recency"]
    assert topics.explained[:, 0].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("risk", "shares", "able", "top"),
    [
        (0.6, [2.0, 30.0, -9.0], [True, True, True], "breadth"),
        (0.6, [2.0, 30.0, -9.0], [True, False, True], "recency"),  # praise explains no rise
        (0.6, [-2.0, 30.0, -9.0], [True, False, True], ""),  # and nothing else went up
        (0.6, [0.01, 30.0, -9.0], [True, False, True], ""),  # or too little to be listed
        (0.1, [2.0, 30.0, -9.0], [True, True, True], "tenure"),
        (0.6, [-2.0, -3.0, -9.0], [True, True, True], ""),
    ],
)
def test_the_top_reason_explains_why_the_score_is_where_it_is(
    leaving, monkeypatch, risk, shares, able, top
):
    frame = features(leaving, [NOW]).iloc[:1]
    readings = Readings({})
    side = np.array([able])
    monkeypatch.setattr(Readings, "explain", lambda *asked: (side, side))
    told = explain.reasons(
        frame, ["recency", "breadth", "tenure"], np.array([shares]), np.array([risk]), 0.3, {}, NOW,
        readings,
    )  # fmt: skip
    assert told.top == [top]
    codes = [reason["code"] for reason in told.reasons[0]]
    assert top in [*codes, ""]


@pytest.mark.parametrize(("recency", "top"), [(9.0, "recency"), (7.0, "price"), (-1.0, "price")])
def test_a_price_stands_alone_only_where_it_did_far_more_than_anything_else(
    leaving, monkeypatch, recency, top
):
    frame = features(leaving, [NOW]).iloc[:1]
    able = np.ones((1, 3), dtype=bool)
    monkeypatch.setattr(Readings, "explain", lambda *asked: (able, able))
    told = explain.reasons(
        frame, ["recency", "price", "country"], np.array([[recency, 16.0, 3.0]]), np.array([0.6]), 0.3,
        {}, NOW, Readings({}),
    )  # fmt: skip
    assert told.top == [top]


def test_points_follow_the_slope_between_base_and_score():
    contributions = np.array([[1.0, -0.4], [0.3, 0.9]])
    points, p, base = explain.points(contributions, -1.0, expit)
    assert base == pytest.approx(expit(-1.0))
    np.testing.assert_allclose(p, expit([-0.4, 0.2]))
    slope = (expit(-0.4) - base) / 0.6
    np.testing.assert_allclose(points[0], 100 * slope * contributions[0])


def test_contributions_that_cancel_out_use_the_slope_at_the_base():
    points, p, base = explain.points(np.array([[0.5, -0.5]]), -1.0, expit)
    slope = base * (1 - base)
    np.testing.assert_allclose(points[0], [50 * slope, -50 * slope], rtol=1e-6)
    assert p[0] == pytest.approx(base)
