"""Bands are named by what they span, as the segments model really cuts them."""

import numpy as np
import pytest

from insights.groups import band_labels, name_of, trait
from insights.ml.segments_rfm import Bands

DAYS = np.array([1, 1, 2, 5, 9, 14, 20, 33, 60, 61, 75, 90, 150, 200, 320])
ORDERS = np.array([1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 8, 9, 14, 30])


def told(recency: Bands, frequency: Bands) -> dict:
    return {
        "bands": {
            "recency_days": [-edge for edge in recency.edges.tolist()],
            "recency_numbers": recency.numbers.tolist(),
            "orders": frequency.edges.tolist(),
            "orders_numbers": frequency.numbers.tolist(),
        }
    }


def inside(label: str, value: int) -> bool:
    label = label.replace(",", "")
    if label.startswith(">"):
        return value > int(label[1:])
    if label.startswith("≤"):
        return value <= int(label[1:])
    if label.endswith("+"):
        return value >= int(label[:-1])
    low, _, high = label.partition("–")
    return int(low) <= value <= int(high or low)


def test_each_value_lies_in_the_span_that_its_band_is_named_by(db):
    recency, frequency = Bands.fit(-DAYS.astype(float)), Bands.fit(ORDERS.astype(float))
    labels = band_labels(told(recency, frequency))
    for days, band in zip(DAYS, recency.of(-DAYS.astype(float)), strict=True):
        assert [b for b, label in labels["recency"].items() if inside(label, days)] == [band]
    for orders, band in zip(ORDERS, frequency.of(ORDERS.astype(float)), strict=True):
        assert [b for b, label in labels["frequency"].items() if inside(label, orders)] == [band]


def test_fewer_distinct_values_have_fewer_bands(db):
    one_time = Bands.fit(np.ones(20))
    labels = band_labels(told(one_time, one_time))
    assert labels == {"recency": {1: "all"}, "frequency": {1: "all"}}


def test_without_a_model_the_bands_have_numbers(db):
    assert band_labels({})["recency"] == {1: "1", 2: "2", 3: "3", 4: "4", 5: "5"}


@pytest.mark.parametrize("code, direction, here, everybody, words", [
    ("order_value", "high", 1204.4, 35, "€1,204 an order, usual €35"),
    ("returned_share", "high", 0.12, 0.01, "12% of the money sent back, usual 1%"),
    ("complaints_365", "high", 0, 0, "complain"),  # the middle customers are alike: no figures
    ("orders_trend", "low", -0.4, 0.1, "ordering less"),
])  # fmt: skip
def test_a_trait_is_said_with_both_figures_where_they_differ(
    db, code, direction, here, everybody, words
):
    fact = {"code": code, "direction": direction, "facts": {"typical": here, "overall": everybody}}
    assert trait(fact, "EUR") == words


def test_a_group_is_named_by_its_two_most_telling_traits(db):
    traits = [
        {"code": c, "direction": d}
        for c, d in (("visits_90", "high"), ("order_value", "low"), ("orders_all", "low"))
    ]
    assert name_of(traits) == "Browse often, small orders"
