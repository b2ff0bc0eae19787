"""What waits for this person today."""

import datetime
import re

from django.utils import timezone

from customers.models import Interaction, Task
from customers.totalling import refresh_totals
from insights.reading import read_unread
from tests.customers.pages import ago, history, score


def home(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return re.sub("</?mark[^>]*>", "", response.content.decode())  # within sentences


def test_my_tasks_stand_there_in_the_order_of_their_dates_with_what_i_did_today(
    client, owner, teammate, customer
):
    today = timezone.localdate()
    for title, days in (("Later", 9), ("Overdue", -2), ("Now", 0)):
        due = today + datetime.timedelta(days=days)
        Task.objects.create(customer=customer, title=title, due_on=due, assignee=owner)
    Task.objects.create(title="Someday", assignee=owner)
    Task.objects.create(title="Finished", assignee=owner, done_at=timezone.now())
    Task.objects.create(title="Long finished", assignee=owner, done_at=ago(3))
    Task.objects.create(customer=customer, title="Not mine", assignee=teammate)
    body = home(client, owner)
    places = [
        body.index(f">{title}<") for title in ("Overdue", "Now", "Later", "Someday", "Finished")
    ]
    assert places == sorted(places)
    assert "Long finished" not in body
    assert "Not mine" not in body


def test_my_customers_at_high_risk_come_with_their_reason(
    client, owner, teammate, make_customer, team, customer
):
    history(customer)
    score(customer, 0.71)
    calm = make_customer("Calm One", owner=owner, team=team)
    score(calm, 0.59)
    other = make_customer("Of a team-mate", owner=teammate, team=team)
    score(other, 0.9)
    body = home(client, owner)
    assert customer.name in body
    assert "No order for 63 days, usual gap 24" in body
    assert "Calm One" not in body
    assert "Of a team-mate" not in body


def test_a_customer_silent_for_two_horizons_gives_way_to_those_who_can_be_won(
    client, owner, team, make_customer, make_order, customer
):
    gone = make_customer("Long Gone", owner=owner, team=team)
    for person, days in ((gone, 200), (customer, 100)):
        make_order(person, days_ago=days)
        score(person, 0.9)
    refresh_totals([gone.pk, customer.pk])
    body = home(client, owner)
    assert customer.name in body
    assert "Long Gone" not in body


def test_a_manager_sees_the_teams_customers_at_high_risk(client, manager, customer):
    score(customer, 0.71)
    assert customer.name in home(client, manager)


def test_complaints_and_poor_reviews_of_customers_i_may_see(client, owner, stranger, customer):
    for channel, rating, text in (
        ("complaint", None, "Came late again"),
        ("review", 2, "Stale beans"),
        ("review", 3, "All right"),
        ("email", None, "Do you ship abroad"),
    ):
        Interaction.objects.create(
            customer=customer, channel=channel, rating=rating, text=text, occurred_at=ago(1)
        )
    read_unread()
    body = home(client, owner)
    assert "Came late again" in body
    assert "Stale beans" in body
    assert "All right" not in body
    assert "Do you ship abroad" not in body
    assert "Came late again" not in home(client, stranger)


def test_reviews_of_unknown_customers_are_for_managers(client, owner, manager, customer):
    Interaction.objects.create(
        channel="review", rating=1, text="Nobody knows who", occurred_at=ago(1)
    )
    read_unread()
    assert "Nobody knows who" in home(client, manager)
    assert "Nobody knows who" not in home(client, owner)


def test_an_empty_company_is_told_what_to_do_first(client, owner):
    assert "No customers yet" in home(client, owner)
