"""How much one token may ask for; counted over all web processes, and without Redis too."""

import logging
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from limits import parse
from rest_framework.test import APIClient

from crm.broker import Broker, beside
from customers.api import counting
from customers.api.throttling import rate_of
from tests.tokens import api_of

CUSTOMERS = "/api/v1/customers/"
OFF = dict.fromkeys(("read", "write", "ingest", "token"), "off")


@pytest.fixture(autouse=True)
def limits(settings):
    counting._counters.cache_clear()
    settings.API_RATES = OFF | {"read": "3/minute", "write": "2/minute", "token": "4/minute"}
    return settings.API_RATES


def test_over_the_limit_one_waits_as_long_as_the_answer_says(owner):
    api = api_of(owner)
    answers = [api.get(CUSTOMERS) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a["RateLimit-Limit"] for a in answers] == ["3"] * 4
    assert [a["RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert abs(int(answers[3]["Retry-After"]) - int(answers[3]["RateLimit-Reset"])) <= 1
    assert answers[3].json()["error"]["code"] == "throttled"


def test_each_token_has_its_own_and_so_has_who_signed_in_on_the_pages(owner, client):
    client.force_login(owner)
    for each in (api_of(owner), api_of(owner), client):
        assert [each.get(CUSTOMERS).status_code for _ in range(4)] == [200] * 3 + [429]


def test_reads_writes_and_facts_are_counted_apart(owner, customer):
    api = api_of(owner)
    page = {"customer": customer.pk, "kind": "page", "occurred_at": "2026-05-01T10:00:00Z"}
    reads = [api.get(CUSTOMERS).status_code for _ in range(4)]
    writes = [api.patch(f"{CUSTOMERS}{customer.pk}/", {"city": "x"}).status_code for _ in range(3)]
    facts = [api.post("/api/v1/events/", page).status_code for _ in range(6)]
    assert (reads, writes, facts) == ([200] * 3 + [429], [200] * 2 + [429], [201] * 6)


def test_without_a_limit_no_limit_is_told(owner, limits):
    limits["read"] = "off"
    answer = api_of(owner).get(CUSTOMERS)
    assert "RateLimit-Limit" not in answer


def guess(name="owner", address="10.0.0.1", **headers):
    body = {"username": name, "password": "wrong"}
    return APIClient(REMOTE_ADDR=address).post("/api/v1/token/", body, **headers).status_code


def test_passwords_are_not_guessed_from_one_address_whoever_it_says_it_is(owner, teammate):
    tried = [guess(f"name{n}", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}") for n in range(5)]
    assert tried == [400] * 4 + [429]


def test_a_refusal_tells_the_limits_of_the_count_that_refused(owner):
    for n in range(4):
        guess(f"name{n}")
    body = {"username": "owner", "password": "wrong"}
    answer = APIClient(REMOTE_ADDR="10.0.0.1").post("/api/v1/token/", body)
    assert (answer.status_code, answer["RateLimit-Remaining"]) == (429, "0")
    assert abs(int(answer["Retry-After"]) - int(answer["RateLimit-Reset"])) <= 1


def test_what_sends_no_password_is_told_that_it_cannot_however_many_were_tried(owner):
    for n in range(5):
        guess(f"name{n}")
    answer = APIClient(REMOTE_ADDR="10.0.0.1").get("/api/v1/token/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_passwords_of_one_person_are_not_guessed_from_many_addresses(owner):
    assert [guess(address=f"10.0.0.{n}") for n in range(5)] == [400] * 4 + [429]


@pytest.mark.parametrize("body", [b"[]", b'{"username": 1}', b'{"username": {}}'])
def test_what_is_no_name_is_counted_by_address(db, body):
    asked = [
        Client().post("/api/v1/token/", body, content_type="application/json").status_code
        for _ in range(5)
    ]
    assert asked == [400] * 4 + [429]


@pytest.mark.parametrize("words", ["600", "fast", "600/fortnight"])
def test_a_rate_that_is_none_is_seen_at_the_start(words):
    with pytest.raises(ImproperlyConfigured):
        rate_of(words)


@pytest.mark.parametrize(
    ("broker", "counters"),
    [
        ("redis+socket:///var/broker/socket", "redis+unix:///var/broker/socket?db=1"),
        ("redis://redis:6379/0", "redis://redis:6379/1"),
        ("redis://:secret@host:6379", "redis://:secret@host:6379/1"),
        ("rediss://host/15", "rediss://host/0"),
    ],
)
def test_requests_are_counted_beside_the_jobs_not_among_them(broker, counters):
    assert beside(broker) == counters


def test_two_processes_count_together_and_each_alone_while_redis_is_away(tmp_path, caplog):
    caplog.set_level(logging.INFO, "customers.api.counting")
    rate, broker = parse("4/hour"), Broker(tmp_path)
    broker.start()
    try:
        one, other = (counting.Counters(beside(broker.url)) for _ in range(2))
        told = [each.hit(rate, "x")[:2] for each in (one, other, one, other, one)]
        assert told == [(True, 3), (True, 2), (True, 1), (True, 0), (False, 0)]
        broker.stop()
        started = time.monotonic()
        told = [one.hit(rate, "x")[:2] for _ in range(5)]
        assert told == [(True, 3), (True, 2), (True, 1), (True, 0), (False, 0)]
        assert time.monotonic() - started < 2
        assert [r.levelname for r in caplog.records] == ["WARNING"]
        broker.start()
        one.ask_again_at = 0
        one.hit(rate, "x")
        assert [r.levelname for r in caplog.records] == ["WARNING", "INFO"]
        assert other.hit(rate, "x")[0] is not None
    finally:
        broker.stop()


def test_redis_that_is_away_is_no_error_for_whoever_reads(owner, settings):
    settings.THROTTLE_URL = "redis://127.0.0.1:1/1"
    api = api_of(owner)
    assert [api.get(CUSTOMERS).status_code for _ in range(4)] == [200] * 3 + [429]
