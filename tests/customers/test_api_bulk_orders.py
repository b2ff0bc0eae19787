"""Orders with lines and returns by API, many at once: stored once, replaced as a whole, answered row by row."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import (
    Change,
    ChangeSet,
    Company,
    Customer,
    CustomerMonth,
    ExchangeRate,
    ExternalId,
    Order,
    Product,
)
from customers.signals import facts_changed
from tests.customers.rows import client_of, statuses, wrong

ORDERS = "/api/v1/orders/bulk/"
NOW = "2026-05-01T10:00:00Z"


@pytest.fixture
def api(owner):
    return client_of(owner)


@pytest.fixture
def beans(db):
    return Product.objects.create(sku="BEANS", name="House espresso, 1 kg")


def order(of, number="1", **fields):
    lines = [{"product": "BEANS", "quantity": "2", "unit_price": "20.00"}]
    return {
        "customer": of.pk, "source": "shop", "number": number, "occurred_at": NOW,
        "currency": "EUR", "lines": lines,
    } | fields  # fmt: skip


def test_orders_come_in_with_lines_and_the_totals_follow(
    api, customer, beans, django_capture_on_commit_callbacks
):
    heard = []

    def listen(customer_ids, **_more):
        heard.append(customer_ids)

    facts_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            answer = api.post(ORDERS, [order(customer, "1"), order(customer, "2")])
    finally:
        facts_changed.disconnect(listen)
    assert answer.status_code == 200, answer.json()
    assert statuses(answer) == ["created", "created"]
    assert [r["id"] for r in answer.json()["results"]] == [
        Order.objects.get(number="1").pk, Order.objects.get(number="2").pk,
    ]  # fmt: skip
    assert Order.objects.get(number="1").lines.get().product == beans
    customer.totals.refresh_from_db()
    assert (customer.totals.orders, customer.totals.value) == (2, Decimal(80))
    assert CustomerMonth.objects.get(customer=customer).value == Decimal(80)
    assert heard == [[customer.pk]]
    assert ChangeSet.objects.get().counts["created"] == 2


def test_every_status_stands_in_the_place_of_its_row(api, customer, beans):
    api.post(ORDERS, [order(customer, "same"), order(customer, "other")])
    rows = [
        order(customer, "new"),
        order(customer, "other", channel="web"),
        order(customer, "same"),
        order(customer, "new"),
        order(customer, "bad", currency="EURO"),
    ]
    answer = api.post(ORDERS, rows)
    assert answer.status_code == 207
    assert statuses(answer) == ["created", "updated", "unchanged", "duplicate", "rejected"]
    assert [r["index"] for r in answer.json()["results"]] == [0, 1, 2, 3, 4]
    assert answer.json()["counts"] == {
        "created": 1, "updated": 1, "unchanged": 1, "duplicate": 1, "rejected": 1,
    }  # fmt: skip
    ids = [r["id"] for r in answer.json()["results"]]
    assert ids[0] == ids[3] == Order.objects.get(number="new").pk


def test_sent_again_with_other_lines_an_order_is_replaced_and_what_it_was_is_kept(
    api, customer, beans
):
    api.post(ORDERS, [order(customer)])
    line = {"description": "Filter", "quantity": 1, "unit_price": "5"}
    assert statuses(api.post(ORDERS, [order(customer, lines=[line])])) == ["updated"]
    stored = Order.objects.get()
    assert stored.amount == 5
    assert [each.description for each in stored.lines.all()] == ["Filter"]
    assert Change.objects.get(model="order").previous["amount"] == "40.00"
    customer.totals.refresh_from_db()
    assert customer.totals.value == 5


def test_a_return_names_its_order_by_number_even_of_the_same_request(api, customer, beans):
    one = [{"product": "BEANS", "quantity": "1", "unit_price": "20.00"}]
    named = {"source": "shop", "number": "1"}
    back = order(customer, "R1", kind="return", returns=named, lines=one)
    answer = api.post(ORDERS, [back, order(customer, "1")])
    assert statuses(answer) == ["created", "created"]
    sale, returned = Order.objects.get(number="1"), Order.objects.get(number="R1")
    assert (returned.returns, returned.amount) == (sale, Decimal(-20))
    assert statuses(api.post(ORDERS, [back, order(customer, "1")])) == ["unchanged"] * 2
    later = order(customer, "R2", kind="return", returns=sale.pk, lines=one)
    assert statuses(api.post(ORDERS, [later])) == ["created"]
    assert Order.objects.get(number="R2").returns == sale


def test_a_return_of_an_order_that_is_refused_is_refused_as_well(api, customer, beans):
    back = order(customer, "R1", kind="return", returns={"source": "shop", "number": "1"})
    answer = api.post(ORDERS, [back, order(customer, "1", currency="USD")])
    assert wrong(answer, 0) == [("returns", "does_not_exist")]
    assert wrong(answer, 1) == [("currency", "missing_rate")]


def test_the_sign_of_the_amount_tells_a_return(api, customer):
    row = order(customer, lines=[], amount="-12.50")
    assert statuses(api.post(ORDERS, [row])) == ["created"]
    assert Order.objects.get().kind == "return"


def test_an_amount_that_is_given_stands_beside_its_lines(api, customer, beans):
    api.post(ORDERS, [order(customer, amount="44.90")])
    stored = Order.objects.get()
    assert (stored.amount, stored.lines.get().amount) == (Decimal("44.90"), Decimal(40))


def test_money_is_converted_at_the_rate_of_its_day(api, customer, beans):
    ExchangeRate.objects.create(currency="CNY", valid_from="2026-01-01", rate="0.125")
    api.post(ORDERS, [order(customer, currency="cny")])
    assert Order.objects.get().base_amount == 5


def test_a_shop_names_customers_by_its_own_ids(api, customer, beans):
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    who = {"source": "shop", "external_id": "77"}
    assert statuses(api.post(ORDERS, [order(customer, customer=who)])) == ["created"]
    assert Order.objects.get().customer == customer


def line(**fields):
    return [{"quantity": 1, "unit_price": 1, "product": "BEANS"} | fields]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"lines": line(product="NONE")}, "lines.0.product", "does_not_exist"),
        ({"lines": line(quantity="NaN")}, "lines.0.quantity", "invalid"),
        ({"lines": line(quantity="Infinity")}, "lines.0.quantity", "invalid"),
        ({"lines": line(quantity="1e999999")}, "lines.0.quantity", "max_digits"),
        ({"lines": line(unit_price="9" * 900)}, "lines.0.unit_price", "max_digits"),
        ({"lines": line() + line(description="x" * 201)}, "lines.1.description", "max_length"),
        ({"lines": line(quantity="9" * 11, unit_price="9" * 10)}, "amount", "too_large"),
        ({"lines": "many"}, "lines", "not_a_list"),
        ({"lines": [1]}, "lines", "not_a_list"),
        ({"lines": line() * 1001}, "lines", "max_length"),
        ({"lines": []}, "amount", "required"),
        ({"lines": [], "amount": "1e13"}, "amount", "max_whole_digits"),
        ({"kind": "sale", "lines": [], "amount": -1}, "amount", "min_value"),
        ({"kind": "gift"}, "kind", "invalid_choice"),
        ({"currency": "USD"}, "currency", "missing_rate"),
        ({"currency": "E1R"}, "currency", "invalid"),
        ({"number": "nul\x00byte"}, "number", "null_characters_not_allowed"),
        ({"number": ""}, "number", "blank"),
        ({"returns": 5}, "returns", "does_not_exist"),
        ({"returns": {"source": "shop", "number": "?"}}, "returns", "does_not_exist"),
        ({"customer": 10**30}, "customer", "does_not_exist"),
        ({"occurred_at": "2999-01-01T00:00:00Z"},
         "occurred_at", "in_the_future"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_wrong_field_is_named_by_its_path_and_the_other_rows_are_stored(
    api, customer, beans, fields, field, code
):
    answer = api.post(ORDERS, [order(customer, **fields), order(customer, "good")])
    assert answer.status_code == 207, answer.json()
    assert wrong(answer) == [(field, code)]
    assert [o.number for o in Order.objects.all()] == ["good"]


def test_all_or_nothing_stores_nothing(api, customer, beans):
    rows = [order(customer, "1"), order(customer, "2", currency="USD")]
    answer = api.post(ORDERS + "?atomic=true", rows)
    assert answer.status_code == 400
    told = answer.json()["error"]["fields"]
    assert [(f["field"], f["code"]) for f in told] == [("1.currency", "missing_rate")]
    assert not Order.objects.exists() and not ChangeSet.objects.exists()
    customer.totals.refresh_from_db()
    assert customer.totals.orders == 0


def test_a_word_that_is_neither_true_nor_false_is_refused(api, customer):
    answer = api.post(ORDERS + "?atomic=perhaps", [])
    assert answer.status_code == 400
    assert [f["field"] for f in answer.json()["error"]["fields"]] == ["atomic"]


def test_a_strangers_customer_does_not_exist_and_their_order_is_not_replaced(
    api, customer, make_customer, stranger, beans
):
    theirs = make_customer(owner=stranger)
    client = client_of(stranger)
    client.post(ORDERS, [order(theirs, "T1")])
    answer = api.post(ORDERS, [order(theirs, "9"), order(customer, "T1", channel="mine")])
    assert wrong(answer, 0) == [("customer", "does_not_exist")]
    assert wrong(answer, 1) == [("number", "taken")]
    back = order(customer, "R", kind="return", returns={"source": "shop", "number": "T1"})
    assert wrong(api.post(ORDERS, [back])) == [("returns", "does_not_exist")]
    assert Order.objects.get().customer == theirs


def test_a_batch_costs_the_same_queries_whatever_its_length(
    api,
    customer,
    make_customer,
    owner,
    beans,
):
    for n in range(40):
        made = make_customer(str(n), owner=owner)
        ExternalId.objects.create(customer=made, source=f"shop {n % 4}", external_id=str(n))

    def batch(size):
        return [
            order(
                customer, f"{size}/{n}", kind="return" if n % 10 == 1 else "sale",
                customer={"source": f"shop {n // 10 % 4}", "external_id": str(n // 10)},
                returns={"source": "shop", "number": f"{size}/{n - 1}"} if n % 10 == 1 else None,
            )
            for n in range(size)
        ]  # fmt: skip

    Company.current()  # made by whoever asks first
    counts = []
    for size in (12, 400):
        with CaptureQueriesContext(connection) as queries:
            answer = api.post(ORDERS, batch(size))
        assert answer.status_code == 200, answer.json()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 31
    assert Customer.objects.filter(totals__orders__gt=0).count() == 40
