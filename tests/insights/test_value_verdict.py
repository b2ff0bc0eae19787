"""What a training of value says in words: the season, what is served, what is missing and how far off it is."""

import pytest
from django.utils import translation

from insights.comparisons import comparison
from insights.value_verdict import value


def summary(better=False, needed=None, n=243, season=1.0, top=40):
    rule = {"name": "rule", "metrics": {"ngini": 0.7, "mae_spend": 50.0}, "interval": {}}
    facts = {
        "top": top, "rule_top": 39, "total": 100, "weight": 24, "needed": needed, "off": 48.0, "rule_off": 50.0,
        "n": n,
    }  # fmt: skip
    return {
        "better_than_rule": better, "served_rule": not better, "champion": "rule", "candidates": [rule],
        "windows": {"horizon_days": 90}, "verdict": {"facts": facts}, "n_test": n,
        "ranges": {"coverage": 0.8}, "level": {"season": season},
    }  # fmt: skip


def test_the_rule_in_its_place_says_how_many_customers_a_sure_gain_needs():
    words, _figures = value(summary(needed=1021))
    assert "the plain rule stands in its place" in words
    assert "would be sure with about 1,021 customers; there are 243" in words


@pytest.mark.parametrize(
    ("top", "told"),
    [(40, "spent 40% of all"), (38, "48.00 away from what it had expected, and 50.00")],
)
def test_what_is_better_is_told_by_what_it_is_better_at(top, told):
    assert told in value(summary(better=True, top=top))[0]


def test_with_no_gain_at_all_it_says_from_when_on_more_is_tried():
    words, _figures = value(summary())
    assert "From 1,000 customers on the larger models take part" in words and "are 243." in words
    assert "larger models" not in value(summary(n=2000))[0]


@pytest.mark.parametrize(("early", "told"), [(870, True), (1_000, False), (0, False)])
def test_who_has_enough_only_lately_is_told_why_the_larger_models_were_left_out(early, told):
    grown = summary(n=1_194)
    grown["verdict"]["facts"]["early"] = early
    words, _figures = value(grown)
    assert ("that they would have learnt from there were 870." in words) == told
    assert ("larger models take part" in words) == told


@pytest.mark.parametrize(("season", "told"), [(1.32, "32% more"), (0.74, "26% less"), (1.01, "")])
def test_the_season_of_a_year_ago_is_told(season, told):
    words, _figures = value(summary(season=season))
    assert told in words and ("A year ago" in words) == bool(told)


def test_in_chinese_too():
    with translation.override("zh-hans"):
        words, _figures = value(summary(needed=1021, season=0.74))
    assert "改用简单规则" in words and "1,021" in words and "去年同期" in words


def candidate(name, earlier, newest, baseline=False):
    return {
        "name": name, "baseline": baseline, "seconds": 1.0, "interval": {},
        "metrics": {"deviance": newest}, "validation": {"deviance": earlier},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("champion", "note"),
    [
        ("ziln", "Neural network, zero-inflated lognormal (Keras) has the best Deviance, earlier window."),
        ("pareto", "only the one nearer to the purchases may win"),
    ],
)  # fmt: skip
def test_the_candidates_are_told_by_both_windows_and_the_earlier_one_chose(champion, note):
    # On the newest window, which nobody had seen, another one came out best.
    told = [
        candidate("rule", 9, 9, baseline=True),
        candidate("pareto", 5.5, 5),
        candidate("ziln", 5, 6),
    ]
    table = comparison("value", summary(better=True) | {"candidates": told, "champion": champion})
    assert [str(metric.label) for metric in table.metrics] == [
        "Deviance, earlier window",
        "Deviance",
    ]
    assert [metric.judges for metric in table.metrics] == [True, False]
    best = [[cell.best for cell in row.cells] for row in table.rows]
    assert best == [[False, False], [False, True], [True, False]]
    assert note in table.note


@pytest.mark.parametrize(("errors", "told"), [((1.2, 1.2), True), ((1.2, 1.3), False)])
def test_one_error_in_orders_for_several_is_said_to_come_from_one_model(errors, told):
    pareto, ziln = (candidate(name, 5, 5) for name in ("pareto", "ziln"))
    for one, error in zip((pareto, ziln), errors, strict=True):
        one["metrics"]["mae_transactions"] = error
    rule = candidate("rule", 9, 9, baseline=True)
    rule["metrics"]["mae_transactions"] = 1.5
    table = comparison("value", summary(better=True) | {"candidates": [rule, pareto, ziln]})
    assert ("they differ in money alone" in table.note) is told
