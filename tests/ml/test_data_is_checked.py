"""Before anything is learnt: how much there is, what is empty, what gives the outcome away, what names people."""

import json

import pytest

from insights.ml import churn
from insights.ml.evaluation import NotEnoughData
from tests.ml.companies import NOW, _attribute, company, labelled, leavers, with_rows

LABEL = {"label_attribute": "left", "positive": "yes"}


def with_attribute(tables, name, kind, value):
    """`value(customer, left)` gives each customer's entry; None leaves it out."""
    left = {
        row["customer_id"]: row["text"] == "yes"
        for row in tables["attributes"].to_pylist()
        if row["name"] == "left"
    }
    key = "text" if kind in ("text", "choice") else "number"
    given = {customer: value(customer, gone) for customer, gone in left.items()}
    rows = [_attribute(c, name, kind, **{key: v}) for c, v in given.items() if v is not None]
    return with_rows(tables, "attributes", rows)


def leaks_of(made):
    return {one["column"]: one["used"] for one in made.checks["leaks"]}


def test_what_there_is_is_counted(leaving):
    checks = churn.inputs(leaving, NOW, {"horizon_days": 60}).checks
    json.dumps(checks, allow_nan=False)
    assert checks["customers"] == 400 and checks["orders"] == len(leaving["orders"])
    assert checks["months"] == 18
    assert checks["learnt_from"] <= checks["customers"]
    assert {"browsing", "ratings", "country", "returns"} <= set(checks["silent"])
    assert 0 < checks["missing_share"] < 1
    assert checks["leaks"] == checks["identities"] == []


def test_too_little_data_is_counted_too():
    with pytest.raises(NotEnoughData) as caught:
        churn.inputs(leavers(40), NOW, {"horizon_days": 60})
    assert caught.value.facts["data"]["customers"] == 40


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("choice", lambda customer, left: "closed" if left else "open"),
        ("text", lambda customer, left: ("too dear", "moved")[customer % 2] if left else None),
        ("date", lambda customer, left: 19_000.0 + customer % 90 if left else None),
        ("number", lambda customer, left: 100.0 + customer % 9 - 200 * left),
        # Known of one leaver in three, and of nobody who stayed.
        ("choice", lambda customer, left: "moved" if left and customer % 3 == 0 else None),
    ],
)
def test_a_column_that_gives_the_outcome_away_is_named_and_left_out(kind, value):
    tables = with_attribute(labelled(300), "tell", kind, value)
    made = churn.inputs(tables, NOW, LABEL)
    assert leaks_of(made) == {"attribute:tell": False}
    assert "attribute:tell" not in made.train.frame
    made = churn.inputs(tables, NOW, {**LABEL, "confirmed": ["attribute:tell"]})
    assert leaks_of(made) == {"attribute:tell": True}
    assert "attribute:tell" in made.train.frame


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("choice", lambda customer, left: "much" if left == (customer % 8 > 0) else "little"),
        ("number", lambda customer, left: customer % 100 + 60.0 * (left != (customer % 7 == 0))),
        ("choice", lambda customer, left: "x" if left and customer % 25 == 0 else None),
    ],
)
def test_an_honest_column_however_good_is_no_leak(kind, value):
    made = churn.inputs(with_attribute(labelled(300), "good", kind, value), NOW, LABEL)
    assert not made.checks["leaks"] and "attribute:good" in made.train.frame


def test_what_names_people_is_left_out():
    tables = with_attribute(labelled(300), "mail", "text", lambda c, left: f"c{c}@example.org")
    made = churn.inputs(tables, NOW, LABEL)
    assert made.checks["identities"] == ["attribute:mail"]
    assert "attribute:mail" not in made.train.frame


def test_behaviour_is_never_a_leak_however_well_it_foretells():
    """Half of them come every ten days, the others came for a while: silence says it all, and honestly."""
    orders = [(c, d) for c in range(1, 201) for d in range(c % 10, 540 if c % 2 else 300, 15)]
    late = [(c, 300 + c % 160) for c in range(201, 300)]
    made = churn.inputs(company(orders + late, [], 540), NOW, {"horizon_days": 60})
    assert made.checks["leaks"] == []
    assert "recency_days" in made.train.frame
