"""The customer that a task is about: typed, found, chosen, changed and taken away; and where adding a task leads."""

import datetime

import pytest
from django.urls import reverse

from customers.models import ChangeSet, Task
from customers.recording import record_task

HTMX = {"HX-Request": "true"}


@pytest.fixture
def add(client, owner):
    def add(**said):
        client.force_login(owner)
        return client.post(reverse("task-add"), {"title": "Call", "assignee": owner.pk, **said})

    return add


@pytest.fixture
def task(owner, customer):
    return record_task(Task(title="Call", customer=customer, assignee=owner), owner)


@pytest.fixture
def edit(client, owner):
    """Save a task as its page was when it showed this customer."""

    def edit(task, was=None, user=owner, **said):
        client.force_login(user)
        seen = {"initial-customer": f"#{was.pk}" if was else ""}
        said = {"title": task.title, "assignee": task.assignee_id} | seen | said
        return client.post(task.get_absolute_url(), said)

    return edit


def undo_last(client):
    address = reverse("undo", args=[ChangeSet.objects.latest("pk").pk])
    assert client.post(address, headers=HTMX).status_code == 200


@pytest.mark.parametrize("typed", ["Marta Lindqvist", "marta@example.com", "lindq", " marta  "])
def test_a_new_task_is_for_whom_the_typed_text_fits(add, customer, typed):
    assert add(customer=typed).status_code == 302
    assert Task.objects.get().customer == customer


def test_who_is_called_exactly_so_is_meant_whoever_else_has_that_in_their_name(
    add, owner, make_customer
):
    make_customer("Alanna Berg", owner=owner)
    anna = make_customer("Anna", owner=owner)
    add(customer="Anna")
    assert Task.objects.get().customer == anna


def test_where_several_fit_one_of_them_is_chosen(add, owner, make_customer):
    several = [make_customer("Wang Wei", owner=owner, company=c) for c in ("Teahouse", "Bakery")]
    page = add(customer="Wang Wei")
    assert page.status_code == 422
    assert "Several customers fit “Wang Wei”. Choose one of them." in page.content.decode()
    for one in several:
        assert f'name="customer-choice" value="{one.pk}"' in page.content.decode()
    said = {"customer-for": "Wang Wei", "customer-choice": several[1].pk}
    add(customer="Wang Wei", **said)
    assert Task.objects.get().customer == several[1]


def test_what_is_typed_after_choosing_counts(add, customer, owner, make_customer):
    other = make_customer("Zoë Marchetti", owner=owner)
    add(**{"customer": "Zoë", "customer-for": "lind", "customer-choice": customer.pk})
    assert Task.objects.get().customer == other


def test_whose_customers_are_not_ones_own_is_not_found_by_text_nor_by_key(
    add, client, owner, stranger, other_team, make_customer
):
    foreign = make_customer("Foreign", owner=stranger, team=other_team)
    assert "None of your customers fits “Foreign”." in add(customer="Foreign").content.decode()
    page = add(**{"customer": "Foreign", "customer-choice": foreign.pk}).content.decode()
    assert "This customer is not there, or not among yours." in page
    found = client.get(reverse("customer-find"), {"customer": "Foreign"}).content.decode()
    assert "None of your customers fits." in found
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    "wrong", ["nobody like this", "no\x00body", "#", "#9999999", "#" + "9" * 40]
)
def test_what_fits_nobody_is_an_error_beside_the_field(add, customer, wrong):
    page = add(customer=wrong)
    assert page.status_code == 422
    assert 'id="task-customer_error"' in page.content.decode()


def test_who_is_offered_stands_with_what_tells_them_apart(client, owner, customer):
    client.force_login(owner)
    found = client.get(reverse("customer-find"), {"customer": "lind"}).content.decode()
    assert f'name="customer-choice" value="{customer.pk}"' in found
    assert "marta@example.com" in found
    assert client.get(reverse("customer-find"), {"customer": "l"}).content.strip() == b""


def test_the_customer_of_a_task_is_changed_and_taken_away_and_both_undone(
    client, edit, task, customer, owner, make_customer
):
    other = make_customer("Zoë Marchetti", owner=owner)
    page = client.get(task.get_absolute_url())
    edit(task, was=customer, customer="Zoë Marchetti")
    task.refresh_from_db()
    assert task.customer == other
    undo_last(client)
    task.refresh_from_db()
    assert task.customer == customer
    page = client.get(task.get_absolute_url()).content.decode()
    assert 'name="customer" value="Marta Lindqvist"' in page
    assert f'name="initial-customer" value="#{customer.pk}"' in page
    edit(task, was=customer, customer="")
    task.refresh_from_db()
    assert task.customer is None
    undo_last(client)
    task.refresh_from_db()
    assert task.customer == customer


def test_an_untouched_customer_stays_also_where_others_have_the_same_name(
    edit, task, customer, owner, make_customer
):
    make_customer("Marta Lindqvist", owner=owner)
    assert edit(task, was=customer, customer="Marta Lindqvist", note="Today").status_code == 302
    task.refresh_from_db()
    assert (task.customer, task.note) == (customer, "Today")


def test_what_a_colleague_has_changed_meanwhile_is_told_by_name(
    edit, task, customer, owner, make_customer
):
    theirs = make_customer("Zoë Marchetti", owner=owner)
    make_customer("Ivo Brandt", owner=owner)
    Task.objects.update(customer=theirs)
    page = edit(task, was=customer, customer="Ivo Brandt").content.decode()
    assert "this was changed to “Zoë Marchetti”. It was “Marta Lindqvist”" in page
    assert 'data-value="Zoë Marchetti"' in page
    assert edit(task, was=theirs, customer="Ivo Brandt").status_code == 302


def test_whom_it_is_assigned_to_has_to_see_the_customer(add, owner, teammate, team, make_customer):
    make_customer("Hers alone", owner=owner, team=team)
    page = add(customer="Hers alone", assignee=teammate.pk)
    assert "Only somebody who may see the customer" in page.content.decode()


def test_who_takes_the_customer_from_anothers_task_lands_on_the_list(edit, task, customer, manager):
    Task.objects.update(created_by=task.assignee)
    said = {"customer": "", "next": task.get_absolute_url()}
    assert edit(task, was=customer, user=manager, **said)["Location"] == reverse("tasks")


def test_from_a_day_of_the_calendar_one_comes_back_to_the_day_of_the_task(client, add, owner):
    client.force_login(owner)
    calendar = reverse("task-calendar")
    page = client.get(calendar, {"view": "week", "day": "2026-12-21"}).content.decode()
    assert "due=2026-12-24&amp;next=%2Ftasks%2Fcalendar%2F%3Fview%3Dweek" in page
    here = f"{calendar}?view=week&day=2026-12-21&whose=mine"
    form = client.get(reverse("task-add"), {"due": "2026-12-24", "next": here}).content.decode()
    assert here.replace("&", "&amp;") in form
    came = add(next=here, due_on=datetime.date(2026, 12, 24))["Location"]
    assert came == f"{calendar}?view=week&day=2026-12-24&whose=mine#day"


@pytest.mark.parametrize(
    ("said", "to"),
    [("/tasks/?state=overdue", "/tasks/?state=overdue"), ("", "/tasks/"), ("//evil.example", "/")],
)
def test_adding_a_task_leads_back_where_one_came_from_and_nowhere_else(add, said, to):
    assert add(next=said)["Location"] == to
