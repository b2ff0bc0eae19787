"""All that is wrong with an order is said in one answer, its sums and what goes back among it.

A rule is left out where a field that it needs is itself wrong: mended, the field may be one that the rule agrees with.
"""

import pytest

from customers.models import ExchangeRate, Order, Product
from tests.customers.csvs import bring, verdicts
from tests.customers.test_api_returns import SALE, api, back, order, road, send
from tests.customers.test_import_returns import HEAD, MAP
from tests.customers.test_import_returns import SALE as SOLD
from tests.customers.test_import_returns import back as back_in_file
from tests.tokens import api_of

__all__ = ["api", "bring", "road"]

LONG = "x" * 31


def body(make, customer, fields: dict) -> dict:
    """``customer`` among the fields is what the body says of whose it is."""
    whose = {name: value for name, value in fields.items() if name == "customer"}
    return make(customer, **{name: fields[name] for name in fields.keys() - whose}) | whose


@pytest.fixture(autouse=True)
def products(db):
    for sku in ("BEANS", "FILTER"):
        Product.objects.create(sku=sku, name=sku)


@pytest.fixture
def other(make_customer, owner):
    return make_customer("Other", owner=owner)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"kind": "sale", "amount": "-5", "channel": LONG},
            {("channel", "max_length"), ("amount", "min_value")},
        ),
        (
            {"kind": "sale", "amount": "-5", "currency": "USD", "occurred_at": "2026-04-01T10:00:00Z"},
            {("amount", "min_value"), ("currency", "missing_rate")},
        ),
        (
            {"amount": "990000000000", "customer": 10**9, "unknown": 1},
            {("customer", "does_not_exist"), ("unknown", "unknown_field"), ("amount", "too_large")},
        ),
        (
            {"kind": "sale", "pieces": "-2", "product": "TEA"},
            {("lines.0.product", "does_not_exist"), ("amount", "min_value")},
        ),
    ],
)  # fmt: skip
def test_sums_are_judged_beside_wrong_fields(api, customer, road, fields, expected):
    ExchangeRate.objects.create(currency="USD", valid_from="2026-05-01", rate="0.9")
    assert set(send(api, road, body(order, customer, fields))) == expected
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "gift", "amount": "-5"}, {("kind", "invalid_choice")}),
        ({"kind": "sale", "amount": "much"}, {("amount", "invalid")}),
        ({"kind": "sale", "pieces": "many"}, {("lines.0.quantity", "invalid")}),
        (
            {"currency": "USD", "occurred_at": "yesterday", "amount": "1"},
            {("occurred_at", "invalid")},
        ),
    ],
)
def test_a_sum_of_what_is_wrong_is_not_judged(api, customer, road, fields, expected):
    ExchangeRate.objects.create(currency="USD", valid_from="2026-05-01", rate="0.9")
    assert set(send(api, road, body(order, customer, fields))) == expected


MORE = ("lines.0.quantity", "more_than_sold")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pieces": "9", "channel": LONG}, {("channel", "max_length"), MORE}),
        ({"pieces": "9", "unknown": 1}, {("unknown", "unknown_field"), MORE}),
        (
            {"kind": "sale", "currency": "XXX"},
            {("currency", "missing_rate"), ("returns", "not_a_return")},
        ),
        ({"kind": "sale", "pieces": "9"}, {("returns", "not_a_return")}),
        # What may be right once the field is: whose it is, what kind, how many of what.
        ({"customer": "?", "pieces": "9"}, {("customer", "incorrect_type")}),
        ({"kind": "gift", "pieces": "9"}, {("kind", "invalid_choice")}),
        ({"pieces": "many"}, {("lines.0.quantity", "invalid")}),
        ({"product": "TEA", "pieces": "9"}, {("lines.0.product", "does_not_exist")}),
    ],
)
def test_what_goes_back_is_judged_beside_wrong_fields(api, customer, road, fields, expected):
    assert send(api, "post", order(customer)) == []
    assert set(send(api, road, body(back, customer, fields))) == expected
    assert Order.objects.count() == 1


def test_two_reasons_against_one_return_are_both_said(api, customer, other, road):
    send(api, "post", order(customer))
    assert set(send(api, road, back(other, kind="sale", channel=LONG))) == {
        ("channel", "max_length"),
        ("returns", "not_a_return"),
        ("returns", "other_customer"),
    }


