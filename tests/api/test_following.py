"""Another system follows what changes: all of it once, then what is new since, and nothing is missed."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from customers.models import (
    Customer,
    Event,
    ExternalId,
    Interaction,
    MessageReading,
    Order,
    Product,
    Tag,
)
from customers.stamping import all_seen_before
from tests.tokens import api_of

NOW = "2026-05-01T10:00:00Z"
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
LISTS = {
    "customers": "updated_from",
    "products": "updated_from",
    "orders": "updated_from",
    "interactions": "updated_from",
    "events": "recorded_from",
}


@pytest.fixture
def api(admin):
    return api_of(admin)


class Copy:
    """What a data team keeps of the company: rows by id, and from where to ask on."""

    def __init__(self, api):
        self.api = api
        self.rows: dict[str, dict[int, dict]] = {noun: {} for noun in LISTS}
        self.since: dict[str, str] = {}
        self.fetched: dict[str, list[int]] = {}

    def read(self) -> "Copy":
        """All of it the first time, what is new since then every other."""
        for noun, parameter in LISTS.items():
            query = {"page_size": 3}
            if noun in self.since:
                query[parameter] = self.since[noun]
            answer = self.api.get(f"/api/v1/{noun}/", query)
            since, self.fetched[noun] = answer.headers["Sync-From"], []
            while True:
                assert answer.status_code == 200, answer.content
                for row in answer.json()["results"]:
                    self.rows[noun][row["id"]] = row
                    self.fetched[noun].append(row["id"])
                if not answer.json()["next"]:
                    break
                answer = self.api.get(answer.json()["next"])
                assert "Sync-From" not in answer.headers
            self.since[noun] = since
        return self


def send(answer) -> dict:
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def begin(api) -> None:
    """A shop's first evening: five of everything."""
    Tag.objects.create(name="vip")
    send(api.post("/api/v1/products/bulk/", [{"sku": f"P{n}", "price": "5"} for n in range(5)]))
    people = [{"source": "shop", "external_id": f"C{n}", "name": f"Ana {n}"} for n in range(5)]
    send(api.post("/api/v1/customers/bulk/", people))
    who = [{"source": "shop", "external_id": f"C{n}"} for n in range(5)]
    line = {"product": "P1", "quantity": 2, "unit_price": "5"}
    orders = [
        {"customer": who[n], "source": "shop", "number": str(n), "occurred_at": NOW, "currency": "EUR", "lines": [line]}
        for n in range(5)
    ]  # fmt: skip
    send(api.post("/api/v1/orders/bulk/", orders))
    talks = [
        {"customer": who[n], "channel": "email", "text": "Hello", "occurred_at": NOW, "source": "mail",
         "external_id": str(n)}
        for n in range(5)
    ]  # fmt: skip
    send(api.post("/api/v1/interactions/bulk/", talks))
    send(
        api.post(
            "/api/v1/events/", [{"customer": w, "kind": "page", "occurred_at": NOW} for w in who]
        )
    )


def age() -> None:
    """As if that evening were long ago."""
    for model in (Customer, Product, Order, Interaction):
        model.objects.update(updated_at=LONG_AGO)
    Event.objects.update(recorded_at=LONG_AGO)


def change_one_of_each(api, admin) -> None:
    first = {name: model.objects.order_by("pk")[1].pk for name, model in
             (("customers", Customer), ("products", Product), ("interactions", Interaction))}  # fmt: skip
    send(api.patch(f"/api/v1/customers/{first['customers']}/", {"tags": ["vip"]}))
    send(api.patch(f"/api/v1/products/{first['products']}/", {"in_stock": False}))
    send(api.patch(f"/api/v1/interactions/{first['interactions']}/", {"rating": 2}))
    back = {"customer": {"source": "shop", "external_id": "C1"}, "occurred_at": NOW, "currency": "EUR",
            "kind": "return", "returns": {"source": "shop", "number": "1"}, "amount": -5}  # fmt: skip
    send(api.put("/api/v1/orders/by-number/shop/R1/", back))
    event = {
        "customer": {"source": "shop", "external_id": "C1"},
        "kind": "cart",
        "occurred_at": NOW,
    }
    send(api.post("/api/v1/events/", [event]))


