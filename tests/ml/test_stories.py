"""A customer's story as of a moment: what is in it, in which order, and nothing from the future."""

from datetime import timedelta

import numpy as np
import pytest
import sqlglot
from sqlglot import exp

from insights.ml.features import feature_columns, features
from insights.ml.stories import (
    EVENT,
    FEW_CUSTOMERS,
    FEW_EVENTS,
    KINDS,
    LEAST_CUSTOMERS,
    LEAST_EVENTS,
    MOST_STORIES,
    OTHERS,
    PURCHASES,
    Part,
    Stories,
    query,
    stories,
    with_stories,
)
from tests.ml.companies import at, company, leavers, with_rows
from tests.ml.shops import shop
from tests.ml.test_features_know_only_the_past import LATER, MOMENT


@pytest.fixture(scope="module")
def tables():
    return leavers(40)


def one(tables, customer, moment=MOMENT):
    return stories(tables, [customer], np.array([moment], "datetime64[us]")).events


def all_of(tables, moment=MOMENT):
    ids = tables["customers"]["customer_id"].to_numpy()
    return stories(tables, ids, np.full(len(ids), np.datetime64(moment, "us")))


def test_a_story_tells_every_kind_of_thing_by_day_in_order():
    tables = shop([(1, 7, 10), (1, 8, 10), (1, 9, 30)])
    tables = with_rows(
        tables,
        "events",
        [
            {"customer_id": 1, "occurred_at": at(20), "kind": "product_view", "product_id": 9, "seconds": 30.0},
            {"customer_id": 1, "occurred_at": at(20.1), "kind": "product_view", "product_id": 9, "seconds": 10.0},
            {"customer_id": 1, "occurred_at": at(21), "kind": "newsletter"},
            {"customer_id": 1, "occurred_at": at(22), "kind": "page"},
        ],
    )  # fmt: skip
    said = {"customer_id": 1, "occurred_at": at(35), "channel": "complaint", "direction": "in"}
    tables = with_rows(tables, "interactions", [{**said, "rating": 2.0}])
    told = one(tables, 1, at(40))
    kinds = ["purchase", "product_view", "other", "visit", "purchase", "complaint"]
    assert [KINDS[kind] for kind in told["kind"]] == kinds
    np.testing.assert_allclose(told["days"], [30, 19.9, 19, 18, 10, 5], rtol=1e-5)
    assert told["size"][0] == 20 and told["size"][1] == 40 and np.isnan(told["size"][5])
    assert told["number"].tolist() == [2, 2, 1, 1, 1, 1]
    assert np.isnan(told["rating"][:5]).all() and told["rating"][5] == 2
    assert told["products"][0, :3].tolist() == [7, 8, -1]
    assert told["products"][1, :2].tolist() == [9, -1]
    # Everything of this shop is of one category, whose code is the same wherever it is met.
    codes = told["categories"]
    assert codes[0, 0] > 0 and codes[0, 0] == codes[0, 1] == codes[1, 0] and codes[0, 2] == 0


def test_visits_never_crowd_out_purchases():
    tables = shop([(1, 1, day) for day in range(60)])
    seen = [
        {"customer_id": 1, "occurred_at": at(100 + day), "kind": "page"}
        for day in range(OTHERS + 9)
    ]
    told = one(with_rows(tables, "events", seen), 1)
    assert (told["kind"] == 1).sum() == PURCHASES
    assert len(told) == PURCHASES + OTHERS
    assert (np.diff(told["days"]) <= 0).all()


def test_a_message_tells_the_feeling_that_was_read_out_of_it():
    spoken = [
        (10, "email", "in", -0.6),
        (10.2, "chat", "in", 0.4),
        (12, "email", "in", None),
        (14, "email", "out", 0.9),
    ]
    tables = shop([(1, 7, 10)])
    for day, channel, direction, feeling in spoken:
        who = {"customer_id": 1, "occurred_at": at(day)}
        tables = with_rows(
            tables, "interactions", [{**who, "channel": channel, "direction": direction}]
        )
        tables = with_rows(tables, "readings", [{**who, "label": "neutral", "sentiment": feeling}])
    told = one(tables, 1, at(20))
    said = told["feeling"][told["kind"] == KINDS.index("said")]
    # The worst of the day; what nobody could read is unknown, and so is what we said ourselves.
    assert said[0] == np.float32(-0.6) and np.isnan(said[1])
    assert np.isnan(told["feeling"][told["kind"] == KINDS.index("told")]).all()
    before = one(tables, 1, at(10.1))
    assert before["feeling"][before["kind"] == KINDS.index("said")] == np.float32(-0.6)
    assert (
        one(tables, 1, at(10)).tobytes()
        == one(with_rows(tables, "readings", []), 1, at(10)).tobytes()
    )


