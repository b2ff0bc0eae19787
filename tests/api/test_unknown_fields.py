"""A field that nobody knows is refused wherever something is sent: a slip of the pen is not lost without a word."""

import re

import pytest
from django.utils import timezone
from drf_spectacular.settings import spectacular_settings

from customers.models import (
    ApiToken,
    CustomAttribute,
    ExchangeRate,
    Interaction,
    Order,
    Product,
    Task,
)
from insights.models import ModelVersion, Topic, TrainingRun

NOW = "2026-05-01T10:00:00Z"
BULK = ("bulk/", "events/")


def writes() -> list[tuple[str, str]]:
    """Every method and path of the description that may carry a body."""
    description = spectacular_settings.DEFAULT_GENERATOR_CLASS().get_schema(public=True)
    return [
        (method, path)
        for path, methods in description["paths"].items()
        for method in ("post", "put", "patch")
        if method in methods
    ]


@pytest.fixture
def address(api, records, customer):
    """``address(path)``: the path of the description with the keys of records that are there."""
    message = Interaction.objects.create(customer=customer, channel="email", text="x")
    Topic.objects.create(number=2, name="Late")
    ModelVersion.objects.create(
        kind="segments", number=1, as_of=timezone.now(), checksum="1" * 64, is_champion=True,
        summary={"clusters": [{"cluster": 2, "traits": []}]},
    )  # fmt: skip
    of = {type(row): row.pk for row in records.values()}
    ids = {
        "customers": customer.pk,
        "products": of[Product],
        "interactions": message.pk,
        "training-runs": of[TrainingRun],
        "model-versions": of[ModelVersion],
        "exchange-rates": ExchangeRate.objects.create(
            currency="USD", valid_from="2020-01-01", rate=1
        ).pk,
        "tasks": Task.objects.create(title="Call", customer=customer).pk,
        "tokens": ApiToken.objects.get().pk,
    }
    CustomAttribute.objects.create(name="plan", label="Plan")
    keys = {"source": "shop", "external_id": "77", "number": "2", "sku": "BEANS", "name": "plan"}

    def filled(path: str) -> str:
        noun = path.removeprefix("/api/v1/").partition("/")[0]
        return re.sub(r"\{(\w+)\}", lambda m: str(keys.get(m[1]) or ids[noun]), path)

    return filled


def told(answer) -> list[tuple[str, str]]:
    """What is wrong, of a request or of its first row."""
    if answer.status_code == 207:
        fields = answer.json()["results"][0]["errors"]
    else:
        assert answer.status_code == 400, answer.content
        fields = answer.json()["error"]["fields"]
    return [(f["field"], f["code"]) for f in fields]


@pytest.mark.parametrize(("method", "path"), writes())
def test_everywhere(api, address, method, path):
    one = {"bogus": 1}
    body = [one] if path.endswith(BULK) else one
    answer = getattr(api, method)(address(path), body)
    assert ("bogus", "unknown_field") in told(answer)


@pytest.mark.parametrize("name", ["chanel", "Channel", "lines_", "x" * 300])
def test_an_order_is_not_stored_without_what_was_meant(api, customer, name):
    order = {"customer": customer.pk, "number": "9", "occurred_at": NOW, "currency": "EUR"}
    body = {**order, "amount": 5, name: "web"}
    for answer in (
        api.post("/api/v1/orders/", body),
        api.put("/api/v1/orders/by-number/shop/9/", body),
        api.post("/api/v1/orders/bulk/", [body]),
    ):
        assert told(answer) == [(name[:100], "unknown_field")]
    assert not Order.objects.exists()


def test_lines_and_keys_are_looked_at_as_well(api, customer):
    line = {"quantity": 1, "unit_price": 5, "colour": "red"}
    key = {"source": "shop", "external_id": "1", "nr": 3}
    order = {"number": "9", "occurred_at": NOW, "currency": "EUR"}
    for send in (
        lambda body: api.post("/api/v1/orders/", body),
        lambda body: api.post("/api/v1/orders/bulk/", [body]),
    ):
        with_line = {**order, "customer": customer.pk, "lines": [line]}
        assert told(send(with_line)) == [("lines.0.colour", "unknown_field")]
        with_key = {**order, "customer": key, "amount": 5}
        assert told(send(with_key)) == [("customer.nr", "unknown_field")]


def test_a_good_row_is_stored_beside_one_with_a_slip(api):
    rows = [{"sku": "A", "name": "A"}, {"sku": "B", "prize": "3.00"}]
    answer = api.post("/api/v1/products/bulk/", rows)
    assert [row["status"] for row in answer.json()["results"]] == ["created", "rejected"]
    assert told(api.post("/api/v1/products/bulk/?atomic=true", rows)) == [
        ("1.prize", "unknown_field")
    ]
    assert list(Product.objects.values_list("sku", flat=True)) == ["A"]


def test_of_very_many_the_first_are_told(api):
    answer = api.post("/api/v1/products/bulk/", [{"sku": "A", **{f"n{i}": 1 for i in range(500)}}])
    assert 0 < len(told(answer)) < 20


@pytest.mark.parametrize("noun", ["customers", "products", "interactions"])
def test_a_record_may_be_sent_back_as_it_was_read(api, records, noun):
    [path] = [
        path for path in records if path.startswith(f"/api/v1/{noun}/") and "scores" not in path
    ]
    answer = api.patch(path, api.get(path).json())
    assert answer.status_code == 200, answer.content


def test_an_order_may_be_put_back_as_it_was_read(api, records):
    order = Order.objects.get()
    address = f"/api/v1/orders/by-number/{order.source}/{order.number}/"
    read = api.get(address).json()
    answer = api.put(address, read)
    assert answer.status_code == 200, answer.content
    assert answer.json()["lines"] == read["lines"]
