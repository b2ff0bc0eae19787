"""Admins keep people, teams, own fields, tags and rates on pages of the product; what is wrong loses nothing."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import CustomAttribute, ExchangeRate, Order, Tag, Team, User

KINDS = ("people", "teams", "attributes", "tags", "rates")


@pytest.fixture
def page(client, admin):
    client.force_login(admin)
    return client


def person(**fields) -> dict:
    return {
        "first_name": "Mei",
        "last_name": "Lin",
        "username": "mei",
        "email": "mei@x.example",
        "role": "sales",
    } | fields


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_table_and_an_empty_form(page, kind):
    assert page.get(reverse(f"{kind}-list")).status_code == 200
    assert page.get(reverse(f"{kind}-add")).status_code == 200
    assert reverse(f"{kind}-list") in page.get(reverse("settings")).content.decode()


def test_who_is_invited_chooses_a_password_by_the_link_and_the_link_works_once(page, team):
    response = page.post(reverse("people-add"), person(teams=[team.pk]))
    link = re.search(r'value="(http://testserver/invitation/[^"]+)"', response.content.decode())[1]
    made = User.objects.get(username="mei")
    assert not made.has_usable_password()
    assert list(made.teams.all()) == [team]
    theirs = Client()
    form = theirs.get(link, follow=True)
    assert "Choose a password" in form.content.decode()
    address = form.redirect_chain[-1][0]
    new = {"new_password1": "jade-river-otter-41", "new_password2": "jade-river-otter-41"}
    assert theirs.post(address, new).status_code == 302
    assert theirs.login(username="mei", password="jade-river-otter-41")
    assert "has been used" in Client().get(link, follow=True).content.decode()


def test_a_weak_password_is_refused_in_words(page):
    response = page.post(reverse("people-add"), person())
    link = re.search(r'value="(http://testserver/invitation/[^"]+)"', response.content.decode())[1]
    theirs = Client()
    address = theirs.get(link, follow=True).redirect_chain[-1][0]
    answer = theirs.post(address, {"new_password1": "123", "new_password2": "123"})
    assert "c-error" in answer.content.decode()


def test_who_is_switched_off_is_out_at_once_and_what_they_own_is_told(page, owner, customer, team):
    theirs = Client()
    theirs.force_login(owner)
    edit = reverse("people-edit", args=[owner.pk])
    assert "Customers they look after: 1." in page.get(edit).content.decode()
    fields = person(username="owner", email="owner@example.com", teams=[team.pk])
    assert page.post(edit, fields).status_code == 302  # the box is not ticked
    owner.refresh_from_db()
    assert not owner.is_active
    assert theirs.get("/").status_code == 302
    assert "switched off" in page.get(reverse("people-list")).content.decode()
    assert page.post(reverse("people-invite", args=[owner.pk])).status_code == 404


def test_the_last_admin_stays_one(page, admin):
    edit = reverse("people-edit", args=[admin.pk])
    fields = person(username="admin", email="admin@example.com", role="manager", is_active="on")
    response = page.post(edit, fields)
    assert response.status_code == 422
    assert "make another one first" in response.content.decode()
    User.objects.create_user("second", role=User.Role.ADMIN)
    assert page.post(edit, fields).status_code == 302
    admin.refresh_from_db()
    assert (admin.role, admin.is_superuser, admin.is_staff) == ("manager", False, False)


def test_an_address_belongs_to_one_person(page, owner):
    response = page.post(reverse("people-add"), person(email="OWNER@example.com"))
    assert response.status_code == 422
    assert "Somebody has this address already." in response.content.decode()
    assert 'value="Mei"' in response.content.decode()  # nothing is lost


def test_the_name_of_a_field_is_chosen_once(page):
    fields = {"label": "Plan", "name": "plan", "type": "text", "position": 1}
    page.post(reverse("attributes-add"), fields)
    one = CustomAttribute.objects.get()
    page.post(
        reverse("attributes-edit", args=[one.pk]), fields | {"name": "other", "label": "Contract"}
    )
    one.refresh_from_db()
    assert (one.name, one.label) == ("plan", "Contract")


def test_a_tag_is_renamed_deleted_and_never_twice(page, customer):
    tag = Tag.objects.create(name="VIP")
    customer.tags.add(tag)
    twice = page.post(reverse("tags-add"), {"name": " vip "})
    assert "There is a tag of this name already." in twice.content.decode()
    page.post(reverse("tags-edit", args=[tag.pk]), {"name": "Key account"})
    assert customer.tags.get().name == "Key account"
    page.post(reverse("tags-delete", args=[tag.pk]))
    assert not customer.tags.exists()


def test_a_team_goes_and_its_customers_stay(page, customer, team):
    page.post(reverse("teams-delete", args=[team.pk]))
    customer.refresh_from_db()
    assert customer.team is None
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"currency": "eur"}, "own currency"),
        ({"currency": "U$D"}, "Three letters"),
        ({"rate": "0"}, "more than 0"),
        ({"rate": "NaN"}, "c-error"),
        ({"valid_from": "soon"}, "c-error"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(page, fields, words):
    whole = {"currency": "usd", "valid_from": "2026-01-01", "rate": "0.9"} | fields
    response = page.post(reverse("rates-add"), whole)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_rates_stand_below_each_other(page):
    for first, rate in (("2026-01-01", "0.13"), ("2026-02-01", "0.00612345")):
        page.post(reverse("rates-add"), {"currency": "cny", "valid_from": first, "rate": rate})
    body = page.get(reverse("rates-list")).content.decode()
    assert ">0.130000<" in body and ">0.00612345<" in body
    one = ExchangeRate.objects.get(rate="0.13")
    assert 'value="0.13"' in page.get(reverse("rates-edit", args=[one.pk])).content.decode()


def test_orders_are_converted_at_the_rate_of_their_day_and_refused_without_one(page, customer):
    for first, rate in (("2026-01-01", "0.90"), ("2026-03-01", "0.80")):
        page.post(reverse("rates-add"), {"currency": "usd", "valid_from": first, "rate": rate})
    assert ExchangeRate.objects.filter(currency="USD").count() == 2

    def order(number, day, currency="USD"):
        return page.post(
            reverse("api-order-list"),
            {"customer": customer.pk, "number": number, "occurred_at": f"{day}T12:00:00Z", "currency": currency,
             "lines": [{"description": "Beans", "quantity": "1", "unit_price": "100.00"}]},
            content_type="application/json",
        )  # fmt: skip

    assert order("1", "2026-02-10").status_code == 201
    assert order("2", "2026-03-10").status_code == 201
    early = order("3", "2025-12-10")
    assert early.status_code == 400
    assert "no exchange rate for USD on 2025-12-10" in early.content.decode()
    amounts = dict(Order.objects.values_list("number", "base_amount"))
    assert amounts == {"1": Decimal("90.00"), "2": Decimal("80.00")}


def field_of(**fields) -> dict:
    return {"label": "Level", "name": "level", "type": "choice", "position": 0} | fields


@pytest.mark.parametrize(
    "written", ["Gold\r\n\r\n Silver \r\nSmith, Jones", "Gold，Silver、Bronze"]
)
def test_a_choice_is_given_what_is_chosen_from_by_lines_or_commas(page, customer, written):
    assert page.post(reverse("attributes-add"), field_of(choices=written)).status_code == 302
    options = CustomAttribute.objects.get().options
    assert options in (["Gold", "Silver", "Smith, Jones"], ["Gold", "Silver", "Bronze"])
    details = page.get(reverse("customer-details", args=[customer.pk])).content.decode()
    assert f'<option value="{options[2]}">' in details


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ("", "A choice needs at least two."),
        ("Gold", "A choice needs at least two."),
        ("Gold\nSilver\ngold", "“gold” stands there twice."),
        ("Gold\n" + "x" * 101, "is too long: at most 100 characters."),
    ],
)
def test_choices_that_cannot_be_chosen_from_are_refused_in_words(page, choices, words):
    answer = page.post(reverse("attributes-add"), field_of(choices=choices))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_field_of_another_type_needs_no_choices_and_keeps_those_it_had(page):
    level = CustomAttribute.objects.create(
        name="level", label="Level", type="choice", choices="a\nb"
    )
    edit = reverse("attributes-edit", args=[level.pk])
    assert page.post(edit, field_of(type="text", choices="a\r\nb")).status_code == 302
    level.refresh_from_db()
    assert (level.type, level.choices) == ("text", "a\nb")


def test_taking_out_a_choice_that_customers_have_says_so_and_can_be_undone(page, customer):
    level = CustomAttribute.objects.create(
        name="level", label="Level", type="choice", choices="a\nb\nc"
    )
    customer.attributes = {"level": "c"}
    customer.save()
    edit = reverse("attributes-edit", args=[level.pk])
    answer = page.post(edit, field_of(choices="b\nd"), follow=True)
    assert "“c” is no longer offered; 1 customer keeps it." in answer.content.decode()
    assert "“a” is no longer offered" not in answer.content.decode()
    assert (
        'value="c" selected'
        in page.get(reverse("customer-details", args=[customer.pk])).content.decode()
    )
