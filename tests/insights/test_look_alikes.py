"""Look-alikes: the nearest in behaviour of those the reader may see, and who is next to a segment or a group."""

import pytest
from django.urls import reverse

from customers.likeness import alike
from customers.models import Behaviour, Customer
from insights.ml.axes import AXES
from insights.ml.behaviour import BEHAVIOUR
from insights.models import GroupName
from insights.publishing import publish, roll_back
from tests.insights.conftest import segment
from tests.insights.told import segments_summary

pytestmark = pytest.mark.django_db


def stands(cells=(0, 1), next_segment="champions", far=100, next_cluster=0, axes=None, **sides):
    """What a version says of a customer who stands there; axes: of whole stories."""
    alike = {
        "sides": [sides.get(name, 0 if name in ("recency_days", "orders_all") else None) for name in BEHAVIOUR],
        "cells": list(cells), "next_segment": next_segment, "segment_distance": far,
        "next_cluster": next_cluster, "cluster_distance": far,
    }  # fmt: skip
    if axes is not None:
        alike["axes"] = [*axes, *[0] * (8 - len(axes))]
    return segment("loyal") | {"alike": alike}


@pytest.fixture
def version(make_version):
    return make_version("segments", summary=segments_summary())


@pytest.fixture
def everybody(version, answer, make_customer, owner, stranger, team, other_team):
    """Five places on a line, one of them of another team, one in a cell far away."""
    places = {
        "Me": stands(orders_all=100, recency_days=-80),
        "Twin": stands(orders_all=101, recency_days=-82, far=30),
        "Near": stands(orders_all=150, recency_days=-20, far=20),
        "Far": stands(orders_all=-300, recency_days=300, cells=(7,), next_segment="lost"),
        "Stranger": stands(orders_all=100, recency_days=-80, far=1),
    }
    people = {
        name: make_customer(name, stranger, other_team)
        if name == "Stranger"
        else make_customer(name, owner, team)
        for name in places
    }
    answer(version, {people[name]: told for name, told in places.items()})
    publish(version)
    return people


def test_the_model_and_the_record_name_the_same_sides():
    assert Behaviour.SIDES == BEHAVIOUR and Behaviour.AXES == AXES


def test_publishing_brings_where_customers_stand_and_takes_it_away_again(
    everybody, version, make_version, answer
):
    twin = Behaviour.objects.get(customer=everybody["Twin"])
    assert (twin.orders_all, twin.recency_days, twin.gap_median) == (101, -82, None)
    assert twin.cells == [0, 1] and (twin.next_segment, twin.segment_distance) == ("champions", 30)
    other = make_version("segments")  # of an earlier release, which does not say
    answer(other, {everybody["Twin"]: segment("loyal")})
    publish(other)
    assert not Behaviour.objects.exists()
    roll_back(version)
    assert Behaviour.objects.count() == 5


@pytest.mark.parametrize("looked_at", [1, 3, 300])  # themselves; a stranger before the others; all
def test_the_nearest_come_first_and_only_those_the_reader_may_see(
    everybody, owner, admin, monkeypatch, looked_at
):
    monkeypatch.setattr("customers.likeness.LOOKED_AT", looked_at)

    def names(user, count=5):
        found = alike(everybody["Me"], Customer.objects.visible_to(user), count)
        return [one.name for one in found]

    assert names(owner, 2) == ["Twin", "Near"]
    assert names(owner) == ["Twin", "Near", "Far"]  # few in the cells nearby: everywhere, then
    assert names(admin, 2) == ["Stranger", "Twin"]


def test_what_two_share_is_what_sets_both_apart_in_the_same_way(everybody, owner):
    twin, near, far = alike(everybody["Me"], Customer.objects.visible_to(owner))
    assert twin.shared == [("orders_all", "high"), ("recency_days", "low")]
    assert near.shared == [("orders_all", "high")]
    assert far.shared == []


def test_the_customer_page_shows_them_in_words(
    everybody, client, owner, django_assert_max_num_queries
):
    client.force_login(owner)
    me = everybody["Me"]
    assert (
        reverse("customer-alike", args=[me.pk])
        in client.get(me.get_absolute_url()).content.decode()
    )
    GroupName.objects.create(number=1, name="Hotels")
    with django_assert_max_num_queries(9):
        page = client.get(reverse("customer-alike", args=[me.pk])).content.decode()
    assert "Twin" in page and "Stranger" not in page
    assert "Both: Frequent buyers, bought lately" in page
    assert "Hotels" in page and "last order 210 days ago" in page


def test_whole_stories_tell_who_is_alike_where_groups_found_in_them_are_published(
    everybody, version, make_version, answer, client, owner
):
    me, twin, near = (everybody[name] for name in ("Me", "Twin", "Near"))
    client.force_login(owner)
    url = reverse("customer-alike", args=[me.pk])
    assert "Compared by figures of what they do." in client.get(url).content.decode()
    other = make_version("segments", summary=segments_summary(grouped_by="kmeans_story"))
    places = {me: (10, 10), twin: (300, 10), near: (12, 11)}
    answer(other, {one: stands(axes=axes, orders_all=100) for one, axes in places.items()})
    publish(other)
    assert Behaviour.objects.get(customer=twin).axis_1 == 300
    found = alike(me, Customer.objects.visible_to(owner))
    assert [one.name for one in found] == ["Near", "Twin"]
    assert found[0].shared == [("orders_all", "high")]
    assert "Compared by their whole stories" in client.get(url).content.decode()
    roll_back(version)
    assert Behaviour.objects.get(customer=twin).axis_1 is None


def test_who_refuses_profiling_is_compared_with_nobody(everybody, client, owner):
    me = everybody["Me"]
    Customer.objects.filter(pk=me.pk).update(profiling_refused=True)
    client.force_login(owner)
    page = client.get(reverse("customer-alike", args=[me.pk])).content.decode()
    assert "Twin" not in page and "refused profiling" in page


def test_the_nearest_to_a_segment_are_listed_nearest_first(everybody, client, manager, admin):
    client.force_login(manager)
    page = client.get(reverse("segment-alike", args=["champions"])).content.decode()
    assert "Nearly in “Champions”" in page
    assert page.index("Near<") < page.index("Twin<") < page.index("Me<")
    assert "Far<" not in page and "Stranger" not in page
    answer = client.get(reverse("segment-alike", args=["champions"]), {"as": "csv"})
    body = b"".join(answer.streaming_content).decode()
    assert body.index("Near,") < body.index("Twin,") and "Stranger" not in body
    client.force_login(admin)
    assert "Stranger" in client.get(reverse("group-alike", args=[0])).content.decode()


@pytest.mark.parametrize(("page", "key"), [("segment-alike", "nobility"), ("group-alike", 99)])
def test_what_is_no_segment_and_no_group_is_unknown(everybody, client, manager, page, key):
    client.force_login(manager)
    assert client.get(reverse(page, args=[key])).status_code == 404
