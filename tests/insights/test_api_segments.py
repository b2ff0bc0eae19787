"""Segments and movements by API: stored sums over what the reader may see, and moves through the gate."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import CustomerTotals
from insights.models import SegmentMove
from insights.publishing import publish
from tests.insights.conftest import churn, segment
from tests.insights.moving import moved

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def ask(user, address, **query):
    answer = client_of(user).get(f"/api/v1/{address}/", query)
    assert answer.status_code == 200, answer.data
    return answer.data


@pytest.fixture
def company(make_customer, make_version, answer, team, other_team, owner):
    """Two loyal customers of North, one lost one of South."""
    north = [make_customer(f"North {i}", owner=owner, team=team) for i in range(2)]
    south = make_customer("South", team=other_team)
    CustomerTotals.objects.update(value=Decimal(100))
    names, risks = make_version("segments"), make_version("churn")
    answer(names, {**dict.fromkeys(north, segment("loyal")), south: segment("lost")})
    answer(risks, {north[0]: churn(0.8), north[1]: churn(0.2), south: churn(0.9)})
    publish(names)
    publish(risks)
    return [*north, south]


def test_segments_amount_to_what_their_reader_may_see(company, admin, manager, other_manager):
    told = {s["segment"]: s for s in ask(admin, "segments")["segments"]}
    loyal = told["loyal"]
    assert (loyal["customers"], loyal["value"], loyal["average_risk"]) == (2, "200.00", 0.5)
    assert loyal["value_at_risk"] == "100.00" and loyal["name"] == "Loyal"
    assert told["lost"]["customers"] == 1 and told["new"]["average_risk"] is None
    assert ask(manager, "segments")["everyone"]["customers"] == 2
    assert ask(other_manager, "segments")["everyone"]["customers"] == 1


def test_names_of_segments_come_in_the_language_asked_for(company, manager):
    answer = client_of(manager).get("/api/v1/segments/", HTTP_ACCEPT_LANGUAGE="zh-Hans")
    assert answer.data["segments"][0]["name"] != "Champions"


def test_segments_ask_as_often_for_many_customers_as_for_few(company, manager, make_customer, team):
    ask(manager, "segments")  # caches the company
    with CaptureQueriesContext(connection) as queries:
        ask(manager, "segments")
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("PRAGMA", "BEGIN", "COMMIT"))]
    assert len(asked) <= 5, asked
    assert not any('FROM "customers_customer"' in sql for sql in asked)


def test_movements_are_added_up_over_the_days_asked_for(team, other_team, manager, admin):
    moved(team, "loyal", "at_risk", 5)
    moved(team, "loyal", "at_risk", 7, days_ago=20)
    moved(team, "at_risk", "lost", 2, days_ago=3, by_new_model=True)
    moved(other_team, "loyal", "at_risk", 100)

    def flows(user, **query):
        rows = ask(user, "segments/movements", **query)["flows"]
        return {(r["before"], r["after"]): r["customers"] for r in rows}

    assert flows(manager) == {("loyal", "at_risk"): 12, ("at_risk", "lost"): 2}
    assert flows(manager, days=7) == {("loyal", "at_risk"): 5, ("at_risk", "lost"): 2}
    assert flows(manager, days=7, new_models=False) == {("loyal", "at_risk"): 5}
    assert flows(admin)[("loyal", "at_risk")] == 112
    between = {"since": TODAY - datetime.timedelta(25), "until": TODAY - datetime.timedelta(15)}
    assert flows(manager, **between) == {("loyal", "at_risk"): 7}
    net = {s["segment"]: s for s in ask(manager, "segments/movements")["segments"]}
    assert (net["at_risk"]["came"], net["at_risk"]["went"], net["at_risk"]["net"]) == (12, 2, 10)


@pytest.mark.parametrize("query, field", [
    ({"days": 0}, "days"), ({"days": 800}, "days"), ({"days": 7, "since": "2026-01-01"}, "days"),
    ({"until": "2026-01-01"}, "since"), ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
    ({"since": "2020-01-01"}, "until"), ({"since": "yesterday"}, "since"),
])  # fmt: skip
def test_a_span_that_is_none_is_named(manager, query, field):
    answer = client_of(manager).get("/api/v1/segments/movements/", query)
    assert answer.status_code == 400
    assert [f["field"] for f in answer.data["error"]["fields"]] == [field]


def test_moves_are_told_to_those_who_may_see_the_customer(company, owner, stranger, admin):
    for one in company:
        SegmentMove.objects.create(
            customer=one, day=TODAY, segment_before="new", segment_after="loyal"
        )
    SegmentMove.objects.create(  # back by the end of the day
        customer=company[0], day=TODAY - datetime.timedelta(1), segment_before="new", segment_after="new"
    )  # fmt: skip
    assert len(ask(admin, "segment-moves")["results"]) == 3
    assert {m["customer"] for m in ask(owner, "segment-moves")["results"]} == {
        company[0].pk,
        company[1].pk,
    }
    assert ask(stranger, "segment-moves")["results"] == []
    rows = ask(admin, "segment-moves", customer=company[2].pk, before="new", day_from=str(TODAY))
    assert [(m["before"], m["after"], m["after_name"]) for m in rows["results"]] == [
        ("new", "loyal", "Loyal")
    ]
    assert ask(admin, "segment-moves", day_before=str(TODAY))["results"] == []
