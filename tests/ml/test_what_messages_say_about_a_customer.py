"""Features of how a customer's messages felt, by hand, and the sentence they make."""

import pytest

from customers.reasons import Words
from customers.reasons.contact import voice
from insights.ml.explain import Telling
from insights.ml.features import categorical_columns, features
from insights.ml.tables import complete
from tests.ml.companies import NOW, at
from tests.ml.shops import table


def reading(day, label, sentiment=None, intent="other", topic=None):
    return {
        "customer_id": 1, "occurred_at": at(day), "label": label, "sentiment": sentiment, "intent": intent,
        "topic": topic,
    }  # fmt: skip


def reply(day):
    return {"customer_id": 1, "occurred_at": at(day), "channel": "email", "direction": "out"}


def row(readings, replies=(), moment=220.0):
    tables = {
        "customers": table("customers", [{"customer_id": 1, "kind": "person"}]),
        "readings": table("readings", list(readings)),
        "interactions": table("interactions", list(replies)),
    }
    return features(complete(tables), [at(moment)])


def test_features_of_how_messages_felt():
    frame = row(
        [
            reading(10, "positive", 0.6),
            reading(150, "negative", -0.8, "late_delivery"),
            reading(200, "negative", -0.4, "late_delivery"),
            reading(210, "neutral", 0.0, "question"),
            reading(218, "negative", -0.6, "cancel"),
        ],
        [reply(205)],
    )
    one = frame.iloc[0]
    assert one["feeling_last"] == pytest.approx(-0.6)
    assert one["feeling_worst_90"] == pytest.approx(-0.8)
    assert one["feeling_trend"] == pytest.approx(-0.45 - 0.6)
    assert (one["negative_30"], one["negative_90"], one["negative_365"]) == (2, 3, 3)
    assert one["negative_unanswered_90"] == 1
    assert one["negative_waiting_hours"] == pytest.approx(48)
    assert (one["negative_reason"], one["negative_reason_90"]) == ("late_delivery", 2)
    assert one["cancelling_90"] == 1


def test_a_message_is_unanswered_until_something_is_sent_after_it():
    said = [reading(200, "negative", -0.5)]
    assert row(said)["negative_unanswered_90"].iloc[0] == 1
    assert row(said, [reply(199)])["negative_unanswered_90"].iloc[0] == 1
    assert row(said, [reply(201)])["negative_unanswered_90"].iloc[0] == 0
    assert row(said, [reply(201)], moment=200.5)["negative_unanswered_90"].iloc[0] == 1


def test_without_a_message_there_are_no_feelings_and_no_complaints():
    one = row([]).iloc[0]
    assert one[["negative_30", "negative_90", "negative_unanswered_90"]].tolist() == [0, 0, 0]
    assert one[["feeling_last", "feeling_trend", "negative_waiting_hours"]].isna().all()
    assert one["negative_reason"] is None


def test_of_concerns_named_as_often_the_one_spoken_of_last_is_told():
    said = [reading(200, "negative", -0.5, "refund"), reading(210, "negative", -0.5, "damaged")]
    assert row(said)["negative_reason"].iloc[0] == "damaged"


def test_the_topic_is_that_of_most_unhappy_messages_of_ninety_days():
    said = [
        reading(100, "negative", -0.5, topic=4),
        reading(110, "negative", -0.5, topic=4),
        reading(200, "negative", -0.5, topic=12),
        reading(201, "positive", 0.5, topic=7),
        reading(202, "positive", 0.5, topic=7),
        reading(203, "negative", -0.5),
    ]
    assert row(said, moment=220)["negative_topic"].iloc[0] == "12"
    assert row(said, moment=195)["negative_topic"].iloc[0] == "4"
    assert row(said, moment=100)["negative_topic"].iloc[0] is None


def test_concern_and_topic_are_learnt_from_as_names():
    one = row([reading(200, "negative", -0.5, "refund", 3)])
    assert {"negative_reason", "negative_topic"} <= set(categorical_columns(one))


@pytest.mark.django_db  # what the company calls its concerns
def test_the_facts_make_the_sentence():
    frame = row(
        [reading(200, "negative", -0.8, "late_delivery"), reading(220 - 31 / 24, "negative", -0.4, "late_delivery")]
    )  # fmt: skip
    facts = {name: values[0] for name, values in Telling(frame, {}, NOW).facts("voice").items()}
    assert voice(facts, Words()) == (
        "2 complaints about late delivery in 90 days, the last unanswered for 31 hours"
    )


@pytest.mark.django_db  # what the company calls its concerns
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "No message that says how they feel"),
        ({"count": 0, "last": 0.4}, "Latest message friendly"),
        ({"count": 0, "last": -0.1}, "No unhappy message in 90 days"),
        ({"count": 1, "about": 0, "waiting": 0}, "1 unhappy message in 90 days"),
        (
            {"count": 3, "about": 2, "reason": "refund", "waiting": 1, "hours": 72.0},
            "3 unhappy messages in 90 days, 2 of them about refund, the last unanswered for 3 days",
        ),
    ],
)
def test_whatever_is_known_makes_a_sentence(facts, said):
    assert voice(facts, Words()) == said
