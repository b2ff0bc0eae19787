"""Publishing on request: a worker does it exactly once, whatever is doubled, lost or killed."""

import datetime
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from customers.models import CustomerScore
from insights import republishing
from insights.models import FullScoring, ModelVersion, PublishRequest
from insights.publishing import publish
from insights.republishing import republish
from insights.requesting import NotPublishable, request_publishing
from insights.sweeping import sweep
from tests.insights.conftest import churn

pytestmark = pytest.mark.django_db
Status = PublishRequest.Status


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What would have been sent to the broker."""
    sent = []
    monkeypatch.setattr(
        "insights.requesting.wake", lambda task, *args: sent.append((task.name, args)) or True
    )
    return sent


@pytest.fixture
def two_versions(make_version, answer, customer):
    """An earlier version that says 20 %, and the champion that says 90 %."""
    versions = [make_version("churn"), make_version("churn")]
    for version, risk in zip(versions, (0.2, 0.9), strict=True):
        answer(version, {customer: churn(risk)})
        publish(version)
    return versions


def risk_of(customer) -> float:
    return CustomerScore.objects.get(pk=customer.pk).churn_risk


def under_way(version, seconds: int, attempts: int = 1) -> PublishRequest:
    """A request whose worker began so long ago."""
    began = timezone.now() - datetime.timedelta(seconds=seconds)
    return PublishRequest.objects.create(
        kind=version.kind, version=version, origin="button", status=Status.RUNNING,
        attempts=attempts, started_at=began, sent_at=began,
    )  # fmt: skip


def test_a_request_brings_the_version_back_and_asks_for_a_full_scoring(two_versions, customer):
    request = request_publishing(two_versions[0])
    republish(request.pk)
    request.refresh_from_db()
    assert (request.status, request.attempts) == (Status.DONE, 1) and request.ended_at
    assert risk_of(customer) == 0.2
    assert ModelVersion.objects.get(is_champion=True) == two_versions[0]
    row = FullScoring.row().get()
    assert row.requested > row.served


def test_asking_twice_gets_the_same_request_and_another_version_has_to_wait(
    two_versions, make_version
):
    request = request_publishing(two_versions[0])
    assert request_publishing(two_versions[0]) == request
    with pytest.raises(NotPublishable, match="busy"):
        request_publishing(make_version("churn"))
    assert PublishRequest.objects.count() == 1


def test_the_champion_and_a_pruned_version_are_refused(two_versions, make_version):
    for version, why in ((two_versions[1], "already"), (make_version(kept=False), "pruned")):
        with pytest.raises(NotPublishable, match=why):
            request_publishing(version)


def test_a_message_that_comes_twice_publishes_once(two_versions, customer):
    request = request_publishing(two_versions[0])
    republish(request.pk)
    asked = FullScoring.row().get().requested
    republish(request.pk)
    assert FullScoring.row().get().requested == asked
    assert PublishRequest.objects.get().attempts == 1


def test_a_doubled_message_leaves_the_worker_alone_that_has_just_begun(two_versions, customer):
    request = under_way(two_versions[0], seconds=5)
    republish(request.pk)
    request.refresh_from_db()
    assert (request.status, request.attempts) == (Status.RUNNING, 1)
    PublishRequest.objects.update(started_at=timezone.now() - datetime.timedelta(seconds=30))
    republish(request.pk)  # whoever had begun is dead
    request.refresh_from_db()
    assert (request.status, request.attempts) == (Status.DONE, 2)


def test_a_version_pruned_meanwhile_fails_and_says_so(two_versions, customer):
    request = request_publishing(two_versions[0])
    ModelVersion.objects.filter(pk=two_versions[0].pk).update(kept=False)
    republish(request.pk)
    request.refresh_from_db()
    assert (request.status, request.failure) == (Status.FAILED, "pruned")
    assert risk_of(customer) == 0.9


def test_an_attempt_that_fails_in_the_database_changes_nothing_and_is_tried_three_times(
    two_versions, customer, sent, monkeypatch
):
    def break_off(version):
        publish(version)
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(republishing, "roll_back", break_off)
    request = request_publishing(two_versions[0])
    for attempt in (1, 2, 3):
        republish(request.pk)
        request.refresh_from_db()
        assert (request.status, request.attempts) == (Status.RUNNING, attempt)
        assert request.error == "the disk is full"
        assert risk_of(customer) == 0.9
    republish(request.pk)
    request.refresh_from_db()
    assert (request.status, request.failure) == (Status.FAILED, "too_many_attempts")


def test_the_sweep_sends_what_was_lost_and_what_a_dead_worker_left(
    two_versions, sent, make_version
):
    request = request_publishing(two_versions[0])
    sweep()
    assert sent == []  # its own message is on the way
    PublishRequest.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
    sweep()
    assert sent == [("insights.tasks.publish_version", (request.pk,))]
    left = under_way(make_version("products"), seconds=30)
    under_way(make_version("segments"), seconds=5)  # has only just begun
    sent.clear()
    sweep()
    assert sent == [("insights.tasks.publish_version", (left.pk,))]


@pytest.mark.django_db(transaction=True)
def test_the_sweep_leaves_alone_what_a_living_worker_holds(two_versions, sent):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: the sweep waits for it instead of seeing it")
    request = under_way(two_versions[0], seconds=60)
    holds, may_end = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            PublishRequest.objects.filter(pk=request.pk).update(status=Status.DONE)
            holds.set()
            may_end.wait(20)
            transaction.set_rollback(True)  # as a killed worker's is
        connection.close()

    worker = threading.Thread(target=hold)
    worker.start()
    assert holds.wait(20)
    sweep()
    assert sent == []
    may_end.set()
    worker.join()
    sweep()
    assert sent == [("insights.tasks.publish_version", (request.pk,))]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_publish_once(two_versions, customer):
    request = request_publishing(two_versions[0])
    asked, start, errors = FullScoring.row().get().requested, threading.Barrier(4), []

    def work():
        try:
            start.wait()
            republish(request.pk)
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert FullScoring.row().get().requested == asked + 1
    assert PublishRequest.objects.get().status == Status.DONE
    assert risk_of(customer) == 0.2
