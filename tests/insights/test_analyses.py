"""A text that is posted is read by a worker and kept nowhere."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crm.broker import Broker
from customers.api import counting
from customers.models import Interaction, KeyedAnswer, MessageReading, Order, Product
from insights import analysing
from insights.analysing import LONGEST, read_for
from tests.tokens import api_of

ANALYSES = "/api/v1/analyses/"
TEXT = "The delivery was fast, but the grinder arrived broken. Please refund me!"


@pytest.fixture(scope="module")
def redis_at(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def worker(redis_at, settings, monkeypatch):
    """A worker in a thread, which reads with what `told` says; and all that was put into the queue."""
    settings.REDIS_URL = redis_at.url
    queued, threads = [], []

    def wake(task, *args):
        queued.append((task.name, args))
        threads.append(threading.Thread(target=analysing.answer, args=args))
        threads[-1].start()
        return True

    monkeypatch.setattr("insights.analysing.wake", wake)
    yield queued
    for thread in threads:
        thread.join(10)


@pytest.fixture
def told(owner, monkeypatch):
    """What reads, without the database, which belongs to the test's own thread."""
    answers = {TEXT: read_for(owner, TEXT, "")}
    monkeypatch.setattr("insights.analysing.User.objects.get", lambda pk: owner)
    monkeypatch.setattr("insights.analysing.read_for", lambda user, words, channel: answers[words])
    return answers


def test_a_text_is_read_and_answered_like_a_message(owner, worker, told):
    answer = api_of(owner, "read").post(ANALYSES, {"text": TEXT})
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["language"], said["label"], said["intent"]) == ("en", "negative", "damaged")
    assert sum(said["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert {TEXT[e["start"] : e["end"]] for e in said["evidence"]} >= {"broken"}
    assert {a["aspect"]: a["sentiment"] > 0 for a in said["aspects"]}["delivery"]
    assert set(said) >= {"sentences", "keywords", "entities", "urgency", "urgency_reasons"}
    assert len(said["sentences"]) == 2


def test_nothing_of_it_is_kept_queued_or_logged(owner, worker, told, redis_at, caplog):
    caplog.set_level(logging.DEBUG)
    key = {"HTTP_IDEMPOTENCY_KEY": "once"}
    answers = [api_of(owner).post(ANALYSES, {"text": TEXT}, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not MessageReading.objects.exists() and not Interaction.objects.exists()
    assert not KeyedAnswer.objects.exists()
    assert all(type(each) is int for _, args in worker for each in args) and len(worker) == 2
    assert "grinder" not in caplog.text
    kept = [path for path in redis_at.home.rglob("*") if path.is_file()]
    assert kept and not any(b"grinder" in path.read_bytes() for path in kept)


def test_several_are_answered_each_its_own(owner, worker, told):
    told["Fine."] = told[TEXT] | {"label": "positive"}
    sent = [{"words": words, "channel": ""} for words in (TEXT, "Fine.") * 4]
    with ThreadPoolExecutor(4) as pool:
        labels = [one["label"] for one in pool.map(lambda one: analysing.ask(one, owner.pk), sent)]
    assert labels == ["negative", "positive"] * 4


def test_a_message_that_comes_twice_is_answered_once(owner, worker, told, monkeypatch):
    def twice(task, *args):
        for _ in range(2):
            threading.Thread(target=analysing.answer, args=args).start()
        return True

    monkeypatch.setattr("insights.analysing.wake", twice)
    assert api_of(owner).post(ANALYSES, {"text": TEXT}).status_code == 200


def test_what_cannot_be_read_is_told_without_its_words(owner, worker, told, monkeypatch, caplog):
    def fail(user, words, channel):
        raise ValueError(words)

    monkeypatch.setattr("insights.analysing.read_for", fail)
    monkeypatch.setattr("insights.analysing.PATIENCE", 1)
    assert api_of(owner).post(ANALYSES, {"text": TEXT}).status_code == 503
    assert "ValueError" in caplog.text and "grinder" not in caplog.text


def test_without_a_worker_one_is_told_when_to_ask_again(owner, redis_at, settings, monkeypatch):
    settings.REDIS_URL = redis_at.url
    monkeypatch.setattr("insights.analysing.PATIENCE", 0.3)
    answer = api_of(owner).post(ANALYSES, {"text": TEXT})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["error"]["code"] == "unavailable"


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "memory://"])
def test_without_redis_too(owner, settings, address):
    settings.REDIS_URL = address
    assert api_of(owner).post(ANALYSES, {"text": TEXT}).status_code == 503


def test_a_worker_that_comes_too_late_reads_nothing(redis_at, settings, monkeypatch):
    settings.REDIS_URL = redis_at.url
    monkeypatch.setattr("insights.analysing.read_for", lambda *args: pytest.fail("nobody asked"))
    analysing.answer(7, 1)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "required"),
        ({"text": ""}, "blank"),
        ({"text": " \n"}, "blank"),
        ({"text": None}, "null"),
        ({"text": 7}, "invalid"),
        ({"text": "x" * (LONGEST + 1)}, "max_length"),
        ({"text": "x", "channel": "smoke"}, "invalid_choice"),
        ({"text": "x", "customer": 1}, "unknown_field"),
    ],
)
def test_what_is_no_text_to_read_is_refused(owner, sent, code):
    answer = api_of(owner).post(ANALYSES, sent)
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["code"] == code


def test_the_longest_text_is_what_the_reader_reads():
    from insights.ml.voice import reading

    assert reading.LONGEST == LONGEST


def test_it_has_a_limit_of_its_own(owner, settings, monkeypatch):
    counting._counters.cache_clear()
    settings.API_RATES = settings.API_RATES | {"analysis": "2/minute"}
    monkeypatch.setattr("insights.analysing.ask", lambda *args: pytest.fail("not asked"))
    api = api_of(owner)
    sent = [api.post(ANALYSES, {"text": ""}).status_code for _ in range(3)]
    assert sent == [400, 400, 429]
    assert api.get("/api/v1/customers/").status_code == 200


def named(user, text: str) -> dict[str, int | None]:
    rows = read_for(user, text, "")["details"].get("entities", [])
    return {kind: key for kind, start, end, key, suggested in rows}


def test_only_what_one_may_see_is_linked(owner, stranger, admin, customer, make_order):
    order = make_order(customer, number="R-4711")
    product = Product.objects.create(sku="G1", name="Barista Grinder")
    stranger.first_name, stranger.last_name = "Ottilie", "Brandt"
    stranger.save()
    text = "Ottilie Brandt said order R-4711 with the Barista Grinder has left."
    assert named(owner, text) == {"order": order.pk, "product": product.pk, "person": None}
    assert named(stranger, text) == {"order": None, "product": product.pk, "person": stranger.pk}
    assert named(admin, text) == {"order": order.pk, "product": product.pk, "person": stranger.pk}


def test_a_number_that_two_orders_have_leads_to_neither(admin, customer, make_order):
    order = make_order(customer, number="4711")
    Order.objects.create(
        customer=customer, source="till", number="4711", kind="sale", currency="EUR",
        occurred_at=order.occurred_at, amount=5, base_amount=5,
    )  # fmt: skip
    assert named(admin, "Where is order 4711?") == {"order": None}
