"""Tasks over the API: read, added, changed, completed, opened again."""

import datetime

import pytest
from django.utils import timezone

from customers.models import ChangeSet, Notification, Task
from tests.tokens import api_of

TODAY = datetime.date(2026, 5, 8)


@pytest.fixture
def api(owner):
    return api_of(owner)


def test_a_task_is_added_for_a_customer_and_is_ones_own_unless_said_otherwise(api, owner, customer):
    said = {"customer": customer.pk, "title": "Call", "due_on": "2026-05-08", "due_time": "10:30",
            "remind": 15, "repeat": "weekly", "repeat_every": 2}  # fmt: skip
    answer = api.post("/api/v1/tasks/", said)
    assert answer.status_code == 201, answer.content
    task = Task.objects.get()
    assert (task.assignee, task.created_by, task.due_time) == (owner, owner, datetime.time(10, 30))
    assert task.recorded_in.source == ChangeSet.Source.API
    assert task.remind_at
    shown = api.get(f"/api/v1/tasks/{task.pk}/")
    assert shown.json()["due_time"] == "10:30"
    assert shown["ETag"] == answer["ETag"]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"title": ""}, "title", "blank"),
        ({"repeat": "daily"}, "due_on", "contradiction"),
        ({"due_on": "1999-01-01"}, "due_on", "contradiction"),
        ({"assignee": "stranger"}, "assignee", "does_not_exist"),
        ({"assignee": "teammate"}, "assignee", "out_of_sight"),
        ({"colour": "red"}, "colour", "unknown_field"),
        ({"due_time": "25:00", "due_on": "2026-05-08"}, "due_time", "invalid"),
    ],
)
def test_what_is_wrong_is_named(api, customer, teammate, stranger, wrong, field, code):
    answer = api.post("/api/v1/tasks/", {"customer": customer.pk, "title": "Call"} | wrong)
    assert answer.status_code == 400
    [told] = answer.json()["error"]["fields"]
    assert (told["field"], told["code"]) == (field, code)


def test_a_foreign_customer_does_not_exist(api, make_customer, stranger, other_team):
    foreign = make_customer("Foreign", owner=stranger, team=other_team)
    answer = api.post("/api/v1/tasks/", {"customer": foreign.pk, "title": "Call"})
    assert answer.status_code == 400
    assert not Task.objects.exists()


def test_completed_with_an_outcome_and_opened_again(api, owner, customer):
    task = Task.objects.create(
        customer=customer, title="Call", assignee=owner, repeat="daily", due_on=timezone.localdate()
    )
    address = f"/api/v1/tasks/{task.pk}/completion/"
    done = api.post(address, {"outcome": "lost", "note": "Went elsewhere"}).json()
    assert (done["outcome"], done["outcome_note"], done["done_by"]) == (
        "lost",
        "Went elsewhere",
        "owner",
    )
    assert Task.objects.filter(follows=task).exists()
    again = api.post(address, {"done": False}).json()
    assert (again["done_at"], again["outcome"]) == (None, "")
    assert api.post(address, {"outcome": "married"}).status_code == 400


def test_changed_only_while_it_is_as_it_was_read(api, owner, manager, customer):
    task = Task.objects.create(customer=customer, title="Call", assignee=owner)
    address = f"/api/v1/tasks/{task.pk}/"
    tag = api.get(address)["ETag"]
    Task.objects.filter(pk=task.pk).update(title="Visit")
    assert api.patch(address, {"note": "x"}, headers={"If-Match": tag}).status_code == 412
    said = {"due_on": "2026-05-12", "assignee": "manager"}
    manager.teams.set(owner.teams.all())
    answer = api.patch(address, said)
    assert answer.status_code == 200, answer.content
    assert Notification.objects.get().user == manager
    assert ChangeSet.objects.filter(source="api").exists()


def test_lists_are_narrowed_and_ordered(api, owner, customer):
    for title, days, fields in (
        ("Late", -2, {}),
        ("Soon", 2, {}),
        ("Done", -5, {"done_at": timezone.now(), "outcome": "reached"}),
    ):
        due = TODAY + datetime.timedelta(days=days)
        Task.objects.create(customer=customer, title=title, assignee=owner, due_on=due, **fields)

    def listed(query):
        answer = api.get(f"/api/v1/tasks/?{query}")
        assert answer.status_code == 200, answer.content
        return [one["title"] for one in answer.json()["results"]]

    assert listed("done=false&ordering=due_on") == ["Late", "Soon"]
    assert listed("done=false&ordering=-due_on") == ["Soon", "Late"]
    assert listed("outcome=reached") == ["Done"]
    assert listed("due_from=2026-05-08") == ["Soon"]
    assert listed(f"due_before=2026-05-08&customer={customer.pk}&assignee=owner") == [
        "Done",
        "Late",
    ]
    assert listed("ordering=due_on") == ["Done", "Late", "Soon"]
    page = api.get("/api/v1/tasks/?done=false&ordering=due_on&page_size=1").json()
    assert [one["title"] for one in api.get(page["next"]).json()["results"]] == ["Soon"]
