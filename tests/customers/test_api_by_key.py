"""Records at the address of the sender's own key: read there, and created or changed by PUT."""

import pytest
from rest_framework.test import APIClient

from customers.models import (
    Change,
    CustomAttribute,
    Customer,
    ExternalId,
    Interaction,
    Order,
    Product,
)

CUSTOMER = "/api/v1/customers/by-external-id/shop/77/"
ORDER = "/api/v1/orders/by-number/shop/2026/1/"  # the number is "2026/1"
PRODUCT = "/api/v1/products/by-sku/BEANS/"
MESSAGE = "/api/v1/interactions/by-external-id/mailbox/<1@example.com>/"
NOW = "2026-05-01T10:00:00Z"


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(owner):
    return client_of(owner)


def outcome(answer) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Upsert-Status", "")


def wrong(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 400
    return [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]]


def test_a_customer_is_created_then_changed_then_left_alone(api, owner):
    CustomAttribute.objects.create(name="plan", label="Plan", type="choice")
    first = api.put(CUSTOMER, {"name": "Ana", "attributes": {"plan": "gold"}})
    assert outcome(first) == (201, "created")
    told = first.json()
    assert (told["name"], told["owner"], told["attributes"]) == ("Ana", "owner", {"plan": "gold"})
    assert told["external_ids"] == [{"source": "shop", "external_id": "77"}]
    assert outcome(api.put(CUSTOMER, {"city": "Porto"})) == (200, "updated")
    assert outcome(api.put(CUSTOMER, {"city": "Porto"})) == (200, "unchanged")
    assert api.get(CUSTOMER).json() == api.get(f"/api/v1/customers/{told['id']}/").json()
    assert Change.objects.get().previous == {"city": ""}


def test_a_body_may_repeat_the_key_of_its_address_and_name_no_other(api):
    assert outcome(api.put(CUSTOMER, {"source": "shop", "external_id": 77})) == (201, "created")
    answer = api.put(CUSTOMER, {"source": "other", "external_id": "1", "city": "Porto"})
    assert wrong(answer) == [("source", "not_the_address"), ("external_id", "not_the_address")]
    assert "“shop”" in answer.json()["error"]["fields"][0]["message"]
    assert Customer.objects.get().city == "" and ExternalId.objects.get().source == "shop"


def test_an_order_that_was_read_goes_back_to_its_own_address_and_to_no_other(api):
    api.put(CUSTOMER, {})
    body = {"customer": {"source": "shop", "external_id": "77"}, "occurred_at": NOW}
    read = api.put(ORDER, body | {"currency": "EUR", "amount": "40.00"}).json()
    assert outcome(api.put(ORDER, read)) == (200, "unchanged")
    assert wrong(api.put("/api/v1/orders/by-number/shop/2/", read)) == [
        ("number", "not_the_address")
    ]
    assert Order.objects.count() == 1


def test_a_key_with_a_slash_is_found_again(api):
    address = "/api/v1/customers/by-external-id/shop/a%2Fb/c/"
    assert outcome(api.put(address, {})) == (201, "created")
    assert ExternalId.objects.get().external_id == "a/b/c"
    assert api.get(address).status_code == 200


def test_wrong_fields_are_named_and_nothing_is_stored(api):
    answer = api.put(CUSTOMER, {"email": "nobody", "attributes": {"plan": 1}})
    assert wrong(answer) == [("email", "invalid"), ("attributes.plan", "does_not_exist")]
    assert wrong(api.put(CUSTOMER, {"attributes": {"plan": 1}})) == [
        ("attributes.plan", "does_not_exist")
    ]
    assert api.put(CUSTOMER, [1]).status_code == 400
    assert not Customer.objects.exists()


@pytest.mark.parametrize("key", ["x" * 101, "a%00b", "%20"], ids=["long", "nul", "blank"])
def test_a_key_that_cannot_be_is_refused(api, key):
    address = f"/api/v1/customers/by-external-id/shop/{key}/"
    assert api.put(address, {}).status_code == 400
    assert api.get(address).status_code == 404


def test_somebody_elses_record_is_not_there(api, customer, stranger, make_customer):
    theirs = make_customer("Theirs", owner=stranger)
    ExternalId.objects.create(customer=theirs, source="shop", external_id="77")
    client_of(stranger).put(
        ORDER, {"customer": theirs.pk, "occurred_at": NOW, "currency": "EUR", "amount": 5}
    )
    assert api.get(CUSTOMER).status_code == api.put(CUSTOMER, {"name": "x"}).status_code == 404
    assert api.get(ORDER).status_code == 404
    mine = {"customer": customer.pk, "occurred_at": NOW, "currency": "EUR", "amount": 5}
    assert api.put(ORDER, mine).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "Theirs" and Order.objects.get().customer == theirs


