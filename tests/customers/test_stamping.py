"""When a record was last changed: moved by every way of writing, and by what a record shows besides."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.acting import assign, tag
from customers.assigning import assign as hand_over
from customers.editing import edit_product
from customers.models import (
    Customer,
    ExternalId,
    Interaction,
    MessageReading,
    Order,
    Product,
    Tag,
    Team,
)
from customers.stamping import all_seen_before
from customers.undoing import undo
from tests.tokens import api_of

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
NOW = "2026-05-01T10:00:00Z"


@pytest.fixture
def api(admin):
    return api_of(admin)


@pytest.fixture
def vip(db):
    return Tag.objects.create(name="vip")


def age(*models) -> None:
    """As if nothing had been changed for years: a moment that is set outright is kept."""
    for model in models:
        model.objects.exclude(updated_at=LONG_AGO).update(updated_at=LONG_AGO)
        assert set(model.objects.values_list("updated_at", flat=True)) == {LONG_AGO}


def moved(row) -> bool:
    row.refresh_from_db()
    return row.updated_at > timezone.now() - datetime.timedelta(minutes=1)


def send(answer, *codes) -> None:
    assert answer.status_code in (codes or (200, 201)), answer.content


@pytest.mark.parametrize(
    "write",
    [
        lambda api, c, vip: api.patch(f"/api/v1/customers/{c.pk}/", {"tags": ["vip"]}),
        lambda api, c, vip: api.patch(
            f"/api/v1/customers/{c.pk}/",
            {"external_ids": [{"source": "mail", "external_id": "1"}]},
        ),
        lambda api, c, vip: api.put("/api/v1/customers/by-external-id/shop/77/", {"tags": ["vip"]}),
        lambda api, c, vip: api.post(
            "/api/v1/customers/bulk/", [{"source": "shop", "external_id": "77", "tags": ["vip"]}]
        ),
        lambda api, c, vip: api.put(
            "/api/v1/customers/by-external-id/shop/77/",
            {"external_ids": [{"source": "mail", "external_id": "1"}]},
        ),
    ],
    ids=["patched tags", "patched ids", "put tags", "tags in bulk", "put ids"],
)
def test_a_customer_whose_tags_or_ids_change_by_api_has_changed(api, customer, vip, write):
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    age(Customer)
    send(write(api, customer, vip))
    assert moved(customer)


def test_so_has_one_who_is_tagged_on_the_list_and_one_whose_tag_is_taken_off(customer, vip, admin):
    age(Customer)
    done = tag([customer.pk], vip, admin)
    assert moved(customer)
    age(Customer)
    undo(done, admin)
    assert moved(customer)
    customer.tags.add(vip)
    age(Customer)
    tag([customer.pk], vip, admin, remove=True)
    assert moved(customer)


def test_so_has_one_who_is_handed_over_with_many(customer, admin):
    age(Customer)
    assign([customer.pk], admin, Team.objects.create(name="West"), admin)
    assert moved(customer)


def test_a_tag_or_id_that_is_deleted_changes_whose_it_was(customer, vip, make_customer):
    other = make_customer("Somebody else")
    customer.tags.add(vip)
    key = ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    for gone in (key, vip):
        age(Customer)
        gone.delete()
        assert moved(customer) and not moved(other)


def test_an_id_given_on_the_admin_site_counts(client, admin, customer):
    client.force_login(admin)
    address = reverse("admin:customers_customer_change", args=[customer.pk])
    page = client.get(address).context["adminform"].form.initial
    body = {
        name: value for name, value in page.items() if value is not None and not isinstance(value, list)
    } | {
        "attributes": "{}", "external_ids-TOTAL_FORMS": 1, "external_ids-INITIAL_FORMS": 0,
        "external_ids-0-customer": customer.pk, "external_ids-0-source": "shop",
        "external_ids-0-external_id": "9", "score-TOTAL_FORMS": 0, "score-INITIAL_FORMS": 0,
    }  # fmt: skip
    age(Customer)
    answer = client.post(address, body)
    assert answer.status_code == 302, answer.context["errors"]
    assert ExternalId.objects.get().external_id == "9" and moved(customer)


def test_an_order_is_stamped_when_it_is_new_and_when_it_is_replaced(api, customer):
    body = {"customer": customer.pk, "occurred_at": NOW, "currency": "EUR", "amount": 5}
    address = "/api/v1/orders/by-number/shop/1/"
    send(api.put(address, body))
    order = Order.objects.get()
    assert moved(order)
    age(Order)
    send(api.put(address, body))
    assert not moved(order)  # the same as before
    send(api.put(address, body | {"amount": 6}))
    assert moved(order)
    age(Order)
    many = [{**body, "source": "shop", "number": "1", "amount": 7}]
    send(api.post("/api/v1/orders/bulk/", many))
    assert moved(order)


def test_a_return_is_a_new_row_and_one_that_is_tied_to_its_order_later_has_changed(api, customer):
    sale = {"customer": customer.pk, "occurred_at": NOW, "currency": "EUR", "amount": 5}
    send(api.put("/api/v1/orders/by-number/shop/1/", sale))
    back = sale | {"kind": "return"}
    send(api.put("/api/v1/orders/by-number/shop/R1/", back))
    row = Order.objects.get(number="R1")
    age(Order)
    tied = back | {"returns": {"source": "shop", "number": "1"}}
    send(api.put("/api/v1/orders/by-number/shop/R1/", tied))
    assert moved(row)


def test_a_message_is_stamped_however_it_is_corrected(api, customer, admin):
    body = {"customer": customer.pk, "channel": "email", "text": "Late", "occurred_at": NOW}
    address = "/api/v1/interactions/by-external-id/mailbox/1/"
    send(api.put(address, body))
    message = Interaction.objects.get()
    assert moved(message)
    for write in (
        lambda: api.patch(f"/api/v1/interactions/{message.pk}/", {"rating": 2}),
        lambda: api.put(address, body | {"text": "Late again"}),
        lambda: api.post(f"/api/v1/interactions/{message.pk}/assignment/", {"assignee": "admin"}),
        lambda: api.post(f"/api/v1/interactions/{message.pk}/assignment/", {"assignee": None}),
    ):
        age(Interaction)
        send(write())
        assert moved(message)
    age(Interaction)
    assert hand_over(message, admin, admin) and moved(message)


def test_a_message_whose_author_is_gone_has_changed(customer, owner):
    message = Interaction.objects.create(customer=customer, channel="note", text="x", author=owner)
    age(Interaction)
    owner.delete()
    assert moved(message)


def test_being_read_is_no_change_of_the_message(customer):
    message = Interaction.objects.create(customer=customer, channel="email", text="x")
    age(Interaction)
    MessageReading.objects.update(label="negative", changed_at=timezone.now())
    assert not moved(message)


def test_a_product_is_stamped_by_page_api_and_bulk(api, admin):
    product = Product.objects.create(sku="A", name="A")
    product.name = "B"
    for write in (
        lambda: edit_product(product, ["name"], admin),
        lambda: api.patch(f"/api/v1/products/{product.pk}/", {"in_stock": False}),
        lambda: api.post("/api/v1/products/bulk/", [{"sku": "A", "price": "3"}]),
    ):
        age(Product)
        write()
        assert moved(product)


def test_many_written_by_one_statement_are_stamped_each(make_customer):
    ids = [make_customer(f"Customer {n}").pk for n in range(5)]
    age(Customer)
    Customer.objects.filter(pk__in=ids[:3]).update(city="Porto")
    moving = Customer.objects.filter(updated_at__gt=LONG_AGO)
    assert set(moving.values_list("pk", flat=True)) == set(ids[:3])


def test_a_stamp_made_by_the_database_is_found_by_its_own_value(customer):
    """SQLite compares moments as texts: they are written as Django writes them."""
    for _again in range(20):
        Customer.objects.filter(pk=customer.pk).update(city="Porto")
        customer.refresh_from_db()
        same = Customer.objects.filter(updated_at=customer.updated_at)
        assert same.exists() and same.filter(updated_at__gte=customer.updated_at).exists()


def test_the_open_page_of_a_customer_hears_of_a_new_tag(customer, admin):
    page = Client()
    page.force_login(admin)
    address = reverse("customer-stamp", args=[customer.pk])
    before = page.get(address)["ETag"]
    age(Customer)
    customer.tags.add(Tag.objects.create(name="vip"))
    assert page.get(address)["ETag"] != before


def test_the_moment_from_which_to_ask_again_lies_before_now(db):
    assert all_seen_before() < timezone.now()
