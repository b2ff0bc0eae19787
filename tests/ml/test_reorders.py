"""Buying the same again: only where the category is bought repeatedly, and only when it is due."""

from datetime import timedelta

import numpy as np
import pytest

from insights.ml import products
from insights.ml.baskets import read_sales
from insights.ml.reorders import Reorders, habits
from tests.ml.shops import NOW, OPENED, quiet, shop, two_worlds

COFFEE, GRINDER = 201, 301
CATEGORY = {COFFEE: "coffee", GRINDER: "machines"}


def coffee_and_grinders(customers=80, stopped=()):
    """Coffee every 30 days, one grinder for life."""
    purchases = [(c, GRINDER, c % 100) for c in range(1, customers + 1)]
    for c in range(1, customers + 1):
        end = 200 if c in stopped else 345
        purchases += [(c, COFFEE, day) for day in range(c % 30, end, 30)]
    return purchases


def learnt(purchases, as_of=NOW):
    return Reorders.learn(read_sales(shop(purchases)), as_of, 90, CATEGORY)


def test_purchases_of_one_day_count_once():
    rows = habits(read_sales(shop([(1, 5, 10), (1, 5, 10.2), (1, 5, 40), (1, 5, 100), (2, 5, 3)])))
    assert rows.times.tolist() == [3, 1]
    assert rows.gap[0] == pytest.approx(45) and np.isnan(rows.gap[1])
    day = (OPENED - type(OPENED)(1970, 1, 1)).days
    assert (rows.first - day).tolist() == [10, 3] and (rows.last - day).tolist() == [100, 3]


def test_the_share_of_repeated_purchases_is_learnt_per_category():
    known = learnt(coffee_and_grinders())
    assert known.categories["coffee"] > 0.8
    assert known.categories["machines"] < 0.2
    assert known.usual_by_product == {COFFEE: 30.0}


def test_a_reorder_is_due_after_the_usual_interval_and_says_how_late_it_is():
    known = learnt(coffee_and_grinders())
    buyers = [(1, COFFEE, 300), (2, COFFEE, 331), (3, GRINDER, 10), (4, COFFEE, 100)]
    due = known.due(read_sales(shop(buyers)), NOW, CATEGORY)
    # 1 is 30 days late; 2 is 29 days in; a grinder is for life; 4 gave up months ago.
    assert due.customer_id.tolist() == [1]
    assert due.usual.tolist() == [30] and due.late.tolist() == [30]


def test_a_category_bought_once_in_a_while_is_not_reordered():
    # A dozen cafés did buy a second grinder after two months; for the others one is enough.
    purchases = coffee_and_grinders(200) + [(c, GRINDER, c % 100 + 60) for c in range(1, 13)]
    known = learnt(purchases)
    assert GRINDER in known.usual_by_product and known.categories["machines"] < 0.2
    due = known.due(read_sales(shop([(1, GRINDER, 250)])), NOW, CATEGORY)
    assert len(due.product_id) == 0


def test_a_customers_own_interval_goes_before_everybodys():
    known = learnt(coffee_and_grinders())
    slow = [(1, COFFEE, 120), (1, COFFEE, 180), (1, COFFEE, 240), (1, COFFEE, 320)]
    assert known.due(read_sales(shop(slow)), NOW, CATEGORY).customer_id.tolist() == []
    due = known.due(read_sales(shop(slow)), NOW + timedelta(days=27), CATEGORY)
    assert due.usual.tolist() == [60] and due.late.tolist() == [7] and due.own.tolist() == [True]
    once = known.due(read_sales(shop([(1, COFFEE, 320)])), NOW, CATEGORY)
    assert once.usual.tolist() == [30] and once.own.tolist() == [False]


def test_due_coffee_is_on_the_list_with_its_facts_and_a_grinder_is_not():
    worlds = two_worlds()
    coffee = [(c, p, d) for c, p, d in coffee_and_grinders(240, stopped=range(60, 70))]
    stock = [{"product_id": p} for p in [*range(1, 13), *range(101, 113)]]
    stock += [{"product_id": p, "category": CATEGORY[p]} for p in CATEGORY]
    tables = shop(worlds + coffee, stock)
    data = products.inputs(tables, NOW, {})
    evaluation = products.evaluate(data, products.candidates({}), quiet)
    frame = products.predict(evaluation.model, tables, NOW)
    again = frame[frame["why"] == "reorder"]
    assert COFFEE in set(again["product_id"]) and GRINDER not in set(again["product_id"])
    assert again["because_product_id"].isna().all()
    assert again.groupby("customer_id").size().max() <= 3
    for facts in again["facts"]:
        assert facts["days_late"] >= 0 and facts["usual_days"] >= 1
    assert evaluation.summary["reorders"]["categories"]["coffee"] > 0.8


def test_no_gaps_seen_means_no_reorders():
    once = [(c, COFFEE, c % 200) for c in range(1, 80)]
    known = learnt(once)
    assert len(known.due(read_sales(shop(once)), NOW, CATEGORY).chance) == 0


def test_the_chance_learnt_from_a_closed_window_tells_keepers_from_quitters():
    # Customers with a long habit keep it; those who bought once or twice never come back.
    purchases = []
    for c in range(1, 301):
        days = range(c % 30, 360, 30) if c % 3 else (c % 30, 150 + c % 30)
        purchases += [(c, COFFEE, day) for day in days if not 240 <= day < 270]
    sales = read_sales(shop(purchases))
    cut = OPENED + timedelta(days=270)
    known = Reorders.learn(sales, cut, 90, CATEGORY).fitted(sales, cut, 90, CATEGORY)
    due = known.due(sales.before(cut), cut, CATEGORY)
    keeper = due.customer_id % 3 > 0
    assert keeper.any() and (~keeper).any()
    assert due.chance[keeper].mean() > due.chance[~keeper].mean() + 0.5
