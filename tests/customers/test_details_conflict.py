"""Two people edit one customer: what only one changed is merged, what both did is told with all three values."""

import re

import pytest
from django.urls import reverse

from customers.models import CustomAttribute

HTMX = {"HX-Request": "true"}
FIELD = re.compile(r"<(?:input|select)[^>]*?name=\"([^\"]+)\"[^>]*?>(?:.*?</select>)?", re.S)


def fields_of(body: str) -> dict[str, str]:
    """What a browser would send of the form."""
    sent = {}
    for tag in re.finditer(r"<input[^>]*>|<select.*?</select>", body, re.S):
        name = re.search(r'name="([^"]+)"', tag[0])
        if not name or name[1] == "find":
            continue
        if tag[0].startswith("<select"):
            chosen = re.search(r'<option value="([^"]*)" selected', tag[0])
            sent[name[1]] = chosen[1] if chosen else ""
        elif 'type="checkbox"' not in tag[0] or "checked" in tag[0]:
            value = re.search(r'value="([^"]*)"', tag[0])
            sent[name[1]] = value[1] if value else ""
    return sent


@pytest.fixture
def address(customer):
    return reverse("customer-details", args=[customer.pk])


@pytest.fixture
def opened(client, owner, customer, address):
    """The form as the owner opens it; and what saves it with something changed."""
    CustomAttribute.objects.create(name="tier", label="Tier", type="choice", choices="Gold\nSilver")
    customer.attributes = {"tier": "Silver"}
    customer.city = "Lund"
    customer.save()
    client.force_login(owner)
    form = fields_of(client.get(address, headers=HTMX).content.decode())

    def save(sent=form, **changed):
        client.force_login(owner)
        return client.post(address, sent | changed, headers=HTMX)

    return save


@pytest.fixture
def theirs(client, manager, address):
    """A manager opens the form and saves it, with something changed."""

    def save(**changed):
        client.force_login(manager)
        form = fields_of(client.get(address, headers=HTMX).content.decode())
        assert client.post(address, form | changed, headers=HTMX).status_code == 200

    return save


def test_what_only_the_other_changed_stays_as_they_have_it(opened, theirs, customer):
    theirs(city="Malmö", **{"attribute-tier": "Gold"})
    assert opened(phone="+46 31 555").status_code == 200
    customer.refresh_from_db()
    assert (customer.city, customer.phone) == ("Malmö", "+46 31 555")
    assert customer.attributes == {"tier": "Gold"}


def test_what_both_changed_is_told_with_theirs_the_original_and_ones_own(opened, theirs, customer):
    theirs(city="Malmö")
    response = opened(city="Ystad")
    body = response.content.decode()
    assert response.status_code == 422
    assert "manager changed this to “Malmö”" in body
    assert "It was “Lund”, and yours is “Ystad”" in body
    assert 'value="Ystad"' in body and 'data-value="Malmö"' in body
    customer.refresh_from_db()
    assert customer.city == "Malmö"
    again = fields_of(body)
    assert opened(again).status_code == 200
    customer.refresh_from_db()
    assert customer.city == "Ystad"


def test_the_same_change_made_twice_is_no_conflict(opened, theirs, customer):
    theirs(city="Malmö")
    assert opened(city="Malmö").status_code == 200


def test_a_custom_attribute_of_both_is_told_as_well(opened, theirs, customer):
    theirs(**{"attribute-tier": "Gold"})
    response = opened(**{"attribute-tier": ""})
    body = response.content.decode()
    assert response.status_code == 422
    assert "changed this to “Gold”" in body and "It was “Silver”, and yours is “–”" in body


def test_a_third_change_meanwhile_is_told_again(opened, theirs, customer):
    theirs(city="Malmö")
    again = fields_of(opened(city="Ystad").content.decode())
    theirs(city="Kalmar")
    body = opened(again).content.decode()
    assert "changed this to “Kalmar”" in body and "It was “Malmö”" in body


def test_a_choice_is_chosen_and_what_an_import_brought_stays_a_choice(
    client, owner, customer, address
):
    CustomAttribute.objects.create(name="tier", label="Tier", type="choice", choices="Gold\nSilver")
    customer.attributes = {"tier": "Bronze"}
    customer.save()
    client.force_login(owner)
    body = client.get(address, headers=HTMX).content.decode()
    found = re.search(r"<select[^>]*attribute-tier.*?</select>", body, re.S)[0]
    assert re.findall(r'value="([^"]*)"', found) == ["", "Gold", "Silver", "Bronze"]
