"""Names and groups are judged on what customers did next; the names are published whatever comes out."""

import numpy as np
import pytest

from insights.ml import segments
from insights.ml.evaluation import NotEnoughData
from tests.ml.shops import NOW, quiet, shop


def judged(purchases):
    data = segments.inputs(shop(purchases), NOW, {})
    return segments.evaluate(data, segments.candidates({}), quiet)


def regulars_and_passers_by(seed=3):
    """Half buy every two weeks all year; the others bought twice, some day, and no more."""
    generator = np.random.default_rng(seed)
    purchases = []
    for customer in range(1, 401):
        if customer % 2:
            days = np.arange(customer % 14, 360, 14)
        else:
            days = generator.integers(0, 170) + np.array([0, 5])
        purchases += [(customer, 1, int(day)) for day in days]
    return purchases


def anybody_anytime(seed=3):
    """Every customer buys on random days at the same rate: the past says nothing about the next window."""
    generator = np.random.default_rng(seed)
    return [
        (customer, 1, int(day))
        for customer in range(1, 401)
        for day in generator.integers(0, 360, 8)
    ]


def test_segments_that_tell_what_comes_next_get_a_good_grade():
    summary = judged(regulars_and_passers_by()).summary
    assert summary["grade"] == "A"
    assert summary["published_metrics"]["spend_explained"] > 0.9
    assert summary["published_metrics"]["purchase_auc"] > 0.95


@pytest.mark.slow
def test_segments_that_tell_nothing_are_graded_so_and_still_published():
    evaluation = judged(anybody_anytime())
    assert evaluation.summary["grade"] == "D"
    assert evaluation.summary["published_metrics"]["spend_explained"] < 0.1
    assert evaluation.model is not None and evaluation.summary["champion"] == "rfm"


@pytest.mark.slow
def test_the_summary_says_which_grouping_tells_more():
    summary = judged(regulars_and_passers_by()).summary
    assert [one["name"] for one in summary["candidates"]] == ["rfm", "kmeans"]
    assert summary["tells_more"] in ("rfm", "kmeans")
    assert summary["better_than_rule"] == (summary["tells_more"] == "kmeans")
    for one in summary["candidates"]:
        for name, (low, high) in one["interval"].items():
            assert low <= one["metrics"][name] <= high


def test_sizes_add_up_to_everyone_who_bought():
    summary = judged(regulars_and_passers_by()).summary
    assert sum(summary["sizes"].values()) == 400
    if summary["clusters_stable"]:
        assert sum(one["n"] for one in summary["clusters"]) == 400


@pytest.mark.slow
def test_the_same_data_give_the_same_judgement():
    def without_times(summary):
        return [{k: v for k, v in one.items() if k != "seconds"} for one in summary["candidates"]]

    first, second = (judged(anybody_anytime()).summary for _ in range(2))
    assert without_times(first) == without_times(second)
    assert first["bands"] == second["bands"] and first["clusters"] == second["clusters"]


@pytest.mark.parametrize(
    ("purchases", "code"),
    [
        ([], "no_orders"),
        ([(c, 1, 320 + c % 30) for c in range(200)], "history_too_short"),
        ([(c, 1, day) for c in range(20) for day in range(0, 350, 10)], "too_few_customers"),
    ],
)
def test_too_little_data_says_what_is_missing(purchases, code):
    with pytest.raises(NotEnoughData) as refused:
        segments.inputs(shop(purchases), NOW, {})
    assert refused.value.code == code
