"""The list of tasks: what it shows, and what is done with one task and with many."""

import csv
import datetime
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from customers.models import ChangeSet, Notification, Task
from customers.recording import record_task
from customers.wording import day, day_of_week_only
from tests.conftest import make_user
from tests.customers.pages import ago, score

HTMX = {"HX-Request": "true"}


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def make_task(owner, customer):
    def make(title="Call", days=0, **fields):
        fields = {"customer": customer, "assignee": owner, "due_on": in_days(days)} | fields
        return record_task(Task(title=title, **fields), owner)

    return make


@pytest.fixture
def act(client, owner):
    """Post as the owner, from a list."""

    def act(name, task=None, user=owner, **said):
        client.force_login(user)
        address = reverse(name, args=[task.pk] if task else [])
        return client.post(address, {"page": "list", **said}, headers=HTMX)

    return act


def undo_last(client):
    change_set = ChangeSet.objects.exclude(note__startswith="undo").latest("pk")
    assert client.post(reverse("undo", args=[change_set.pk]), headers=HTMX).status_code == 200


def titles(client, user, **query) -> list[str]:
    client.force_login(user)
    return [task.title for task in client.get(reverse("tasks"), query).context["tasks"]]


def test_mine_team_overdue_and_done_each_show_theirs(
    client, owner, manager, teammate, make_task, make_customer, team
):
    make_task("Mine today")
    make_task("Mine late", -3)
    make_task("Mine done", done_at=timezone.now())
    his = make_customer("Of the team-mate", owner=teammate, team=team)
    make_task("The team-mate’s", -1, customer=his, assignee=teammate)
    assert titles(client, owner) == ["Mine late", "Mine today"]
    assert titles(client, owner, state="overdue") == ["Mine late"]
    assert titles(client, owner, state="done") == ["Mine done"]
    assert titles(client, owner, whose="team") == ["Mine late", "Mine today"]
    assert titles(client, manager, whose="team") == ["Mine late", "The team-mate’s", "Mine today"]
    assert titles(client, manager, whose="team", person=teammate.pk) == ["The team-mate’s"]
    assert titles(client, owner, sort="-due") == ["Mine today", "Mine late"]


def test_tasks_are_found_by_title_customer_day_and_segment_and_the_address_says_so(
    client, owner, make_task, make_customer, team
):
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    other = make_customer("Zoë Marchetti", owner=owner, team=team)
    score(other, 0.7, segment="lost")
    make_task("Send the offer")
    make_task("Call back", due_on=monday + datetime.timedelta(days=6), customer=other)
    make_task("Next week", due_on=monday + datetime.timedelta(days=7))
    make_task("Someday", due_on=None)
    assert titles(client, owner, q="OFFER") == ["Send the offer"]
    assert titles(client, owner, q="marchetti") == ["Call back"]
    assert titles(client, owner, segment="lost") == ["Call back"]
    assert "Send the offer" in titles(client, owner, due="today")
    assert set(titles(client, owner, due="week")) == {"Send the offer", "Call back"}
    assert titles(client, owner, due="none") == ["Someday"]
    assert titles(client, owner, q="nothing like it") == []
    assert (
        "No task fits."
        in (page := client.get(reverse("tasks"), {"q": "x", "due": "none"})).content.decode()
    )
    assert (
        f'href="{reverse("tasks")}?sort=-due"'
        in client.get(reverse("tasks"), {"q": "nothing", "sort": "-due"}).content.decode()
    )
    assert page.context["listing"].address() == f"{reverse('tasks')}?q=x&due=none"
    assert len(titles(client, owner, due="bogus", segment="bogus")) == 4


