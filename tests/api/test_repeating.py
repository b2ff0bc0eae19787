"""A request with a key is done once: sent again, sent twice at once, or killed between the work and the answer."""

import datetime
import json
import os
import signal
import subprocess
import sys
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from customers.models import Customer, Event, Interaction, KeyedAnswer, Order, Product
from insights.models import TrainingRun
from insights.sweeping import sweep
from tests.tokens import api_of, bearer

WHEN = "2026-05-01T10:00:00Z"
POSTS = {
    "customers": (Customer, {"name": "Anna"}),
    "products": (Product, {"sku": "NEW", "name": "New"}),
    "orders": (Order, {"number": "1", "occurred_at": WHEN, "currency": "EUR", "amount": "5"}),
    "interactions": (Interaction, {"channel": "note", "text": "Hello", "occurred_at": WHEN}),
    "events": (Event, {"kind": "page", "occurred_at": WHEN, "key": None}),
    "training-runs": (TrainingRun, {"kind": "churn"}),
    "customers/bulk": (Customer, {"source": "shop", "external_id": "1", "name": "Anna"}),
    "products/bulk": (Product, {"sku": "NEW", "name": "New"}),
    "orders/bulk": (Order, {"source": "shop", "number": "1", "occurred_at": WHEN, "currency": "EUR",
                            "amount": "5"}),
    "interactions/bulk": (Interaction, {"channel": "note", "text": "Hello", "occurred_at": WHEN}),
}  # fmt: skip


def body_of(noun: str, customer):
    body = POSTS[noun][1]
    if "occurred_at" in body:
        body = {**body, "customer": customer.pk}
    return [body] if noun.endswith("bulk") else body


@pytest.mark.parametrize("noun", POSTS)
def test_sent_twice_it_is_done_once_and_answered_alike(api, customer, noun):
    model, body = POSTS[noun][0], body_of(noun, customer)
    before = model.objects.count()
    first, second = (
        api.post(f"/api/v1/{noun}/", body, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2)
    )
    assert first.status_code == second.status_code < 300, first.content
    assert first.content == second.content
    assert first.get("ETag") == second.get("ETag")
    assert first.get("Idempotent-Replayed") is None
    assert second["Idempotent-Replayed"] == "true"
    assert model.objects.count() == before + 1


def test_without_a_key_it_is_done_as_often_as_it_is_sent(api):
    for _ in range(2):
        assert api.post("/api/v1/customers/", {"name": "Anna"}).status_code == 201
    assert Customer.objects.count() == 2


def test_the_key_is_the_same_with_and_without_quotes(api):
    for key in ('"8e03978e-40d5"', "8e03978e-40d5"):
        api.post("/api/v1/customers/", {"name": "Anna"}, HTTP_IDEMPOTENCY_KEY=key)
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body"), [("customers", {"name": "Bert"}), ("products", {"sku": "A", "name": "Anna"})]
)
def test_a_key_stands_for_one_request_only(api, path, body):
    api.post("/api/v1/customers/", {"name": "Anna"}, HTTP_IDEMPOTENCY_KEY="one")
    answer = api.post(f"/api/v1/{path}/", body, HTTP_IDEMPOTENCY_KEY="one")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert Customer.objects.count() == 1 and not Product.objects.exists()


def test_two_people_may_use_the_same_key(api, owner):
    for each in (api, api_of(owner)):
        answer = each.post("/api/v1/customers/", {"name": "Anna"}, HTTP_IDEMPOTENCY_KEY="one")
        assert answer.status_code == 201 and "Idempotent-Replayed" not in answer


def test_a_refusal_is_not_kept(api, customer):
    order = body_of("orders", customer)
    wrong = api.post("/api/v1/orders/", order | {"currency": "E"}, HTTP_IDEMPOTENCY_KEY="one")
    assert wrong.status_code == 400 and not KeyedAnswer.objects.exists()
    assert api.post("/api/v1/orders/", order, HTTP_IDEMPOTENCY_KEY="one").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "naïve", '"'])
def test_a_key_that_is_none_is_named(api, key):
    answer = api.post("/api/v1/customers/", {"name": "Anna"}, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["code"] == "invalid_idempotency_key"
    assert not Customer.objects.exists()


def age(hours: int) -> None:
    for answer in KeyedAnswer.objects.all():
        answer.created_at -= datetime.timedelta(hours=hours)
        answer.save()


@pytest.mark.parametrize(("hours", "rows"), [(23, 1), (25, 2)])
def test_a_key_holds_for_a_day(api, hours, rows):
    for _ in range(2):
        api.post("/api/v1/customers/", {"name": "Anna"}, HTTP_IDEMPOTENCY_KEY="one")
        age(hours)
    assert Customer.objects.count() == rows


def test_the_sweep_forgets_what_is_older(api):
    api.post("/api/v1/customers/", {"name": "Anna"}, HTTP_IDEMPOTENCY_KEY="old")
    age(25)
    api.post("/api/v1/customers/", {"name": "Bert"}, HTTP_IDEMPOTENCY_KEY="new")
    sweep()
    assert [answer.key for answer in KeyedAnswer.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_done_once_and_both_are_answered(admin, customer, at_once):
    apis = [api_of(admin) for _ in range(3)]
    for number in range(5):
        order = body_of("orders", customer) | {"number": str(number)}
        answers = at_once(
            *(
                partial(api.post, "/api/v1/orders/", order, HTTP_IDEMPOTENCY_KEY=f"k{number}")
                for api in apis
            )
        )
        assert [a.status_code for a in answers] == [201] * 3, [a.content for a in answers]
        assert len({a.content for a in answers}) == 1
        assert sum("Idempotent-Replayed" in a for a in answers) == 2
    assert Order.objects.count() == 5


KILLED = """
import json, os, signal, sys
import django
django.setup()
from django.db import transaction
from django.test import Client
from customers.api import repeating

die = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
keep = repeating.keep
def kept(*args):
    keep(*args)
    die() if sys.argv[1] == "before" else transaction.on_commit(die)
repeating.keep = kept
Client(SERVER_NAME="localhost").post(
    "/api/v1/orders/", sys.argv[3], content_type="application/json",
    HTTP_AUTHORIZATION=sys.argv[2], HTTP_IDEMPOTENCY_KEY="one",
)
"""


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    s = connection.settings_dict
    secret = f":{s['PASSWORD']}" if s["PASSWORD"] else ""
    return f"postgres://{s['USER']}{secret}@{s['HOST']}:{s['PORT'] or 5432}/{name}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("moment", "stored"), [("before", 0), ("after", 1)])
def test_killed_between_the_work_and_the_answer_it_is_still_done_once(
    admin, customer, moment, stored
):
    order, header = json.dumps(body_of("orders", customer)), bearer(admin)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "SECRET_KEY": "x" * 50,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "API_RATE_INGEST": "off",
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED, moment, header, order],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert Order.objects.count() == KeyedAnswer.objects.count() == stored
    for _ in range(2):
        answer = api_of(admin).post(
            "/api/v1/orders/", order, content_type="application/json", HTTP_IDEMPOTENCY_KEY="one"
        )
        assert answer.status_code == 201, answer.content
    assert Order.objects.count() == 1
