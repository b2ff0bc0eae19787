"""Interactions by API, many at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Change, Interaction, Order, Product
from tests.customers.rows import client_of, message, statuses, wrong

INTERACTIONS = "/api/v1/interactions/bulk/"


@pytest.fixture
def api(owner):
    return client_of(owner)


@pytest.fixture
def managing(manager):
    return client_of(manager)


def test_a_message_comes_once_and_is_replaced_when_it_differs(api, customer, owner, make_order):
    Product.objects.create(sku="B", name="Beans")
    order = make_order(customer, number="9")
    rows = [message(customer, order={"source": "test", "number": "9"}, product="B", author="owner")]
    answer = api.post(INTERACTIONS, rows)
    assert statuses(answer) == ["created"]
    stored = Interaction.objects.get(pk=answer.json()["results"][0]["id"])
    assert (stored.order, stored.product.sku, stored.author) == (order, "B", owner)
    assert statuses(api.post(INTERACTIONS, rows)) == ["unchanged"]
    assert statuses(api.post(INTERACTIONS, [message(customer, text="Never came")])) == ["updated"]
    stored.refresh_from_db()
    assert (stored.text, stored.order) == ("Never came", None)
    assert Change.objects.get().previous["text"] == "Late again"


def test_a_message_without_an_external_id_is_new_each_time(api, customer):
    rows = [message(customer, None), message(customer, None)]
    assert statuses(api.post(INTERACTIONS, rows)) == ["created", "created"]
    assert Interaction.objects.count() == 2


def test_messages_of_nobody_are_for_managers(api, managing):
    assert wrong(api.post(INTERACTIONS, [message(None)])) == [("customer", "required")]
    assert statuses(managing.post(INTERACTIONS, [message(None)])) == ["created"]
    assert wrong(api.post(INTERACTIONS, [message(None)])) == [
        ("customer", "required"), ("external_id", "taken"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"channel": "fax"}, "channel", "invalid_choice"),
        ({"rating": 6}, "rating", "max_value"),
        ({"text": "nul\x00"}, "text", "null_characters_not_allowed"),
        ({"order": {"source": "test", "number": "?"}}, "order", "does_not_exist"),
        ({"product": "?"}, "product", "does_not_exist"),
        ({"author": "nobody"}, "author", "does_not_exist"),
        ({"customer": 0}, "customer", "does_not_exist"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_wrong_field_of_a_message_is_named(api, customer, fields, field, code):
    answer = api.post(INTERACTIONS, [message(customer, **fields), message(customer, "good")])
    assert wrong(answer) == [(field, code)]
    assert Interaction.objects.get().external_id == "good"


def test_a_strangers_message_is_neither_seen_nor_replaced(
    api, customer, make_customer, make_order, stranger
):
    theirs = make_customer(owner=stranger)
    make_order(theirs, number="T1")
    Interaction.objects.create(
        customer=theirs, channel="email", source="mailbox", external_id="m1", text="Theirs"
    )
    rows = [
        message(customer, "m1"),
        message(theirs, "m2"),
        message(customer, "m3", order={"source": "test", "number": "T1"}),
    ]
    answer = api.post(INTERACTIONS, rows)
    assert wrong(answer, 0) == [("external_id", "taken")]
    assert wrong(answer, 1) == [("customer", "does_not_exist")]
    assert wrong(answer, 2) == [("order", "does_not_exist")]
    assert Interaction.objects.get().text == "Theirs"
    assert Order.objects.count() == 1


def test_messages_cost_the_same_queries_whatever_their_number(api, customer, make_order):
    Product.objects.create(sku="B", name="Beans")
    make_order(customer, number="9")
    order = {"source": "test", "number": "9"}
    counts = []
    for size in (5, 300):
        rows = [
            message(customer, f"{size}/{n}", order=order, product="B", author="owner")
            for n in range(size)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert statuses(api.post(INTERACTIONS, rows)) == ["created"] * size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_who_wrote_a_message_stays_unless_another_is_named(api, customer, owner, teammate):
    api.post(INTERACTIONS, [message(customer, author="owner")])
    assert statuses(api.post(INTERACTIONS, [message(customer)])) == ["unchanged"]
    assert statuses(api.post(INTERACTIONS, [message(customer, text="Never came")])) == ["updated"]
    assert Interaction.objects.get().author == owner
    teammate.is_active = False
    teammate.save()
    address = "/api/v1/interactions/by-external-id/mailbox/m1/"
    body = {"customer": customer.pk, "channel": "email"}
    for author, stored in (
        ({}, "owner"),
        ({"author": "teammate"}, "teammate"),
        ({"author": None}, None),
    ):
        answer = api.put(address, body | author)
        assert answer.json()["author"] == stored
        shown = api.put(address, answer.json())
        assert (shown.json(), shown.headers["Upsert-Status"]) == (answer.json(), "unchanged")