def test_every_line_of_too_many_pieces_is_named(api, customer, road):
    lines = [
        {"product": sku, "quantity": "2", "unit_price": "20.00"} for sku in ("BEANS", "FILTER")
    ]
    send(api, "post", order(customer, lines=lines))
    more = [line | {"quantity": "3"} for line in lines]
    assert send(api, road, back(customer, lines=more)) == [
        ("lines.0.quantity", "more_than_sold"),
        ("lines.1.quantity", "more_than_sold"),
    ]


@pytest.mark.parametrize("again", ["put", "bulk"])
def test_what_something_came_back_of_is_judged_beside_wrong_fields(api, customer, other, again):
    send(api, "post", order(customer))
    send(api, "post", back(customer))
    channel, whose = ("channel", "max_length"), ("customer", "has_returns")
    assert set(send(api, again, order(other, channel=LONG, kind="return"))) == {
        channel, whose, ("kind", "has_returns"),
    }  # fmt: skip
    assert set(send(api, again, order(other, channel=LONG, pieces="1"))) == {
        channel, whose, ("lines.0.quantity", "fewer_than_returned"),
    }  # fmt: skip
    nothing_known = {"kind": "gift", "customer": "?", "pieces": "many"}
    assert send(api, again, body(order, other, nothing_known)) == [
        ("customer", "incorrect_type"), ("kind", "invalid_choice"), ("lines.0.quantity", "invalid"),
    ]  # fmt: skip


def test_a_number_that_is_taken_is_named_beside_wrong_fields(api, customer):
    send(api, "post", order(customer))
    answer = api.post("/api/v1/orders/", order(customer))
    assert answer.status_code == 409
    assert set(send(api, "post", order(customer, channel=LONG, kind="sale", amount="-1"))) == {
        ("number", "unique"),
        ("channel", "max_length"),
        ("amount", "min_value"),
    }


def test_of_somebody_elses_order_no_more_is_told_than_that_its_number_is_taken(
    api, customer, make_customer, stranger
):
    theirs = make_customer("Theirs", owner=stranger)
    assert send(api_of(stranger), "post", order(theirs)) == []
    assert send(api_of(stranger), "post", back(theirs)) == []
    assert send(api, "bulk", order(customer, pieces="1", channel=LONG)) == [
        ("channel", "max_length"),
        ("number", "taken"),
    ]


def test_what_is_refused_takes_nothing_from_what_is_not(api, customer):
    """Neither pieces, nor does anything go back to it; each is told of itself alone."""
    rows = [
        order(customer),
        back(customer, "R1", channel=LONG),
        back(customer, "R2"),
        back(customer, "R3", channel=LONG),
        order(customer, "2", channel=LONG),
        back(customer, "R4", channel=LONG, returns={"source": "shop", "number": "2"}),
    ]
    results = api.post("/api/v1/orders/bulk/", rows).json()["results"]
    assert [row["status"] for row in results] == [
        "created", "rejected", "created", "rejected", "rejected", "rejected",
    ]  # fmt: skip
    told = [{error["code"] for error in row["errors"]} for row in results]
    assert told[3] == {"max_length", "more_than_sold"}  # R2 has sent all of it back
    assert told[4] == told[5] == {"max_length"}
    assert Order.objects.get(number="R2").returns.number == SALE["number"]


def test_a_row_of_a_file_is_rejected_for_all_that_is_wrong_with_it(bring):
    rows = [
        "1,,2026-01-05 10:00:00,K1,Kettle,some,40.00,sale,\n",
        "2,A,soon,K1,Kettle,1,,gift,\n",
        SOLD.replace("1,A", "3,A", 1),
    ]
    report = bring("orders", HEAD + "".join(rows), MAP)
    assert verdicts(report) == {"created": 1, "rejected": 2, "total": 3}
    first, second = bring.rejected()
    assert (first["column"], second["column"]) == ("who, n", "when, kind, price")
    assert first["reason"] == "who: no customer; n: " + report_reason(report, "n")
    assert sum(report.reasons.values()) == 5


def report_reason(report, column: str) -> str:
    return next(reason for of, reason in report.reasons if of == column)


def test_an_order_of_a_file_is_rejected_for_all_that_is_wrong_with_it(bring):
    wrong = back_in_file(who="B", kind="sale", pieces=9)
    report = bring("orders", HEAD + SOLD + wrong, MAP)
    assert verdicts(report) == {"created": 1, "rejected": 1, "total": 2}
    [told] = bring.rejected()
    assert told["column"] == "of"
    assert "another customer" in told["reason"] and "Only a return" in told["reason"]
