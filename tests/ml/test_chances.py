"""The score beside a suggestion is a chance that comes true, and never upsets the order of the list."""

from datetime import timedelta

import numpy as np
import pytest

from insights.ml.baskets import read_sales
from insights.ml.chances import Activity, Chances
from tests.ml.shops import OPENED, shop


def test_activity_is_what_the_customer_did_before_the_moment():
    sales = read_sales(
        shop([(1, 5, 9), (1, 6, 60), (1, 7, 60.4), (1, 5, 80), (2, 5, 95), (1, 5, 150)])
    )
    moment = OPENED + timedelta(days=100)
    who = Activity.of(sales.before(moment), moment, np.array([1, 2, 3]), np.array([3, 1, 0]))
    assert who.since.tolist() == [20, 5, 730]
    assert who.active.tolist() == [2, 1, 0]  # the days 60 and 80; day 9 is too long ago
    assert who.owned.tolist() == [3, 1, 0]


def listed(seed=0, customers=4000, sign=1.0):
    """Ten products each; bought more often by customers who bought lately and higher on the list."""
    generator = np.random.default_rng(seed)
    since = np.repeat(generator.uniform(1, 500, customers), 10)
    rank = np.tile(np.arange(1, 11), customers)
    score = generator.uniform(0.5, 1.5, len(rank)) / rank
    z = 1.0 + sign * 0.5 * np.log(score) - sign * 0.3 * np.log2(1 + rank) - 0.6 * np.log1p(since)
    chance = 1 / (1 + np.exp(-z))
    who = Activity(since, np.zeros(len(rank)), np.full(len(rank), 5))
    return score, rank, who, chance, (generator.random(len(rank)) < chance).astype(float)


def test_chances_come_true():
    score, rank, who, truth, bought = listed()
    chance = Chances.fit(score, rank, who, bought).of(score, rank, who)
    assert np.corrcoef(chance, truth)[0, 1] > 0.97
    for part in np.array_split(np.argsort(chance), 5):
        assert chance[part].mean() == pytest.approx(bought[part].mean(), abs=0.01)


def test_what_stands_higher_never_has_the_lower_chance_even_if_it_sold_worse():
    score, rank, who, _, bought = listed(sign=-1.0)
    fitted = Chances.fit(score, rank, who, bought)
    same = Activity(np.full(10, 30.0), np.zeros(10), np.full(10, 5))
    chance = fitted.of(np.linspace(1, 0.1, 10), np.arange(1, 11), same)
    assert (np.diff(chance) <= 0).all()
    # What does hold in the data is still learnt: the silent buy less.
    silent = Activity(np.full(10, 400.0), np.zeros(10), np.full(10, 5))
    assert (fitted.of(np.linspace(1, 0.1, 10), np.arange(1, 11), silent) < chance).all()


def test_nothing_bought_at_all_gives_a_chance_near_zero():
    score, rank, who, _, bought = listed(customers=20)
    assert Chances.fit(score, rank, who, bought * 0).of(score, rank, who).max() < 0.001
