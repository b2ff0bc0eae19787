"""Who follows a customer hears what its owner hears: once, if they may see it, in the way they chose."""

import pytest
from django.urls import reverse

from customers.acting import assign
from customers.editing import edit_customer
from customers.models import Follow, Interaction, Notification
from customers.noticing import tell_complaints, tell_rises
from customers.undoing import undo
from tests.customers.pages import ago, score

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shared(team):
    team.shares_customers = True
    team.save()


@pytest.fixture
def follow():
    def follow(user, *customers):
        Follow.objects.bulk_create([Follow(user=user, customer=one) for one in customers])

    return follow


@pytest.fixture
def complain():
    def complain(customer, author=None) -> int:
        made = Interaction.objects.create(
            customer=customer, channel="complaint", text="Late again", occurred_at=ago(0.5), author=author
        )  # fmt: skip
        tell_complaints([made.pk])
        return made.pk

    return complain


def said_to(client, user) -> list[tuple[str, str]]:
    client.force_login(user)
    rows = client.get(reverse("notifications")).context["rows"]
    return [(one.said.text, one.said.detail) for one in rows]


def told(user) -> list[str]:
    return list(Notification.objects.filter(user=user).values_list("kind", flat=True))


def test_a_complaint_is_told_to_who_follows_the_customer(
    client, owner, teammate, manager, customer, follow, complain
):
    follow(teammate, customer)
    number = complain(customer)
    tell_complaints([number])  # again, as after a worker was killed
    words = (f"{customer.name} complained", "You follow this customer · Late again")
    assert said_to(client, teammate) == [words]
    assert told(owner) == ["complaint"]
    assert not told(manager)  # follows nobody


def test_a_rise_of_the_risk_is_told_to_who_follows_the_customer(
    client, owner, teammate, customer, follow
):
    follow(teammate, customer)
    score(customer, 0.8, churn_risk_before=0.3)
    for __ in range(2):
        tell_rises([customer.pk])
    text = f"{customer.name}: the churn risk rose from 30% to 80%"
    assert said_to(client, teammate) == [(text, "You follow this customer")]
    assert told(owner) == ["risk"]


def test_who_looks_after_it_hears_it_once_as_its_owner(owner, customer, follow, complain):
    follow(owner, customer)
    complain(customer)
    score(customer, 0.8, churn_risk_before=0.3)
    tell_rises(None)
    assert sorted(told(owner)) == ["complaint", "risk"]


def test_of_a_customer_that_nobody_looks_after_its_followers_hear(
    manager, make_customer, team, follow, complain
):
    nobodys = make_customer("Nobody's", team=team)
    follow(manager, nobodys)
    complain(nobodys)
    score(nobodys, 0.8, churn_risk_before=0.3)
    tell_rises(range(nobodys.pk, nobodys.pk + 1))
    assert told(manager) == ["followed", "followed"]


def test_who_wrote_it_down_is_not_told(owner, teammate, customer, follow, complain):
    follow(teammate, customer)
    complain(customer, author=teammate)
    assert not told(teammate)


def test_who_may_not_see_the_customer_any_more_is_not_told(
    owner, teammate, stranger, other_manager, customer, follow, complain
):
    for user in (teammate, stranger, other_manager):
        follow(user, customer)
    teammate.is_active = False
    teammate.save()
    complain(customer)
    score(customer, 0.8, churn_risk_before=0.3)
    tell_rises([customer.pk])
    assert set(Notification.objects.values_list("user", flat=True)) == {owner.pk}


def test_it_is_a_choice_of_its_own(client, owner, teammate, customer, follow, complain):
    follow(teammate, customer)
    client.force_login(teammate)
    page = client.get(reverse("profile")).content.decode()
    assert "Something happened to a customer I follow" in page
    said = {"language": "", "time_zone": "", "theme": "auto", "complaint-app": "on"}
    client.post(reverse("profile"), said)  # everything but complaints of my own customers off
    complain(customer)
    assert not told(teammate)
    assert told(owner) == ["complaint"]


def test_a_new_owner_is_told_to_who_follows_the_customer_but_not_twice_to_themselves(
    client, owner, teammate, manager, admin, customer, follow
):
    for user in (owner, teammate, manager, admin):
        follow(user, customer)
    customer.owner = teammate
    edit_customer(customer, ["owner"], manager)
    text = f"manager gave {customer.name} to teammate"
    assert said_to(client, owner) == [(text, "You follow this customer")]
    assert said_to(client, admin) == [(text, "You follow this customer")]
    assert told(teammate) == ["given"]
    assert not told(manager)  # did it


def test_many_new_owners_are_one_notice_and_taken_back_with_the_change(
    client, owner, teammate, manager, admin, make_customer, team, follow
):
    people = [make_customer(f"Person {i}", owner=owner, team=team) for i in range(3)]
    follow(owner, *people[:2])
    follow(admin, *people)
    change_set = assign([one.pk for one in people], teammate, None, manager)
    assert said_to(client, owner) == [("manager gave 2 customers you follow to teammate", "")]
    assert said_to(client, admin) == [("manager gave 3 customers you follow to teammate", "")]
    Notification.objects.filter(user=admin).update(read_at=ago(0))
    undo(change_set, manager)
    assert not said_to(client, owner)  # had not heard of it yet
    words = "manager took back from teammate 3 customers you follow"
    assert said_to(client, admin) == [(words, "")]
    opened = client.post(
        reverse("notifications-read"), {"id": Notification.objects.get(user=admin).pk}
    )
    assert opened["Location"] == f"{reverse('customers')}?where=all(followed:yes)"


def test_many_followers_cost_no_more_queries_than_one(
    owner, teammate, manager, admin, make_customer, team, follow, django_assert_num_queries
):
    def unhappy(count):
        some = [make_customer(f"Person {i}", owner=owner, team=team) for i in range(count)]
        for user in (teammate, manager, admin)[:count]:
            follow(user, *some)
        return Interaction.objects.bulk_create(
            [
                Interaction(customer=one, channel="complaint", text="Late", occurred_at=ago(0.5))
                for one in some
            ]
        )

    for count in (1, 3):
        talks = unhappy(count)
        with django_assert_num_queries(4):  # messages, followers, their teams, notices
            tell_complaints([one.pk for one in talks])
    assert Notification.objects.filter(kind="followed").count() == 1 + 3 * 3
