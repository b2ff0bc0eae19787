"""A real worker at a real broker: an order posted by API reaches the scores, and the open page, within seconds."""

import datetime
import time

import pytest
from django.utils import timezone

from crm.broker import Broker
from customers.models import CustomerScore, User
from insights.models import FullScoring, StaleCustomer, TrainingRun
from insights.requesting import request_training, wake
from insights.sweeping import sweep
from insights.tasks import score_stale
from tests.insights.conftest import celery_worker
from tests.insights.outside import broker_at, learning, until
from tests.tokens import api_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def api(transactional_db):
    user = User.objects.create_user("machine", password="a-long-password", role="admin")
    return api_of(user)


def order_of(pk):
    line = {"product": "S1", "quantity": "2", "unit_price": "20.00"}
    return {
        "customer": pk,
        "number": "from-outside",
        "occurred_at": timezone.now().isoformat(),
        "currency": "EUR",
        "lines": [line],
    }


def test_a_broker_that_is_gone_is_told_and_one_that_is_back_is_used_at_once(tmp_path):
    running = Broker(tmp_path)
    running.start()
    with broker_at(running.url):
        assert wake(score_stale)
        running.stop()
        assert not wake(score_stale)
        running.start()
        assert wake(score_stale)
    running.stop()


def test_an_order_posted_by_api_changes_the_risk_within_seconds(risky, worker, api):
    def risk():
        return CustomerScore.objects.values_list("churn_risk", flat=True).get(pk=risky.pk)

    answer = api.post("/api/v1/orders/", order_of(risky.pk))
    assert answer.status_code == 201, answer.data
    until(lambda: risk() < risky.churn_risk)  # the worker may still be starting
    before, start = risk(), time.monotonic()
    api.post("/api/v1/orders/", order_of(risky.pk) | {"number": "another"})
    until(lambda: not StaleCustomer.objects.exists() and risk() != before, 10)
    seconds = time.monotonic() - start
    print(f"From post to score: {seconds:.2f} s")
    assert seconds < 5


def test_a_bulk_import_makes_workers_score_everyone(shop, worker):
    from customers.signals import announce

    announce(None)
    row = until(lambda: FullScoring.row().filter(served=1).first())
    assert row.served_at
    scored = CustomerScore.objects.filter(churn_risk__isnull=False).count()
    assert scored > 0.8 * len(shop)


def test_a_training_that_was_asked_for_is_carried_out_by_the_trainer(shop, trainer):
    run = request_training("segments", "button")
    until(lambda: TrainingRun.objects.filter(pk=run.pk, status="done").exists())
    run.refresh_from_db()
    assert (run.outcome, run.attempts) == ("published", 1) and run.sent_at
    assert CustomerScore.objects.exclude(segment="").exists()


def test_a_trainer_told_to_leave_goes_at_once_and_the_next_one_takes_the_training_up(
    shop, trainer, broker, tmp_path
):
    run = request_training("segments", "button")
    until(lambda: learning(run))
    start = time.monotonic()
    trainer.terminate()
    assert trainer.wait(15) == 0 and time.monotonic() - start < 10
    run.refresh_from_db()
    assert (run.status, run.attempts, run.sent_at) == ("queued", 0, None)
    words = ["--queues", "train", "--pool", "solo", "--concurrency", "1"]
    with celery_worker(broker, tmp_path / "next.log", *words):
        TrainingRun.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
        sweep()
        until(lambda: TrainingRun.objects.filter(pk=run.pk, status="done").exists())


def test_a_text_that_nobody_keeps_is_read_by_the_worker(worker, broker, settings, api):
    settings.REDIS_URL = broker

    def said():
        sent = {"text": "The parcel came two days late and the mug is broken."}
        answer = api.post("/api/v1/analyses/", sent)
        return answer.json() if answer.status_code == 200 else None

    assert until(said)["label"] == "negative"  # the worker may still be starting
    start = time.monotonic()
    assert said()
    assert time.monotonic() - start < 5
