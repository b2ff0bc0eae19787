"""Organisations and who belongs to them; following."""

import re

import pytest
from django.urls import reverse

from customers.models import Customer, Follow
from customers.totalling import refresh_totals
from tests.customers.pages import score

HTMX = {"HX-Request": "true"}


@pytest.fixture
def firm(make_customer, owner, team):
    return make_customer("Lantern Group", owner=owner, team=team, kind="organisation")


@pytest.fixture
def belong(client, owner):
    def belong(person, parent, user=owner):
        client.force_login(user)
        address = reverse("customer-parent", args=[person.pk])
        response = client.post(address, {"parent": parent.pk if parent else ""}, headers=HTMX)
        person.refresh_from_db()
        return response

    return belong


def test_a_person_belongs_to_an_organisation_and_it_is_taken_back(belong, client, customer, firm):
    body = belong(customer, firm).content.decode()
    assert customer.parent == firm and "Lantern Group" in body
    undo = body.split("/changes/")[1].split("/")[0]
    client.post(reverse("undo", args=[undo]), headers=HTMX)
    customer.refresh_from_db()
    assert customer.parent is None
    belong(customer, firm)
    belong(customer, None)
    assert customer.parent is None


def test_nobody_belongs_to_a_person_or_in_the_end_to_itself(
    belong, make_customer, owner, customer, firm
):
    below = make_customer("Lantern Lyon", owner=owner, kind="organisation", parent=firm)
    response = belong(firm, below)
    assert (
        response.status_code == 422
        and "already belongs to this customer" in response.content.decode()
    )
    assert firm.parent is None
    assert belong(firm, customer).status_code == 422 and firm.parent is None


def test_an_organisation_one_does_not_see_is_none(belong, make_customer, customer, stranger):
    hidden = make_customer("Hidden", owner=stranger, kind="organisation")
    assert belong(customer, hidden).status_code == 404 and customer.parent is None


def test_orders_and_scores_add_up_at_the_top_of_whom_one_sees(
    client, owner, stranger, make_customer, make_order, customer, firm
):
    below = make_customer("Lantern Lyon", owner=owner, kind="organisation", parent=firm)
    Customer.objects.filter(pk=customer.pk).update(parent=below)
    hidden = make_customer("Hidden", owner=stranger, parent=firm)
    for one, amount in ((firm, 100), (below, 20), (customer, 3), (hidden, 5000)):
        make_order(one, amount=amount)
    refresh_totals([firm.pk, below.pk, customer.pk, hidden.pk])
    score(customer, 0.8)
    client.force_login(owner)
    body = client.get(reverse("customer-related", args=[firm.pk])).content.decode()
    assert "With 2 customers below it" in body
    assert "€123" in body and "Lantern Lyon" in body and "Hidden" not in body
    assert '<dd class="c-num c-bad">1</dd>' in body


def test_organisations_are_found_by_their_name_alone(client, owner, customer, firm, make_customer):
    make_customer("Lantern person", owner=owner)
    client.force_login(owner)
    address = reverse("customer-related", args=[customer.pk])
    body = client.get(address, {"find": "lant"}).content.decode()
    assert "Lantern Group" in body and "Lantern person" not in body
    assert "at least two characters" in client.get(address, {"find": "l"}).content.decode()
    assert "No organisation of this name" in client.get(address, {"find": "zz"}).content.decode()


def test_organisations_that_are_called_after_a_person_are_told_apart_by_their_company(
    client, owner, customer, make_customer
):
    for company in ("Brandt Joinery", "Brandt Glass"):
        more = {"company": company, "city": "Ulm", "kind": "organisation"}
        make_customer("Jonas Brandt", owner=owner, **more)
    client.force_login(owner)
    address = reverse("customer-related", args=[customer.pk])
    body = client.get(address, {"find": "brandt"}).content.decode()
    assert "Brandt Joinery · Ulm" in body and "Brandt Glass · Ulm" in body


def test_people_are_shown_by_a_number_of_queries_that_does_not_grow(
    client, owner, firm, make_customer, django_assert_max_num_queries
):
    for number in range(8):
        score(make_customer(f"Person {number}", owner=owner, parent=firm), 0.5)
    client.force_login(owner)
    address = reverse("customer-related", args=[firm.pk])
    client.get(address)  # the company's settings are made once
    with django_assert_max_num_queries(8):
        client.get(address)


def test_a_customer_is_followed_and_no_longer(client, owner, customer):
    client.force_login(owner)
    address = reverse("customer-follow", args=[customer.pk])
    for __ in range(2):
        body = client.post(address, {"follow": "yes"}, headers=HTMX).content.decode()
    assert "Following" in body and Follow.objects.count() == 1
    assert 'aria-pressed="true"' in client.get(customer.get_absolute_url()).content.decode()
    assert "Following" not in client.post(address, {"follow": "no"}, headers=HTMX).content.decode()
    assert not Follow.objects.exists()


def test_more_than_the_page_shows_stand_in_a_list_of_their_own(
    client, make_customer, owner, team, firm
):
    firm.name = "Lantern, Group (50%)"
    firm.save()
    for i in range(8):
        make_customer(f"Person {i}", owner=owner, team=team, parent=firm)
    make_customer("Somebody else", owner=owner, team=team)
    client.force_login(owner)
    around = reverse("customer-related", args=[firm.pk])
    assert "Show them all in a list" not in client.get(around).content.decode()
    make_customer("Person 8", owner=owner, team=team, parent=firm)
    body = client.get(around).content.decode()
    address = re.search(r'href="([^"]*)">Show them all in a list', body)[1]
    rows = client.get(address.replace("&amp;", "&")).context["page"].rows
    assert sorted(one.name for one in rows) == [f"Person {i}" for i in range(9)]