def test_what_is_done_is_narrowed_by_when_and_by_what_came_of_it_and_both_are_taken_away_there(
    client, owner, make_task
):
    make_task("Yesterday", done_at=ago(1), outcome="reached")
    make_task("Last week", done_at=ago(9), outcome="lost")
    make_task("In spring", done_at=ago(200), outcome="reached")
    assert titles(client, owner, state="done", days=7) == ["Yesterday"]
    assert titles(client, owner, state="done", days=30) == ["Yesterday", "Last week"]
    assert titles(client, owner, state="done", outcome="reached") == ["Yesterday", "In spring"]
    assert len(titles(client, owner, state="done", days="8", outcome="bogus")) == 3
    page = client.get(reverse("tasks"), {"state": "done", "days": 30, "outcome": "won_back"})
    body = page.content.decode()
    assert '<option value="30" selected>' in body and '<option value="won_back" selected>' in body
    assert f'href="{reverse("tasks")}?state=done"' in body  # "Show all", as nothing fits
    listing = page.context["listing"]
    assert listing.address() == f"{reverse('tasks')}?state=done&days=30&outcome=won_back"
    assert listing.address(state="open") == reverse("tasks")
    make_task("Still to do", due_on=None)
    assert titles(client, owner, days=7, outcome="lost") == ["Still to do"]


def test_whoever_sees_only_their_own_is_offered_no_team(client, owner, manager, team, make_task):
    make_task()
    client.force_login(owner)
    page = client.get(reverse("tasks"), {"whose": "mine"}).content.decode()
    assert "whose=team" not in page
    assert 'id="task-person"' not in page
    assert "whose=team" not in client.get(reverse("task-calendar")).content.decode()
    team.shares_customers = True
    team.save()
    assert "whose=team" in client.get(reverse("tasks")).content.decode()
    assert "whose=team" in client.get(reverse("task-calendar")).content.decode()
    client.force_login(manager)
    page = client.get(reverse("tasks"), {"whose": "team"}).content.decode()
    assert 'id="task-person"' in page


def test_the_tasks_of_the_list_become_a_file_in_its_order(
    client, owner, stranger, make_task, django_assert_max_num_queries
):
    make_task("=1+1", 2, note="Ask for Ms Lin", due_time=datetime.time(9, 30))
    make_task("Later", 5)
    make_task("Someday", due_on=None)
    client.force_login(owner)
    with django_assert_max_num_queries(5):
        answer = client.get(reverse("tasks"), {"as": "csv", "sort": "-due"})
        rows = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert rows[0][:5] == ["Task", "Customer", "Due", "Time", "Assigned to"]
    assert [row[0] for row in rows[1:]] == ["Later", "'=1+1", "Someday"]
    assert rows[2][2:6] == [in_days(2).isoformat(), "09:30", str(owner), "Ask for Ms Lin"]
    found = client.get(reverse("tasks"), {"as": "xlsx", "q": "later"})
    assert b"".join(found.streaming_content).startswith(b"PK")
    client.force_login(stranger)
    theirs = client.get(reverse("tasks"), {"as": "csv", "whose": "team"})
    assert b"Later" not in b"".join(theirs.streaming_content)


