"""An order is judged alike however it comes: by POST, by PUT at its number, or among many."""

import re
from io import StringIO

import pytest
import yaml
from django.core.management import call_command

from customers.models import ChangeSet, Order, Product
from tests.tokens import api_of

NOW = "2026-05-01T10:00:00Z"
SALE = {"source": "shop", "number": "1"}
ROADS = ("post", "put", "bulk")


@pytest.fixture
def api(owner):
    return api_of(owner)


@pytest.fixture(autouse=True)
def products(db):
    for sku in ("BEANS", "FILTER"):
        Product.objects.create(sku=sku, name=sku)


def order(customer, number="1", pieces="2", product="BEANS", **fields):
    line = {"product": product, "quantity": pieces, "unit_price": "20.00"}
    return {
        "customer": customer.pk, "source": "shop", "number": number, "occurred_at": NOW,
        "currency": "EUR", "lines": [line],
    } | fields  # fmt: skip


def back(customer, number="R1", **fields):
    return order(customer, number, **{"kind": "return", "returns": SALE} | fields)


def send(api, road: str, body: dict):
    """What is wrong with it, as pairs of field and code; nothing where it was stored."""
    if road == "post":
        answer = api.post("/api/v1/orders/", body)
    elif road == "put":
        rest = {name: value for name, value in body.items() if name not in ("source", "number")}
        answer = api.put(f"/api/v1/orders/by-number/{body['source']}/{body['number']}/", rest)
    else:
        answer = api.post("/api/v1/orders/bulk/", [body])
        return [(e["field"], e["code"]) for e in answer.json()["results"][0]["errors"]]
    if answer.status_code in (200, 201):
        return []
    return [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]]


