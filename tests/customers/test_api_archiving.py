"""Archiving, bringing back and deleting by API: what has happened stays explainable."""

import pytest
from django.utils import timezone

from customers.models import Change, Customer, Event, Product, Tag
from tests.tokens import api_of


@pytest.fixture
def api(admin):
    return api_of(admin)


@pytest.fixture
def product(db):
    return Product.objects.create(sku="BEANS", name="House espresso")


def addresses(customer, product) -> list[str]:
    return [f"/api/v1/customers/{customer.pk}/", f"/api/v1/products/{product.pk}/"]


def test_archived_and_brought_back_as_often_as_one_likes(api, customer, product):
    for address in addresses(customer, product):
        first = api.post(f"{address}archive/")
        assert first.status_code == 200 and first.json()["archived_at"]
        assert first["ETag"] == api.get(address)["ETag"]
        again = api.post(f"{address}archive/").json()
        assert again["archived_at"] == first.json()["archived_at"]
        for _twice in range(2):
            assert api.post(f"{address}restore/").json()["archived_at"] is None


def test_only_a_real_change_is_written_down(api, customer):
    for verb in ("restore", "archive", "archive"):
        api.post(f"/api/v1/customers/{customer.pk}/{verb}/")
    assert Change.objects.get().previous == {"archived_at": None}


def test_only_while_it_is_what_one_has_read(api, customer, product):
    for address in addresses(customer, product):
        old = api.get(address)["ETag"]
        api.patch(address, {"name": "Another"})
        for send in (
            lambda tag, at=address: api.post(f"{at}archive/", headers={"If-Match": tag}),
            lambda tag, at=address: api.delete(at, headers={"If-Match": tag}),
        ):
            assert send(old).status_code == 412
        now = api.get(address)["ETag"]
        assert api.post(f"{address}archive/", headers={"If-Match": now}).status_code == 200
        now = api.get(address)["ETag"]
        assert api.delete(address, headers={"If-Match": now}).status_code == 204
        assert api.delete(address, headers={"If-Match": now}).status_code == 412


def test_whoever_may_change_a_record_may_archive_it_and_nobody_else(
    owner, stranger, manager, customer, product
):
    person, thing = addresses(customer, product)
    assert api_of(owner).post(f"{person}archive/").status_code == 200
    assert api_of(stranger).post(f"{person}archive/").status_code == 404
    assert api_of(owner).post(f"{thing}archive/").status_code == 403
    assert api_of(manager).post(f"{thing}archive/").status_code == 200
    for address in (person, thing):
        assert api_of(manager).delete(address).status_code == 403


def test_what_was_deleted_may_be_deleted_again_and_what_never_was_is_unknown(
    api, customer, product
):
    for address in addresses(customer, product):
        assert [api.delete(address).status_code for _twice in range(2)] == [204, 204]
        assert api.get(address).status_code == 404
    for unknown in ("4711", "9" * 30, "x", "%00", "1.5"):
        assert api.delete(f"/api/v1/products/{unknown}/").status_code == 404


def test_of_a_customer_nothing_is_kept(api, customer):
    customer.tags.add(Tag.objects.create(name="vip"))
    address = f"/api/v1/customers/{customer.pk}/"
    api.patch(address, {"email": "secret@example.com"})
    api.delete(address)
    assert Change.objects.get().previous == {"id": customer.pk}
    assert not Customer.objects.exists()


def test_of_a_product_the_history_has_what_it_was(api, product):
    api.delete(f"/api/v1/products/{product.pk}/")
    assert Change.objects.get().previous["sku"] == "BEANS"


def test_who_has_bought_can_be_archived_only(api, customer, make_order):
    order = make_order(customer)
    answer = api.delete(f"/api/v1/customers/{customer.pk}/")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (409, "in_use")
    assert "Archive them" in error["message"]
    order.delete()
    assert api.delete(f"/api/v1/customers/{customer.pk}/").status_code == 204


def test_what_was_sold_or_looked_at_can_be_archived_only(api, customer, product):
    send = {
        "customer": customer.pk, "source": "shop", "number": "1", "currency": "EUR",
        "occurred_at": "2026-05-01T10:00:00Z",
        "lines": [{"product": "BEANS", "quantity": 1, "unit_price": "5"}],
    }  # fmt: skip
    assert api.post("/api/v1/orders/", send).status_code == 201
    seen = Product.objects.create(sku="TEA", name="Tea")
    Event.objects.create(
        customer=customer, kind="product_view", product=seen, occurred_at=timezone.now()
    )
    for one in (product, seen):
        answer = api.delete(f"/api/v1/products/{one.pk}/")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "in_use")
    assert Product.objects.count() == 2


@pytest.mark.parametrize("noun", ["customers", "products"])
def test_a_body_is_a_slip(api, customer, product, noun):
    pk = customer.pk if noun == "customers" else product.pk
    answer = api.post(f"/api/v1/{noun}/{pk}/archive/", {"when": "now"})
    assert answer.json()["error"]["fields"][0]["code"] == "unknown_field"


def test_the_archived_are_found_or_left_out(api, product):
    Product.objects.create(sku="TEA", name="Tea")
    api.post(f"/api/v1/products/{product.pk}/archive/")
    for archived, skus in (("true", ["BEANS"]), ("false", ["TEA"])):
        rows = api.get(f"/api/v1/products/?archived={archived}").json()["results"]
        assert [row["sku"] for row in rows] == skus


@pytest.mark.parametrize(
    ("address", "bulk", "row"),
    [
        ("customers/by-external-id/shop/77/", "customers", {"source": "shop", "external_id": "77"}),
        ("products/by-sku/BEANS/", "products", {"sku": "BEANS"}),
    ],
)
def test_a_shop_archives_by_its_own_key_and_many_at_once(api, address, bulk, row):
    address = f"/api/v1/{address}"
    assert api.put(address, {"archived": False}).json()["archived_at"] is None
    first = api.put(address, {"archived": True})
    assert first.headers["Upsert-Status"] == "updated" and first.json()["archived_at"]
    again = api.post(f"/api/v1/{bulk}/bulk/", [{**row, "archived": True}])
    assert again.json()["results"][0]["status"] == "unchanged"
    assert api.put(address, {"name": "Kept away"}).json()["archived_at"]
    back = api.post(f"/api/v1/{bulk}/bulk/", [{**row, "archived": False}])
    assert back.json()["results"][0]["status"] == "updated"
    assert api.get(address).json()["archived_at"] is None


@pytest.mark.parametrize("noun", ["customers", "products"])
def test_who_would_archive_by_a_field_is_told_the_addresses(api, customer, product, noun):
    pk = customer.pk if noun == "customers" else product.pk
    for answer, one in (
        (api.patch(f"/api/v1/{noun}/{pk}/", {"archived": True}), str(pk)),
        (api.post(f"/api/v1/{noun}/", {"name": "A", "archived": True}), "{id}"),
    ):
        told = {f["field"]: f for f in answer.json()["error"]["fields"]}["archived"]
        assert (answer.status_code, told["code"]) == (400, "unknown_field")
        for verb in ("archive", "restore"):
            assert f"POST /api/v1/{noun}/{one}/{verb}/" in told["message"]
