"""Somebody who may be there already is named before they are stored a second time; and what phone and country take."""

import re

import pytest
from django.urls import reverse

from customers.doubles import doubles_of
from customers.models import Customer

HTMX = {"HX-Request": "true"}


@pytest.fixture
def add(client, owner):
    def add(user=owner, **said):
        client.force_login(user)
        return client.post(
            reverse("customer-add"),
            {"name": "Somebody", "kind": "person", "lifecycle": "lead"} | said,
        )

    return add


@pytest.fixture
def edit(client, owner):
    def edit(customer, **said):
        client.force_login(owner)
        names = ("name", "company", "kind", "lifecycle", "email", "phone", "country")
        stored = {name: getattr(customer, name) for name in names}
        seen = {f"initial-{name}": value for name, value in stored.items()}
        address = reverse("customer-details", args=[customer.pk])
        return client.post(address, seen | stored | said, headers=HTMX)

    return edit


def told(response) -> str:
    return re.search(r'name="told" value="(\w+)"', response.content.decode())[1]


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("said", "alike"),
    [
        ({"email": "Marta@example.com"}, "the same e-mail"),
        ({"phone": "0046-31 555 010"}, "the same phone number"),
        ({"name": "Marta Lindqvist", "company": "Roast"}, "the same name and company"),
    ],
)
def test_who_is_there_already_is_named_and_stored_at_the_second_press(
    add, owner, team, make_customer, said, alike
):
    known = make_customer(
        owner=owner, team=team, email="marta@example.com", phone="+46 31 555010", company="Roast"
    )
    first = add(**said)
    assert first.status_code == 422
    assert f'href="{known.get_absolute_url()}"' in first.content.decode()
    assert f"Marta Lindqvist, Roast · {alike}" in text(first)
    assert "Save anyway" in text(first)
    assert Customer.objects.count() == 1
    assert add(**said, told=told(first)).status_code == 302
    assert Customer.objects.count() == 2


def test_what_was_told_of_one_address_does_not_count_for_another(add, owner, make_customer):
    make_customer(owner=owner, email="marta@example.com")
    make_customer("Zoë", owner=owner, email="zoe@example.com")
    first = add(email="marta@example.com")
    assert add(email="zoe@example.com", told=told(first)).status_code == 422


def test_of_whom_somebody_else_looks_after_nothing_more_is_told(
    add, stranger, other_team, make_customer
):
    foreign = make_customer(
        "Foreign", owner=stranger, team=other_team, email="foreign@example.com", company="Hidden"
    )
    page = add(email="foreign@example.com")
    assert "Somebody else looks after a customer with this e-mail." in text(page)
    assert "Foreign" not in text(page) and "Hidden" not in text(page)
    assert foreign.get_absolute_url() not in page.content.decode()
    assert add(email="foreign@example.com", told=told(page)).status_code == 302


def test_the_name_alone_or_a_few_digits_are_no_sign(add, owner, make_customer):
    make_customer(owner=owner, company="Roast", phone="12345")
    said = {"name": "Marta Lindqvist", "company": "Teahouse", "phone": "12345"}
    assert add(**said).status_code == 302


def test_details_are_compared_where_they_change_and_with_others_alone(
    edit, customer, owner, make_customer
):
    make_customer("Zoë", owner=owner, email="zoe@example.com")
    Customer.objects.create(name="Marta Lindqvist", owner=owner, email="marta@example.com")
    assert edit(customer, phone="+46 31 555010").status_code == 200
    customer.refresh_from_db()
    page = edit(customer, email="zoe@example.com")
    assert page.status_code == 422
    assert "Zoë" in text(page) and "the same e-mail" in text(page)
    assert edit(customer, email="zoe@example.com", told=told(page)).status_code == 200
    customer.refresh_from_db()
    assert customer.email == "zoe@example.com"


def test_a_cell_of_the_list_tells_it_as_well(client, owner, customer, make_customer):
    make_customer("Zoë", owner=owner)
    client.force_login(owner)
    address = f"{reverse('customer-cell', args=[customer.pk])}?column=name"
    said = {"initial-name": customer.name, "name": "Zoë"}
    page = client.post(address, said, headers=HTMX)
    assert "the same name and company" in text(page)
    assert client.post(address, said | {"told": told(page)}, headers=HTMX).status_code == 200
    customer.refresh_from_db()
    assert customer.name == "Zoë"


def test_looking_takes_few_queries(owner, make_customer, django_assert_max_num_queries):
    said = {"email": "zoe@example.com", "phone": "+46 31 555010"}
    for i in range(30):
        make_customer(f"Zoë {i}", owner=owner, **said)
    with django_assert_max_num_queries(5):
        found = doubles_of(Customer(name="Zoë 1", **said), {"name", *said}, owner)
    assert [one.customer.name for one in found] == ["Zoë 0", "Zoë 1", "Zoë 10"]


@pytest.mark.parametrize("phone", ["abc def", "+", "12"])
def test_a_phone_number_has_digits_and_an_imported_one_stays(add, edit, customer, phone):
    assert "A phone number has digits." in text(add(phone=phone))
    Customer.objects.filter(pk=customer.pk).update(country="Sweden")
    customer.phone = phone
    customer.save()
    assert edit(customer, name="Marta").status_code == 200


@pytest.mark.parametrize("phone", ["112", "+46 (0)31 555 010 ext. 4", "０３１ 555 010"])
def test_otherwise_a_phone_number_is_kept_as_it_was_typed(add, phone):
    assert add(phone=phone).status_code == 302
    assert Customer.objects.get().phone == phone


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("Germny", "There is no country “Germny”. Did you mean Germany?"),
        ("Xyzzy", "There is no country “Xyzzy”."),
    ],
)
def test_a_country_that_nobody_knows_is_asked_back_and_an_imported_one_stays(
    add, edit, customer, country, words
):
    page = add(country=country)
    assert words in text(page)
    assert '<option value="Germany">' in page.content.decode()
    customer.country = country
    customer.save()
    assert edit(customer, name="Marta").status_code == 200
    customer.refresh_from_db()
    assert customer.country == country


@pytest.mark.parametrize("country", ["Germany", "de", "DEU", "德国", "United States", "UK", ""])
def test_known_countries_are_taken_in_every_usual_spelling(add, country):
    assert add(country=country).status_code == 302
    assert Customer.objects.get().country == country