@pytest.fixture(params=ROADS)
def road(request):
    return request.param


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"returns": {"source": "shop", "number": "?"}}, "returns", "does_not_exist"),
        ({"kind": "sale"}, "returns", "not_a_return"),
        ({"kind": None}, "returns", "not_a_return"),
        ({"pieces": "500"}, "lines.0.quantity", "more_than_sold"),
        ({"product": "FILTER", "pieces": "1"}, "lines.0.quantity", "more_than_sold"),
        ({"number": "R0", "returns": {"source": "shop", "number": "R0"}}, "returns", "itself"),
        ({"returns": {"source": "shop", "number": "OTHER"}}, "returns", "other_customer"),
        ({"returns": {"source": "shop", "number": "BACK"}}, "returns", "not_a_sale"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_go_back_is_refused(
    api, owner, customer, make_customer, road, change, field, code
):
    if road == "post" and code == "itself":
        change = change | {"number": "R0"}
    other = make_customer("Other", owner=owner)
    for body in (order(customer), order(other, "OTHER"), order(customer, "BACK", kind="return")):
        assert send(api, "post", body) == []
    assert send(api, road, back(customer, **change)) == [(field, code)]
    assert Order.objects.count() == 3


def test_the_sign_of_an_amount_tells_a_return(api, customer, road):
    assert send(api, road, order(customer, lines=[], amount="-5")) == []
    assert Order.objects.get().kind == "return"


def test_an_amount_beside_the_lines_is_kept(api, customer, road):
    assert send(api, road, order(customer, amount="44.90")) == []
    assert str(Order.objects.get().amount) == "44.90"


def test_several_returns_together_are_no_more_than_was_sold(api, customer, road):
    send(api, "post", order(customer, pieces="3"))
    assert send(api, road, back(customer, "R1", pieces="2")) == []
    assert send(api, road, back(customer, "R2", pieces="2")) == [
        ("lines.0.quantity", "more_than_sold")
    ]
    assert send(api, road, back(customer, "R3", pieces="1")) == []


@pytest.mark.parametrize("again", ["put", "bulk"])
def test_a_return_that_is_replaced_does_not_count_twice(api, customer, again):
    send(api, "post", order(customer))
    send(api, "post", back(customer, pieces="1"))
    assert send(api, again, back(customer, pieces="2")) == []
    assert send(api, again, back(customer, pieces="3")) != []


def test_what_an_order_was_made_of_may_be_unknown(api, customer, road):
    send(api, "post", order(customer, lines=[], amount="40"))
    assert send(api, road, back(customer, pieces="500")) == []


@pytest.mark.parametrize("again", ["put", "bulk"])
def test_an_order_that_was_sent_back_stays_with_its_customer(
    api, owner, customer, make_customer, again
):
    other = make_customer("Other", owner=owner)
    send(api, "post", order(customer))
    send(api, "post", back(customer))
    assert send(api, again, order(other)) == [("customer", "has_returns")]
    assert send(api, again, order(customer, kind="return")) == [("kind", "has_returns")]
    both = api.post("/api/v1/orders/bulk/", [back(other), order(other)])
    assert [row["status"] for row in both.json()["results"]] == ["updated", "updated"]
    assert set(Order.objects.values_list("customer", flat=True)) == {other.pk}


def test_when_one_of_two_that_move_is_refused_neither_moves(api, owner, customer, make_customer):
    other = make_customer("Other", owner=owner)
    send(api, "post", order(customer))
    send(api, "post", back(customer))
    rows = [order(other), back(other, pieces="9")]
    results = api.post("/api/v1/orders/bulk/", rows).json()["results"]
    assert [[e["code"] for e in row["errors"]] for row in results] == [
        ["has_returns"],
        ["more_than_sold"],
    ]
    assert set(Order.objects.values_list("customer", flat=True)) == {customer.pk}


@pytest.mark.parametrize("again", ["put", "bulk"])
def test_an_order_keeps_what_has_come_back_of_it(api, customer, again):
    send(api, "post", order(customer, pieces="3"))
    send(api, "post", back(customer, pieces="2"))
    assert send(api, again, order(customer, pieces="1")) == [
        ("lines.0.quantity", "fewer_than_returned")
    ]
    assert send(api, again, order(customer, product="FILTER")) == [("lines", "fewer_than_returned")]
    assert Order.objects.get(number="1").lines.get().quantity == 3
    assert send(api, again, order(customer, pieces="2")) == []


def test_an_order_and_its_return_shrink_together(api, customer):
    send(api, "post", order(customer, pieces="3"))
    send(api, "post", back(customer, pieces="2"))
    rows = [order(customer, pieces="1"), back(customer, pieces="1")]
    assert api.post("/api/v1/orders/bulk/", rows).json()["counts"]["updated"] == 2
    rows = [order(customer, pieces="1"), back(customer, pieces="2")]
    assert api.post("/api/v1/orders/bulk/", rows).json()["counts"]["rejected"] == 1


COUPON = {"product": "WELCOME10", "quantity": "1", "unit_price": "-4.00"}


def test_a_coupon_takes_money_off_and_is_no_product(api, customer, road):
    body = order(customer)
    body["lines"].append(COUPON)
    assert send(api, road, body) == []
    stored = Order.objects.get()
    assert str(stored.amount) == "36.00"
    shown = [(line.product_id, line.description, str(line.amount)) for line in stored.lines.all()]
    assert shown[1] == (None, "WELCOME10", "-4.00")
    assert not Product.objects.filter(sku="WELCOME10").exists()
    assert send(api, road, back(customer, pieces="3")) == [("lines.0.quantity", "more_than_sold")]
    undone = back(customer)
    undone["lines"].append(COUPON)
    assert send(api, road, undone) == []
    assert str(Order.objects.get(number="R1").amount) == "-36.00"


def test_a_coupon_is_sent_again_without_a_change(api, customer):
    body = order(customer)
    body["lines"].append(COUPON | {"product": "FILTER"})
    send(api, "bulk", body)
    answer = api.post("/api/v1/orders/bulk/", [body]).json()
    assert answer["counts"]["unchanged"] == 1


def test_a_coupon_larger_than_the_order_is_refused(api, customer, road):
    body = order(customer, kind="sale")
    body["lines"].append(COUPON | {"unit_price": "-99.00"})
    assert send(api, road, body) == [("amount", "min_value")]


def test_pieces_that_came_back_may_have_their_sign_at_the_price(api, customer, road):
    send(api, "post", order(customer))
    line = {"product": "BEANS", "quantity": "1", "unit_price": "-20.00"}
    assert send(api, road, back(customer, lines=[line])) == []
    stored = Order.objects.get(number="R1").lines.get()
    assert (str(stored.quantity), str(stored.unit_price), str(stored.amount)) == (
        "-1.000", "20.0000", "-20.00",
    )  # fmt: skip
    assert stored.product.sku == "BEANS"


def test_sent_by_post_and_again_by_put_it_is_the_same(api, customer):
    send(api, "post", order(customer))
    rest = {k: v for k, v in order(customer).items() if k not in ("source", "number")}
    answer = api.put("/api/v1/orders/by-number/shop/1/", rest)
    assert (answer.status_code, answer["Upsert-Status"]) == (200, "unchanged")
    assert ChangeSet.objects.filter(source=ChangeSet.Source.API).count() == 1


def test_a_return_is_shown_as_the_description_says(api, customer):
    told = StringIO()
    call_command("spectacular", stdout=told)
    line = yaml.safe_load(told.getvalue())["components"]["schemas"]["OrderLine"]["properties"]
    shown = api.post("/api/v1/orders/", order(customer, kind="return")).json()["lines"][0]
    assert shown["quantity"] == "-2.000"
    for name in ("quantity", "unit_price", "amount", "base_amount"):
        assert re.search(line[name]["pattern"], shown[name])