def test_pages_follow_each_other_without_losing_tasks_of_a_day_or_without_one(
    client, owner, make_task
):
    made = [make_task(f"Task {i:03}", days=i // 40) for i in range(110)]
    made += [make_task(f"Someday {i}", due_on=None) for i in range(3)]
    client.force_login(owner)
    found, address = [], reverse("tasks")
    while address:
        context = client.get(address).context
        found += context["tasks"]
        address = context["after_url"]
    assert [task.pk for task in found] == [task.pk for task in made]


def test_done_with_an_outcome_and_undone(client, act, make_task, owner):
    task = make_task()
    body = act("task-done", task, done="yes", outcome="won_back", note="Orders on Monday").content
    task.refresh_from_db()
    assert (task.outcome, task.outcome_note, task.done_by) == (
        "won_back",
        "Orders on Monday",
        owner,
    )
    assert b"Won back" in body
    undo_last(client)
    task.refresh_from_db()
    assert (task.done_at, task.done_by, task.outcome, task.outcome_note) == (None, None, "", "")


def test_the_outcome_can_be_said_afterwards_and_taken_back_by_itself(client, act, make_task):
    task = make_task()
    assert "What came of it?" in act("task-done", task, done="yes").content.decode()
    act("task-outcome", task, outcome="no_answer", note="Engaged")
    task.refresh_from_db()
    assert (task.outcome, task.outcome_note) == ("no_answer", "Engaged")
    undo_last(client)
    task.refresh_from_db()
    assert task.outcome == "" and task.done_at


def test_a_made_up_outcome_changes_nothing_and_says_so(act, make_task):
    task = make_task()
    body = act("task-done", task, done="yes", outcome="married").content.decode()
    task.refresh_from_db()
    assert task.done_at is None
    assert "c-toast-error" in body


def test_of_a_series_the_next_one_comes_with_the_completion_and_goes_with_its_undo(
    client, act, make_task
):
    task = make_task(repeat="weekly", repeat_every=2, note="Ask for the roast")
    act("task-done", task, done="yes")
    following = Task.objects.get(follows=task)
    assert (following.due_on, following.note) == (in_days(14), "Ask for the roast")
    assert (following.repeat, following.repeat_every) == ("weekly", 2)
    undo_last(client)
    assert not Task.objects.filter(follows=task).exists()
    assert Task.objects.open().get() == task


def test_opened_again_a_series_has_one_open_task(act, make_task):
    task = make_task(repeat="daily")
    act("task-done", task, done="yes")
    act("task-done", task, done="no")
    assert list(Task.objects.open()) == [task]


def test_done_twice_makes_one_next_task(act, make_task):
    task = make_task(repeat="daily")
    act("task-done", task, done="yes")
    act("task-done", task, done="yes")
    assert Task.objects.count() == 2


def days_offered(client, user, task) -> list[datetime.date]:
    """The days that its row in the list offers to put a task off to."""
    client.force_login(user)
    row = client.get(task.get_absolute_url(), {"shown": 1}, headers=HTMX).content.decode()
    return [
        datetime.date.fromisoformat(one) for one in re.findall(r'name="until" value="([^"]+)"', row)
    ]


@pytest.mark.parametrize(("due", "first"), [(-2, 0), (0, 0), (8, 8), (None, 0)])
def test_only_days_after_its_own_are_offered_to_put_it_off_to(client, owner, make_task, due, first):
    task = make_task(due_on=None if due is None else in_days(due))
    assert days_offered(client, owner, task) == [in_days(first + n) for n in (1, 3, 7)]


@pytest.mark.parametrize(("due", "until"), [(-2, 1), (-2, 30), (8, 9)])
def test_put_off_and_taken_back(client, act, make_task, due, until):
    task = make_task(days=due)
    body = act("task-snooze", task, until=in_days(until).isoformat()).content.decode()
    task.refresh_from_db()
    assert task.due_on == in_days(until)
    assert f"Task put off until {day_of_week_only(in_days(until))}" in body
    undo_last(client)
    task.refresh_from_db()
    assert task.due_on == in_days(due)


def test_putting_off_never_brings_forward(act, make_task):
    task = make_task(days=8)
    body = act("task-snooze", task, until=in_days(1).isoformat()).content.decode()
    task.refresh_from_db()
    assert task.due_on == in_days(8)
    assert f"This is due on {day(in_days(8))}: choose a later day." in body


def test_of_many_those_due_later_stay_and_the_message_counts_both(client, act, make_task):
    ids = [make_task(f"Task {i}", days=due).pk for i, due in enumerate((-4, 0, 20))]
    said = {"do": "snooze", "id": ids, "until": in_days(3).isoformat()}
    act("tasks-bulk", **said)
    kept = dict(Task.objects.values_list("pk", "due_on"))
    assert [kept[pk] for pk in ids] == [in_days(3), in_days(3), in_days(20)]
    told = [str(one) for one in get_messages(client.get(reverse("tasks")).wsgi_request)]
    assert told == [
        f"2 tasks put off until {day_of_week_only(in_days(3))}. 1 is due later and stays."
    ]


@pytest.mark.parametrize(
    "said", [{}, {"until": "2999-01-01"}, {"until": "1999-01-01"}, {"until": "x"}]
)
def test_put_off_to_no_day_or_a_past_one_is_refused(act, make_task, said):
    task = make_task()
    assert "c-toast-error" in act("task-snooze", task, **said).content.decode()
    task.refresh_from_db()
    assert task.due_on == in_days(0)


def fields_of(task, **other) -> dict:
    said = {
        "title": task.title,
        "due_on": task.due_on,
        "assignee": task.assignee_id,
        "page": "list",
    }
    return said | other


def test_edited_in_its_place_and_undone(client, owner, make_task):
    task = make_task()
    client.force_login(owner)
    form = client.get(task.get_absolute_url(), headers=HTMX).content.decode()
    assert f'id="task{task.pk}-title"' in form
    said = fields_of(task, title="Call twice", due_time="09:30", remind="15", note="a\r\nb")
    body = client.post(task.get_absolute_url(), said, headers=HTMX).content.decode()
    task.refresh_from_db()
    assert (task.title, task.due_time, task.note) == ("Call twice", datetime.time(9, 30), "a\nb")
    assert "Call twice" in body
    undo_last(client)
    task.refresh_from_db()
    assert (task.title, task.due_time, task.remind_at) == ("Call", None, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"due_on": "0099-01-01"}, "due_on"),
        ({"due_on": "", "repeat": "daily"}, "due_on"),
        ({"repeat": "daily", "repeat_every": "0"}, "repeat_every"),
        ({"remind": "7"}, "remind"),
    ],
)
def test_wrong_values_come_back_beside_their_field(client, owner, make_task, wrong, field):
    task = make_task()
    client.force_login(owner)
    answer = client.post(task.get_absolute_url(), fields_of(task, **wrong), headers=HTMX)
    assert answer.status_code == 422
    assert f'id="task{task.pk}-{field}_error"' in answer.content.decode()


