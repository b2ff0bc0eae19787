"""Language, theme, errors, the company's settings, the door."""

import re

import pytest
from django.urls import reverse

from customers.models import ChangeSet, Company, CustomAttribute
from tests.customers.pages import ago, order


def test_the_language_is_kept_on_the_person_and_in_the_browser(client, owner):
    client.force_login(owner)
    response = client.post(reverse("set-language"), {"language": "zh-hans", "next": "/customers/"})
    assert response["Location"] == "/customers/"
    assert response.cookies["django_language"].value == "zh-hans"
    owner.refresh_from_db()
    assert owner.language == "zh-hans"
    assert 'lang="zh-Hans"' in client.get("/").content.decode()


def test_the_login_page_speaks_the_language_chosen_there(client, db):
    client.post(reverse("set-language"), {"language": "zh-hans", "next": "/login/"})
    assert "登录" in client.get("/login/").content.decode()


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
)
def test_no_link_leads_people_elsewhere(client, db, address):
    response = client.post(reverse("set-language"), {"language": "en", "next": address})
    assert response["Location"] == "/"


def test_unknown_languages_and_themes_are_refused(client, owner):
    client.force_login(owner)
    assert client.post(reverse("set-language"), {"language": "tlh"}).status_code == 400
    assert client.post(reverse("set-theme"), {"theme": "pink"}).status_code == 400


def test_the_theme_is_kept_on_the_person(client, owner):
    client.force_login(owner)
    assert client.post(reverse("set-theme"), {"theme": "dark"}).status_code == 204
    assert 'data-theme="dark"' in client.get("/").content.decode()


def test_wrong_passwords_are_answered_in_plain_words(client, owner):
    response = client.post(reverse("login"), {"username": "owner", "password": "wrong"})
    body = response.content.decode()
    assert "Name and password do not fit" in body
    assert 'value="owner"' in body
    assert 'autocomplete="current-password"' in body


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("owner", ["home", "customers"]),
        ("manager", ["home", "customers", "segments", "models"]),
        ("admin", ["home", "customers", "segments", "models", "settings"]),
    ],
)
def test_the_navigation_offers_what_the_role_may_open(client, request, role, pages):
    client.force_login(request.getfixturevalue(role))
    body = client.get("/").content.decode()
    assert [
        p
        for p in ("home", "customers", "segments", "models", "settings")
        if f'data-page="{p}"' in body
    ] == pages


@pytest.mark.parametrize(
    "address", ["/customers/views/new/", "/customers/bulk/?do=tag", "/customers/exports/"]
)
def test_the_navigation_marks_the_customers_on_what_is_done_from_their_list(client, owner, address):
    client.force_login(owner)
    body = client.get(address).content.decode()
    assert re.findall(r'data-page="(\w+)"[^>]* aria-current="page"', body) == ["customers"]


def test_errors_are_pages_in_plain_words(client, owner):
    client.force_login(owner)
    refused, missing = client.get("/settings/"), client.get("/nothing-here/")
    assert (refused.status_code, missing.status_code) == (403, 404)
    assert "This page is not for your role" in refused.content.decode()
    assert "There is nothing here" in missing.content.decode()


def test_a_broken_page_says_that_nothing_was_changed(client, owner, monkeypatch):
    def break_it(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("customers.views.home.my_tasks", break_it)
    client.force_login(owner)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Nothing was changed" in response.content.decode()


def company(client, **changes):
    fields = {
        "name": "Roast & Co",
        "base_currency": "eur",
        "time_zone": "Europe/Berlin",
        "churn_horizon_days": 60,
    }
    return client.post(reverse("settings"), fields | changes)


def test_an_admin_sets_what_holds_for_the_company(client, admin):
    client.force_login(admin)
    assert company(client).status_code == 302
    stored = Company.current()
    assert (stored.name, stored.base_currency, stored.churn_horizon_days) == (
        "Roast & Co",
        "EUR",
        60,
    )
    assert ChangeSet.objects.get().changes.get().previous["churn_horizon_days"] == 90


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_currency": "E1"},
        {"churn_horizon_days": 3},
        {"time_zone": "Mars/Base"},
        {"churn_label_attribute": "x"},
    ],
)
def test_wrong_settings_come_back_with_their_errors(client, admin, wrong):
    client.force_login(admin)
    response = company(client, **wrong)
    assert response.status_code == 422
    assert "c-error" in response.content.decode()


def test_a_churn_label_needs_the_value_that_means_left(client, admin):
    CustomAttribute.objects.create(name="status", label="Status")
    client.force_login(admin)
    response = company(client, churn_label_attribute="status", churn_label_value=" ")
    assert response.status_code == 422
    assert 'id="company-churn_label_value_error"' in response.content.decode()
    assert Company.current().churn_label_attribute == ""
    given = {"churn_label_attribute": "status", "churn_label_value": "gone"}
    assert company(client, **given).status_code == 302
    assert Company.current().churn_label_value == "gone"


def test_the_base_currency_stays_once_there_are_orders(client, admin, customer):
    order(customer, "1", ago(1))
    client.force_login(admin)
    company(client, base_currency="USD")
    assert Company.current().base_currency == "EUR"


def test_the_server_says_that_it_is_well(client, db):
    assert client.get("/healthz").content == b"ok"


def test_everybody_changes_their_own_password(client, owner):
    owner.set_password("moss-harbor-lantern-12")
    owner.save()
    client.force_login(owner)
    address = reverse("password")
    assert address in client.get(reverse("profile")).content.decode()
    new = {"new_password1": "willow-copper-field-77", "new_password2": "willow-copper-field-77"}
    refused = client.post(address, {"old_password": "wrong", **new})
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.content.decode()
    changed = client.post(address, {"old_password": "moss-harbor-lantern-12", **new})
    assert changed["Location"] == reverse("profile")
    assert "Password changed" in client.get(reverse("profile")).content.decode()  # still signed in
    owner.refresh_from_db()
    assert owner.check_password("willow-copper-field-77")
