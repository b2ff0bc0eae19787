"""/healthz says that the process lives, /readyz whether requests should come here and how all parts are."""

import datetime
import functools
import threading
import time
from concurrent.futures import TimeoutError as NoAnswer

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from crm.operations import readiness
from crm.operations.state import disk, look_up
from customers.models import ApiToken
from insights.models import ModelVersion, StaleCustomer, TrainingRun

AGO = datetime.timedelta


def test_the_sign_of_life_asks_no_database(client):  # without the mark, a query would fail
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_a_stranger_learns_the_verdict_and_nothing_else(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "degraded"}  # no broker, no workers


def test_monitoring_gets_the_parts_with_its_token_only(client, db, settings):
    settings.METRICS_TOKEN = "a-token-for-monitoring"
    wrong = client.get("/readyz", headers={"Authorization": "Bearer another"})
    assert "parts" not in wrong.json()
    right = client.get("/readyz", headers={"Authorization": "Bearer a-token-for-monitoring"})
    assert set(right.json()["parts"]) == {
        "database", "migrations", "broker", "workers", "scoring", "trainings", "disk",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "scopes", "sees"),
    [("admin", ["read"], True), ("admin", ["ingest"], False), ("manager", ["read"], False)],
)
@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
def test_a_token_of_an_admin_that_reads_opens_the_parts(
    client, request, address, who, scopes, sees
):
    person = request.getfixturevalue(who)
    token, secret = ApiToken.objects.issue(person, "Watch", scopes)
    headers = {"Authorization": f"Bearer {secret}"}
    assert shows_parts(client.get(address, headers=headers)) == sees
    token.revoked_at = timezone.now()
    token.save()
    assert not shows_parts(client.get(address, headers=headers))


def shows_parts(answer) -> bool:
    return b'"parts"' in answer.content or b"perennial_" in answer.content


def test_an_admin_sees_the_parts_and_a_manager_does_not(client, admin, manager):
    for person, sees in ((admin, True), (manager, False)):
        client.force_login(person)
        assert ("parts" in client.get("/readyz").json()) == sees


@pytest.mark.django_db(transaction=True)
def test_with_everything_alive_it_is_ok(client, all_live, broker, tmp_path):
    found = readiness.parts()
    assert {name: part.state for name, part in found.items() if name != "disk"} == dict.fromkeys(
        ("database", "migrations", "broker", "workers", "scoring", "trainings"), "ok"
    )
    assert found["broker"].facts["queues"] == {"default": 0, "score": 0, "train": 0}
    assert client.get("/readyz").status_code == 200


def test_without_a_broker_it_is_degraded_and_still_takes_requests(client, db):
    assert client.get("/readyz").status_code == 200
    assert readiness.parts()["broker"].state == "degraded"


def test_who_wants_to_hear_of_less_than_ok_asks_strictly(client, db):
    response = client.get("/readyz?strict")
    assert (response.status_code, response.json()) == (503, {"status": "degraded"})


def test_a_database_that_is_away_takes_this_server_out(client, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(readiness, "_database", readiness.TimedQuestion(away))
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "down"})


def test_a_database_that_hangs_is_not_waited_for(monkeypatch):
    let_go, asked = threading.Event(), []

    def hangs():
        asked.append(1)
        let_go.wait(20)
        return "answer"

    question = readiness.TimedQuestion(hangs)
    start = time.monotonic()
    for _ in range(3):
        with pytest.raises(NoAnswer):
            question.answer(0.1)
    assert time.monotonic() - start < 5 and len(asked) == 1
    let_go.set()
    assert question.answer(5) == "answer"