def test_nobody_gets_a_task_of_a_customer_they_may_not_see(
    client, act, owner, teammate, team, make_task
):
    task = make_task()
    client.force_login(owner)
    said = fields_of(task, assignee=teammate.pk)
    assert client.post(task.get_absolute_url(), said, headers=HTMX).status_code == 422
    act("tasks-bulk", do="assign", id=[task.pk], assignee=teammate.pk)
    task.refresh_from_db()
    assert task.assignee == owner
    team.shares_customers = True
    team.save()
    act("tasks-bulk", do="assign", id=[task.pk], assignee=teammate.pk)
    task.refresh_from_db()
    assert task.assignee == teammate
    assert Notification.objects.get().user == teammate


@pytest.mark.parametrize(
    ("said", "column", "wanted"),
    [
        ({"do": "complete", "outcome": "reached"}, "outcome", lambda manager: "reached"),
        ({"do": "snooze", "until": in_days(3)}, "due_on", lambda manager: in_days(3)),
        ({"do": "assign"}, "assignee", lambda manager: manager.pk),
    ],
)
def test_many_at_once_and_all_taken_back(client, act, make_task, manager, said, column, wanted):
    ids = [make_task(f"Task {i}", days=-i, repeat="daily" if i else "").pk for i in range(3)]

    def stored() -> list[dict]:
        rows = Task.objects.order_by("pk")
        return list(rows.values("pk", "due_on", "assignee", "done_at", "outcome"))

    before = stored()
    act("tasks-bulk", id=ids, **({"assignee": manager.pk} | said))
    assert {row[column] for row in stored() if row["pk"] in ids} == {wanted(manager)}
    undo_last(client)
    assert stored() == before


def test_ticked_tasks_of_others_are_left_alone(act, make_task, stranger, other_team, make_customer):
    foreign = make_customer("Foreign", owner=stranger, team=other_team)
    task = make_task(customer=foreign, assignee=stranger)
    act("tasks-bulk", do="complete", id=[task.pk])
    task.refresh_from_db()
    assert task.done_at is None


def test_a_task_given_by_another_is_told_once_and_ones_own_is_not(client, manager, owner, customer):
    client.force_login(manager)
    said = {"title": "Visit", "assignee": owner.pk, "due_on": in_days(1)}
    client.post(reverse("customer-task-add", args=[customer.pk]), said)
    assert Notification.objects.get().user == owner
    said["assignee"] = manager.pk
    client.post(reverse("customer-task-add", args=[customer.pk]), said)
    assert Notification.objects.count() == 1


def test_a_day_of_the_calendar_fills_the_form(client, owner):
    client.force_login(owner)
    page = client.get(reverse("task-add"), {"due": "2026-12-24"}).content.decode()
    assert 'value="2026-12-24"' in page


def test_somebody_who_left_the_team_keeps_their_task_in_the_form(
    client, manager, make_task, db, other_team
):
    gone = make_user("gone", "sales", other_team)
    task = make_task(assignee=gone)
    client.force_login(manager)
    assert f'value="{gone.pk}" selected' in client.get(task.get_absolute_url()).content.decode()
