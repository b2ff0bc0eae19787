"""The segments page shows who moved where between two days, as a chart and as a table, to each reader their own."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import CustomerScore
from insights import movements
from insights.models import SegmentTotals
from tests.insights.moving import moved

pytestmark = pytest.mark.django_db
TODAY = timezone.now().astimezone(datetime.UTC).date()


@pytest.fixture
def flow(team):
    SegmentTotals.objects.create(
        team=team, segment="loyal", recency_band=2, frequency_band=4, customers=10, value=1000,
        risk_sum=0, risk_customers=0, value_at_risk=0,
    )  # fmt: skip

    def add(before, after, customers, days_ago=1, of=team, by_new_model=False):
        moved(of, before, after, customers, days_ago, by_new_model)

    return add


@pytest.fixture
def rows(client, manager):
    """(before, after, customers, by a new model) of the table, as the page has them."""
    client.force_login(manager)

    def read(user=None, **query):
        if user:
            client.force_login(user)
        page = client.get(reverse("segments"), query).content.decode()
        tables = re.findall(
            r'<table class="c-table c-table-compact c-flows">.*?</table>', page, re.S
        )
        found = []
        for row in re.findall(r"<tr>(.*?)</tr>", "".join(tables), re.S):
            hidden = re.sub(r'<span class="visually-hidden">.*?</span>', "", row)
            cells = [
                re.sub(r"<.*?>", "", c).strip() for c in re.findall(r"<td.*?</td>", hidden, re.S)
            ]
            if cells:
                found.append(tuple(cells))
        return found

    return read


def test_the_last_thirty_days_are_shown_until_others_are_chosen(flow, rows):
    flow("loyal", "at_risk", 12)
    flow("loyal", "at_risk", 5, days_ago=60)
    flow("new", "promising", 3, days_ago=80)
    assert rows() == [("Loyal", "At risk", "12", "–")]
    assert rows(days="90") == [("Loyal", "At risk", "17", "–"), ("New", "Promising", "3", "–")]
    since, until = (str(TODAY - datetime.timedelta(days)) for days in (85, 70))
    assert rows(since=since, until=until) == [("New", "Promising", "3", "–")]


def test_moves_of_a_new_model_are_told_apart_and_can_be_left_out(flow, rows):
    flow("loyal", "at_risk", 12)
    flow("loyal", "at_risk", 30, by_new_model=True)
    assert rows() == [("Loyal", "At risk", "42", "30")]
    assert rows(models="no") == [("Loyal", "At risk", "12", "–")]


def test_each_reader_sees_the_moves_of_their_teams(flow, rows, other_team, admin, other_manager):
    flow("loyal", "at_risk", 12)
    flow("loyal", "at_risk", 100, of=other_team)
    assert rows() == [("Loyal", "At risk", "12", "–")]
    assert rows(admin) == [("Loyal", "At risk", "112", "–")]
    assert rows(other_manager) == []  # the page is empty where nobody is in a segment


def test_what_many_did_is_counted_once_for_a_while_and_for_each_reader(
    flow, rows, other_team, admin, monkeypatch
):
    monkeypatch.setattr(movements, "MANY", 20)
    flow("loyal", "at_risk", 12)
    assert rows() == [("Loyal", "At risk", "12", "–")]
    flow("loyal", "at_risk", 10)
    assert rows() == [("Loyal", "At risk", "22", "–")]  # few: counted anew
    flow("loyal", "at_risk", 100, of=other_team)
    flow("loyal", "at_risk", 5)
    assert rows() == [("Loyal", "At risk", "22", "–")]
    assert rows(admin) == [("Loyal", "At risk", "127", "–")]


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-02", "2026-03-01", "The first day comes after the last one."),
        ("9999-12-01", "9999-12-31", "Ensure this value is less than or equal to 2999-12-31."),
        ("2020-01-01", "2026-03-01", "at most 731 days"),
        ("soon", "2026-03-01", "Enter a valid date"),
    ],
)
def test_days_that_make_no_span_are_refused_in_words(flow, client, manager, since, until, words):
    client.force_login(manager)
    page = client.get(reverse("segments"), {"since": since, "until": until}).content.decode()
    assert words in page


def test_a_flow_opens_those_who_are_still_there(flow, client, manager, make_customer, owner, team):
    flow("loyal", "at_risk", 2)
    now = timezone.now()
    scores = {
        "Moved": {"segment": "at_risk", "segment_before": "loyal", "segment_since": now},
        "Long ago": {
            "segment": "at_risk",
            "segment_before": "loyal",
            "segment_since": now - datetime.timedelta(100),
        },
        "From elsewhere": {"segment": "at_risk", "segment_before": "new", "segment_since": now},
    }
    for name, fields in scores.items():
        CustomerScore.objects.create(
            customer=make_customer(name, owner, team), segments_scored_at=now, **fields
        )
    client.force_login(manager)
    page = client.get(reverse("segments")).content.decode()
    address = re.search(r'href="([^"]*was=loyal[^"]*)"', page)[1].replace("&amp;", "&")
    listed = client.get(address).content.decode()
    assert "Moved" in listed
    assert "Long ago" not in listed and "From elsewhere" not in listed


def test_the_chart_has_no_circles(flow, client, manager):
    flow("loyal", "at_risk", 2)
    flow("at_risk", "loyal", 1)
    flow("", "new", 4)
    client.force_login(manager)
    chart = client.get(reverse("segments")).context["movement"]["chart"]
    assert chart["nodes"] == ["bloyal", "bat_risk", "b", "aloyal", "anew", "aat_risk"]
    directions = {(one["source"], one["target"]): one["direction"] for one in chart["links"]}
    assert directions == {
        ("bloyal", "aat_risk"): "worse",
        ("bat_risk", "aloyal"): "better",
        ("b", "anew"): "other",
    }
