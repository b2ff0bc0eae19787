"""Nothing at or after the moment may reach a feature."""

from datetime import timedelta

import pandas as pd
import pytest

from insights.ml.features import features
from tests.ml.companies import at, company, leavers, with_rows
from tests.ml.shops import table

MOMENT = at(300)
LATER = {
    "orders": {"order_id": 900, "customer_id": 7, "kind": "sale", "amount": 999.0},
    "lines": {
        "order_id": 900, "customer_id": 7, "product_id": 77, "kind": "sale", "quantity": 9.0, "amount": 999.0,
    },
    "events": {"customer_id": 7, "kind": "product_view", "product_id": 77, "seconds": 60.0},
    "interactions": {"customer_id": 7, "channel": "complaint", "direction": "in", "rating": 1.0},
    "readings": {"customer_id": 7, "label": "negative", "sentiment": -0.8, "intent": "refund", "topic": 3},
}  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    return leavers(60)


@pytest.mark.parametrize("name", LATER)
@pytest.mark.parametrize("days", [0, 1, 30])
def test_later_facts_change_no_feature(tables, name, days):
    later = {**LATER[name], "occurred_at": MOMENT + timedelta(days=days)}
    before, after = features(tables, [MOMENT]), features(with_rows(tables, name, [later]), [MOMENT])
    pd.testing.assert_frame_equal(before, after)


@pytest.mark.parametrize("name", LATER)
def test_the_same_facts_a_moment_earlier_do_change_them(tables, name):
    earlier = {**LATER[name], "occurred_at": MOMENT - timedelta(seconds=1)}
    before = features(tables, [MOMENT])
    after = features(with_rows(tables, name, [earlier]), [MOMENT])
    assert not before.equals(after)


def test_moving_every_later_fact_about_changes_nothing(tables):
    def moved(name):
        frame = tables[name].to_pandas()
        later = frame["occurred_at"] >= MOMENT
        frame.loc[later, "occurred_at"] += pd.Timedelta(days=17)
        frame.loc[later, "customer_id"] = 1
        return table(name, frame.astype(object).where(frame.notna(), None).to_dict("records"))

    shuffled = {**tables, **{name: moved(name) for name in ("orders", "lines", "interactions")}}
    assert not shuffled["orders"].equals(tables["orders"])
    pd.testing.assert_frame_equal(features(tables, [MOMENT]), features(shuffled, [MOMENT]))


def test_an_attribute_is_what_was_valid_then():
    history = [(None, "bronze"), (at(100), "silver"), (at(300), "gold")]
    rows = [
        {"customer_id": 1, "name": "tier", "type": "choice", "text": text, "valid_from": since}
        for since, text in history
    ]
    tables = company([(1, 10)], [], 540, attributes=rows)
    seen = features(tables, [at(50), at(100.5), MOMENT, at(301)])["attribute:tier"]
    assert seen.tolist() == ["bronze", "silver", "silver", "gold"]


def test_a_snapshot_among_others_is_the_snapshot_alone(tables):
    moments = [at(200), MOMENT, at(400)]
    together = features(tables, moments)
    for moment in moments:
        alone = features(tables, [moment])
        rows = together[together["as_of"] == pd.Timestamp(moment)].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, rows)