def test_a_database_that_is_slow_still_takes_requests_until_it_is_silent_for_long(
    client, db, monkeypatch, settings
):
    settings.METRICS_TOKEN = "a-token-for-monitoring"
    monitoring = {"Authorization": "Bearer a-token-for-monitoring"}
    let_go = threading.Event()

    def slow():
        let_go.wait(20)
        raise OperationalError("the look is over")

    question = readiness.TimedQuestion(slow)
    monkeypatch.setattr(readiness, "_database", question)
    monkeypatch.setattr(question, "answer", functools.partial(question.answer, 0.05))

    def ask():
        readiness._kept = None
        answer = client.get("/readyz", headers=monitoring)
        database = answer.json()["parts"]["database"]
        return answer.status_code, database["state"], database["error"]

    # One that has never answered may be anything.
    assert ask() == (503, "down", "no answer")
    question.has_answered = True
    assert ask() == (200, "degraded", "slow")
    question.asked_at -= readiness.AWAY_SECONDS
    assert ask() == (503, "down", "no answer")
    let_go.set()
    question.asked.exception(5)
    assert ask() == (503, "down", "OperationalError")


def test_what_has_answered_once_is_remembered():
    question = readiness.TimedQuestion(lambda: "answer")
    assert not question.has_answered
    assert question.answer(5) == "answer"
    assert question.has_answered


def test_an_unapplied_migration_takes_this_server_out(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'operations'")
    records = look_up()
    assert records.unapplied[0] == "operations.0001_first"
    assert readiness.parts_of(records)["migrations"].state == "down"


def test_a_worker_that_fell_silent_is_missed(db, all_live):
    assert readiness.parts_of(look_up())["workers"].state == "ok"
    trainer = next(one for one in all_live if one.role == "trainer")
    trainer.seen_at = timezone.now() - AGO(minutes=2)
    trainer.save()
    part = readiness.parts_of(look_up())["workers"]
    assert (part.state, part.facts["trainer"], part.facts["worker"]) == ("degraded", 0, 1)


def test_scores_of_the_day_before_yesterday_are_late_where_a_model_is_published(db, make_version):
    assert readiness.parts_of(look_up())["scoring"].state == "ok"
    make_version(champion=True, published_at=timezone.now() - AGO(hours=30))
    part = readiness.parts_of(look_up())["scoring"]
    assert part.state == "degraded" and 29.9 < part.facts["age"] / 3600 < 30.1


def test_customers_that_wait_for_their_score_are_seen(db, make_version, customer):
    make_version(champion=True)
    StaleCustomer.objects.create(customer=customer, since=timezone.now() - AGO(minutes=10))
    part = readiness.parts_of(look_up())["scoring"]
    assert (part.state, part.facts["stale"], part.facts["stale_age"]) == ("degraded", 1, 600)


def test_a_training_that_nobody_takes_up_is_seen_and_one_in_the_queue_is_not(db):
    run = TrainingRun.objects.create(kind="churn", origin="button")
    TrainingRun.objects.update(created_at=timezone.now() - AGO(hours=1))
    assert readiness.parts_of(look_up())["trainings"].state == "degraded"
    TrainingRun.objects.create(kind="segments", origin="button", status="running")
    part = readiness.parts_of(look_up())["trainings"]
    assert (part.state, part.facts["waiting"], run.status) == ("ok", 1, "queued")


def test_a_look_is_a_handful_of_queries(db, django_assert_num_queries):
    look_up()
    with django_assert_num_queries(7):
        look_up()


def test_it_is_looked_at_once_in_two_seconds(db, monkeypatch):
    looked = []
    monkeypatch.setattr(readiness, "look_at_parts", lambda: looked.append(1) or {})
    for _ in range(5):
        readiness.parts()
    assert len(looked) == 1
    kept_at, found = readiness._kept
    readiness._kept = kept_at - 3, found
    readiness.parts()
    assert len(looked) == 2


def test_the_disk_is_that_of_the_models(settings, tmp_path):
    settings.MODELS_DIR = tmp_path / "not" / "yet"
    assert 0 < disk().free <= disk().total


def test_what_reads_messages_scores_nobody(db):
    published = {"number": 1, "as_of": timezone.now(), "published_at": timezone.now() - AGO(days=9)}
    reader = ModelVersion.objects.create(kind="sentiment", is_champion=True, **published)
    assert not look_up().has_champion and look_up().scored_at is None
    ModelVersion.objects.filter(pk=reader.pk).update(kind="churn")
    assert look_up().has_champion
