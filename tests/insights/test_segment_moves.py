"""Moves between segments are kept as they are published, one per customer and day, and added up per team."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer
from insights import publishing
from insights.models import SegmentFlow, SegmentMove
from insights.movements import flows_between, last_days
from insights.publishing import (
    bring_to_customers,
    forget_refused,
    publish,
    refresh_segment_totals,
    roll_back,
)
from tests.insights.conftest import segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Lets the product believe that so many days have passed."""

    def later(days: float) -> None:
        moment = timezone.now() + datetime.timedelta(days=days)
        monkeypatch.setattr(publishing.timezone, "now", lambda: moment)

    return later


@pytest.fixture
def published(make_version, answer, customer, make_customer):
    """A version that has been champion for ten days, with one loyal customer."""
    version = make_version("segments")
    answer(version, {customer: segment("loyal")}, days_ago=10)
    publish(version)
    type(version).objects.update(published_at=timezone.now() - datetime.timedelta(days=10))
    return version


@pytest.fixture
def says(published, answer):
    def say(customer, name, version=None):
        version = version or published
        answer(version, {customer: segment(name)})
        bring_to_customers("segments", version.pk, [customer.pk])

    return say


def moves() -> list[tuple]:
    return list(
        SegmentMove.objects.order_by("day", "pk").values_list(
            "segment_before", "segment_after", "by_new_model"
        )
    )


def test_the_first_day_is_no_move_for_anybody(published):
    assert moves() == []


def test_a_change_of_segment_is_a_move_and_saying_the_same_again_is_none(says, customer):
    says(customer, "at_risk")
    says(customer, "at_risk")
    assert moves() == [("loyal", "at_risk", False)]


def test_a_day_has_one_move_from_where_it_began_to_where_it_ended(says, customer):
    says(customer, "at_risk")
    says(customer, "lost")
    assert moves() == [("loyal", "lost", False)]
    says(customer, "loyal")  # and back: a move that was none
    assert not SegmentMove.objects.real().exists()


def test_another_day_is_another_move(says, customer, clock):
    says(customer, "at_risk")
    clock(1)
    says(customer, "lost")
    assert moves() == [("loyal", "at_risk", False), ("at_risk", "lost", False)]


def test_who_is_scored_for_the_first_time_arrives_and_who_is_scored_no_more_leaves(
    says, published, customer, make_customer
):
    says(make_customer("New here"), "new")
    assert moves() == [("", "new", False)]
    published.scores.filter(customer=customer).delete()
    bring_to_customers("segments", published.pk, [customer.pk])
    assert moves()[1:] == [("loyal", "", False)]


def test_a_move_on_the_day_of_another_version_says_so(
    published, says, make_version, answer, customer
):
    other = make_version("segments")
    answer(other, {customer: segment("champions")})
    publish(other)
    assert moves() == [("loyal", "champions", True)]
    roll_back(published)
    assert not SegmentMove.objects.real().exists()


def test_who_refuses_profiling_leaves_no_moves_behind(says, published, customer):
    says(customer, "at_risk")
    Customer.objects.filter(pk=customer.pk).update(profiling_refused=True)
    published.scores.all().delete()
    bring_to_customers("segments", published.pk, [customer.pk])
    forget_refused([customer.pk])
    assert moves() == []


def test_flows_are_added_up_per_team_and_each_reader_sees_their_own(
    says, published, make_customer, team, other_team, owner, manager, other_manager, admin, answer
):
    people = [make_customer(f"North {i}", owner=owner, team=team) for i in range(3)]
    people += [make_customer("South", team=other_team), make_customer("Nobody's")]
    answer(published, dict.fromkeys(people, segment("new")))
    bring_to_customers("segments", published.pk, None)
    SegmentMove.objects.update(day=timezone.now().date() - datetime.timedelta(days=1))
    for one in people[1:]:
        says(one, "promising")
    refresh_segment_totals()
    refresh_segment_totals()  # again changes nothing

    def told(user, days=7):
        rows = flows_between(user, last_days(days))
        return {(r["segment_before"], r["segment_after"]): r["moved"] for r in rows}

    assert told(admin) == {("", "new"): 5, ("new", "promising"): 4}
    assert told(manager) == {("", "new"): 4, ("new", "promising"): 3}  # North's and nobody's
    assert told(other_manager) == {("", "new"): 2, ("new", "promising"): 2}
    assert told(owner) == {}
    assert told(admin, days=1) == {("new", "promising"): 4}


def test_sums_of_earlier_days_stay_when_their_customers_go(says, customer, admin):
    says(customer, "lost")
    refresh_segment_totals()
    SegmentFlow.objects.update(day=timezone.now().date() - datetime.timedelta(days=3))
    customer.delete()
    refresh_segment_totals()
    assert [r["moved"] for r in flows_between(admin, last_days(7))] == [1]


def test_a_refresh_reads_no_more_than_the_customers_it_is_about(says, customer):
    with CaptureQueriesContext(connection) as queries:
        says(customer, "at_risk")
    moved = [q["sql"] for q in queries if "insights_segmentmove" in q["sql"]]
    assert len(moved) == 2 and all("customer_id" in sql for sql in moved)
