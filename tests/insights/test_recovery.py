"""Trainings are stopped, killed, starved and abandoned: the row always tells, and the company goes on working."""

import contextlib
import datetime
import os
import resource
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


def kill_children() -> None:
    for pid in children_of(os.getpid()):
        if not gone(pid):
            os.kill(pid, signal.SIGKILL)


def test_a_training_killed_from_outside_is_tried_again(shop):
    run = request_training("segments", "button", send=False)
    aside = in_a_moment(run, kill_children)
    running.run(run.pk)
    aside.join()
    assert (ended(run).status, run.outcome, run.attempts) == (Status.DONE, "published", 2)


def test_a_training_that_is_killed_each_time_is_given_up_after_three_attempts(shop):
    run = request_training("segments", "button", send=False)

    def kill_each():
        for number in (1, 2, 3):
            until(lambda n=number: learning(run) and attempts_of(run) == n)
            kill_children()

    aside = in_a_moment(run, kill_each)
    running.run(run.pk)
    aside.join()
    assert (ended(run).status, run.attempts) == (Status.FAILED, 3)
    assert run.facts == {"code": "too_many_attempts", "attempts": 3}
    assert not ModelVersion.objects.exists()


def attempts_of(run) -> int:
    return TrainingRun.objects.values_list("attempts", flat=True).get(pk=run.pk)


def test_a_full_disk_is_said_in_plain_words_and_leaves_the_model_before_as_it_was(shop, tmp_path):
    if connection.vendor == "sqlite":
        pytest.skip("the limit would keep the database from being written as well")
    run = request_training("segments", "button", send=False)
    running.run(run.pk)
    before = {
        path: path.read_bytes() for path in (tmp_path / "models").rglob("*") if path.is_file()
    }
    assert before
    again = request_training("segments", "button", send=False)
    with nothing_more_to_be_written():
        running.run(again.pk)
    assert (ended(again).status, again.facts) == (Status.FAILED, {"code": "disk_full"})
    assert before == {
        path: path.read_bytes() for path in (tmp_path / "models").rglob("*") if path.is_file()
    }


@contextlib.contextmanager
def nothing_more_to_be_written():
    """Files of the processes started here may grow to a few bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    real = running.start

    def start(run_id, words):
        child = real(run_id, words)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (1000, before[1]))
        return child

    running.start = start
    try:
        yield
    finally:
        running.start = real


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
