"""The one-standard-error rule, whether the rule is beaten, and the grade."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from insights.ml.evaluation import (
    Judged,
    areas,
    beats,
    binary_metrics,
    bootstrap_intervals,
    calibration_bins,
    cases,
    grade,
    pick_champion,
    top_tenth,
    wilson,
)


def judged(name, losses, **kind):
    return Judged(name, {}, {}, np.asarray(losses, float), **kind)


NOISE = np.random.default_rng(1).normal(0, 0.3, 400)
RULE = judged("rule", 0.70 + NOISE, baseline=True, glass_box=True)


def shifted(name, mean, spread=0.2, seed=2, **kind):
    extra = np.random.default_rng(seed).normal(0, spread, 400)
    return judged(name, mean + NOISE + extra - extra.mean(), **kind)


def test_the_lowest_loss_wins():
    best = shifted("net", 0.50, 0.01)
    assert pick_champion([RULE, shifted("ebm", 0.60, 0.01, glass_box=True), best]) is best


def test_within_one_standard_error_the_glass_box_wins():
    # The best mean loss has a standard error of about .3/20 = .015.
    close = shifted("ebm", 0.512, glass_box=True)
    assert pick_champion([RULE, shifted("net", 0.50, 0), close]) is close


def test_beyond_one_standard_error_it_does_not():
    far = shifted("ebm", 0.53, glass_box=True)
    assert pick_champion([RULE, shifted("net", 0.50, 0), far]).name == "net"


def test_a_glass_box_that_does_not_beat_the_rule_gives_way_to_a_model_that_does():
    box = shifted("ebm", 0.69, 0.6, seed=5, glass_box=True)
    net = judged("net", 0.68 + NOISE)
    assert beats(net, RULE) and not beats(box, RULE)
    assert pick_champion([RULE, net, box]) is net


def test_of_two_glass_boxes_within_reach_the_better_one_wins():
    boxes = [
        shifted("logistic", 0.508, seed=3, glass_box=True),
        shifted("ebm", 0.504, glass_box=True),
    ]
    assert pick_champion([RULE, shifted("net", 0.50, 0), *boxes]).name == "ebm"


def test_the_rule_is_not_preferred_for_being_simple():
    assert pick_champion([RULE, shifted("net", 0.695, 0.3)]).name == "net"


def test_when_the_rule_is_best_it_is_the_champion_and_beats_nobody():
    champion = pick_champion([RULE, shifted("net", 0.8)])
    assert champion is RULE
    assert not beats(champion, RULE)
    assert grade(champion, RULE, False) == "D"


def test_a_gain_that_chance_explains_does_not_beat_the_rule():
    assert not beats(shifted("net", 0.69, 0.3), RULE)
    assert beats(shifted("net", 0.65, 0.3), RULE)


@pytest.mark.parametrize(("loss", "letter"), [(0.62, "A"), (0.66, "B"), (0.69, "C")])
def test_the_grade_is_the_share_of_the_rules_loss_taken_away(loss, letter):
    champion = shifted("ebm", loss, 0.01)
    rule_mean = RULE.losses.mean()
    champion.losses = champion.losses - champion.losses.mean() + loss / 0.7 * rule_mean
    assert grade(champion, RULE, True) == letter


@pytest.mark.parametrize("steps", [1, 3, 40, 10**9])
def test_the_areas_are_those_of_scikit_learn_however_many_are_told_the_same(steps):
    generator = np.random.default_rng(steps)
    for n in (2, 9, 500):
        p = np.floor(generator.uniform(size=n) * steps) / steps
        positive = generator.uniform(size=n) < 0.2 + 0.5 * p
        positive[:2] = True, False
        expected = roc_auc_score(positive, p), average_precision_score(positive, p)
        assert areas(positive, p) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("outcome", [True, False])
def test_one_outcome_alone_has_no_areas(outcome):
    with pytest.raises(ValueError, match="both outcomes"):
        areas(np.full(5, outcome), np.linspace(0, 1, 5))


def test_intervals_hold_the_figure_and_narrow_with_more_customers():
    generator = np.random.default_rng(0)

    def interval(n):
        p = generator.uniform(size=n)
        y = (generator.uniform(size=n) < p).astype(float)
        found = bootstrap_intervals(binary_metrics, y, p, rounds=60)["roc_auc"]
        assert found[0] < binary_metrics(y, p)["roc_auc"] < found[1]
        return found[1] - found[0]

    assert interval(2000) < interval(150)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_the_interval_of_a_share_is_the_published_one(right, n, low, high):
    assert wilson(right / n, n) == pytest.approx([low, high], abs=1e-4)
    assert wilson(1 - right / n, n) == pytest.approx([1 - high, 1 - low], abs=1e-4)


def test_all_right_is_no_certainty():
    y = np.array([0.0, 1.0] * 30)
    found = bootstrap_intervals(binary_metrics, y, y, cases=cases(y), rounds=60)
    assert found["accuracy"] == pytest.approx([0.9398, 1.0], abs=1e-4)
    for name in ("recall", "f1", "macro_f1", "roc_auc", "pr_auc"):
        assert found[name][0] < 0.95 < found[name][1] <= 1.0


def test_a_rare_class_makes_the_mean_over_classes_less_sure():
    rare, even = np.repeat([0, 1, 2], [96, 96, 8]), np.repeat([0, 1, 2], [66, 67, 67])
    assert cases(rare)["accuracy"] == cases(even)["accuracy"] == 200
    assert cases(rare)["macro_f1"] < 70 < 199 < cases(even)["macro_f1"]


def test_calibration_bins_cover_everyone_from_low_to_high():
    p = np.linspace(0.01, 0.99, 95)
    bins = calibration_bins((p > 0.5).astype(float), p)
    assert sum(one["n"] for one in bins) == 95 and len(bins) == 10
    assert [one["predicted"] for one in bins] == sorted(one["predicted"] for one in bins)
    assert bins[0]["actual"] == 0 and bins[-1]["actual"] == 1


def test_the_top_tenth_is_the_tenth_with_the_highest_risk():
    y = np.zeros(100)
    y[:8] = 1
    p = np.linspace(1, 0, 100)
    assert top_tenth(y, p) == pytest.approx(0.8)