def test_a_customer_handed_to_a_teammate_is_answered_once_more(api, teammate):
    for body in ({"name": "Ana"}, {"owner": "teammate"}):
        assert api.put(CUSTOMER, body).status_code in (200, 201)
    assert api.get(CUSTOMER).status_code == 404
    assert Customer.objects.get().owner == teammate
    answer = api.post("/api/v1/customers/", {"name": "Bert", "owner": "teammate"})
    assert (answer.status_code, answer.json()["owner"]) == (201, "teammate")


def test_an_order_is_replaced_as_a_whole(api, customer):
    Product.objects.create(sku="BEANS", name="Beans")
    body = {
        "customer": customer.pk, "occurred_at": NOW, "currency": "EUR", "channel": "web",
        "lines": [{"product": "BEANS", "quantity": 2, "unit_price": "20"}],
    }  # fmt: skip
    first = api.put(ORDER, body)
    assert outcome(first) == (201, "created")
    assert (first.json()["number"], first.json()["amount"]) == ("2026/1", "40.00")
    assert outcome(api.put(ORDER, body)) == (200, "unchanged")
    del body["channel"]
    body["lines"][0]["quantity"] = 3
    again = api.put(ORDER, body)
    assert outcome(again) == (200, "updated")
    assert (again.json()["amount"], again.json()["channel"]) == ("60.00", "")
    assert again.json()["id"] == first.json()["id"]
    assert api.get(ORDER).json() == again.json()
    customer.totals.refresh_from_db()
    assert customer.totals.value == 60
    body["lines"][0]["product"] = "NONE"
    assert wrong(api.put(ORDER, body)) == [("lines.0.product", "does_not_exist")]


def test_products_are_for_managers_to_write_and_for_all_to_read(api, manager):
    managing = client_of(manager)
    assert outcome(managing.put(PRODUCT, {"price": "20"})) == (201, "created")
    assert api.get(PRODUCT).json()["price"] == "20.00"
    assert api.put(PRODUCT, {"price": "1"}).status_code == 403
    assert outcome(managing.put(PRODUCT, {"in_stock": False})) == (200, "updated")


def test_a_message_comes_once_whoever_sends_it_again(api, customer):
    body = {"customer": customer.pk, "channel": "email", "text": "Late again"}
    first = api.put(MESSAGE, body)
    assert outcome(first) == (201, "created")
    assert outcome(api.put(MESSAGE, body)) == (200, "unchanged")
    assert outcome(api.put(MESSAGE, body | {"text": "Never came"})) == (200, "updated")
    assert api.get(MESSAGE).json()["text"] == "Never came"
    assert Interaction.objects.count() == 1


def told(answer) -> str:
    return answer.json()["error"]["message"]


def test_a_change_is_made_only_to_what_the_caller_has_read(api):
    new = {"HTTP_IF_NONE_MATCH": "*"}
    refused = api.put(CUSTOMER, {"name": "Ana"}, HTTP_IF_MATCH='"nothing"')
    assert (refused.status_code, "leave If-Match out" in told(refused)) == (412, True)
    first = api.put(CUSTOMER, {"name": "Ana"}, **new)
    assert outcome(first) == (201, "created")
    refused = api.put(CUSTOMER, {"name": "Bea"}, **new)
    assert (refused.status_code, "a record here already" in told(refused)) == (412, True)
    refused = api.put(CUSTOMER, {"name": "Bea"}, HTTP_IF_MATCH='"old"')
    assert (refused.status_code, "changed since you read it" in told(refused)) == (412, True)
    assert Customer.objects.get().name == "Ana"
    answer = api.put(CUSTOMER, {"name": "Bea"}, HTTP_IF_MATCH=first["ETag"])
    assert outcome(answer) == (200, "updated")
    assert api.get(CUSTOMER)["ETag"] == answer["ETag"]


def test_everywhere_a_customer_or_an_order_can_be_named_by_its_own_key(
    api, customer, make_customer, stranger
):
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    theirs = make_customer(owner=stranger)
    ExternalId.objects.create(customer=theirs, source="shop", external_id="78")
    who, number = {"source": "shop", "external_id": "77"}, {"source": "shop", "number": "1"}
    order = {"customer": who, "occurred_at": NOW, "currency": "EUR", "amount": "5.00"}
    sale = api.post("/api/v1/orders/", order | number)
    assert sale.status_code == 201, sale.json()
    back = api.post("/api/v1/orders/", order | {"number": "2", "kind": "return", "returns": number})
    assert (back.status_code, back.json()["returns"]) == (201, sale.json()["id"])
    message = {"customer": who, "order": number, "channel": "email"}
    answer = api.post("/api/v1/interactions/", message)
    assert (answer.status_code, answer.json()["customer"]) == (201, customer.pk)
    who["external_id"] = "78"
    assert wrong(api.post("/api/v1/interactions/", message)) == [("customer", "does_not_exist")]
    number["number"] = "?"
    assert wrong(api.post("/api/v1/interactions/", {"order": number, "channel": "email"})) == [
        ("order", "does_not_exist")
    ]
    assert wrong(api.post("/api/v1/orders/", order | {"number": "3", "customer": {}})) == [
        ("customer.source", "required"), ("customer.external_id", "required"),
    ]  # fmt: skip