def test_what_changes_between_two_reads_is_found_and_nothing_else_is_read_again(api, admin):
    begin(api)
    age()
    copy = Copy(api).read()
    assert all(len(copy.rows[noun]) == 5 for noun in LISTS)
    change_one_of_each(api, admin)
    copy.read()
    assert {noun: len(found) for noun, found in copy.fetched.items()} == dict.fromkeys(LISTS, 1)
    # The sums of whom an order is for follow from orders, and are not what changed of the person.
    fresh = Copy(api).read()
    for row in (*copy.rows["customers"].values(), *fresh.rows["customers"].values()):
        row.pop("totals")
    assert copy.rows == fresh.rows


def test_what_changes_while_a_reader_turns_the_pages_is_found(api):
    begin(api)
    age()
    answer = api.get("/api/v1/orders/", {"updated_from": LONG_AGO.isoformat(), "page_size": 2})
    seen = {row["id"]: row["amount"] for row in answer.json()["results"]}
    changed = Order.objects.get(pk=min(seen))
    Order.objects.filter(pk=changed.pk).update(amount=99)  # one that has been read already
    while answer.json()["next"]:
        answer = api.get(answer.json()["next"])
        seen |= {row["id"]: row["amount"] for row in answer.json()["results"]}
    assert len(seen) == 5 and seen[changed.pk] == "99.00"


def test_what_was_read_out_of_messages_is_followed_by_itself(api):
    begin(api)
    MessageReading.objects.update(changed_at=LONG_AGO)
    one = Interaction.objects.order_by("pk")[2]
    late = LONG_AGO + datetime.timedelta(days=1)
    MessageReading.objects.filter(pk=one.pk).update(changed_at=late, version="rules-1")
    query = {"reading_from": late.isoformat(), "fields": "id,reading"}
    answer = api.get("/api/v1/interactions/", query)
    [row] = answer.json()["results"]
    assert row["id"] == one.pk
    assert parse_datetime(row["reading"]["changed_at"]) == late
    assert "Sync-From" in answer.headers


def test_changes_come_in_the_order_in_which_they_were_made(api):
    begin(api)
    for n, order in enumerate(Order.objects.order_by("pk")):
        moment = LONG_AGO + datetime.timedelta(days=(n * 3) % 5)
        Order.objects.filter(pk=order.pk).update(updated_at=moment)
    rows = api.get("/api/v1/orders/", {"updated_from": LONG_AGO.isoformat()}).json()["results"]
    moments = [row["updated_at"] for row in rows]
    assert moments == sorted(moments) and len(rows) == 5
    until = (LONG_AGO + datetime.timedelta(days=2)).isoformat()
    query = {"updated_from": LONG_AGO.isoformat(), "updated_before": until}
    assert len(api.get("/api/v1/orders/", query).json()["results"]) == 2


def test_a_slip_in_the_moment_does_not_return_everything(api):
    for noun, parameter in LISTS.items():
        answer = api.get(f"/api/v1/{noun}/", {parameter: "yesterday"})
        assert answer.json()["error"]["fields"][0]["field"] == parameter


def test_a_salesperson_follows_no_more_than_they_may_see(api, owner, customer, make_customer):
    make_customer("Nobody's")
    query = {"updated_from": LONG_AGO.isoformat()}
    rows = api_of(owner).get("/api/v1/customers/", query).json()["results"]
    assert [row["id"] for row in rows] == [customer.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer, who is not seen"
)
def test_a_writer_who_has_not_finished_holds_the_moment_back():
    began, done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ExternalId.objects.count()
            began.set()
            done.wait(20)
        connection.close()

    before = all_seen_before()
    worker = threading.Thread(target=slow)
    worker.start()
    began.wait(20)
    try:
        threading.Event().wait(1.5)
        held = all_seen_before()
    finally:
        done.set()
        worker.join()
    assert before <= held < before + datetime.timedelta(seconds=1.5)
    assert all_seen_before() > held
