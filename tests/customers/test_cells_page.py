"""A cell of the list of customers is edited in its place, by who may, and two who do so are told of each other."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import CustomAttribute, CustomerValue, Tag
from tests.customers.test_details_conflict import HTMX, fields_of

COLUMNS = "name,seg,email,phone,country,lifecycle,own,attr.tier,tags"
WAY = f"in=%2Fcustomers%2F%3Fcolumns%3D{COLUMNS.replace(',', '%252C')}"


@pytest.fixture
def tier(db):
    return CustomAttribute.objects.create(
        name="tier", label="Tier", type="choice", choices="Gold\nSilver"
    )


@pytest.fixture
def cell(client, customer, tier):
    """``cell(owner, "phone")`` opens one; ``cell(owner, "phone", phone="1")`` opens and saves it."""

    def at(user, column, sent=None, **changed):
        client.force_login(user)
        address = f"{reverse('customer-cell', args=[customer.pk])}?column={column}&{WAY}"
        if sent is None:
            opened = client.get(address, headers=HTMX)
            if not changed:
                return opened
            sent = form_of(opened)
        return client.post(address, sent | changed, headers=HTMX)

    return at


def form_of(response) -> dict[str, str]:
    body = response.content.decode()
    return fields_of(re.search(r"<form.*?</form>", body, re.S)[0])


def open_to(client, user) -> set[str]:
    client.force_login(user)
    body = client.get(f"/customers/?columns={COLUMNS}").content.decode()
    return set(re.findall(r'id="c\d+-([\w-]+)" tabindex', body))


def test_a_cell_opens_with_a_field_that_fits_it(cell, owner, customer):
    customer.attributes = {"tier": "Gold"}
    customer.save()
    assert 'type="text" name="phone"' in cell(owner, "phone").content.decode()
    body = cell(owner, "attr.tier").content.decode()
    assert '<option value="Gold" selected>' in body and body.count("data-cell-form") == 1
    assert 'name="lifecycle"' in cell(owner, "lifecycle").content.decode()


def test_what_is_saved_stands_in_the_row_and_is_taken_back(cell, client, owner, customer):
    response = cell(owner, "phone", phone="+46 31 555")
    body = response.content.decode()
    assert response.status_code == 200
    assert body.lstrip().startswith("<tr") and "+46 31 555" in body
    assert "data-cell-form" not in body and "Marta Lindqvist: Phone changed" in body
    client.post(re.search(r'action="(/changes/\d+/undo/)"', body)[1])
    customer.refresh_from_db()
    assert customer.phone == ""


def test_the_other_fields_stay_as_they_are(cell, owner, customer, team):
    CustomAttribute.objects.create(name="plan", label="Plan")
    customer.city, customer.attributes = "Lund", {"plan": "A", "unknown": "kept"}
    customer.save()
    assert cell(owner, "attr.tier", **{"attribute-tier": "Gold"}).status_code == 200
    customer.refresh_from_db()
    assert customer.attributes == {"plan": "A", "unknown": "kept", "tier": "Gold"}
    assert (customer.city, customer.owner, customer.team) == ("Lund", owner, team)
    kept = CustomerValue.objects.filter(customer=customer, field="attribute:tier")
    assert [one.value for one in kept] == ["Gold"]


def test_what_is_wrong_is_said_in_the_cell(cell, owner, customer):
    response = cell(owner, "email", email="nonsense")
    assert response.status_code == 422
    body = cell(owner, "phone", phone="1" * 50).content.decode()
    assert "This is too long: 50 characters, 40 at most." in body
    customer.refresh_from_db()
    assert (customer.email, customer.phone) == ("marta@example.com", "")


def test_what_another_has_changed_meanwhile_is_told_with_all_three_values(
    cell, owner, manager, customer
):
    cell(owner, "phone", phone="111")
    seen = form_of(cell(owner, "phone"))
    cell(manager, "phone", phone="222")
    response = cell(owner, "phone", sent=seen, phone="333")
    body = response.content.decode()
    assert response.status_code == 422
    assert "manager changed this to “222”" in body
    assert "It was “111”, and yours is “333”" in body and 'data-value="222"' in body
    assert cell(owner, "phone", sent=form_of(response)).status_code == 200
    customer.refresh_from_db()
    assert customer.phone == "333"


def test_cells_are_open_to_who_may_edit_them(client, cell, owner, manager, teammate, customer):
    everybody = {"name", "email", "phone", "country", "lifecycle", "attr-tier", "tags"}
    assert open_to(client, owner) == everybody
    assert open_to(client, manager) == everybody | {"own"}
    assert cell(manager, "own", owner=teammate.pk).status_code == 200
    customer.refresh_from_db()
    assert customer.owner == teammate
    assert cell(teammate, "own", sent={"owner": teammate.pk}).status_code == 403
    assert cell(manager, "value", sent={"value": "1"}).status_code == 403
    assert cell(manager, "bogus").status_code == 403


def test_the_row_keeps_the_columns_of_its_list_and_costs_the_same(
    cell, client, owner, customer, make_customer, team
):
    body = cell(owner, "phone", phone="1").content.decode()
    assert re.findall(r'class="c-col-(\w+)', body) == [
        "pick", "name", "seg", "other", "other", "other", "other", "own", "other", "tags",
    ]  # fmt: skip
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            cell(owner, "phone")
        counts.append(len([q for q in queries if "session" not in q["sql"]]))
        for n in range(5):
            make_customer(f"Other {n}", owner=owner, team=team)
    assert counts[0] == counts[1] <= 13, counts


def test_the_name_is_edited_beside_its_link_and_taken_back(cell, client, owner, customer):
    body = cell(owner, "name").content.decode()
    assert 'name="name"' in body and 'value="Marta Lindqvist"' in body
    response = cell(owner, "name", name="Marta Berg")
    body = response.content.decode()
    assert f'href="{customer.get_absolute_url()}?' in body
    assert "Edit Name of Marta Berg" in body
    assert "Marta Berg: Name changed" in body
    assert "This field is required." in cell(owner, "name", name="").content.decode()
    client.post(re.search(r'action="(/changes/\d+/undo/)"', body)[1])
    customer.refresh_from_db()
    assert customer.name == "Marta Lindqvist"
    assert client.get("/customers/?q=Lindqvist").content.count(b"data-row") == 1


@pytest.fixture
def tags(customer):
    made = [Tag.objects.create(name=name) for name in ("Fair", "Press", "VIP")]
    customer.tags.add(made[0])
    return made


def names(customer) -> list[str]:
    return [tag.name for tag in customer.tags.all()]


def test_tags_are_ticked_in_their_cell_and_taken_back(cell, client, owner, customer, tags):
    opened = cell(owner, "tags")
    seen = form_of(opened)
    assert opened.content.decode().count('type="checkbox" name="tags"') == 3
    assert (seen["initial-tags"], seen["tags"]) == (str(tags[0].pk), str(tags[0].pk))
    response = cell(owner, "tags", sent=seen | {"tags": [tags[1].pk, tags[2].pk]})
    body = response.content.decode()
    assert response.status_code == 200 and names(customer) == ["Press", "VIP"]
    assert "Marta Lindqvist: Tags changed" in body and '<span class="c-chip">VIP</span>' in body
    client.post(re.search(r'action="(/changes/\d+/undo/)"', body)[1])
    assert names(customer) == ["Fair"]
    del seen["tags"]
    assert cell(owner, "tags", sent=seen).status_code == 200
    assert names(customer) == []
    # Nothing ticked is said too, so that it is known what was seen.
    assert form_of(cell(owner, "tags"))["initial-tags"] == ""


def test_tags_saved_as_they_were_are_no_change(cell, owner, customer, tags):
    body = cell(owner, "tags", sent=form_of(cell(owner, "tags"))).content.decode()
    assert names(customer) == ["Fair"] and "/undo/" not in body


def test_tags_of_two_who_tag_at_once_are_merged(cell, client, owner, manager, customer, tags):
    fair, press, vip = (tag.pk for tag in tags)
    seen = form_of(cell(owner, "tags"))
    cell(manager, "tags", sent=seen | {"tags": [press]})
    body = cell(owner, "tags", sent=seen | {"tags": [fair, vip]}).content.decode()
    assert names(customer) == ["Press", "VIP"]
    # What is taken back is one's own.
    client.post(re.search(r'action="(/changes/\d+/undo/)"', body)[1])
    assert names(customer) == ["Press"]


def test_the_same_tags_changed_twice_are_one_change(cell, owner, manager, customer, tags):
    seen = form_of(cell(owner, "tags"))
    sent = seen | {"tags": [tags[2].pk]}
    cell(manager, "tags", sent=sent)
    assert "/undo/" not in cell(owner, "tags", sent=sent).content.decode()
    assert names(customer) == ["VIP"]


def test_what_one_did_not_touch_stays_as_another_has_tagged_it(
    cell, owner, manager, customer, tags
):
    seen = form_of(cell(owner, "tags"))
    cell(manager, "tags", sent=seen | {"tags": [tags[1].pk]})
    assert cell(owner, "tags", sent=seen).status_code == 200
    assert names(customer) == ["Press"]


def test_a_tag_that_is_gone_is_told_and_many_are_searched(cell, owner, customer, tags):
    seen = form_of(cell(owner, "tags"))
    gone = tags[2].pk
    tags[2].delete()
    response = cell(owner, "tags", sent=seen | {"tags": [gone]})
    assert response.status_code == 422
    assert "One of these tags is no longer there." in response.content.decode()
    assert "data-find" not in response.content.decode()
    Tag.objects.bulk_create(Tag(name=f"T{n}") for n in range(9))
    assert "data-find" in cell(owner, "tags").content.decode()
    Tag.objects.all().delete()
    assert "nothing to choose from yet" in cell(owner, "tags").content.decode()
