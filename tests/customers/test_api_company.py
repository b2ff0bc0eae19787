"""The company's own words and people by API: read by all over what each may know of, defined by whoever may."""

import pytest

from customers.models import (
    ApiToken,
    Change,
    ChangeSet,
    CustomAttribute,
    ExchangeRate,
    Order,
    Product,
    Tag,
)
from tests.tokens import api_of, bearer


@pytest.fixture
def api(admin):
    return api_of(admin)


@pytest.fixture
def attributes(db):
    for name, kind in (("plan", "choice"), ("seats", "number")):
        CustomAttribute.objects.create(name=name, label=name.title(), type=kind)


def wrong(answer) -> list[tuple[str, str]]:
    return [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]]


def names(answer, field: str = "name") -> set[str]:
    assert answer.status_code == 200, answer.content
    return {row[field] for row in answer.json()["results"]}


def test_an_attribute_is_defined_and_then_given_to_customers(api, customer):
    body = {"name": "plan", "label": "Plan", "type": "choice"}
    answer = api.post("/api/v1/attributes/", body)
    assert (answer.status_code, answer.json()) == (201, {**body, "position": 0})
    assert api.get("/api/v1/attributes/plan/").json() == answer.json()
    given = api.patch(f"/api/v1/customers/{customer.pk}/", {"attributes": {"plan": "gold"}})
    assert given.json()["attributes"] == {"plan": "gold"}
    assert ChangeSet.objects.filter(note__startswith="customattribute").count() == 1


def test_what_values_are_stored_by_stays(api, attributes):
    address = "/api/v1/attributes/seats/"
    assert api.patch(address, {"label": "Chairs", "type": "number"}).json()["label"] == "Chairs"
    assert wrong(api.patch(address, {"type": "text"})) == [("type", "fixed")]
    assert wrong(api.patch(address, {"name": "chairs"})) == [("name", "fixed")]
    both = api.patch(address, {"name": "chairs", "type": "text"})
    assert wrong(both) == [("name", "fixed"), ("type", "fixed")]


@pytest.mark.parametrize("name", ["two words", "naïve", "", 7])
def test_an_attribute_has_a_name_that_an_address_can_hold(api, name):
    assert wrong(api.post("/api/v1/attributes/", {"name": name, "label": "x"}))[0][0] == "name"


