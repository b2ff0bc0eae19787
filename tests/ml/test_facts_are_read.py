"""Which facts read as a warning, and which as a comfort: a reason has to make sense to whoever reads it alone."""

import numpy as np
import pandas as pd
import pytest

from insights.ml import churn
from insights.ml.explain import REASONS
from insights.ml.features import NUMBERS, features
from insights.ml.readings import READINGS, Readings, cut
from tests.ml.companies import NOW

UNKNOWN = float("nan")
# What most of a company's customers are like; each is read as of the side on which their own figure lies.
TYPICAL = {
    "recency_days": 40.0, "orders_365": 2.5, "gap_median": 30.0, "spend_365": 200.0, "products_all": 7.5,
    "visits_90": 3.5, "complaints_365": 0.5, "returns_all": 0.5, "last_rating": 3.5, "tenure_days": 300.0,
    "response_hours_365": 6.0, "unanswered_90": 0.5, "orders_year_ago": 0.5, "conversations_90": 1.5,
}  # fmt: skip


def read(code, **facts) -> tuple[bool, bool]:
    """Whether the facts can explain a rise, and whether a fall."""
    frame = pd.DataFrame([dict.fromkeys(NUMBERS, UNKNOWN) | facts])
    rise, fall = Readings(TYPICAL).explain(frame, [code])
    return bool(rise[0, 0]), bool(fall[0, 0])


@pytest.mark.parametrize(
    ("code", "warning", "comfort"),
    [
        ("breadth", {"products_all": 2}, {"products_all": 16}),
        ("recency", {"recency_days": 31, "gap_median": 20}, {"recency_days": 19, "gap_median": 20}),
        ("recency", {"recency_days": 60}, {"recency_days": 10}),
        ("rhythm", {"gap_median": 90}, {"gap_median": 12}),
        ("frequency", {"orders_365": 1}, {"orders_365": 9}),
        ("spend", {"spend_365": 20}, {"spend_365": 900}),
        (
            "order_trend",
            {"orders_90": 1, "orders_180": 5},
            {"orders_90": 5, "orders_180": 6},
        ),
        ("complaints", {"complaints_365": 1}, {"complaints_365": 0}),
        ("ratings", {"last_rating": 2}, {"last_rating": 5}),
        ("returns", {"returns_all": 2}, {"returns_all": 0}),
        ("tenure", {"tenure_days": 30}, {"tenure_days": 900}),
        ("conversations", {"conversations_90": 0}, {"conversations_90": 4}),
        (
            "voice",
            {"negative_90": 1, "feeling_last": 0.8},
            {"negative_90": 0, "feeling_last": -0.4},
        ),
    ],
)
def test_a_fact_explains_only_what_it_reads_like(code, warning, comfort):
    assert read(code, **warning) == (True, False)
    assert read(code, **comfort) == (False, True)


def test_what_is_not_known_explains_nothing_but_a_rhythm_that_never_came_about():
    assert read("ratings") == (False, False)
    assert read("rhythm") == (True, False)


def test_a_message_left_without_an_answer_warns_however_fast_the_others_were_answered():
    assert read("service", response_hours_365=1, unanswered_90=2) == (True, True)
    assert read("service", response_hours_365=1, unanswered_90=0) == (False, True)


@pytest.mark.parametrize("code", ["country", "price", "looking", "attribute:size"])
def test_what_reads_as_neither_may_explain_both(code):
    assert read(code) == (True, True)


@pytest.mark.parametrize(
    ("code", "column"), [("voice", "negative_90"), ("complaints", "complaints_365")]
)
def test_one_is_too_many_even_where_most_have_more(code, column):
    frame = pd.DataFrame({column: [0.0, 1.0, 4.0, 4.0, 5.0, 5.0]})
    for readings in (Readings.fit(frame), Readings({})):
        rise, fall = readings.explain(frame, [code])
        assert rise[:, 0].tolist() == [False, True, True, True, True, True]
        assert (fall != rise).all()


def test_where_everybody_is_alike_a_fact_may_explain_both():
    frame = pd.DataFrame({"products_all": [3.0, 3.0]})
    assert Readings.fit(frame) == Readings({})
    rise, fall = Readings({}).explain(frame, ["breadth"])
    assert rise.all() and fall.all()


@pytest.mark.parametrize(
    ("values", "between"),
    [
        ([0, 0, 0, 0, 5], 2.5),  # most have none
        ([1, 1, 1, 2, 3], 1.5),  # one order is the fewest there are, though it is the median
        ([1, 2, 3, 4], 2.5),
        ([1, UNKNOWN, 2], 1.5),
        ([4, 4], None),
        ([UNKNOWN], None),
        ([], None),
    ],
)
def test_the_cut_halves_as_evenly_as_it_can_and_lies_on_nobody(values, between):
    assert cut(np.array(values, dtype=float)) == between


def test_readings_are_of_features_and_of_reasons(leaving):
    frame = features(leaving, [NOW])
    for code, several in READINGS.items():
        assert code in REASONS
        for one in several:
            past = one.past if isinstance(one.past, tuple) else (one.past,)
            assert {one.column, *filter(None, past)} <= set(frame.columns)


def test_the_top_reason_of_a_risk_above_the_base_is_no_praise(leaving, churn_champion):
    scored = churn.predict(churn_champion("logistic"), leaving, NOW)
    model = churn_champion("logistic")
    frame = features(leaving, [NOW]).set_index("customer_id").loc[scored["customer_id"]]
    rise, fall = model.readings.explain(frame, list(READINGS))
    seen = 0
    for row, one in enumerate(scored.itertuples()):
        goes_up = one.risk >= one.base
        able = dict(zip(READINGS, (rise if goes_up else fall)[row], strict=True))
        sign = 1 if goes_up else -1
        told = [r for r in one.reasons if sign * r["points"] > 0.05 and r["code"] != "others"]
        if any(able.get(reason["code"], True) for reason in told):
            assert able.get(one.top, True), (one.customer_id, one.top)
            seen += 1
    assert seen > len(scored) / 2
