"""Moves between segments are kept as they are published, one per customer and day, and added up per team."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer
from insights import publishing
from insights.models import SegmentMove
from insights.movements import flows_between, last_days
from insights.publishing import (
    bring_to_customers,
    forget_refused,
    publish,
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


def test_each_reader_sees_the_movement_of_their_own_customers(
    says, published, make_customer, team, other_team, owner, manager, other_manager, admin, answer
):
    people = [make_customer(f"North {i}", owner=owner, team=team) for i in range(3)]
    people += [make_customer("South", team=other_team), make_customer("Nobody's")]
    answer(published, dict.fromkeys(people, segment("new")))
    bring_to_customers("segments", published.pk, None)
    SegmentMove.objects.update(day=timezone.now().date() - datetime.timedelta(days=1))
    for one in people[1:]:
        says(one, "promising")
    assert told(admin) == {("", "new"): 1, ("", "promising"): 4}
    assert told(manager) == {("", "new"): 1, ("", "promising"): 3}  # North's and nobody's
    assert told(other_manager) == {("", "promising"): 2}
    assert told(owner) == {}
    assert told(admin, days=1) == {("new", "promising"): 4}


def told(user, days=7, **more):
    rows = flows_between(user, last_days(days), **more)
    return {(r["segment_before"], r["segment_after"]): r["moved"] for r in rows}


def step(customer, before, after, days_ago, by_new_model=False):
    day = timezone.now().date() - datetime.timedelta(days=days_ago)
    SegmentMove.objects.create(
        customer=customer, day=day, segment_before=before, segment_after=after, by_new_model=by_new_model
    )  # fmt: skip


def test_a_customer_counts_once_by_where_they_were_first_and_last(make_customer, admin):
    down, back, twice = (make_customer(name) for name in ("Down", "Back", "There and back twice"))
    step(down, "loyal", "promising", 6)
    step(down, "promising", "at_risk", 2)
    step(back, "loyal", "at_risk", 5)
    step(back, "at_risk", "loyal", 1)
    for days_ago in (6, 3):
        step(twice, "new", "lost", days_ago)
        step(twice, "lost", "new", days_ago - 1)
    assert told(admin) == {("loyal", "at_risk"): 1}
    assert told(admin, days=2) == {("at_risk", "loyal"): 1}  # of which the span holds the way back
    assert told(admin, days=3)[("promising", "at_risk")] == 1


def test_changes_by_a_new_model_are_told_or_left_out(make_customer, admin):
    one, other = make_customer("One"), make_customer("Other")
    step(one, "loyal", "promising", 6)
    step(one, "promising", "lost", 3, by_new_model=True)
    step(other, "loyal", "lost", 3)
    [flow] = flows_between(admin, last_days(7))
    assert (flow["moved"], flow["moved_by_new_model"]) == (2, 1)
    assert told(admin, new_models=False) == {("loyal", "lost"): 1, ("loyal", "promising"): 1}


def test_who_is_gone_is_counted_no_more(says, customer, admin):
    says(customer, "lost")
    customer.delete()
    assert told(admin) == {}


def test_a_refresh_reads_no_more_than_the_customers_it_is_about(says, customer):
    with CaptureQueriesContext(connection) as queries:
        says(customer, "at_risk")
    moved = [q["sql"] for q in queries if "insights_segmentmove" in q["sql"]]
    assert len(moved) == 2 and all("customer_id" in sql for sql in moved)
