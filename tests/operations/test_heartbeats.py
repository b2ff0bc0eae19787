"""Workers, trainer and scheduler say that they live, and what they do, also while they are busy."""

import datetime
import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from crm.operations import heartbeats
from crm.operations.heartbeats import Pulse, about
from crm.operations.models import WorkerHeartbeat
from insights.requesting import request_training
from tests.insights.outside import environment, learning, until

Role = WorkerHeartbeat.Role


def pulse(name="worker@here", doing=lambda: []):
    return Pulse(name, Role.WORKER, doing)


def test_a_beat_makes_one_row_and_the_next_one_moves_it(db):
    one = pulse()
    one.beat()
    first = WorkerHeartbeat.objects.get()
    one.doing = lambda: [{"task": "x", "about": "3", "since": "now"}]
    one.beat()
    again = WorkerHeartbeat.objects.get()
    assert again.seen_at > first.seen_at and again.pid == os.getpid()
    assert again.doing[0]["about"] == "3"


def test_one_that_starts_again_under_its_name_takes_its_row_over(db, lives):
    old = lives(Role.WORKER, seen_at=timezone.now() - datetime.timedelta(minutes=5))
    assert not old.is_alive
    pulse(old.name).beat()
    assert [(row.pk, row.is_alive) for row in WorkerHeartbeat.objects.all()] == [(old.pk, True)]


def test_rows_of_those_long_gone_are_swept_when_a_new_one_comes(db, lives):
    lives(Role.TRAINER, seen_at=timezone.now() - datetime.timedelta(hours=2))
    pulse().beat()
    assert WorkerHeartbeat.objects.get().role == Role.WORKER


@pytest.mark.django_db(transaction=True)
def test_a_pulse_that_is_stopped_leaves_no_row():
    one = pulse()
    one.start()
    until(WorkerHeartbeat.objects.exists, 10)
    one.stop()
    assert not WorkerHeartbeat.objects.exists()


def test_a_database_that_is_away_is_said_once_and_not_fatal(caplog, django_db_blocker):
    one = pulse()

    def away():
        from django.db import OperationalError

        raise OperationalError("gone")

    one.note(away)
    one.note(away)
    assert caplog.text.count("does not answer") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Others have many writers")
@pytest.mark.django_db(transaction=True)
def test_while_somebody_writes_for_long_a_file_says_that_it_lives(
    settings, tmp_path, caplog, monkeypatch, lives
):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(heartbeats, "PATIENCE_MS", 100)
    before = timezone.now() - datetime.timedelta(minutes=5)
    old, one = lives(Role.WORKER, seen_at=before), pulse("worker@here")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        one.note(one.beat)
        assert [row.pk for row in WorkerHeartbeat.objects.alive()] == [old.pk] and old.is_alive
    finally:
        other.rollback()
        other.close()
    assert not caplog.text
    one.stop()
    assert not WorkerHeartbeat.objects.alive().exists() and not old.is_alive


def test_only_a_short_first_argument_is_noted():
    assert about([7, "secret"]) == "7" and about(["churn"]) == "churn"
    assert about(["marta.lindqvist@example.com, who asked"]) == "" and about([]) == ""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_trainer_says_which_run_it_works_on_and_keeps_its_pulse_meanwhile(shop, trainer):
    idle = until(lambda: WorkerHeartbeat.objects.filter(role=Role.TRAINER).first())
    assert idle.pid == trainer.pid
    run = request_training("churn", "button")
    until(lambda: learning(run))
    row = until(lambda: WorkerHeartbeat.objects.exclude(doing=[]).first(), 15)
    assert row.doing[0]["task"] == "insights.tasks.run_training"
    assert row.doing[0]["about"] == str(run.pk)
    trainer.terminate()
    trainer.wait(20)
    assert not WorkerHeartbeat.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_scheduler_has_a_pulse_too(broker, tmp_path):
    words = [sys.executable, "-m", "celery", "-A", "crm", "beat", "--pidfile="]
    with (tmp_path / "beat.log").open("wb") as out:
        child = subprocess.Popen(words, env=environment(REDIS_URL=broker), stdout=out, stderr=out)
        try:
            row = until(lambda: WorkerHeartbeat.objects.filter(role=Role.BEAT).first(), 30)
            assert row.pid == child.pid
        finally:
            child.terminate()
            child.wait(20)
    assert not WorkerHeartbeat.objects.exists()
    connection.close()
