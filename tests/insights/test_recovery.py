"""Trainings are stopped, killed, starved and abandoned: the row always tells, and the company goes on working."""

import datetime
import os
import signal
import threading

import pytest
from django.db import connection
from django.utils import timezone

from insights import running
from insights.models import ModelVersion, TrainingRun
from insights.requesting import request_stop, request_training
from insights.sweeping import sweep
from tests.insights.outside import children_of, environment, gone, learning, manage, until
from tests.insights.shop import open_shop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Status = TrainingRun.Status


@pytest.fixture(autouse=True)
def outside(transactional_db, models_dir, monkeypatch):
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shop(transactional_db):
    return open_shop()


def in_a_moment(run, act) -> threading.Thread:
    """Do something to the run from aside, as soon as its child works."""

    def wait_and_act():
        try:
            until(lambda: learning(run))
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


def ended(run) -> TrainingRun:
    run.refresh_from_db()
    assert children_of(os.getpid()) == [] or all(map(gone, children_of(os.getpid())))
    return run


def test_a_killed_trainer_leaves_a_lost_run_a_page_that_works_and_a_second_attempt(
    shop, client, make_user_of
):
    run = request_training("segments", "button", send=False)
    parent = manage("retrain", "segments")
    until(lambda: learning(run))
    (child,) = children_of(parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    until(lambda: gone(child), 10)
    run.refresh_from_db()
    assert run.status == Status.RUNNING

    silent = timezone.now() - datetime.timedelta(minutes=2)
    TrainingRun.objects.filter(pk=run.pk).update(heartbeat_at=silent)
    sweep()
    run.refresh_from_db()
    assert run.status == Status.LOST
    client.force_login(make_user_of("admin"))
    assert client.get(shop[0].get_absolute_url()).status_code == 200
    assert client.get("/models/").status_code == 200

    again = TrainingRun.objects.get(status=Status.QUEUED)
    running.run(again.pk)
    again.refresh_from_db()
    assert (again.status, again.outcome, again.attempts) == (Status.DONE, "published", 2)


@pytest.fixture
def make_user_of(transactional_db):
    from customers.models import User

    def make(role):
        return User.objects.create_user(role, password="a-long-password", role=role)

    return make


def test_a_run_is_stopped_within_seconds_and_changes_nothing(shop):
    run = request_training("segments", "button", send=False)
    aside = in_a_moment(run, lambda: request_stop(run))
    running.run(run.pk)
    aside.join()
    assert ended(run).status == Status.STOPPED and run.error == "" and run.ended_at
    assert not ModelVersion.objects.exists()


def test_a_training_that_takes_too_long_is_ended(shop, settings):
    settings.TRAINING_TIME_LIMIT = 1
    run = request_training("segments", "button", send=False)
    running.run(run.pk)
    assert ended(run).status == Status.FAILED
    assert run.facts == {"code": "time_limit", "seconds": 1}


def test_a_training_killed_from_outside_says_so(shop):
    run = request_training("segments", "button", send=False)
    aside = in_a_moment(
        run, lambda: [os.kill(pid, signal.SIGKILL) for pid in children_of(os.getpid()) if not gone(pid)]
    )  # fmt: skip
    running.run(run.pk)
    aside.join()
    assert ended(run).status == Status.FAILED
    assert run.facts == {"code": "killed", "exit_code": -9}


def test_an_error_is_kept_with_its_last_words(shop, tmp_path, monkeypatch):
    no_folder = tmp_path / "a-file"
    no_folder.write_text("")
    monkeypatch.setenv("MODELS_DIR", str(no_folder))
    run = request_training("products", "button", send=False)
    running.run(run.pk)
    assert ended(run).status == Status.FAILED
    assert run.facts == {"code": "crashed", "exit_code": 1}
    assert run.error.startswith(("Traceback", "File", "  ", "/")) or "Traceback" in run.error
    assert "NotADirectoryError" in run.error.splitlines()[-1]
    assert not ModelVersion.objects.exists()


def test_a_trainer_asked_to_leave_puts_its_run_back(shop):
    run = request_training("segments", "button", send=False)
    parent = manage("retrain", "segments")
    until(lambda: learning(run))
    (child,) = children_of(parent.pid)
    os.kill(parent.pid, signal.SIGTERM)
    parent.wait(timeout=15)
    assert gone(child)
    run.refresh_from_db()
    assert (run.status, run.attempts, run.sent_at) == (Status.QUEUED, 0, None)
