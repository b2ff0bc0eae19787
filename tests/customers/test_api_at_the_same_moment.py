"""Two and more who send the same at the same moment: each is answered, nothing is lost and nothing doubled."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection, connections, transaction
from rest_framework.test import APIClient

from customers.changing import open_change_set
from customers.models import (
    Change,
    Customer,
    CustomerTotals,
    Event,
    ExternalId,
    Interaction,
    Order,
    Product,
    Tag,
)
from customers.totalling import refresh_totals
from customers.upserting import CustomerRow, in_one_transaction, upsert_customers
from insights.models import StaleCustomer

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2026-05-01T10:00:00Z"
CLIENTS = 6


def together(user, requests: list) -> list:
    """Send each request (method, path, body) from a thread of its own, all at once; the answers in order."""
    gate, answers = threading.Barrier(len(requests)), [None] * len(requests)

    def send(at: int, method: str, path: str, body) -> None:
        client = APIClient(raise_request_exception=False)
        client.force_authenticate(user)
        gate.wait()
        try:
            answers[at] = getattr(client, method)(path, body)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=send, args=(at, *request)) for at, request in enumerate(requests)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def people(make_customer, owner):
    return [make_customer(f"Customer {n}", owner=owner) for n in range(30)]


def test_the_same_events_from_all_sides_are_stored_once(people, owner):
    rows = [
        {
            "customer": people[n % 30].pk,
            "kind": "page",
            "occurred_at": NOW,
            "key": str(uuid.uuid4()),
        }
        for n in range(300)
    ]
    # Each sends them in another order, half of them overlapping with the next.
    requests = [
        ("post", "/api/v1/events/", rows[n * 20 :: 2] + rows[::-1][: n * 40])
        for n in range(CLIENTS)
    ]
    answers = together(owner, requests)
    assert {answer.status_code for answer in answers} == {201}
    sent = {row["key"] for *_rest, body in requests for row in body}
    stored = dict(Event.objects.values_list("key", "pk"))
    assert {str(key) for key in stored} == sent
    assert sum(answer.json()["accepted"] for answer in answers) == len(sent)
    for answer, (*_rest, body) in zip(answers, requests, strict=True):
        for row, result in zip(body, answer.json()["results"], strict=True):
            assert result["id"] == stored[uuid.UUID(row["key"])]
    assert StaleCustomer.objects.count() == 30


def test_the_same_customers_from_all_sides_are_created_once(owner):
    Tag.objects.bulk_create(Tag(name=f"tag {n}") for n in range(3))

    def rows(n: int) -> list[dict]:
        some = [
            {"source": "shop", "external_id": str(i), "city": f"City {n}", "tags": [f"tag {i % 3}"]}
            for i in range(40)
        ]
        return some if n % 2 else some[::-1]

    answers = together(
        owner, [("post", "/api/v1/customers/bulk/", rows(n)) for n in range(CLIENTS)]
    )
    assert {answer.status_code for answer in answers} == {200}
    assert Customer.objects.count() == ExternalId.objects.count() == 40
    assert CustomerTotals.objects.count() == 40
    assert {tag.customers.count() for tag in Tag.objects.all()} == {13, 14}
    assert sum(answer.json()["counts"]["created"] for answer in answers) == 40
    for answer in answers:
        assert answer.json()["counts"]["rejected"] == 0


def test_the_same_orders_from_all_sides_are_stored_once_and_the_totals_agree(people, owner):
    Product.objects.create(sku="B", name="Beans")

    def rows(n: int) -> list[dict]:
        some = [
            {
                "customer": people[i % 30].pk, "source": "shop", "number": str(i),
                "occurred_at": NOW, "currency": "EUR",
                "lines": [{"product": "B", "quantity": n + 1, "unit_price": 1}],
            }
            for i in range(60)
        ]  # fmt: skip
        return some if n % 2 else some[::-1]

    answers = together(owner, [("post", "/api/v1/orders/bulk/", rows(n)) for n in range(CLIENTS)])
    assert {answer.status_code for answer in answers} == {200}
    assert Order.objects.count() == 60
    assert sum(answer.json()["counts"]["created"] for answer in answers) == 60
    stored = {
        (t.customer_id, t.orders, t.value) for t in CustomerTotals.objects.filter(orders__gt=0)
    }
    with transaction.atomic():
        refresh_totals()
    assert stored == {(t.customer_id, t.orders, t.value) for t in CustomerTotals.objects.all()}
    assert len(stored) == 30


def test_many_orders_for_one_customer_all_count(people, owner):
    def request(n: int) -> tuple:
        body = {"customer": people[0].pk, "occurred_at": NOW, "currency": "EUR", "amount": "5.00"}
        if n % 2:
            return "put", f"/api/v1/orders/by-number/shop/{n}/", body
        return "post", "/api/v1/orders/", body | {"number": str(n)}

    answers = together(owner, [request(n) for n in range(CLIENTS)])
    assert {answer.status_code for answer in answers} == {201}
    totals = CustomerTotals.objects.get(customer=people[0])
    assert (totals.orders, totals.value) == (CLIENTS, 5 * CLIENTS)


def test_one_creates_and_the_others_find_it(admin):
    for path, body in (
        ("customers/by-external-id/shop/77", {"name": "Ana"}),
        ("interactions/by-external-id/mailbox/1", {"channel": "email", "text": "Late again"}),
        ("products/by-sku/BEANS", {"name": "Beans", "price": "20"}),
    ):
        answers = together(admin, [("put", f"/api/v1/{path}/", body)] * CLIENTS)
        outcomes = sorted(answer["Upsert-Status"] for answer in answers)
        assert outcomes == ["created"] + ["unchanged"] * (CLIENTS - 1), path
        assert len({answer.json()["id"] for answer in answers}) == 1


def test_who_loses_the_race_for_a_key_begins_anew_and_finds_it(owner):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")
    attempts = []

    def store():
        attempts.append(1)
        written = upsert_customers([CustomerRow("shop", "1")], open_change_set("api", owner))
        if len(attempts) == 1:
            other = threading.Thread(target=somebody_else)
            other.start()
            other.join(0.5)  # waits for our transaction
            raise IntegrityError("as if somebody had been faster")
        return written

    def somebody_else():
        try:
            in_one_transaction(
                lambda: upsert_customers([CustomerRow("shop", "1")], open_change_set("api", owner))
            )
        finally:
            connections.close_all()

    written = in_one_transaction(store)
    assert len(attempts) > 1
    assert Customer.objects.count() == 1
    assert written.ids == [Customer.objects.get().pk]


def test_of_who_is_erased_while_others_write_nothing_is_left(people, admin):
    pk, said = people[0].pk, "written in the same moment"
    message = {"customer": pk, "channel": "chat", "text": said}
    order = {
        "customer": pk, "source": "shop", "occurred_at": NOW, "currency": "EUR", "amount": "5.00",
    }  # fmt: skip
    writes = [("post", "/api/v1/interactions/", message)] * 3
    writes += [("post", "/api/v1/orders/", order | {"number": f"N{n}"}) for n in range(3)]
    writes += [("patch", f"/api/v1/customers/{pk}/", {"company": said})] * 2
    erasing = [("post", f"/api/v1/customers/{pk}/erase/", {})] * 2
    answers = together(admin, [*writes[:4], *erasing, *writes[4:]])
    assert {answers[at].status_code for at in (4, 5)} == {204}
    others = {one.status_code for at, one in enumerate(answers) if at not in (4, 5)}
    assert others <= {200, 201, 400, 404, 409}, [one.content for one in answers]
    assert not Customer.objects.filter(pk=pk).exists()
    assert not Interaction.objects.exists() and not Order.objects.exists()
    assert [change.previous for change in Change.objects.filter(model="customer")] == [{"id": pk}]
