"""Readings in the API: read with their messages, filtered by, set right."""

import pytest
from django.utils import timezone

from customers.models import Interaction, MessageCorrection, MessageReading
from tests.customers.pages import ago
from tests.tokens import api_of, bearer

pytestmark = pytest.mark.django_db
LIST = "/api/v1/interactions/"


@pytest.fixture
def message(customer):
    one = Interaction.objects.create(
        customer=customer, channel="email", text="It came late.", occurred_at=ago(1)
    )
    MessageReading.objects.filter(pk=one.pk).update(
        label="negative", label_read="negative", intent="late_delivery", intent_read="late_delivery",
        language="en", urgency=2, sentiment=-0.6, version="rules-1", read_at=timezone.now(),
        details={"evidence": [[8, 12, -0.6]], "entities": [["date", 0, 2, None, True]]},
    )  # fmt: skip
    return one


def test_a_message_comes_with_what_was_read_out_of_it(owner, message):
    reading = api_of(owner).get(f"{LIST}{message.pk}/").json()["reading"]
    assert reading["label"] == "negative"
    assert reading["evidence"] == [{"start": 8, "end": 12, "weight": -0.6}]
    assert reading["entities"] == [
        {"start": 0, "end": 2, "kind": "date", "id": None, "suggested": True}
    ]
    assert reading["corrected"] is False


def test_until_then_the_reading_is_null_and_nobody_writes_it(owner, customer):
    body = {
        "customer": customer.pk,
        "channel": "email",
        "text": "Hm",
        "reading": {"label": "positive"},
    }
    made = api_of(owner).post(LIST, body)
    assert made.status_code == 201
    assert made.json()["reading"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"label": "negative"}, True), ({"label": "positive"}, False),
        ({"intent": "late_delivery"}, True), ({"intent": "refund"}, False),
        ({"urgency_from": 2}, True), ({"urgency_from": 3}, False),
        ({"read_language": "en"}, True), ({"read_language": "zh-Hans"}, False),
        ({"unanswered": "true"}, True), ({"unanswered": "false"}, False),
    ],
)  # fmt: skip
def test_lists_are_narrowed_by_what_was_read(owner, message, query, found):
    rows = api_of(owner).get(LIST, query).json()["results"]
    assert [row["id"] for row in rows] == ([message.pk] if found else [])


def test_a_correction_is_a_label_and_an_empty_one_takes_it_back(owner, stranger, message):
    address = f"{LIST}{message.pk}/correction/"
    answer = api_of(owner).post(address, {"label": "positive", "intent": "praise"})
    assert answer.status_code == 200
    reading = answer.json()["reading"]
    assert (reading["label"], reading["intent"], reading["corrected"]) == (
        "positive",
        "praise",
        True,
    )
    assert MessageCorrection.objects.given().get().by == owner
    reading = api_of(owner).post(address, {"label": "", "intent": ""}).json()["reading"]
    assert (reading["label"], reading["corrected"]) == ("negative", False)
    assert api_of(stranger).post(address, {"label": "positive"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "", "required"),
        ({"label": "angry"}, "label", "invalid_choice"),
        ({"intent": "made_up"}, "intent", "does_not_exist"),
    ],
)
def test_nonsense_is_refused_by_name(owner, message, body, field, code):
    answer = api_of(owner).post(f"{LIST}{message.pk}/correction/", body)
    assert answer.status_code == 400
    [error] = answer.json()["error"]["fields"]
    assert (error["field"], error["code"]) == (field, code)


def test_a_token_that_only_sends_facts_in_sets_nothing_right(client, owner, message):
    answer = client.post(
        f"{LIST}{message.pk}/correction/", {"label": "positive"}, content_type="application/json",
        headers={"Authorization": bearer(owner, "ingest")},
    )  # fmt: skip
    assert answer.status_code == 403
