"""What waits for this person today."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import (
    Customer,
    CustomerScore,
    CustomerTotals,
    Interaction,
    Notification,
    Outlook,
    Task,
)
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


def firsts(client, user) -> list[tuple[str, str]]:
    client.force_login(user)
    return [(one.kind, one.title) for one in client.get("/").context["firsts"]]


@pytest.fixture
def three(owner, team, make_customer, make_order):
    """Customers at high risk, the first worth most, and what each was worth."""

    def three(*values):
        people = [make_customer(f"Customer {v}", owner=owner, team=team) for v in values]
        for person, value in zip(people, values, strict=True):
            make_order(person, amount=value)
            score(person, 0.8)
        refresh_totals([person.pk for person in people])
        return people

    return three


def test_first_comes_one_of_each_kind_then_most_at_stake_each_customer_once(client, owner, three):
    people = three(100, 400, 300, 200)
    today = timezone.localdate()
    Task.objects.create(customer=people[0], title="Promised", due_on=today, assignee=owner)
    Task.objects.create(title="Of no customer", due_on=today, assignee=owner)
    assert firsts(client, owner) == [
        ("risk", "Get in touch with Customer 400"),
        ("risk", "Get in touch with Customer 300"),
        ("task", "Promised"),
    ]
    Task.objects.create(
        customer=people[1], title="Later", due_on=today + datetime.timedelta(days=3)
    )
    assert firsts(client, owner)[2] == ("task", "Promised")


def test_a_phone_shows_of_my_tasks_what_is_due_and_not_among_the_first_things(client, owner, three):
    today = timezone.localdate()
    [person] = three(500)
    for title, due, who in (("Promised", 0, person), ("Late", -1, None), ("Later", 3, None)):
        day = today + datetime.timedelta(days=due)
        Task.objects.create(customer=who, title=title, due_on=day, assignee=owner)
    for _ in range(2):  # two more that stand among the first things
        Task.objects.create(title="Also due", due_on=today, assignee=owner)
    Task.objects.create(title="Finished", due_on=today, assignee=owner, done_at=timezone.now())
    client.force_login(owner)
    context = client.get("/").context
    assert {one.task.title for one in context["firsts"]} == {"Promised", "Late", "Also due"}
    waiting = [(one.title, one.can_wait) for one in context["tasks"]]
    assert sorted(waiting) == [
        ("Also due", False), ("Also due", True), ("Finished", True), ("Late", True),
        ("Later", True), ("Promised", True),
    ]  # fmt: skip
    assert (context["tasks_count"], context["at_risk_count"]) == ("5", "1")


def test_more_than_a_card_shows_are_counted_as_more(client, owner, three):
    three(*range(100, 110))
    for i in range(14):
        Task.objects.create(title=f"Task {i}", assignee=owner)
    client.force_login(owner)
    context = client.get("/").context
    assert (len(context["at_risk"]), context["at_risk_count"]) == (8, "8+")
    assert (len(context["tasks"]), context["tasks_count"]) == (12, "12+")


def test_an_unhappy_message_of_a_good_customer_is_to_be_answered_first(client, owner, three):
    [person] = three(500)
    Interaction.objects.create(
        customer=person, channel="complaint", direction="in", text="Late", occurred_at=ago(1)
    )
    read_unread()
    assert firsts(client, owner) == [("message", "Answer Customer 500")]


def test_whoever_comes_first_is_called_or_written_to_at_a_click(client, owner, three):
    [customer] = three(500)
    customer.phone, customer.email = "+44 131 496 0356", ""
    customer.save()
    assert 'href="tel:+441314960356"' in (body := home(client, owner))
    assert "mailto:" not in body
    task = Task.objects.create(customer=customer, title="Promised", assignee=owner)
    assert 'href="tel:+441314960356"' in client.get(task.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("action", "is_done", "days"), [("done", True, 0), ("today", False, 0), ("3", False, 3)]
)
def test_a_suggestion_is_done_put_off_or_made_a_task_and_each_is_undone(
    client, owner, three, action, is_done, days
):
    [person] = three(500)
    client.force_login(owner)
    address = reverse("suggestion-act", args=[person.pk])
    said = {"kind": "risk", "do": action, "reason": "No order for 63 days"}
    client.post(address, said, headers={"HX-Request": "true"})
    task = Task.objects.get()
    assert (bool(task.done_at), task.note) == (is_done, "No order for 63 days")
    assert task.due_on == timezone.localdate() + datetime.timedelta(days=days)
    assert firsts(client, owner) == ([("task", task.title)] if action == "today" else [])
    client.post(reverse("undo", args=[task.recorded_in_id]))
    assert firsts(client, owner) == [("risk", "Get in touch with Customer 500")]


def test_what_nobody_suggests_is_refused(client, owner, customer):
    client.force_login(owner)
    address = reverse("suggestion-act", args=[customer.pk])
    for said in ({}, {"kind": "risk"}, {"kind": "x", "do": "done"}, {"kind": "risk", "do": "9"}):
        assert client.post(address, said).status_code == 400
    assert not Task.objects.exists()


def test_those_quiet_for_too_long_are_said_to_be_left_out_with_the_way_to_them(
    client, owner, team, make_customer, make_order
):
    gone = make_customer("Long Gone", owner=owner, team=team)
    make_order(gone, days_ago=200)
    score(gone, 0.9)
    refresh_totals([gone.pk])
    client.force_login(owner)
    response = client.get("/")
    assert "more than 180 days" in response.content.decode()
    assert "Long Gone" in client.get(response.context["quiet_url"]).content.decode()


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_all_of_those_at_high_risk_are_as_many_as_the_card_counts(
    request, client, who, team, owner, make_customer, make_order
):
    for name, days in (("Gone", 182), ("Just gone", 181), ("On the day", 180), ("Recent", 20)):
        customer = make_customer(name, owner=owner, team=team)
        make_order(customer, days_ago=days)
        score(customer, 0.9)
        refresh_totals([customer.pk])
    never = make_customer("Never ordered", owner=owner, team=team)
    score(never, 0.9)
    refresh_totals([never.pk])
    client.force_login(request.getfixturevalue(who))
    card = client.get("/").context
    all_of_them = client.get(card["at_risk_url"]).context
    names = [customer.name for customer in card["at_risk"]]
    assert sorted(names) == ["Never ordered", "On the day", "Recent"]
    assert [one.name for one in all_of_them["page"].rows] == names
    assert card["at_risk_count"] == "3"


def test_orders_that_are_late_stand_there_as_their_own_pages_and_the_list_say_it(
    client, owner, stranger, three
):
    late, later, soon, gone = three(100, 200, 300, 400)
    for person, days in ((late, 32), (later, 40), (soon, 24), (gone, 400)):
        CustomerTotals.objects.filter(customer=person).update(
            usual_gap_days=23.5, last_order_at=timezone.now() - datetime.timedelta(days=days)
        )
        CustomerScore.objects.update_or_create(customer=person, defaults={"expected_value": 9})
        day = timezone.localdate() + datetime.timedelta(days=9)  # what is forecast lies ahead
        Outlook.objects.create(
            customer=person, spend_90=9, spend_90_low=1, spend_90_high=20, spend_365_low=5,
            spend_365_high=90, stays_365=0.9, next_from=day, next_on=day, next_to=day, within_30=0.4,
            usual_gap=23.5,
        )  # fmt: skip
    client.force_login(owner)
    card = client.get(reverse("home-orders"))
    assert [(one.name, one.overdue) for one in card.context["late"]] == [
        ("Customer 200", 16),
        ("Customer 100", 8),
    ]
    assert "8 days late" in card.content.decode()
    assert "Overdue by 8 days" in client.get(late.get_absolute_url()).content.decode()
    assert "Overdue by" not in client.get(soon.get_absolute_url()).content.decode()
    listed = client.get(card.context["late_url"]).context["page"].rows
    assert [one.name for one in listed] == ["Customer 200", "Customer 100"]
    client.force_login(stranger)
    assert "No order is late." in client.get(reverse("home-orders")).content.decode()
    Customer.objects.filter(pk=late.pk).update(profiling_refused=True)
    assert set(Customer.objects.overdue()) == {later, gone}


def test_a_manager_sees_who_has_what_and_what_came_of_it(
    client, manager, owner, other_manager, customer
):
    today = timezone.localdate()
    for title, fields in {
        "Open": {"due_on": today},
        "Late": {"due_on": today - datetime.timedelta(days=2)},
        "Reached": {"done_at": ago(1), "outcome": "reached"},
        "Given up": {"done_at": ago(2), "outcome": "lost"},
        "Just done": {"done_at": ago(3)},
        "Long ago": {"done_at": ago(20), "outcome": "lost"},
    }.items():
        Task.objects.create(customer=customer, title=title, assignee=owner, **fields)
    client.force_login(manager)
    card = client.get(reverse("home-team"))
    [row] = card.context["rows"]
    assert (row.person, row.open, row.overdue, row.done) == (owner, 2, 1, 3)
    assert row.outcomes == {"reached": 1, "lost": 1}
    links = re.findall(r'href="(.*?state=done.*?)"', card.content.decode())
    lists = [client.get(html.unescape(link)).context["tasks"] for link in links]
    titles = [[task.title for task in tasks] for tasks in lists]
    assert titles == [["Reached", "Given up", "Just done"], ["Given up"], ["Reached"]]
    client.force_login(other_manager)
    assert client.get(reverse("home-team")).context["rows"] == []


@pytest.mark.parametrize(("name", "most"), [("home-orders", 5), ("home-team", 5)])
def test_the_parts_of_the_page_ask_as_often_for_many_as_for_few(
    client, manager, owner, make_customer, team, name, most, django_assert_max_num_queries
):
    client.force_login(manager)
    for i in range(12):
        person = make_customer(f"Customer {i}", owner=owner, team=team)
        Task.objects.create(customer=person, title="Call", assignee=owner)
    client.get(reverse(name))
    with django_assert_max_num_queries(most):
        client.get(reverse(name))


def test_what_a_manager_makes_a_task_is_for_whoever_looks_after_the_customer(
    client, manager, owner, three, team
):
    [person] = three(500)
    client.force_login(manager)
    client.post(reverse("suggestion-act", args=[person.pk]), {"kind": "risk", "do": "today"})
    assert Task.objects.get().assignee == owner
    assert Notification.objects.get().user == owner
