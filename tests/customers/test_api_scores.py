"""Scores, reasons and recommendations by API: of everybody one may see, and asked for by what they say."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import CustomerScore, Product, Recommendation, ScoreReasons

REASONS = {"base": 0.2, "reasons": [{"code": "recency", "facts": {"days": 60}, "points": 50.0}]}


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def ask(user, address, **query):
    answer = client_of(user).get(f"/api/v1/{address}/", query)
    assert answer.status_code == 200, answer.data
    return answer.data["results"]


def publish_about(customer, risk, segment="loyal", version=1, days_ago=0):
    CustomerScore.objects.create(
        customer=customer, churn_risk=risk, churn_reason="recency", churn_version=version, segment=segment,
        segments_version=7, churn_scored_at=timezone.now() - datetime.timedelta(days=days_ago),
    )  # fmt: skip
    ScoreReasons.objects.create(customer=customer, churn=REASONS)


def suggest(customer, *skus):
    for rank, sku in enumerate(skus, 1):
        product, __ = Product.objects.get_or_create(sku=sku, defaults={"name": f"Product {sku}"})
        Recommendation.objects.create(
            customer=customer, rank=rank, product=product, score=1 / (rank + 1), why="popular",
            facts={"buyers_recent": 12, "days": 90}, version=3,
        )  # fmt: skip


@pytest.fixture
def scored(make_customer, owner, team, other_team):
    """Three of the owner's, and one of another team."""
    mine = [make_customer(f"Mine {i}", owner=owner, team=team) for i in range(3)]
    theirs = make_customer("Theirs", team=other_team)
    for one, risk, name in zip(mine, (0.2, 0.5, 0.9), ("loyal", "new", "lost"), strict=True):
        publish_about(one, risk, name)
    publish_about(theirs, 0.7, "lost", version=2, days_ago=9)
    suggest(mine[0], "A", "B")
    suggest(theirs, "A")
    return [*mine, theirs]


def test_scores_are_asked_for_by_segment_risk_version_and_date(scored, owner, admin):
    def of(user, **query):
        return {
            scored.index(c)
            for c in scored
            for r in ask(user, "scores", **query)
            if r["customer"] == c.pk
        }

    assert of(owner) == {0, 1, 2} and of(admin) == {0, 1, 2, 3}
    assert of(owner, segment="lost") == {2}
    assert of(owner, segment=["lost", "new"]) == {1, 2}
    assert of(owner, risk_from=0.5) == {1, 2} and of(owner, risk_from=0.3, risk_to=0.6) == {1}
    assert of(admin, version=2) == {3}
    since = (timezone.now() - datetime.timedelta(days=1)).isoformat()
    assert of(admin, scored_from=since) == {0, 1, 2}


@pytest.mark.parametrize(
    "query", [{"segment": "weather"}, {"risk_from": "high"}, {"scored_from": "lately"}]
)
def test_a_filter_with_a_value_nobody_knows_is_an_error(owner, query):
    answer = client_of(owner).get("/api/v1/scores/", query)
    assert answer.status_code == 400
    assert [f["field"] for f in answer.data["error"]["fields"]] == list(query)


def test_reasons_are_sentences_in_the_language_asked_for(scored, owner):
    rows = ask(owner, "reasons", risk_from=0.9)
    assert [r["customer"] for r in rows] == [scored[2].pk]
    assert (rows[0]["churn_risk"], rows[0]["base"]) == (0.9, 0.2)
    assert [r["sentence"] for r in rows[0]["reasons"]] == ["No order for 60 days"]
    answer = client_of(owner).get("/api/v1/reasons/", HTTP_ACCEPT_LANGUAGE="zh-hans")
    told = answer.data["results"][0]["reasons"][0]
    assert told["code"] == "recency" and told["sentence"] != "No order for 60 days"
    assert answer["Content-Language"] == "zh-hans"


def test_reasons_of_foreign_customers_are_not_told(scored, owner, stranger):
    assert {r["customer"] for r in ask(owner, "reasons")} == {c.pk for c in scored[:3]}
    assert ask(stranger, "reasons") == []
    assert ask(owner, "reasons", customer=scored[3].pk) == []


def test_recommendations_are_listed_over_all_customers_one_may_see(scored, owner, admin):
    rows = ask(admin, "recommendations", product="A")
    assert {r["customer"] for r in rows} == {scored[0].pk, scored[3].pk}
    assert rows[0]["sentence"] == "Bought by 12 customers in the last 90 days"
    assert [r["product"] for r in ask(owner, "recommendations", rank_to=1)] == ["A"]
    assert ask(owner, "recommendations", customer=scored[3].pk) == []


@pytest.mark.parametrize("address", ["scores", "reasons", "recommendations"])
@pytest.mark.parametrize("count", [1, 6])
def test_a_list_asks_as_often_for_many_as_for_few(address, count, make_customer, owner, team):
    for i in range(count):
        one = make_customer(f"Customer {i}", owner=owner, team=team)
        publish_about(one, 0.5)
        suggest(one, "A", "B")
    ask(owner, address)  # caches the company
    with CaptureQueriesContext(connection) as queries:
        ask(owner, address)
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("PRAGMA", "BEGIN", "COMMIT"))]
    assert len(asked) == 3, asked


@pytest.mark.parametrize(("address", "query", "code"), [
    ("customers", {"archived": "null"}, "invalid"), ("customers", {"external_id": ""}, "empty"),
    ("interactions", {"rating": 6}, "max_value"), ("scores", {"risk_from": 1.5}, "max_value"),
    ("customers", {"customer": 1}, "unknown_parameter"),
])  # fmt: skip
def test_a_slip_in_a_parameter_is_an_error_and_never_the_whole_list(owner, address, query, code):
    answer = client_of(owner).get(f"/api/v1/{address}/", query)
    assert answer.status_code == 400
    assert [f["code"] for f in answer.data["error"]["fields"]] == [code]


def test_an_id_that_is_none_is_not_found(owner):
    for address in (
        "customers/null/scores",
        "customers/a,b/recommendations",
        f"customers/{2**70}/scores",
    ):
        assert client_of(owner).get(f"/api/v1/{address}/").status_code == 404


def test_a_change_with_a_malformed_etag_is_not_made(owner, customer):
    answer = client_of(owner).patch(
        f"/api/v1/customers/{customer.pk}/", {"city": "Oslo"}, HTTP_IF_MATCH="0"
    )
    assert (answer.status_code, answer.data["error"]["fields"][0]["code"]) == (400, "invalid_etag")
    customer.refresh_from_db()
    assert customer.city == ""
