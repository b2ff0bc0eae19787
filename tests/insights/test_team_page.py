"""What colleagues did is added up by the gate: managers see their teams, sales staff themselves."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Interaction, MessageReading, Task
from insights.dashboard_sums import EVERY, refresh_dashboards, refresh_dashboards_when_due
from insights.models import FullScoring, PersonDay, PredictionLedger, Rescue

NOW = timezone.now
MOST_QUERIES = 12


@pytest.fixture
def talk(db):
    def talk(customer, author, channel="call", direction="out", days_ago=2.0, **fields):
        when = NOW() - datetime.timedelta(days=days_ago)
        return Interaction.objects.create(
            customer=customer, author=author, channel=channel, direction=direction, occurred_at=when, text="x", **fields
        )  # fmt: skip

    return talk


@pytest.fixture
def worked(customer, make_customer, talk, owner, stranger, other_team):
    """The owner called twice, wrote a note and answered a complaint after six hours; the stranger called once."""
    talk(customer, owner)
    talk(customer, owner, days_ago=40)
    talk(customer, owner, channel="note", direction="internal")
    complaint = talk(customer, None, "complaint", "in", days_ago=3.25)
    answer = talk(customer, owner, "email", days_ago=3)
    MessageReading.objects.filter(pk=complaint.pk).update(
        inbound=True, occurred_at=complaint.occurred_at, answered_at=answer.occurred_at
    )
    MessageReading.objects.exclude(pk=complaint.pk).update(inbound=False)
    talk(make_customer("Far", stranger, other_team), stranger)
    today = timezone.localdate()
    done = NOW() - datetime.timedelta(days=1)
    for due in (today, today - datetime.timedelta(days=9)):
        Task.objects.create(customer=customer, title="T", assignee=owner, due_on=due, done_at=done)
    Task.objects.create(
        customer=customer, title="Late", assignee=owner, due_on=today - datetime.timedelta(days=1)
    )
    refresh_dashboards()


def shown(client, user, **wishes) -> str:
    client.force_login(user)
    response = client.get(reverse("team"), wishes)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def row_of(page: str, name: str) -> dict[str, str]:
    """Words of the column -> what is said there."""
    row = next(row for row in page.split("<tr>") if re.search(rf'scope="row">.*>{name}</a>', row))
    cells = re.findall(r'data-label="([^"]+)">(.*?)</td>', row)
    return {words: re.sub(r"<[^>]+>", "", said) for words, said in cells}


def test_the_row_of_a_colleague(client, worked, manager):
    row = row_of(shown(client, manager), "owner")
    assert row == {
        "Conversations": "2", "Calls": "1", "Tasks done": "2", "In time": "50%", "Overdue now": "1",
        "Messages answered": "1", "Answered after": "6 hours", "Complaints answered after": "6 hours",
        "At high risk now": "0", "Rescued": "0", "Ordered by them": "–",
    }  # fmt: skip
    assert row_of(shown(client, manager, days=90), "owner")["Calls"] == "2"


def test_what_is_sent_after_two_weeks_is_no_answer(client, customer, talk, owner, manager):
    complaint = talk(customer, None, "complaint", "in", days_ago=20)
    late = talk(customer, owner, "email", days_ago=3)
    MessageReading.objects.filter(pk=complaint.pk).update(
        inbound=True, occurred_at=complaint.occurred_at, answered_at=late.occurred_at
    )
    MessageReading.objects.exclude(pk=complaint.pk).update(inbound=False)
    refresh_dashboards()
    assert row_of(shown(client, manager), "owner")["Messages answered"] == "0"
    page = client.get(reverse("team-person", args=[owner.pk]), {"what": "answers"})
    assert "answered after" not in page.content.decode()


def names_on(page: str) -> set[str]:
    return set(re.findall(r'scope="row"><a[^>]*>([^<]+)</a>', page))


def test_whom_one_sees(client, worked, owner, manager, other_manager, admin):
    assert names_on(shown(client, owner)) == {"owner"}
    assert names_on(shown(client, manager)) == {"manager", "owner"}
    assert names_on(shown(client, other_manager)) == {"other_manager", "stranger"}
    assert {"owner", "stranger"} <= names_on(shown(client, admin))


def test_a_manager_does_not_see_what_was_done_for_customers_of_another_team(
    client, make_customer, talk, owner, other_team, manager, stranger
):
    talk(make_customer("Theirs", stranger, other_team), owner)
    refresh_dashboards()
    assert row_of(shown(client, owner), "owner")["Calls"] == "1"  # one's own
    page = shown(client, manager)
    assert "Nothing has been done yet" in page or row_of(page, "owner")["Calls"] == "0"


def test_columns_are_sorted_both_ways_and_unknown_stands_last(client, worked, admin):
    page = shown(client, admin, sort="-answer_time")
    order = re.findall(r'scope="row"><a[^>]*>([^<]+)</a>', page)
    assert order[0] == "owner"
    assert 'aria-sort="descending"' in page
    up = re.findall(r'scope="row"><a[^>]*>([^<]+)</a>', shown(client, admin, sort="calls"))
    assert set(up[-2:]) == {"owner", "stranger"}


@pytest.mark.parametrize(
    ("what", "words"),
    [("calls", "Call"), ("talks", "Call"), ("tasks", "T"), ("overdue", "Late"), ("answers", "answered after 6 hours"),
     ("complaints", "Complaint"), ("rescued", "Nothing here")],
)  # fmt: skip
def test_behind_each_figure_stand_its_records(client, worked, manager, owner, what, words):
    client.force_login(manager)
    address = reverse("team-person", args=[owner.pk])
    assert words in client.get(address, {"what": what}).content.decode()
    file = client.get(address, {"what": what, "as": "csv"})
    assert b"".join(file.streaming_content).startswith(b"\xef\xbb\xbf")


def test_what_is_no_figure_or_no_colleague_is_not_found(client, worked, manager, stranger, owner):
    client.force_login(manager)
    assert client.get(reverse("team-person", args=[stranger.pk])).status_code == 404
    nonsense = client.get(reverse("team-person", args=[owner.pk]), {"what": "nonsense"})
    assert nonsense.status_code == 404


def test_who_was_at_high_risk_and_ordered_again_is_rescued_once(
    client, customer, make_customer, make_order, owner, team, manager
):
    calm = make_customer("Calm", owner, team)
    day = lambda ago: (NOW() - datetime.timedelta(days=ago)).astimezone(datetime.UTC).date()  # noqa: E731
    for one, risk in ((customer, 0.8), (calm, 0.3)):
        PredictionLedger.objects.create(
            kind="churn", customer=one, day=day(6), version=1, score=risk
        )
        make_order(one, days_ago=3, amount=70)
    PredictionLedger.objects.create(
        kind="churn", customer=customer, day=day(2), version=1, score=0.1
    )
    make_order(customer, days_ago=1, amount=20)  # no longer at risk
    refresh_dashboards()
    refresh_dashboards()  # again changes nothing
    rescue = Rescue.objects.get()
    assert (rescue.customer, rescue.owner, rescue.value, rescue.day) == (
        customer,
        owner,
        70,
        day(3),
    )
    row = row_of(shown(client, manager), "owner")
    assert (row["Rescued"], row["Ordered by them"]) == ("1", "€70")
    client.force_login(manager)
    page = client.get(reverse("team-person", args=[owner.pk]), {"what": "rescued"}).content.decode()
    assert "Ordered for €70.00" in page
    assert "churn risk before: 80%" in page


def test_who_hands_a_rescued_customer_over_later_keeps_the_rescue(
    customer, make_order, owner, teammate
):
    day = (NOW() - datetime.timedelta(days=31)).date()
    PredictionLedger.objects.create(kind="churn", customer=customer, day=day, version=1, score=0.8)
    make_order(customer, days_ago=30)
    refresh_dashboards()
    customer.owner = teammate
    customer.save()
    refresh_dashboards()
    assert Rescue.objects.get().owner == owner


def test_the_sweep_adds_up_once_an_hour(worked, customer, talk, owner):
    talk(customer, owner, days_ago=0.5)
    refresh_dashboards_when_due()
    assert sum(PersonDay.objects.filter(person=owner).values_list("calls", flat=True)) == 2
    FullScoring.row().update(dashboards_at=NOW() - EVERY)
    refresh_dashboards_when_due()
    assert sum(PersonDay.objects.filter(person=owner).values_list("calls", flat=True)) == 3


def test_the_table_is_a_file_in_the_order_of_the_page(client, worked, manager):
    client.force_login(manager)
    response = client.get(reverse("team-table"), {"as": "csv", "sort": "-calls"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[1].startswith("owner,2,1,2,50,1,1,6,6,")
    assert client.get(reverse("team-table"), {"as": "xlsx"}).status_code == 200


def test_the_page_takes_few_queries_however_many_colleagues(client, worked, admin):
    client.force_login(admin)
    client.get(reverse("team"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("team"))
    assert len(queries) <= MOST_QUERIES, [q["sql"][:80] for q in queries]