@pytest.mark.parametrize("name", LATER)
@pytest.mark.parametrize("days", [0, 30])
def test_later_facts_change_no_story(tables, name, days):
    later = {**LATER[name], "occurred_at": MOMENT + timedelta(days=days)}
    before, after = all_of(tables), all_of(with_rows(tables, name, [later]))
    assert before.events.tobytes() == after.events.tobytes()


# A line is told with its order, and a reading with its message.
@pytest.mark.parametrize("name", [name for name in LATER if name not in ("lines", "readings")])
def test_the_same_facts_a_moment_earlier_do_change_it(tables, name):
    earlier = {**LATER[name], "occurred_at": MOMENT - timedelta(seconds=1)}
    before, after = all_of(tables), all_of(with_rows(tables, name, [earlier]))
    assert before.events.tobytes() != after.events.tobytes()


def test_one_customer_alone_is_the_one_among_all_whatever_the_order(tables):
    ids = tables["customers"]["customer_id"].to_numpy()[::-1]
    moments = np.array([at(200), MOMENT] * (len(ids) // 2), "datetime64[us]")
    cells = stories(tables, ids, moments).cells()
    for row in (0, 5, 20):
        assert cells[row].tobytes() == one(tables, ids[row], moments[row]).tobytes()


def test_who_has_done_nothing_has_an_empty_story(tables):
    told = stories(tables, [1, 999], np.full(2, np.datetime64(MOMENT, "us")))
    assert len(told.cells()[0]) > 0 and len(told.cells()[1]) == 0
    nobody = stories(company([], [], 540), [1], np.full(1, np.datetime64(MOMENT, "us")))
    assert len(nobody) == 1 and len(nobody.events) == 0


def test_rows_are_chosen_and_put_together_again(tables):
    told = all_of(tables)
    some = np.array([3, 3, 0, 20])
    assert [c.tobytes() for c in told[some].cells()] == [told.cells()[i].tobytes() for i in some]
    assert Stories.of(told.cells()).events.tobytes() == told.events.tobytes()
    assert len(told[np.array([], int)]) == 0 and Stories.of([]).events.dtype == EVENT


def test_the_column_of_stories_is_no_feature(tables):
    frame = features(tables, [at(200), MOMENT])
    told = with_stories(frame, tables)
    assert feature_columns(told) == feature_columns(frame)
    assert all(cell.dtype == EVENT for cell in told["story"])


def counted(tables, names):
    """The tables with as many rows as are said of some."""
    return {**tables, **{name: range(count) for name, count in names.items()}}


def test_only_many_customers_of_whom_much_is_known_or_a_wish_make_it_worth_while(tables):
    many = counted(tables, {"orders": LEAST_EVENTS - 10, "events": 10, "interactions": 0})
    few = counted(tables, {"orders": 10, "events": 10, "interactions": 10})
    assert Part.of({}, LEAST_CUSTOMERS, many).takes
    assert not Part.of({}, LEAST_CUSTOMERS - 1, many).takes
    assert not Part.of({}, LEAST_CUSTOMERS, few).takes
    little = counted(tables, {"orders": FEW_EVENTS, "events": 0, "interactions": 0})
    small = Part.of({}, FEW_CUSTOMERS, little, small_too=True)
    assert small.takes and small.small and small.told["customers_needed"] == FEW_CUSTOMERS
    assert not Part.of({}, FEW_CUSTOMERS, little).takes
    assert not Part.of({}, FEW_CUSTOMERS - 1, little, small_too=True).takes
    assert not Part.of({}, LEAST_CUSTOMERS, many, small_too=True).small
    assert not Part.of({"candidates": ["story"]}, 10, few, small_too=True).small
    assert not Part.of({}, MOST_STORIES + 1, many, MOST_STORIES).takes
    assert Part.of({"candidates": ["story"]}, 10, few).takes
    assert not Part.of({"candidates": ["ebm"]}, 10**6, many).takes


@pytest.mark.parametrize("name", ["stories", "story_products"])
def test_it_is_written_in_sparks_dialect_with_functions_that_it_has(name):
    errors = sqlglot.ErrorLevel.RAISE
    written = sqlglot.transpile(query(name), read="duckdb", write="spark", unsupported_level=errors)
    tree = sqlglot.parse_one(written[0], read="spark", error_level=errors)
    assert tree.named_selects == sqlglot.parse_one(query(name), read="duckdb").named_selects
    assert not {call.name for call in tree.find_all(exp.Anonymous)}
