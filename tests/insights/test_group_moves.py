"""Moves between behaviour groups are kept as those between segments: one per customer and day, added up per team."""

import datetime

import pytest
from django.utils import timezone

from customers.models import Customer
from insights.models import GroupMove
from insights.movements import group_flows_between, last_days
from insights.publishing import (
    bring_to_customers,
    forget_refused,
    publish,
)
from tests.insights.conftest import segment

pytestmark = pytest.mark.django_db


def in_group(number):
    return segment("loyal") | {"cluster": number}


@pytest.fixture
def published(make_version, answer, customer):
    """A version that has been champion for ten days, with one customer in group 1."""
    version = make_version("segments")
    answer(version, {customer: in_group(1)}, days_ago=10)
    publish(version)
    type(version).objects.update(published_at=timezone.now() - datetime.timedelta(days=10))
    return version


@pytest.fixture
def says(published, answer):
    def say(customer, number, version=None):
        version = version or published
        answer(version, {customer: in_group(number)})
        bring_to_customers("segments", version.pk, [customer.pk])

    return say


def moves() -> list[tuple]:
    rows = GroupMove.objects.real().order_by("day", "pk")
    return list(rows.values_list("group_before", "group_after", "by_new_model"))


def test_a_day_has_one_move_from_where_it_began_to_where_it_ended(says, customer):
    assert moves() == []  # on the first day everybody arrives
    says(customer, 2)
    says(customer, 2)
    assert moves() == [(1, 2, False)]
    says(customer, 0)
    assert moves() == [(1, 0, False)]
    says(customer, 1)  # and back: a move that was none
    assert moves() == [] and GroupMove.objects.count() == 1


def test_who_is_scored_for_the_first_time_arrives_and_who_is_scored_no_more_leaves(
    says, published, customer, make_customer, monkeypatch
):
    says(make_customer("New here"), 0)
    assert moves() == [(None, 0, False)]
    published.scores.filter(customer=customer).delete()
    bring_to_customers("segments", published.pk, [customer.pk])
    assert moves()[1:] == [(1, None, False)]


def test_groups_that_are_found_or_lost_move_nobody(says, customer):
    says(customer, None)
    says(customer, 3)
    assert moves() == []


def test_a_move_on_the_day_of_another_version_says_so(says, make_version, answer, customer):
    other = make_version("segments")
    answer(other, {customer: in_group(5)})
    publish(other)
    assert moves() == [(1, 5, True)]


def test_who_refuses_profiling_leaves_no_moves_behind(says, published, customer):
    says(customer, 2)
    Customer.objects.filter(pk=customer.pk).update(profiling_refused=True)
    published.scores.all().delete()
    bring_to_customers("segments", published.pk, [customer.pk])
    forget_refused([customer.pk])
    assert not GroupMove.objects.exists()


def test_each_reader_sees_the_movement_of_their_own_customers(
    says, published, make_customer, team, other_team, owner, manager, other_manager, admin, answer
):
    people = [make_customer(f"North {i}", owner=owner, team=team) for i in range(2)]
    people.append(make_customer("South", team=other_team))
    answer(published, dict.fromkeys(people, in_group(0)))
    bring_to_customers("segments", published.pk, None)
    GroupMove.objects.update(day=timezone.now().date() - datetime.timedelta(days=1))
    for one in people[1:]:
        says(one, 4)

    def told(user, days=7):
        rows = group_flows_between(user, last_days(days))
        return {(r["group_before"], r["group_after"]): r["moved"] for r in rows}

    assert told(admin) == {(None, 0): 1, (None, 4): 2}
    assert told(manager) == {(None, 0): 1, (None, 4): 1}
    assert told(other_manager, days=1) == {(0, 4): 1}
    assert told(owner) == {}
