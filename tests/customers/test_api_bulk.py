"""Customers and products by API, many at once; what holds for rows of every kind."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import (
    Change,
    ChangeSet,
    CustomAttribute,
    Customer,
    CustomerValue,
    ExternalId,
    Interaction,
    Product,
    ProductValue,
    Tag,
)
from tests.customers.rows import client_of, message, person, statuses, wrong
from tests.tokens import api_of

CUSTOMERS = "/api/v1/customers/bulk/"
PRODUCTS = "/api/v1/products/bulk/"
INTERACTIONS = "/api/v1/interactions/bulk/"


@pytest.fixture
def api(owner):
    return client_of(owner)


@pytest.fixture
def managing(manager):
    return client_of(manager)


# Customers


def test_customers_are_created_and_belong_to_who_sent_them(api, owner, team):
    answer = api.post(CUSTOMERS, [person("1", name="王芳"), person("2")])
    assert (answer.status_code, statuses(answer)) == (200, ["created", "created"])
    named, nameless = (Customer.objects.get(pk=r["id"]) for r in answer.json()["results"])
    assert (named.name, named.owner, named.team) == ("王芳", owner, team)
    assert nameless.name == "2"
    assert named.totals.orders == 0


def test_what_a_row_leaves_out_stays_and_what_it_says_is_changed(api):
    api.post(CUSTOMERS, [person(name="Ana", city="Porto", phone="12")])
    answer = api.post(CUSTOMERS, [person(city="", phone="12")])
    assert statuses(answer) == ["updated"]
    ana = Customer.objects.get()
    assert (ana.name, ana.city, ana.phone) == ("Ana", "", "12")
    assert Change.objects.get().previous == {"city": "Porto"}
    assert statuses(api.post(CUSTOMERS, [person(phone="12")])) == ["unchanged"]
    assert ChangeSet.objects.filter(source="api").count() == 2


def test_the_second_row_of_one_customer_is_a_duplicate(api):
    answer = api.post(CUSTOMERS, [person(name="First"), person(name="Second")])
    assert statuses(answer) == ["created", "duplicate"]
    assert Customer.objects.get().name == "First"


def test_custom_attributes_are_checked_by_their_type_and_earlier_values_kept(api):
    CustomAttribute.objects.create(name="plan", label="Plan", type="choice")
    CustomAttribute.objects.create(name="visits", label="Visits", type="number")
    api.post(CUSTOMERS, [person(attributes={"plan": "gold", "visits": "3"})])
    assert Customer.objects.get().attributes == {"plan": "gold", "visits": 3}
    since = "2026-01-01T00:00:00Z"
    api.post(CUSTOMERS, [person(attributes={"plan": "basic"}, valid_from=since)])
    assert Customer.objects.get().attributes == {"plan": "basic", "visits": 3}
    values = CustomerValue.objects.filter(field="attribute:plan").order_by("pk")
    assert [(v.value, v.valid_from and v.valid_from.date()) for v in values] == [
        ("gold", None), ("basic", datetime.date(2026, 1, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code"),
    [("many", "invalid"), (float("1e300") * 10, "invalid"), (10**400, "invalid"), ([3], "invalid"),
     (True, "invalid")],
    ids=["word", "huge", "huger", "list", "bool"],
)  # fmt: skip
def test_a_wrong_attribute_is_named(api, value, code):
    CustomAttribute.objects.create(name="visits", label="Visits", type="number")
    answer = api.post(CUSTOMERS, [person(attributes={"visits": value})])
    if value == float("1e300") * 10:
        assert answer.status_code == 200  # large, and finite
        return
    assert wrong(answer) == [("attributes.visits", code)]


def test_an_unknown_attribute_is_named(api):
    answer = api.post(CUSTOMERS, [person(attributes={"nothing": 1})])
    assert wrong(answer) == [("attributes.nothing", "does_not_exist")]


def test_tags_that_are_not_there_are_refused_and_not_made(api, managing):
    Tag.objects.create(name="loyal")
    for client in (api, managing):
        answer = client.post(CUSTOMERS, [person("1", tags=["loyal", "lojal"]), person("2")])
        assert wrong(answer) == [("tags.1", "does_not_exist")]
        put = client.put("/api/v1/customers/by-external-id/shop/2/", {"tags": ["lojal"]})
        assert put.json()["error"]["fields"][0]["field"] == "tags.0"
        assert (
            client.post("/api/v1/customers/", {"name": "A", "tags": ["lojal"]}).status_code == 400
        )
    assert [tag.name for tag in Tag.objects.all()] == ["loyal"]


def test_null_takes_an_attribute_away_and_keeps_what_it_was(api):
    for name in ("plan", "visits"):
        CustomAttribute.objects.create(name=name, label=name, type="text")
    api.post(CUSTOMERS, [person(attributes={"plan": "gold", "visits": "3"})])
    gone = [person(attributes={"plan": None})]
    assert statuses(api.post(CUSTOMERS, gone)) == ["updated"]
    assert statuses(api.post(CUSTOMERS, gone)) == ["unchanged"]
    assert Customer.objects.get().attributes == {"visits": "3"}
    assert Change.objects.get().previous == {"attributes": {"plan": "gold", "visits": "3"}}
    kept = CustomerValue.objects.filter(field="attribute:plan").order_by("pk")
    assert [(one.value, one.valid_from is None) for one in kept] == [("gold", True), (None, False)]
    address = "/api/v1/customers/by-external-id/shop/77/"
    assert api.put(address, {"attributes": {"visits": None}}).json()["attributes"] == {}


def test_a_new_customer_has_no_attribute_that_is_null(api):
    CustomAttribute.objects.create(name="plan", label="Plan", type="text")
    assert statuses(api.post(CUSTOMERS, [person(attributes={"plan": None})])) == ["created"]
    assert Customer.objects.get().attributes == {}
    assert not CustomerValue.objects.exists()
    unknown = api.post(CUSTOMERS, [person(attributes={"plam": None})])
    assert wrong(unknown) == [("attributes.plam", "does_not_exist")]


def test_tags_are_set(api):
    Tag.objects.bulk_create([Tag(name="loyal"), Tag(name="new")])
    api.post(CUSTOMERS, [person("1", tags=["loyal", "new"]), person("2", tags=["new"])])
    assert Customer.objects.filter(tags__name="new").count() == 2
    answer = api.post(CUSTOMERS, [person("1", tags=[]), person("2")])
    assert statuses(answer) == ["updated", "unchanged"]
    assert Customer.objects.filter(tags__name="new").count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"external_id": ""}, "external_id", "blank"),
        ({"external_id": "x" * 101}, "external_id", "max_length"),
        ({"external_id": "a\x00b"}, "external_id", "null_characters_not_allowed"),
        ({"source": None}, "source", "null"),
        ({"source": "s" * 51}, "source", "max_length"),
        ({"email": "nobody"}, "email", "invalid"),
        ({"lifecycle": "dead"}, "lifecycle", "invalid_choice"),
        ({"tags": "loyal"}, "tags", "not_a_list"),
        ({"tags": ["x" * 51]}, "tags.0", "max_length"),
        ({"attributes": []}, "attributes", "not_a_dict"),
        ({"profiling_refused": "perhaps"}, "profiling_refused", "invalid"),
        ({"owner": "nobody"}, "owner", "does_not_exist"),
        ({"team": "Nowhere"}, "team", "does_not_exist"),
        ({"known_since": "2999-01-01T00:00:00Z"},
         "known_since", "in_the_future"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_wrong_field_of_a_customer_is_named(api, fields, field, code):
    answer = api.post(CUSTOMERS, [person(**fields), person("good")])
    assert answer.status_code == 207
    assert wrong(answer) == [(field, code)]
    assert ExternalId.objects.get().external_id == "good"


def test_somebody_elses_customer_is_not_changed(api, make_customer, stranger):
    theirs = make_customer("Theirs", owner=stranger)
    ExternalId.objects.create(customer=theirs, source="shop", external_id="77")
    answer = api.post(CUSTOMERS, [person(name="Mine now"), person("78")])
    assert wrong(answer) == [("external_id", "taken")]
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"


def test_nobody_hands_a_customer_out_of_sight_except_admins(api, stranger, other_team, admin):
    rows = [person("1", owner=stranger.username), person("2", team=other_team.name)]
    answer = api.post(CUSTOMERS, rows)
    assert wrong(answer, 0) == [("owner", "invalid")]
    assert wrong(answer, 1) == [("team", "invalid")]
    assert statuses(client_of(admin).post(CUSTOMERS, rows)) == ["created", "created"]
    assert Customer.objects.get(owner=stranger).team is None


def test_who_is_new_belongs_to_somebody_even_where_the_row_says_nobody(api, owner, team):
    api.post(CUSTOMERS, [person(owner=None, team=None)])
    created = Customer.objects.get()
    assert (created.owner, created.team) == (owner, team)


def test_customers_cost_the_same_queries_whatever_their_number(managing, owner):
    CustomAttribute.objects.create(name="plan", label="Plan", type="choice")
    Tag.objects.create(name="a")

    def batch(size, city):
        return [
            person(str(n), city=city, owner="owner", team="North", tags=["a"],
                   attributes={"plan": city})
            for n in range(size)
        ]  # fmt: skip

    managing.post(CUSTOMERS, batch(150, "Faro"))
    counts = []
    for size, city in ((5, "Porto"), (150, "Lisboa")):
        with CaptureQueriesContext(connection) as queries:
            assert statuses(managing.post(CUSTOMERS, batch(size, city))) == ["updated"] * size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 27


# Products


def test_products_are_told_by_their_sku_and_prices_are_kept(managing):
    row = {"sku": "B", "name": "Beans", "price": "20.00"}
    assert statuses(managing.post(PRODUCTS, [row])) == ["created"]
    assert statuses(managing.post(PRODUCTS, [row])) == ["unchanged"]
    assert statuses(managing.post(PRODUCTS, [{"sku": "B", "price": "21"}])) == ["updated"]
    product = Product.objects.get()
    assert (product.name, product.price, product.currency) == ("Beans", 21, "EUR")
    assert list(ProductValue.objects.order_by("pk").values_list("value", flat=True)) == [
        "20.00", "21.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"price": "NaN"}, "price", "invalid"),
        ({"price": "1.234"}, "price", "max_decimal_places"),
        ({"price": "-1"}, "price", "min_value"),
        ({"currency": "euro"}, "currency", "max_length"),
        ({"in_stock": "perhaps"}, "in_stock", "invalid"),
        ({"sku": None}, "sku", "null"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_wrong_field_of_a_product_is_named(managing, fields, field, code):
    answer = managing.post(PRODUCTS, [{"sku": "B"} | fields])
    assert wrong(answer) == [(field, code)]
    assert not Product.objects.exists()


def test_sales_staff_write_no_products(api):
    assert api.post(PRODUCTS, [{"sku": "B"}]).status_code == 403


# Through the doors


def test_a_token_that_sends_facts_in_writes_no_customers(owner, customer):
    shop = api_of(owner, "ingest")
    assert statuses(shop.post(INTERACTIONS, [message(customer)])) == ["created"]
    refused = shop.post(CUSTOMERS, [person()])
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")
    assert not ExternalId.objects.exists()


def test_a_request_with_a_key_is_answered_the_same_when_it_comes_again(api, customer):
    rows = [message(customer, None), message(customer, None, channel="fax")]
    first, again = (
        api.post(INTERACTIONS, rows, headers={"Idempotency-Key": "once"}) for _time in range(2)
    )
    assert (first.status_code, again.status_code) == (207, 207)
    assert again.json() == first.json()
    assert Interaction.objects.count() == 1


def test_a_parameter_nobody_knows_is_refused(api):
    assert api.post(CUSTOMERS + "?atomc=true", [person()]).status_code == 400
    assert not Customer.objects.exists()


def test_everything_that_is_wrong_with_a_row_is_told_at_once(api, customer):
    who = person(email="?", owner="nobody", team="Nowhere", tags=["?"], attributes={"?": 1})
    assert wrong(api.post(CUSTOMERS, [who])) == [
        ("email", "invalid"),
        ("attributes.?", "does_not_exist"),
        ("tags.0", "does_not_exist"),
        ("owner", "does_not_exist"),
        ("team", "does_not_exist"),
    ]
    said = message(customer, rating=6, product="?", order=999, author="?", colour="red")
    assert wrong(api.post(INTERACTIONS, [said])) == [
        ("colour", "unknown_field"),
        ("rating", "max_value"),
        ("order", "does_not_exist"),
        ("product", "does_not_exist"),
        ("author", "does_not_exist"),
    ]
    line = {"product": "?", "quantity": "x", "unit_price": "1"}
    coupon = {"product": "COUPON", "quantity": 1, "unit_price": "-1"}
    order = {
        "customer": 999, "number": "1", "currency": "XYZ", "returns": 999, "lines": [line, coupon],
    }  # fmt: skip
    told = [
        ("occurred_at", "required"),
        ("lines.0.quantity", "invalid"),
        ("customer", "does_not_exist"),
        ("currency", "missing_rate"),
        ("returns", "does_not_exist"),
        ("lines.0.product", "does_not_exist"),
    ]
    assert wrong(api.post("/api/v1/orders/bulk/", [order])) == told
    alone = api.post("/api/v1/orders/", order).json()["error"]["fields"]
    assert [(f["field"], f["code"]) for f in alone] == told


def test_of_what_is_no_row_nothing_more_is_said(api):
    assert wrong(api.post(CUSTOMERS, [7])) == [("", "invalid")]
    assert wrong(api.post(INTERACTIONS, [7])) == [("", "invalid")]
