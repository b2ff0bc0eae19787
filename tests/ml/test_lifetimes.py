"""Models of buying and leaving: published figures, known companies, odd customers."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from insights.ml.lifetimes import (
    BetaGeometric,
    GammaGamma,
    Histories,
    ParetoNBD,
    PurchaseDays,
)

BOTH = [
    BetaGeometric(r=0.6, alpha=40.0, a=0.8, b=2.5),
    ParetoNBD(r=0.6, alpha=40.0, s=0.6, beta=50.0),
]


def histories(x, recency, age, mean=10.0):
    x, recency, age = (np.asarray(one, float) for one in (x, recency, age))
    return Histories(np.arange(len(x)), x, recency, age, x, np.full(len(x), mean))


def simulated(customers=800, days=500, seed=7):
    """Rates are Gamma(0.8, 30 days); leaving rates are Gamma(1.2, 300 days)."""
    generator = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        first = generator.integers(0, 100)
        rate = generator.gamma(0.8, 1 / 30)
        life = generator.exponential(1 / generator.gamma(1.2, 1 / 300))
        times = np.cumsum(generator.exponential(1 / rate, 200))
        bought = first + times[times < life]
        rows += [(customer, int(day)) for day in [first, *bought] if day < days]
    frame = pd.DataFrame(rows, columns=["customer", "day"]).drop_duplicates()
    frame = frame.sort_values(["customer", "day"])
    amount = generator.gamma(4, 5, len(frame))
    return PurchaseDays(frame["customer"].to_numpy(), frame["day"].to_numpy(), amount)


@pytest.mark.realdata
def test_the_published_parameters_of_the_record_shop_come_out():
    rows = pd.read_csv(
        Path(os.environ["PERENNIAL_DATA"]) / "cdnow_master.csv.gz", parse_dates=["date"]
    )
    rows = rows[rows["sample_id"].notna()]
    days = rows.groupby(["customer_id", "date"], as_index=False)["dollars"].sum()
    number = days["date"].to_numpy().astype("datetime64[D]").astype(int)
    purchases = PurchaseDays(days["customer_id"].to_numpy(), number, days["dollars"].to_numpy())
    last = int(np.datetime64("1997-09-30").astype(int))
    known = purchases.histories(last)
    weeks = replace(known, recency=known.recency / 7, age=known.age / 7)
    found = BetaGeometric.fit(weeks)
    published = (0.243, 4.414, 0.793, 2.426)
    assert tuple(round(v, 3) for v in (found.r, found.alpha, found.a, found.b)) == published
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    amounts = GammaGamma.fit(known.paid_days, known.mean)
    assert (amounts.p, amounts.q, amounts.v) == pytest.approx((6.25, 3.744, 15.444), rel=1e-3)
    came, _ = purchases.between(last + 1, last + 273).sums(known.customer_id)
    said = ParetoNBD.fit(known).expected(known, 273)
    assert np.abs(said - came).mean() <= 0.755
    assert said.sum() / came.sum() == pytest.approx(0.885, abs=0.01)


# The company is made as Pareto/NBD says companies are; BG/NBD comes near.
@pytest.mark.parametrize(("model", "off"), [(BetaGeometric, 0.3), (ParetoNBD, 0.1)])
def test_what_they_expect_of_a_known_company_comes(model, off):
    days = simulated()
    known = days.histories(349)
    fitted = model.fit(known)
    came, _ = days.between(350, 499).sums(known.customer_id)
    said = fitted.expected(known, 150)
    assert not fitted.degenerate
    assert said.sum() == pytest.approx(came.sum(), rel=off)
    assert np.corrcoef(said, came)[0, 1] > 0.6
    assert fitted.none_within(known, 150).mean() == pytest.approx((came == 0).mean(), abs=off / 2)


@pytest.mark.parametrize("model", BOTH, ids=lambda one: one.name)
def test_expectations_grow_with_the_days_and_chances_stay_chances(model):
    known = histories([0, 0, 3, 40, 400, 5], [0, 0, 90, 300, 700, 20], [0, 700, 100, 305, 700, 700])
    for days in (1, 30, 365):
        none, said = model.none_within(known, days), model.expected(known, days)
        assert np.isfinite(said).all() and (said >= 0).all()
        assert ((none >= 0) & (none <= 1)).all()
        # Somebody who buys at all buys at least once.
        assert (1 - none <= said + 1e-6).all()
    assert (model.expected(known, 365) > model.expected(known, 30)).all()
    alive = model.alive(known)
    assert alive[3] > 0.9 > alive[5]


@pytest.mark.parametrize("model", BOTH, ids=lambda one: one.name)
def test_one_customer_alone_is_the_one_among_all(model):
    known = histories([0, 3, 40], [0, 90, 300], [10, 100, 305])
    alone = known.rows(np.array([False, True, False]))
    for ask in (lambda k: model.expected(k, 90), lambda k: model.none_within(k, 90), model.alive):
        assert ask(alone)[0] == pytest.approx(ask(known)[1], abs=1e-12)


def test_a_company_that_nobody_leaves_is_no_reason_to_run_away():
    generator = np.random.default_rng(1)
    rows = [
        (customer, int(day))
        for customer in range(150)
        for day in np.cumsum(generator.exponential(20, 20))
        if day < 200
    ]
    rows = sorted(set(rows))
    days = PurchaseDays(
        *(np.array(one) for one in zip(*rows, strict=True)), np.full(len(rows), 5.0)
    )
    known = days.histories(199)
    for model in (BetaGeometric, ParetoNBD):
        fitted = model.fit(known)
        assert np.isfinite(fitted.expected(known, 365)).all()


def test_purchases_that_cost_nothing_are_left_out_of_amounts():
    mean = np.array([0.0, 10.0, 12.0, 0.0, 30.0, 9.0])
    times = np.array([2.0, 3.0, 1.0, 0.0, 2.0, 5.0])
    fitted = GammaGamma.fit(times, mean)
    said = fitted.expected(times, mean)
    assert np.isfinite(said).all() and (said > 0).all()
    assert said[0] == said[3]
    same = GammaGamma.fit(np.full(50, 3.0), np.full(50, 20.0))
    assert same.degenerate
    assert same.expected(np.array([3.0]), np.array([20.0]))[0] == pytest.approx(20)


def test_several_orders_of_a_day_are_one_purchase_and_the_first_is_no_repeat():
    days = PurchaseDays(
        np.array([7, 7, 7, 9]), np.array([10, 20, 40, 30]), np.array([5.0, 0.0, 8.0, 1.0])
    )
    known = days.histories(50)
    assert known.customer_id.tolist() == [7, 9]
    assert known.x.tolist() == [2, 0]
    assert (known.recency[0], known.age[0], known.silence[0]) == (30, 40, 10)
    assert (known.paid_days[0], known.mean[0]) == (1, 8)
    assert [one.tolist() for one in days.between(20, 40).sums(known.customer_id)] == [
        [2, 1],
        [8, 1],
    ]
