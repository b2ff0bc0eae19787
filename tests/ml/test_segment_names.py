"""Bands and names: what each customer is called, and that ties and later days do not upset it."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from insights.ml import segments, storage
from insights.ml.segments import SegmentsModel
from insights.ml.segments_rfm import SEGMENTS, Bands, Rfm
from tests.ml.shops import NOW, shop


def test_bands_hold_a_fifth_each_where_values_differ():
    values = np.random.default_rng(0).permutation(np.arange(1000.0))
    bands = Bands.fit(values).of(values)
    assert np.bincount(bands, minlength=6).tolist() == [0, 200, 200, 200, 200, 200]
    assert bands[values.argmax()] == 5 and bands[values.argmin()] == 1


def test_equal_values_share_a_band_however_many_they_are():
    orders = np.array([1] * 600 + [2] * 150 + [3] * 100 + [4] * 50 + [5] * 40 + [9] * 60)
    bands = Bands.fit(orders).of(orders)
    assert [set(bands[orders == value]) for value in (1, 2, 3, 9)] == [{1}, {2}, {3}, {5}]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 1, 1], {1: 1}), ([1, 1, 2], {1: 1, 2: 5}), ([1, 2, 3], {1: 1, 2: 3, 3: 5})],
)
def test_few_distinct_values_spread_over_the_bands(values, expected):
    fitted = Bands.fit(np.array(values, float))
    assert {value: int(fitted.of(np.array([value]))[0]) for value in expected} == expected


def test_values_never_seen_fall_into_the_nearest_band():
    fitted = Bands.fit(np.arange(100.0))
    assert fitted.of(np.array([-50.0, 1e9])).tolist() == [1, 5]


def frame_of(rows):
    names = ["recency_days", "orders_all", "spend_all", "first_sale_days"]
    return pd.DataFrame(rows, columns=names, dtype=float).assign(returned_share=np.nan)


@pytest.fixture
def rfm():
    """Bands at 10, 20, 30, 40 days; 2, 3, 4, 5 orders; 20, 30, 40, 50 of money."""
    grid = np.repeat(np.arange(5), 20)
    days = np.array([45, 35, 25, 15, 5])[grid]
    return Rfm.fit(frame_of(np.column_stack([days, grid + 1, 10 * grid + 10, days + 100])))


@pytest.mark.parametrize(
    ("days", "orders", "money", "first", "name"),
    [
        (5, 5, 50, 400, "champions"),
        (15, 4, 50, 400, "champions"),
        (5, 3, 30, 400, "loyal"),
        (25, 5, 50, 400, "loyal"),
        (5, 3, 50, 400, "loyal"),
        (5, 2, 50, 400, "promising"),
        (5, 1, 50, 5, "promising"),
        (25, 2, 50, 400, "need_attention"),
        (5, 1, 10, 5, "new"),
        (5, 1, 10, 300, "promising"),
        (15, 2, 20, 40, "promising"),
        (25, 3, 30, 400, "need_attention"),
        (35, 4, 40, 400, "at_risk"),
        (45, 5, 50, 400, "at_risk"),
        (35, 1, 20, 400, "hibernating"),
        (45, 1, 10, 400, "lost"),
    ],
)
def test_each_kind_of_customer_gets_its_name(rfm, days, orders, money, first, name):
    assert rfm.assign(frame_of([(days, orders, money, first)]))["segment"].tolist() == [name]


def test_every_cell_of_the_grid_has_one_of_the_eight_names(rfm):
    cells = [
        (r, f, m, 400) for r in (5, 15, 25, 35, 45) for f in range(1, 6) for m in range(10, 60, 10)
    ]
    assert set(rfm.assign(frame_of(cells))["segment"]) <= set(SEGMENTS)


def test_money_that_went_back_does_not_count(rfm):
    bought = frame_of([(5, 5, 50, 400), (5, 5, 50, 400)]).assign(returned_share=[0.0, 1.0])
    assert rfm.assign(bought)["monetary_band"].tolist() == [5, 1]


@pytest.fixture(scope="module")
def buyers():
    """400 customers with one to many orders, ended at different times."""
    generator = np.random.default_rng(5)
    purchases = []
    for customer in range(1, 401):
        last = int(generator.integers(1, 360))
        times = int(generator.geometric(0.3))
        days = generator.integers(0, last + 1, times)
        purchases += [(customer, 1 + int(d) % 7, int(d)) for d in days]
    return purchases


@pytest.fixture(scope="module")
def model(buyers):
    data = segments.inputs(shop(buyers), NOW, {})
    return segments.evaluate(data, segments.candidates({}), lambda *call: None).model


def test_one_customer_alone_gets_the_same_row_as_among_all(model, buyers):
    everyone = segments.predict(model, shop(buyers), NOW)
    assert everyone.columns.tolist() == segments.COLUMNS and len(everyone) == 400
    for customer in (1, 57, 400):
        alone = segments.predict(model, shop(buyers), NOW, [customer]).reset_index(drop=True)
        among = everyone[everyone["customer_id"] == customer].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, among)


def test_what_happens_later_does_not_change_the_segment(model, buyers):
    later = buyers + [(customer, 1, 350) for customer in range(1, 401)]
    moment = NOW - timedelta(days=30)
    ids = sorted({customer for customer, _, day in buyers if day < 330})
    before = segments.predict(model, shop([b for b in buyers if b[2] < 330]), moment)
    pd.testing.assert_frame_equal(before, segments.predict(model, shop(later), moment, ids))


def test_silence_alone_moves_a_customer_down(model):
    tables = shop([(1, p, 300 + p) for p in range(1, 7)])
    names = [
        segments.predict(model, tables, NOW + timedelta(days=days))["recency_band"].iloc[0]
        for days in (0, 100, 400)
    ]
    assert names == sorted(names, reverse=True) and names[0] > names[-1] == 1


def test_who_never_bought_has_no_segment(model):
    tables = shop([(1, 1, 300), (2, 1, 300, "cancellation")], customers=[1, 2, 3])
    assert segments.predict(model, tables, NOW)["customer_id"].tolist() == [1]


def test_a_saved_model_gives_the_same_segments(model, buyers, tmp_path):
    checksum = storage.save(model, tmp_path / "segments")
    again = storage.load(tmp_path / "segments", checksum)
    pd.testing.assert_frame_equal(
        segments.predict(again, shop(buyers), NOW), segments.predict(model, shop(buyers), NOW)
    )


def test_without_stable_groups_the_names_stand_alone(model, buyers, tmp_path):
    alone = SegmentsModel(model.rfm, None)
    checksum = storage.save(alone, tmp_path / "names")
    scored = segments.predict(storage.load(tmp_path / "names", checksum), shop(buyers), NOW)
    assert scored["cluster"].isna().all() and scored["segment"].isin(SEGMENTS).all()
