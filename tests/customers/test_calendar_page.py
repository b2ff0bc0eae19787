"""Tasks by month and week, and the feed that other calendars read."""

import datetime

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from customers.calendars import renew_key, span_of
from customers.models import Task, User

DAY = datetime.date


@pytest.mark.parametrize(
    ("view", "day", "first", "last"),
    [
        ("month", "2026-02-15", DAY(2026, 1, 26), DAY(2026, 3, 1)),
        ("month", "2027-02-28", DAY(2027, 2, 1), DAY(2027, 2, 28)),
        ("week", "2026-11-29", DAY(2026, 11, 23), DAY(2026, 11, 29)),
    ],
)
def test_a_span_is_whole_weeks_from_monday(view, day, first, last):
    span = span_of(view, day)
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize("day", [None, "", "2026-02-30", "0001-01-01", "x" * 300, "\x00"])
def test_a_day_that_there_is_not_is_today(day):
    assert span_of("decade", day) == span_of("month", timezone.localdate().isoformat())


def shown(client, user, **query) -> dict[DAY, list[str]]:
    client.force_login(user)
    weeks = client.get(reverse("task-calendar"), query).context["weeks"]
    return {one.date: [t.title for t in one.tasks] for week in weeks for one in week if one.tasks}


def test_each_task_stands_on_its_day_those_with_a_time_last(client, owner, manager, customer):
    def task(title, day, **fields):
        Task.objects.create(customer=customer, title=title, due_on=day, **fields)

    task("At ten", DAY(2026, 5, 4), assignee=owner, due_time=datetime.time(10))
    task("All day", DAY(2026, 5, 4), assignee=owner)
    task("Another month", DAY(2026, 8, 4), assignee=owner)
    task("The manager’s", DAY(2026, 5, 6), assignee=manager)
    assert shown(client, owner, day="2026-05-20") == {DAY(2026, 5, 4): ["All day", "At ten"]}
    week = shown(client, owner, day="2026-05-05", view="week", whose="team")
    assert week == {DAY(2026, 5, 4): ["All day", "At ten"], DAY(2026, 5, 6): ["The manager’s"]}


def test_the_calendar_asks_as_often_for_many_tasks_as_for_none(
    client, owner, customer, django_assert_num_queries
):
    client.force_login(owner)
    for count in (0, 30):
        for i in range(count):
            Task.objects.create(
                customer=customer, title=f"{i}", due_on=DAY(2026, 5, 1 + i % 28), assignee=owner
            )
        client.get(reverse("task-calendar"))
        with django_assert_num_queries(4):
            client.get(reverse("task-calendar"), {"day": "2026-05-01"})


@pytest.fixture
def events(client, owner):
    """What another program reads at the owner's address."""

    def events(key):
        response = client.get(reverse("calendar-feed", args=[key]))
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/calendar")
        assert "private" in response["Cache-Control"]
        read = icalendar.Calendar.from_ical(response.content)
        return {str(one["summary"]): one for one in read.walk("VEVENT")}

    return events


def test_the_feed_holds_my_open_tasks_of_customers_i_may_see(
    events, owner, teammate, stranger, customer, make_customer, other_team
):
    foreign = make_customer("Foreign", owner=stranger, team=other_team)
    today = timezone.localdate()
    for title, fields in {
        "Mine": {},
        "Done": {"done_at": timezone.now()},
        "Of a stranger’s customer": {"customer": foreign},
        "Somebody else’s": {"assignee": teammate},
        "Long ago": {"due_on": today - datetime.timedelta(days=500)},
        "Without a day": {"due_on": None},
    }.items():
        usual = {"customer": customer, "assignee": owner, "due_on": today}
        Task.objects.create(title=title, **usual | fields)
    found = events(renew_key(owner))
    assert list(found) == [f"Mine · {customer.name}"]
    event = found[f"Mine · {customer.name}"]
    assert event["dtstart"].dt == today
    assert event["dtend"].dt == today + datetime.timedelta(days=1)


def test_times_are_on_the_clock_of_their_reader(events, owner):
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Shanghai")
    day = timezone.localdate() + datetime.timedelta(days=3)
    Task.objects.create(title="Call", due_on=day, due_time=datetime.time(9, 30), assignee=owner)
    start = events(renew_key(owner))["Call"]["dtstart"].dt
    assert start.astimezone(datetime.UTC).time() == datetime.time(1, 30)
    assert str(start.tzinfo) == "Asia/Shanghai"


def test_a_renewed_address_ends_the_one_before_and_it_can_be_ended(client, owner):
    first = renew_key(owner)
    client.force_login(owner)
    page = client.post(reverse("calendar-renew"), follow=True).content.decode()
    [key] = [part.split(".ics")[0] for part in page.split("/calendar/")[1:] if ".ics" in part]
    assert key not in client.get(reverse("profile")).content.decode(), "it is shown once"
    client.logout()
    assert client.get(reverse("calendar-feed", args=[first])).status_code == 404
    assert client.get(reverse("calendar-feed", args=[key])).status_code == 200
    client.force_login(owner)
    client.post(reverse("calendar-renew"), {"do": "stop"})
    client.logout()
    assert client.get(reverse("calendar-feed", args=[key])).status_code == 404
    assert client.get(reverse("calendar-feed", args=["x"])).status_code == 404


def test_the_address_of_somebody_who_has_left_leads_nowhere(client, owner):
    key = renew_key(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get(reverse("calendar-feed", args=[key])).status_code == 404


def test_the_secret_itself_is_kept_nowhere(owner):
    key = renew_key(owner)
    owner.refresh_from_db()
    assert owner.calendar_digest and key not in owner.calendar_digest
