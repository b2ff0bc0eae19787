"""How often each address of the API asks the database: pinned, and the same for few rows as for many."""

# ruff: noqa: F811  (the records of the access tests are arguments here)

import json
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import (
    Customer,
    CustomerScore,
    CustomerTotals,
    Event,
    ExternalId,
    Interaction,
    OrderLine,
    Outlook,
    Product,
    Recommendation,
    ScoreReasons,
    Tag,
    Task,
    Team,
    User,
)
from insights.models import ModelVersion, TrainingRun
from tests.customers.pages import order
from tests.laws.conftest import objects, people, world  # noqa: F401
from tests.laws.test_access import ROUTES, RULES
from tests.tokens import api_of

PINNED = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text())
APART = {"api-schema", "api-docs", "api-token"}
ADDRESSES = [r for r in ROUTES if r.name.startswith("api-") and r.name not in APART]
BEHIND_THE_SCENES = ("PRAGMA", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture(scope="module", params=[2, 8])
def filled(request, world, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        fill(User.objects.get(username="owner"), Team.objects.get(name="North"), request.param)
        yield
        transaction.set_rollback(True)


def fill(owner: User, team: Team, count: int) -> None:
    """``count`` rows of every kind, each with something nested."""
    now = timezone.now()
    for n in range(count):
        customer = Customer.objects.create(name=f"Customer {n}", owner=owner, team=team)
        CustomerTotals.objects.create(customer=customer, updated_at=now)
        product = Product.objects.create(sku=f"S{n}", name=f"Product {n}")
        customer.tags.add(Tag.objects.create(name=f"tag {n}"))
        ExternalId.objects.create(customer=customer, source="shop", external_id=str(n))
        line = {"quantity": 1, "unit_price": 5, "amount": 5, "base_amount": 5, "product": product}
        OrderLine.objects.create(order=order(customer, f"{n}", now, 0), position=1, **line)
        Interaction.objects.create(
            customer=customer, channel="note", text="x", occurred_at=now, author=owner,
            product=product,
        )  # fmt: skip
        Event.objects.create(customer=customer, kind="page", occurred_at=now, product=product)
        Task.objects.create(customer=customer, title="Call", assignee=owner, done_by=owner)
        CustomerScore.objects.create(customer=customer, churn_risk=0.5)
        reasons = [{"code": "recency", "facts": {"days": 63}, "points": 24.1}]
        ScoreReasons.objects.create(customer=customer, churn={"base": 0.2, "reasons": reasons})
        Outlook.objects.create(
            customer=customer, spend_90=90, spend_90_low=10, spend_90_high=200, spend_365_low=50,
            spend_365_high=900, stays_365=0.9, next_from=now.date(), next_on=now.date(),
            next_to=now.date(), within_30=0.4,
        )  # fmt: skip
        Recommendation.objects.create(
            customer=customer, rank=1, product=product, because=product, score=0.5,
            why="bought_with", version=1,
        )  # fmt: skip
        TrainingRun.objects.create(kind="churn", origin="api", status="done", requested_by=owner)
        ModelVersion.objects.create(kind="churn", number=n + 2, as_of=now, checksum="0" * 64)


@pytest.mark.parametrize("route", ADDRESSES, ids=str)
def test_an_address_asks_as_often_as_it_is_pinned(route, filled, people, objects):
    what = objects["owner"]
    kwargs = {p: what[p if p in what else RULES[route.name][1]] for p in route.parameters}
    address, api = reverse(route.name, kwargs=kwargs), api_of(people["admin"])
    answer = api.get(address)
    if answer.status_code == 405:
        return
    assert answer.status_code == 200, answer.content
    with CaptureQueriesContext(connection) as queries:
        api.get(address)
    asked = [q["sql"] for q in queries if not q["sql"].startswith(BEHIND_THE_SCENES)]
    asked = [sql for sql in asked if "pg_stat_activity" not in sql]  # PostgreSQL's own memory
    assert len(asked) == PINNED.get(route.name), f"{len(asked)}:\n" + "\n".join(asked)
    assert len(asked) <= 6
