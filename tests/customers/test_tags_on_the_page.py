"""A customer's tags are ticked beside the details, of a new one too, and taken back with them in one step."""

import pytest
from django.urls import reverse

from customers.models import ChangeSet, Customer, Tag
from tests.customers.test_details_conflict import fields_of


@pytest.fixture
def tags(db):
    return [Tag.objects.create(name=name) for name in ("press", "trade fair", "vip")]


@pytest.fixture
def address(customer):
    return reverse("customer-details", args=[customer.pk])


def names(customer) -> list[str]:
    return sorted(customer.tags.values_list("name", flat=True))


def opened(client, address) -> dict:
    return fields_of(client.get(address).content.decode())


def test_ticked_beside_the_details_and_undone_with_them(client, owner, customer, tags, address):
    customer.tags.set(tags[:1])
    client.force_login(owner)
    form = opened(client, address)
    client.post(address, form | {"city": "Visby", "tags": [tags[1].pk, tags[2].pk]})
    customer.refresh_from_db()
    assert (names(customer), customer.city) == (["trade fair", "vip"], "Visby")
    client.post(reverse("undo", args=[ChangeSet.objects.latest("pk").pk]))
    customer.refresh_from_db()
    assert names(customer) == ["press"] and customer.city != "Visby"


def test_tags_and_team_are_undone_together(client, manager, customer, tags, team, address):
    client.force_login(manager)
    form = opened(client, address)
    was = customer.owner
    client.post(address, form | {"owner": manager.pk, "tags": [tags[0].pk]})
    customer.refresh_from_db()
    assert (names(customer), customer.owner) == (["press"], manager)
    client.post(reverse("undo", args=[ChangeSet.objects.latest("pk").pk]))
    customer.refresh_from_db()
    assert (names(customer), customer.owner) == ([], was)


def test_what_was_tagged_again_since_is_not_undone(client, owner, customer, tags, address):
    client.force_login(owner)
    form = opened(client, address)
    client.post(address, form | {"tags": [tags[0].pk]})
    first = ChangeSet.objects.latest("pk")
    client.post(address, opened(client, address) | {"tags": [tags[1].pk]})
    client.post(reverse("undo", args=[first.pk]))
    assert names(customer) == ["trade fair"]


def test_two_who_tag_at_once_both_have_their_way(client, owner, customer, tags, address):
    customer.tags.set(tags[:1])
    client.force_login(owner)
    form = opened(client, address)
    customer.tags.add(tags[2])  # somebody else, meanwhile
    client.post(address, form | {"tags": [tags[0].pk, tags[1].pk]})
    assert names(customer) == ["press", "trade fair", "vip"]


def test_untouched_tags_are_no_change(client, owner, customer, tags, address):
    customer.tags.set(tags)
    client.force_login(owner)
    before = ChangeSet.objects.count()
    client.post(address, opened(client, address) | {"tags": [one.pk for one in tags]})
    assert ChangeSet.objects.count() == before and len(names(customer)) == 3


def test_a_new_customer_has_those_that_were_ticked(client, owner, tags):
    client.force_login(owner)
    page = reverse("customer-add")
    client.post(page, opened(client, page) | {"name": "Novak, Jana", "tags": [tags[2].pk]})
    assert names(Customer.objects.get(name="Novak, Jana")) == ["vip"]


def test_a_tag_that_is_gone_is_told(client, owner, customer, tags, address):
    client.force_login(owner)
    form = opened(client, address)
    gone = tags[0].pk
    tags[0].delete()
    answer = client.post(address, form | {"tags": [gone]})
    assert answer.status_code == 422
    assert "One of these tags is no longer there." in answer.content.decode()
