"""When the next order comes, and the chance that it comes soon: what is promised of every learner, held here too."""

import json

import numpy as np
import pytest

from insights.ml import next_order
from insights.ml.evaluation import binary_metrics
from insights.ml.lifetimes import PurchaseDays
from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.lifetimes.gaps import GapModel
from insights.ml.next_order import SOON_DAYS, NextOrder, Soon, ends, inside
from tests.ml.companies import company, leavers, without_memory


class Board:
    """A company, what was learnt of it thirty days before its end, and who has come since."""

    def __init__(self, tables):
        self.days = PurchaseDays.of(tables)
        self.last = int(self.days.day.max()) - SOON_DAYS
        self.behaviour = Behaviour.fit(self.days.histories(self.last))
        self.soon = Soon.of(self.days, self.last)
        after = self.days.between(self.last + 1, self.last + SOON_DAYS)
        self.came = after.sums(self.soon.known.customer_id)[0] > 0
        self.model = self.learnt(self.days.until(self.last))

    def learnt(self, days):
        return NextOrder.fit(days, self.last, self.behaviour, "pareto")

    def chance(self, model=None, soon=None):
        return (model or self.model).chance(soon or self.soon, self.behaviour)


@pytest.fixture(scope="module")
def board():
    return Board(leavers(300))


def test_later_orders_change_nothing_and_learning_twice_says_the_same(board):
    assert board.learnt(board.days).state() == board.model.state()
    later = Soon.of(board.days, board.last)
    earlier = Soon.of(board.days.until(board.last), board.last)
    np.testing.assert_array_equal(board.chance(soon=later), board.chance(soon=earlier))


def test_one_customer_alone_is_told_what_they_are_told_among_all(board):
    everyone, waits = board.chance(), np.array(board.model.waits(board.soon))
    for place in (0, 41, len(everyone) - 1):
        one = board.days.customer_id == board.soon.known.customer_id[place]
        alone = Soon.of(board.days.rows(one), board.last)
        assert board.chance(soon=alone).tolist() == [everyone[place]]
        assert np.array(board.model.waits(alone))[:, 0].tolist() == waits[:, place].tolist()


def test_it_comes_back_from_json_as_it_was(board):
    again = NextOrder.from_state(json.loads(json.dumps(board.model.state())))
    np.testing.assert_array_equal(board.chance(again), board.chance())
    np.testing.assert_array_equal(again.waits(board.soon), board.model.waits(board.soon))


def test_it_knows_who_comes_where_customers_have_a_rhythm(board):
    said = binary_metrics(board.came.astype(float), board.chance())
    share = board.came.mean()
    assert said["roc_auc"] > 0.85 and said["brier"] < 0.7 * share * (1 - share)


def test_it_claims_nothing_where_everybody_comes_by_chance():
    board = Board(without_memory(300))
    said = binary_metrics(board.came.astype(float), board.chance())
    share = board.came.mean()
    assert abs(said["roc_auc"] - 0.5) < 0.1
    assert said["brier"] < 1.1 * share * (1 - share)


def rhythms(seed, customers=45, days=720):
    """A small company whose customers come back at their own pace, more or less."""
    generator, rows = np.random.default_rng(seed), set()
    for customer in range(customers):
        pace, day = generator.normal(3.2, 0.5), generator.uniform(0, 60)
        while day < days:
            rows.add((customer, int(day)))
            day += max(1.0, np.exp(generator.normal(pace, 0.6)))
    customer_id, day = np.array(sorted(rows)).T
    return PurchaseDays(customer_id, day, np.ones(len(day)))


def test_ranges_hold_what_they_claim_in_small_companies():
    """With n orders to learn from between 80 % and two in n + 1 more; quantiles without that correction stay below."""
    held = [inside(rhythms(seed), 719) for seed in range(20)]
    assert 0.8 <= np.mean(held) <= 0.88


@pytest.mark.parametrize(
    ("n", "low", "high"), [(9, 1, 9), (19, 2, 18), (40, 4, 37), (99, 10, 90), (8, 0, 9)]
)
def test_the_next_one_counts_as_well(n, low, high):
    """Ranks of n + 1; 0 and n + 1 lie beyond all that were seen."""
    ranks = np.arange(1, n + 1)
    below, middle, above = ends(ranks / (n + 1), 0.1)
    assert (below, above) == pytest.approx((low / (n + 1), high / (n + 1)))
    assert middle == pytest.approx(0.5)


def test_waits_are_held_against_gaps_that_were_learnt_before_them(monkeypatch):
    days, fitted = rhythms(1), []
    fit = GapModel.fit
    monkeypatch.setattr(GapModel, "fit", lambda own: fitted.append(own) or fit(own))
    next_order._shares(days, 719)
    (own,) = fitted
    last = 719 - (719 - int(days.day.min())) // 3
    assert own.count.sum() == Soon.of(days, last).own.count.sum()


@pytest.mark.parametrize(
    "orders",
    [
        [(customer, day) for customer in range(1, 60) for day in range(0, 300, 10)],
        [(customer, customer % 40) for customer in range(1, 60)] + [(99, 299)],
        [(1, 0), (1, 299)],
    ],
    ids=["everybody comes every ten days", "all but one came once, long ago", "one customer"],
)
def test_where_all_do_the_same_chances_stay_chances_and_days_stay_days(orders):
    board = Board(company(orders, [], 300))
    chance, waits = board.chance(), np.array(board.model.waits(board.soon))
    assert ((chance >= 0) & (chance <= 1)).all()
    assert np.isfinite(waits).all() and (waits >= 1).all() and (np.diff(waits, axis=0) >= 0).all()
