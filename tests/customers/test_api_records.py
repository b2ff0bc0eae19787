"""The API as other systems use it: real requests, a real database."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import (
    Change,
    ChangeSet,
    CustomAttribute,
    Customer,
    CustomerValue,
    ExchangeRate,
    ExternalId,
    Interaction,
    Order,
    Product,
    ProductValue,
)
from customers.signals import facts_changed
from tests.tokens import api_of

NOW = "2026-05-01T10:00:00Z"


@pytest.fixture
def api(owner):
    return api_of(owner)


@pytest.fixture
def beans(db):
    return Product.objects.create(
        sku="BEANS", name="House espresso, 1 kg", price=20, currency="EUR"
    )


@pytest.fixture
def heard():
    """Ids of announced changes."""
    heard = []

    def listen(customer_ids, **kwargs):
        heard.append(customer_ids)

    facts_changed.connect(listen)
    yield heard
    facts_changed.disconnect(listen)


def order_of(customer, **fields):
    lines = [{"product": "BEANS", "quantity": "2", "unit_price": "20.00"}]
    return {
        "customer": customer.pk,
        "number": "1001",
        "occurred_at": NOW,
        "currency": "EUR",
        "lines": lines,
    } | fields


def test_an_order_is_stored_with_its_lines_and_the_totals_follow(
    api, customer, beans, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = api.post("/api/v1/orders/", order_of(customer))
    assert answer.status_code == 201, answer.data
    assert answer.data["amount"] == "40.00"
    assert answer.data["lines"][0]["product"] == "BEANS"
    customer.totals.refresh_from_db()
    assert (customer.totals.orders, customer.totals.value) == (1, Decimal(40))
    assert heard == [[customer.pk]]
    assert Order.objects.get().recorded_in.source == ChangeSet.Source.API


def test_a_return_counts_against_the_value(api, customer, beans):
    api.post("/api/v1/orders/", order_of(customer))
    answer = api.post("/api/v1/orders/", order_of(customer, number="1002", kind="return"))
    assert answer.data["amount"] == "-40.00"
    customer.totals.refresh_from_db()
    assert (customer.totals.orders, customer.totals.returns, customer.totals.value) == (1, 1, 0)


def test_the_same_number_twice_is_refused_and_nothing_changes(api, customer, beans):
    api.post("/api/v1/orders/", order_of(customer))
    answer = api.post("/api/v1/orders/", order_of(customer))
    assert answer.status_code == 409
    assert answer.data["error"]["code"] == "conflict"
    assert [f["field"] for f in answer.data["error"]["fields"]] == ["number"]
    assert Order.objects.count() == 1


def test_money_is_converted_at_the_rate_of_its_day(api, customer, beans):
    ExchangeRate.objects.create(currency="CNY", valid_from="2026-01-01", rate="0.125")
    answer = api.post("/api/v1/orders/", order_of(customer, currency="cny"))
    assert answer.data["base_amount"] == "5.00"


def test_what_no_column_holds_is_refused(api, customer, beans):
    lines = [{"product": "BEANS", "quantity": "99999999999", "unit_price": "9999999999"}]
    answer = api.post("/api/v1/orders/", order_of(customer, lines=lines))
    assert answer.status_code == 400
    assert answer.data["error"]["fields"][0]["code"] == "too_large"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": "sale", "lines": [], "amount": "-5"}, "amount", "min_value"),
        (
            {"kind": "sale", "lines": [{"product": "BEANS", "quantity": 1, "unit_price": -1}]},
            "amount",
            "min_value",
        ),
        ({"occurred_at": "1500-01-01T00:00:00Z"}, "occurred_at", "too_early"),
    ],
)
def test_an_order_that_nobody_can_have_placed_is_refused(api, customer, beans, change, field, code):
    answer = api.post("/api/v1/orders/", order_of(customer, **change))
    assert answer.status_code == 400
    (problem,) = answer.data["error"]["fields"]
    assert (problem["field"], problem["code"]) == (field, code)


def test_what_is_sent_back_was_bought_by_the_same_customer(
    api, owner, customer, make_customer, beans
):
    other = make_customer("Other", owner=owner)
    bought = api.post("/api/v1/orders/", order_of(other)).data["id"]
    back = order_of(customer, number="1002", kind="return", returns=bought)
    answer = api.post("/api/v1/orders/", back)
    assert answer.data["error"]["fields"][0]["code"] == "other_customer"
    assert api.post("/api/v1/orders/", back | {"customer": other.pk}).status_code == 201


def test_a_change_of_one_attribute_leaves_the_others(api, customer):
    for name in ("tier", "taste"):
        CustomAttribute.objects.create(name=name, label=name, type="text")
    customer.attributes = {"tier": "gold", "taste": "dark", "imported": 7}
    customer.save()
    address = f"/api/v1/customers/{customer.pk}/"
    answer = api.patch(address, {"attributes": {"tier": "silver", "taste": None}})
    assert answer.data["attributes"] == {"tier": "silver", "imported": 7}


@pytest.mark.parametrize("change", [{"owner": None}, {"owner": "teammate", "team": None}])
def test_nobody_moves_a_customer_out_of_their_own_sight(api, customer, teammate, change):
    before = (customer.owner_id, customer.team_id)
    answer = api.patch(f"/api/v1/customers/{customer.pk}/", change)
    assert answer.status_code == 400
    assert answer.data["error"]["fields"][0]["code"] == "out_of_sight"
    customer.refresh_from_db()
    assert (customer.owner_id, customer.team_id) == before


def test_a_currency_without_a_rate_is_named(api, customer, beans):
    answer = api.post("/api/v1/orders/", order_of(customer, currency="USD"))
    assert answer.status_code == 400
    assert answer.data["error"]["fields"][0]["code"] == "missing_rate"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": [{"product": "NONE", "quantity": 1, "unit_price": 1}]}, "lines.0.product"),
        ({"lines": [{"product": "BEANS", "quantity": "NaN", "unit_price": 1}]}, "lines.0.quantity"),
        ({"lines": [], "amount": None}, "amount"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"currency": "EURO"}, "currency"),
        ({"number": "nul\x00byte"}, "number"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(api, customer, beans, change, field):
    answer = api.post("/api/v1/orders/", order_of(customer, **change))
    assert answer.status_code == 400
    assert [f["field"] for f in answer.data["error"]["fields"]] == [field]


def test_what_lies_in_the_future_is_refused(api, customer, beans):
    later = (timezone.now() + datetime.timedelta(days=2)).isoformat()
    call = {"customer": customer.pk, "channel": "call", "direction": "in", "occurred_at": later}
    for path, body in (
        ("orders", order_of(customer, occurred_at=later)),
        ("interactions", call),
    ):
        answer = api.post(f"/api/v1/{path}/", body, format="json")
        assert answer.status_code == 400
        assert answer.json()["error"]["fields"][0]["field"].endswith("occurred_at")
    assert not Order.objects.exists() and not Interaction.objects.exists()


def test_an_order_for_a_strangers_customer_is_refused(api, make_customer, stranger, beans):
    theirs = make_customer(owner=stranger)
    answer = api.post("/api/v1/orders/", order_of(theirs))
    assert answer.status_code == 400
    assert answer.data["error"]["fields"][0] == {
        "field": "customer",
        "code": "does_not_exist",
        "message": answer.data["error"]["fields"][0]["message"],
    }


def test_a_complaint_is_recorded_with_its_author(
    api, customer, owner, heard, django_capture_on_commit_callbacks
):
    message = {
        "customer": customer.pk,
        "channel": "complaint",
        "text": "配送晚了四天。",
        "occurred_at": NOW,
        "rating": 1,
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = api.post("/api/v1/interactions/", message)
    assert answer.status_code == 201, answer.data
    assert Interaction.objects.get().author == owner
    assert heard == [[customer.pk]]


def test_a_message_without_customer_is_for_managers(api, manager):
    message = {"channel": "review", "text": "Nice", "rating": 5}
    assert api.post("/api/v1/interactions/", message).status_code == 400
    client = APIClient()
    client.force_authenticate(manager)
    assert client.post("/api/v1/interactions/", message).status_code == 201


def test_a_salesperson_creates_customers_of_their_own(api, owner, team):
    body = {
        "name": "王芳",
        "country": "CN",
        "external_ids": [{"source": "shop", "external_id": "77"}],
        "tags": [],
    }
    answer = api.post("/api/v1/customers/", body)
    assert answer.status_code == 201, answer.data
    created = Customer.objects.get(name="王芳")
    assert (created.owner, created.team, created.totals.orders) == (owner, team, 0)
    again = api.post("/api/v1/customers/", body)
    assert [f["field"] for f in again.data["error"]["fields"]] == ["external_ids.0.external_id"]


def test_external_ids_are_sent_back_and_more_are_added(api, customer, make_customer, stranger):
    ExternalId.objects.create(customer=customer, source="shop", external_id="C-1")
    theirs = make_customer("Theirs", owner=stranger)
    ExternalId.objects.create(customer=theirs, source="shop", external_id="C-2")
    address = f"/api/v1/customers/{customer.pk}/"
    own = api.get(address).json()["external_ids"]
    assert api.patch(address, {"external_ids": own}).json()["external_ids"] == own
    more = [*own, {"source": "till", "external_id": "9"}]
    assert api.patch(address, {"external_ids": more}).json()["external_ids"] == more
    for other, status, code in (("C-2", 409, "unique"), ("C-1", 400, "duplicate")):
        wrong = [*own, {"source": "shop", "external_id": other}]
        answer = api.patch(address, {"external_ids": wrong})
        told = [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]]
        assert (answer.status_code, told) == (status, [("external_ids.1.external_id", code)])
    assert api.get(address).json()["external_ids"] == more


def test_a_customer_is_found_once_by_an_id_of_several_systems(api, owner, team, make_customer):
    anna, bert = (make_customer(name, owner=owner, team=team) for name in ("Anna", "Bert"))
    for who, source, key in ((anna, "shop", "1"), (anna, "till", "1"), (bert, "till", "2")):
        ExternalId.objects.create(customer=who, source=source, external_id=key)

    def found(query: str) -> list[str]:
        return [row["name"] for row in api.get(f"/api/v1/customers/?{query}").json()["results"]]

    assert found("external_id=1") == found("external_id=1&source=till") == ["Anna"]
    assert found("source=shop&external_id=2") == []  # of the till, not of the shop
    assert sorted(found("source=till")) == ["Anna", "Bert"]


def test_changing_a_customer_keeps_what_was(api, customer):
    CustomAttribute.objects.create(name="plan", label="Plan", type="choice")
    answer = api.patch(
        f"/api/v1/customers/{customer.pk}/",
        {"lifecycle": "churned", "attributes": {"plan": "gold"}},
    )
    assert answer.status_code == 200, answer.data
    assert Change.objects.get().previous == {"lifecycle": "active", "attributes": {}}
    values = CustomerValue.objects.order_by("pk").values_list("field", "value")
    assert set(values.filter(valid_from=None)) == {("lifecycle", "active")}
    assert set(values.exclude(valid_from=None)) == {
        ("lifecycle", "churned"),
        ("attribute:plan", "gold"),
    }
    api.patch(f"/api/v1/customers/{customer.pk}/", {"attributes": {"plan": "silver"}})
    assert set(values.filter(valid_from=None)) == {("lifecycle", "active")}
    assert values.last() == ("attribute:plan", "silver")


def test_an_attribute_of_the_wrong_type_is_refused(api, customer):
    CustomAttribute.objects.create(name="visits", label="Visits", type="number")
    answer = api.patch(
        f"/api/v1/customers/{customer.pk}/", {"attributes": {"visits": "many", "other": 1}}
    )
    fields = [f["field"] for f in answer.data["error"]["fields"]]
    assert sorted(fields) == ["attributes.other", "attributes.visits"]


def test_nobody_hands_a_customer_out_of_sight(api, customer, stranger, other_team):
    answer = api.patch(f"/api/v1/customers/{customer.pk}/", {"owner": stranger.username})
    assert [f["field"] for f in answer.data["error"]["fields"]] == ["owner"]
    answer = api.patch(f"/api/v1/customers/{customer.pk}/", {"team": other_team.name})
    assert [f["field"] for f in answer.data["error"]["fields"]] == ["team"]


def test_product_prices_are_kept_and_sales_staff_do_not_set_them(api, admin, beans):
    assert api.patch(f"/api/v1/products/{beans.pk}/", {"price": "1"}).status_code == 403
    client = APIClient()
    client.force_authenticate(admin)
    assert client.patch(f"/api/v1/products/{beans.pk}/", {"price": "21.50"}).status_code == 200
    values = ProductValue.objects.order_by("pk").values_list("field", "value")
    assert list(values.filter(valid_from=None)) == [("price", "20.00")]
    assert list(values.exclude(valid_from=None)) == [("price", "21.50")]


def test_lists_page_by_key_and_cost_the_same_whatever_the_page_size(
    api, owner, team, make_customer, django_assert_num_queries
):
    for number in range(30):
        make_customer(f"Customer {number}", owner=owner, team=team)
    first = api.get("/api/v1/customers/?page_size=10").data
    # The token, then page, tags, external ids; on PostgreSQL also since when others write.
    asked = 5 if connection.vendor == "postgresql" else 4
    with django_assert_num_queries(asked):
        api.get("/api/v1/customers/?page_size=10")
    with django_assert_num_queries(asked):
        api.get("/api/v1/customers/?page_size=30")
    second = api.get(first["next"]).data
    assert not {r["id"] for r in first["results"]} & {r["id"] for r in second["results"]}


def test_scores_of_an_unscored_customer_are_null(api, customer):
    answer = api.get(f"/api/v1/customers/{customer.pk}/scores/")
    assert answer.status_code == 200
    assert answer.data["churn_risk"] is None
    assert answer.data["churn_reasons"] == []
    assert api.get(f"/api/v1/customers/{customer.pk}/recommendations/").data == []


def test_without_a_token_nothing_is_shown(customer):
    answer = APIClient().get("/api/v1/customers/")
    assert answer.status_code == 401
    assert answer.data["error"]["code"] == "not_authenticated"


def test_a_token_is_exchanged_for_name_and_password(owner):
    answer = APIClient().post(
        "/api/v1/token/", {"username": "owner", "password": "a-long-password"}
    )
    assert answer.status_code == 200
    assert answer.data["token"]


def test_filters_narrow_the_list(api, owner, team, make_customer, make_order):
    anna = make_customer("Anna", owner=owner, team=team, country="SE")
    make_customer("Bert", owner=owner, team=team, country="DE")
    names = [row["name"] for row in api.get("/api/v1/customers/?country=SE").data["results"]]
    assert names == ["Anna"]
    make_order(anna, days_ago=5)
    make_order(anna, days_ago=500)
    since = (timezone.now() - datetime.timedelta(days=30)).isoformat().replace("+", "%2B")
    assert (
        len(api.get(f"/api/v1/orders/?customer={anna.pk}&occurred_from={since}").data["results"])
        == 1
    )


def test_all_that_is_wrong_with_a_customer_is_told_at_once(owner, stranger, other_team):
    body = {"name": "A", "email": "?", "team": "South", "owner": "stranger", "tags": ["?"]}
    answer = api_of(owner).post("/api/v1/customers/", {**body, "parent": 999, "colour": "red"})
    assert {(f["field"], f["code"]) for f in answer.json()["error"]["fields"]} == {
        ("email", "invalid"), ("team", "invalid"), ("owner", "invalid"), ("tags", "does_not_exist"),
        ("parent", "does_not_exist"), ("colour", "unknown_field"),
    }  # fmt: skip