def test_a_name_that_exists_is_a_conflict(api, attributes):
    Tag.objects.create(name="vip")
    ExchangeRate.objects.create(currency="USD", valid_from="2026-05-01", rate=1)
    for noun, body in {
        "attributes": {"name": "plan", "label": "Plan"},
        "tags": {"name": "vip"},
        "exchange-rates": {"currency": "usd", "valid_from": "2026-05-01", "rate": "0.9"},
    }.items():
        answer = api.post(f"/api/v1/{noun}/", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict"), noun


def test_everybody_makes_tags_and_only_admins_the_rest(owner, manager):
    assert api_of(owner).post("/api/v1/tags/", {"name": "vip"}).status_code == 201
    for noun in ("attributes", "exchange-rates"):
        for person in (owner, manager):
            assert api_of(person).post(f"/api/v1/{noun}/", {}).status_code == 403
            assert api_of(person).get(f"/api/v1/{noun}/").status_code == 200


def test_a_rate_converts_what_is_stored_from_then_on(api, customer):
    rate = {"currency": "usd", "valid_from": "2026-01-01", "rate": "0.5"}
    made = api.post("/api/v1/exchange-rates/", rate).json()
    assert made["currency"] == "USD"
    when = "2026-05-01T10:00:00Z"
    order = {"customer": customer.pk, "currency": "USD", "amount": "10", "occurred_at": when}
    first = api.put("/api/v1/orders/by-number/shop/1/", order).json()
    assert first["base_amount"] == "5.00"
    address = f"/api/v1/exchange-rates/{made['id']}/"
    assert api.patch(address, {"rate": "0.9"}).json()["rate"] == "0.90000000"
    assert api.get(f"/api/v1/orders/{first['id']}/").json()["base_amount"] == "5.00"
    second = api.put("/api/v1/orders/by-number/shop/2/", order).json()
    assert second["base_amount"] == "9.00"
    found = api.get("/api/v1/exchange-rates/?currency=USD&valid_from=2026-01-01")
    assert [row["id"] for row in found.json()["results"]] == [made["id"]]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rate": "0"}, ("rate", "min_value")),
        ({"rate": "NaN"}, ("rate", "invalid")),
        ({"currency": "EUR"}, ("currency", "contradiction")),
        ({"currency": "12€"}, ("currency", "invalid")),
        ({"valid_from": "May"}, ("valid_from", "invalid")),
    ],
)
def test_a_rate_that_cannot_be_is_refused(api, change, problem):
    rate = {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.5"} | change
    assert wrong(api.post("/api/v1/exchange-rates/", rate)) == [problem]


def test_one_knows_the_people_and_teams_of_ones_own_and_admins_everybody(
    api, owner, teammate, stranger, manager
):
    mine = api_of(owner)
    assert names(mine.get("/api/v1/teams/")) == {"North"}
    assert names(mine.get("/api/v1/users/"), "username") == {"owner", "teammate", "manager"}
    assert names(api.get("/api/v1/teams/")) == {"North", "South"}
    assert mine.get(f"/api/v1/users/{stranger.pk}/").status_code == 404
    stranger.is_active = False
    stranger.save()
    gone = api.get("/api/v1/users/?active=false").json()["results"]
    assert [(row["username"], row["teams"]) for row in gone] == [("stranger", ["South"])]
    assert names(api.get("/api/v1/users/?team=North&role=manager"), "username") == {"manager"}
    teammate.teams.add(stranger.teams.get())
    [mate] = mine.get("/api/v1/users/?username=teammate").json()["results"]
    assert mate["teams"] == ["North"]  # of other teams one is told nothing
    assert "password" not in api.get(f"/api/v1/users/{owner.pk}/").json()


def test_the_company_says_what_amounts_are_counted_in(owner):
    told = api_of(owner).get("/api/v1/company/").json()
    assert told["base_currency"] == "EUR" and told["time_zone"] == "UTC"


def test_ones_own_tokens_are_listed_without_their_secret_and_revoked(client, owner, stranger):
    theirs, __ = ApiToken.objects.issue(stranger, "Theirs", ["read"])
    old, secret = ApiToken.objects.issue(owner, "Old shop", ["read"])
    api = api_of(owner)
    answer = api.get("/api/v1/tokens/")
    told = {row["name"]: row for row in answer.json()["results"]}
    assert set(told) == {"Old shop", "Test"}
    assert told["Test"]["is_current"] and not told["Old shop"]["is_current"]
    assert secret not in answer.content.decode() and old.digest not in answer.content.decode()
    assert api.post(f"/api/v1/tokens/{theirs.pk}/revoke/").status_code == 404
    first = api.post(f"/api/v1/tokens/{old.pk}/revoke/").json()["revoked_at"]
    assert first and api.post(f"/api/v1/tokens/{old.pk}/revoke/").json()["revoked_at"] == first
    refused = client.get("/api/v1/customers/", headers={"Authorization": f"Bearer {secret}"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "token_revoked")
    assert len(api.get("/api/v1/tokens/?revoked=true").json()["results"]) == 1


def test_an_admin_sees_and_revokes_everybodys(api, owner):
    token, __ = ApiToken.objects.issue(owner, "Shop", ["read"])
    [row] = api.get("/api/v1/tokens/?person=owner").json()["results"]
    assert (row["id"], row["person"]) == (token.pk, "owner")
    assert api.post(f"/api/v1/tokens/{token.pk}/revoke/").json()["revoked_at"]


def test_a_token_that_only_reads_revokes_nothing(client, owner):
    token, __ = ApiToken.objects.issue(owner, "Shop", ["read"])
    head = {"Authorization": bearer(owner, "read")}
    answer = client.post(f"/api/v1/tokens/{token.pk}/revoke/", headers=head)
    assert answer.json()["error"]["code"] == "insufficient_scope"


def test_a_label_is_changed_only_while_it_is_what_one_has_read(api, attributes):
    address = "/api/v1/attributes/plan/"
    tag = api.get(address)["ETag"]
    assert api.patch(address, {"label": "A"}, headers={"If-Match": tag}).status_code == 200
    assert api.patch(address, {"label": "B"}, headers={"If-Match": tag}).status_code == 412


RATE = {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.5"}


def test_a_rate_that_nothing_was_converted_at_is_deleted_as_often_as_one_likes(api, owner):
    address = f"/api/v1/exchange-rates/{api.post('/api/v1/exchange-rates/', RATE).json()['id']}/"
    assert api_of(owner).delete(address).status_code == 403
    assert api.delete(address, headers={"If-Match": '"old"'}).status_code == 412
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404
    assert api.delete(address).status_code == 204
    assert api.delete(address, headers={"If-Match": '"old"'}).status_code == 412
    assert api.delete("/api/v1/exchange-rates/999/").status_code == 404
    assert Change.objects.get(model="exchangerate").previous["rate"] == "0.50000000"


def test_a_rate_that_something_stands_on_stays(api, customer):
    first = api.post("/api/v1/exchange-rates/", RATE).json()["id"]
    later = api.post("/api/v1/exchange-rates/", RATE | {"valid_from": "2026-05-01"}).json()["id"]
    order = {"customer": customer.pk, "currency": "USD", "amount": "10"}
    api.put("/api/v1/orders/by-number/shop/1/", order | {"occurred_at": "2026-04-30T23:59:00Z"})
    refused = api.delete(f"/api/v1/exchange-rates/{first}/")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")
    assert api.delete(f"/api/v1/exchange-rates/{later}/").status_code == 204
    Order.objects.all().delete()
    Product.objects.create(sku="B", price=5, currency="USD")
    assert api.delete(f"/api/v1/exchange-rates/{first}/").json()["error"]["code"] == "in_use"
    Product.objects.all().delete()
    assert api.delete(f"/api/v1/exchange-rates/{first}/").status_code == 204


def test_only_what_has_a_rate_is_a_currency(api, customer):
    ExchangeRate.objects.create(currency="USD", valid_from="2026-05-01", rate=1)
    order = {"customer": customer.pk, "amount": "5", "occurred_at": "2026-06-01T10:00:00Z"}
    sent = {
        "/api/v1/orders/": order | {"number": "1"},
        "/api/v1/orders/by-number/shop/1/": order,
        "/api/v1/products/": {"sku": "B", "name": "Beans", "price": "5"},
        "/api/v1/products/by-sku/B/": {"price": "5"},
    }
    for address, body in sent.items():
        send = api.put if "/by-" in address else api.post
        answer = send(address, body | {"currency": "XYZ"})
        [told] = answer.json()["error"]["fields"]
        assert (told["field"], told["code"]) == ("currency", "missing_rate"), address
        assert "EUR, USD" in told["message"]
        answer = send(address, body | {"currency": "usd"})
        assert answer.status_code in (200, 201), answer.content
        assert answer.json()["currency"] == "USD"


def test_a_product_keeps_the_currency_it_has_and_none_without_a_price(api):
    Product.objects.create(sku="B", name="Beans", price=5, currency="XYZ")
    Product.objects.create(sku="F", name="Free")
    for sku in "BF":
        shown = api.get(f"/api/v1/products/by-sku/{sku}/").json()
        put = api.put(f"/api/v1/products/by-sku/{sku}/", shown)
        assert (put.status_code, put.headers["Upsert-Status"]) == (200, "unchanged"), put.content
        assert api.patch(f"/api/v1/products/{shown['id']}/", shown).json() == shown
    answer = api.put("/api/v1/products/by-sku/F/", {"price": "5", "currency": ""})
    assert answer.json()["currency"] == "EUR"
