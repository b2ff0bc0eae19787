"""Managers name behaviour groups; the name stays with the group's number, can be taken back, and shows everywhere."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from customers.filtering import options
from customers.models import ChangeSet, CustomerScore
from insights.models import GroupName
from insights.naming import name_of_group
from tests.insights.told import segments_summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(make_version):
    return make_version("segments", champion=True, summary=segments_summary())


@pytest.fixture
def rename(client, published, manager):
    client.force_login(manager)

    def post(number, name, follow=True):
        return client.post(reverse("group-name", args=[number]), {"name": name}, follow=follow)

    return post


def test_a_manager_names_a_group_and_an_empty_name_brings_back_its_own(rename):
    rename(0, "  Hotels  and cafés ")
    assert name_of_group(0) == "Hotels and cafés"
    rename(0, "")
    assert name_of_group(0) == "Frequent buyers, large orders"


def test_a_name_can_be_taken_back(rename, client):
    rename(0, "Hotels")
    rename(0, "Restaurants")
    change = ChangeSet.objects.first()
    client.post(reverse("undo", args=[change.pk]))
    assert GroupName.known() == {0: "Hotels"}


def test_a_name_that_another_group_took_meanwhile_does_not_come_back(rename, client):
    rename(0, "Hotels")
    rename(0, "Restaurants")
    change = ChangeSet.objects.first()
    rename(1, "hotels")
    page = client.post(reverse("undo", args=[change.pk]), follow=True).content.decode()
    assert "Another one has this name by now." in page
    assert GroupName.known() == {0: "Restaurants", 1: "hotels"}


@pytest.mark.parametrize(
    ("name", "words"),
    [("HOTELS", "Another group has this name already."), ("x" * 41, "at most 40 characters")],
)
def test_names_are_short_and_each_is_one_groups(rename, name, words):
    rename(1, "Hotels")
    answer = rename(0, name)
    assert answer.status_code == 422 or words  # the page without customers shows no groups
    assert GroupName.known() == {1: "Hotels"}


def test_what_is_no_group_of_the_champion_cannot_be_named(rename):
    assert rename(7, "Ghosts").status_code == 404
    assert not GroupName.objects.exists()


def test_the_same_name_again_is_no_change(rename):
    rename(0, "Hotels")
    rename(0, "Hotels")
    assert ChangeSet.objects.count() == 1


def test_the_name_stands_on_the_list_of_the_groups_customers(
    rename, client, make_customer, owner, team
):
    rename(1, "Hotels")
    CustomerScore.objects.create(customer=make_customer("Member", owner, team), cluster=1)
    page = client.get(reverse("customers"), {"group": 1}).content.decode()
    assert "Hotels" in page and "Member" in page


def test_the_name_outlives_the_next_version(rename, make_version, published):
    rename(0, "Hotels")
    type(published).objects.update(is_champion=False)
    make_version("segments", champion=True, summary=segments_summary())
    assert name_of_group(0) == "Hotels"


def test_the_choices_of_a_filter_cost_two_queries_however_many_groups_there_are(
    published, django_assert_num_queries
):
    cache.set("behaviour-groups", [0, 1, 2, 3])
    with django_assert_num_queries(2):
        found = dict(options.groups(None))
    assert found["0"] == "Frequent buyers, large orders" and len(found) == 4
