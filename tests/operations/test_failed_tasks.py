"""A task that failed is counted, and the system page says which one and what to do, without whom it was about."""

import datetime

import pytest
from django.db import OperationalError
from django.utils import timezone

from crm.operations import failures
from crm.operations.models import FailedTask
from tests.operations.failing import fails


def test_it_is_counted_with_its_run_and_the_kind_of_error(db, client, admin):
    for number in (7, 8):
        fails.apply((number,))
    failed = FailedTask.objects.get(task="tests.fails")
    assert (failed.failures, failed.about, failed.error) == (2, "8", "ValueError")
    assert timezone.now() - failed.at < datetime.timedelta(minutes=1) and failed.task_id
    client.force_login(admin)
    metrics = client.get("/metrics").content.decode()
    assert 'perennial_task_failures_total{task="tests.fails"} 2.0' in metrics
    page = client.get("/system/").content.decode()
    assert "tests.fails #8" in page and "Failed 2 times, last with ValueError." in page
    assert failed.task_id in page and "Zwyrtek" not in page


def test_one_of_long_ago_is_no_recent_error(db, client, admin):
    fails.apply((7,))
    FailedTask.objects.update(at=timezone.now() - datetime.timedelta(days=30))
    client.force_login(admin)
    assert "tests.fails" not in client.get("/system/").content.decode()


def test_a_task_that_failed_for_want_of_a_database_fails_no_worse(db, caplog, monkeypatch):
    def away(*args, **last):
        raise OperationalError("gone")

    monkeypatch.setattr(FailedTask, "note", away)
    failures.note(sender=fails, task_id="1", exception=OperationalError("gone"), args=(7,))
    assert "could not be counted" in caplog.text


@pytest.mark.parametrize("published", [True, False])
def test_without_a_published_model_nobody_is_said_to_be_scored(
    client, admin, make_version, published
):
    from insights.models import FullScoring

    FullScoring.row().update(served_at=timezone.now())
    if published:
        make_version(champion=True)
    client.force_login(admin)
    page = client.get("/system/").content.decode()
    assert ("Everyone was last scored" in page) is published
    assert ("so nobody is scored" in page) is not published
    assert "none is published" in page  # of the other kinds
