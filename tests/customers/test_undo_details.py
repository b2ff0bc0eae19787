"""Edited details and archived customers are taken back by the one who did it, while nothing else has touched them."""

import pytest
from django.urls import reverse

from customers.models import Change, ChangeSet, Customer, CustomerValue
from tests.customers.test_actions_page import HTMX, heard

__all__ = ["heard"]


@pytest.fixture
def edit(client, owner, customer):
    """Save other details on the page; returns the answer and the change set it made."""

    def edit(user=owner, **fields):
        client.force_login(user)
        said = {"name": customer.name, "kind": "person", "lifecycle": "active"}
        address = reverse("customer-details", args=[customer.pk])
        response = client.post(address, said | {"email": customer.email} | fields, headers=HTMX)
        return response, ChangeSet.objects.first()

    return edit


@pytest.fixture
def take_back(client):
    def take_back(change_set, **headers):
        return client.post(reverse("undo", args=[change_set.pk]), headers=HTMX | headers)

    return take_back


def test_edited_details_are_taken_back_and_the_page_shows_them_anew(edit, take_back, customer):
    response, change_set = edit(email="new@example.com", city="Lund", lifecycle="churned")
    assert reverse("undo", args=[change_set.pk]) in response.content.decode()
    assert take_back(change_set)["HX-Refresh"] == "true"
    customer.refresh_from_db()
    assert (customer.email, customer.city) == ("marta@example.com", "")
    assert customer.lifecycle == "active"


def test_on_a_list_only_the_list_is_shown_anew(edit, take_back, customer):
    __, change_set = edit(city="Lund")
    address = "http://testserver/customers/?sort=name"
    response = take_back(change_set, **{"HX-Current-URL": address})
    assert "HX-Refresh" not in response and response["HX-Trigger"] == "facts-changed"
    assert "Undone" in response.content.decode()


def test_what_was_so_in_between_stays_known(
    edit, take_back, customer, heard, django_capture_on_commit_callbacks
):
    __, change_set = edit(lifecycle="churned")
    heard.clear()
    with django_capture_on_commit_callbacks(execute=True):
        take_back(change_set)
    values = CustomerValue.objects.filter(customer=customer, field="lifecycle").order_by("pk")
    assert [value.value for value in values] == ["active", "churned", "active"]
    back = Change.objects.get(change_set__note=f"undo {change_set.pk}")
    assert back.previous == {"lifecycle": "churned"}
    assert heard == [[customer.pk]]


def test_an_archived_customer_is_taken_out_again(client, owner, customer, take_back):
    client.force_login(owner)
    address = reverse("customer-archive", args=[customer.pk])
    page = client.post(address, {"archived": "yes"}, follow=True).content.decode()
    change_set = ChangeSet.objects.get()
    assert "Customer archived" in page and reverse("undo", args=[change_set.pk]) in page
    take_back(change_set)
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_one_who_was_brought_back_has_the_old_date_again(client, owner, customer, take_back):
    client.force_login(owner)
    address = reverse("customer-archive", args=[customer.pk])
    client.post(address, {"archived": "yes"})
    customer.refresh_from_db()
    archived = customer.archived_at
    client.post(address, {"archived": "no"})
    take_back(ChangeSet.objects.first())
    customer.refresh_from_db()
    assert customer.archived_at == archived


def test_what_somebody_changed_since_stays_as_they_left_it(edit, take_back, customer, owner):
    __, first = edit(city="Lund")
    edit(city="Malmö")
    assert "It was changed again since then" in take_back(first).content.decode()
    customer.refresh_from_db()
    assert customer.city == "Malmö"


def test_a_change_of_something_else_is_no_hindrance(edit, take_back, customer):
    __, first = edit(city="Lund")
    edit(city="Lund", phone="+46 1")
    take_back(first)
    customer.refresh_from_db()
    assert (customer.city, customer.phone) == ("", "+46 1")


def test_a_second_press_changes_nothing(edit, take_back, customer):
    __, change_set = edit(city="Lund")
    take_back(change_set)
    assert "It was changed again since then" in take_back(change_set).content.decode()


def test_whose_customer_it_no_longer_is_takes_nothing_back(edit, take_back, customer, stranger):
    __, change_set = edit(city="Lund")
    Customer.objects.update(owner=stranger, team=None)
    assert "no longer yours to change" in take_back(change_set).content.decode()
    customer.refresh_from_db()
    assert customer.city == "Lund"
