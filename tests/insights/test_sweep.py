"""The sweep: whatever was lost is found again from what the database says, and nothing is tried for ever."""

import datetime
import importlib
import os
import socket
import subprocess

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from crm.celery import app
from insights.listening import mark_stale
from insights.models import FullScoring, StaleCustomer, TrainingRun
from insights.requesting import request_full_scoring, request_stop, request_training
from insights.running import take
from insights.sweeping import messages_for_trainers, sweep
from tests.insights.outside import broker_at

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """Tasks that were handed to the broker, with their arguments."""
    from celery import Task

    calls = []
    monkeypatch.setattr(
        Task, "apply_async", lambda self, args=(), **kwargs: calls.append((self.name.split(".")[-1], *args))
    )  # fmt: skip
    return calls


@pytest.fixture
def swept(django_capture_on_commit_callbacks):
    def run():
        with django_capture_on_commit_callbacks(execute=True):
            sweep()

    return run


def make_run(kind="churn", status=Status.RUNNING, silent_for=0, **fields):
    heard = timezone.now() - datetime.timedelta(seconds=silent_for)
    return TrainingRun.objects.create(
        kind=kind, status=status, origin="button", heartbeat_at=heard, started_at=heard, **fields
    )  # fmt: skip


def age(run, **fields):
    TrainingRun.objects.filter(pk=run.pk).update(**fields)


def test_a_running_training_without_a_sign_of_life_is_lost_and_tried_again(swept, sent, admin):
    run = make_run(silent_for=120, attempts=1, requested_by=admin)
    swept()
    run.refresh_from_db()
    assert (run.status, run.facts) == (Status.LOST, {"code": "lost"}) and run.ended_at
    again = TrainingRun.objects.get(status=Status.QUEUED)
    assert (again.kind, again.attempts, again.requested_by) == ("churn", 1, admin)
    assert sent == [("run_training", again.pk)]


def test_a_training_that_shows_signs_of_life_is_left_alone(swept, sent):
    run = make_run(silent_for=20, attempts=1)
    swept()
    run.refresh_from_db()
    assert run.status == Status.RUNNING and not sent


def test_a_training_whose_watcher_is_gone_is_lost_at_once(swept, sent):
    gone = subprocess.Popen(["true"])
    gone.wait()
    here = make_run(attempts=1, watcher_host=socket.gethostname(), watcher_pid=gone.pid)
    elsewhere = make_run("segments", attempts=1, watcher_host="elsewhere", watcher_pid=gone.pid)
    alive = make_run("products", watcher_host=socket.gethostname(), watcher_pid=os.getpid())
    swept()
    now = dict(TrainingRun.objects.values_list("pk", "status"))
    assert now[here.pk] == Status.LOST
    assert now[elsewhere.pk] == now[alive.pk] == Status.RUNNING
    assert [name for name, _run in sent] == ["run_training"]


@pytest.mark.parametrize("minutes", [2, 60])
def test_on_sqlite_a_watcher_that_is_there_may_wait_for_a_long_writer(swept, sent, minutes):
    watched = {"watcher_host": socket.gethostname(), "watcher_pid": os.getpid()}
    run = make_run(silent_for=60 * minutes, attempts=1, **watched)
    swept()
    run.refresh_from_db()
    waits = connection.vendor == "sqlite" and minutes == 2
    assert run.status == (Status.RUNNING if waits else Status.LOST)


def test_after_three_attempts_nothing_is_tried_any_more_and_the_run_says_so(swept, sent):
    run = make_run(silent_for=120, attempts=3)
    swept()
    run.refresh_from_db()
    assert (run.status, run.facts) == (Status.FAILED, {"code": "too_many_attempts", "attempts": 3})
    assert not TrainingRun.objects.filter(status=Status.QUEUED).exists() and not sent


def test_a_lost_training_that_was_to_stop_is_not_tried_again(swept):
    make_run(silent_for=120, attempts=1, stop_requested=True)
    swept()
    assert not TrainingRun.objects.filter(status=Status.QUEUED).exists()


def test_taking_a_run_counts_the_attempt_before_the_work(db):
    run = request_training("churn", "button", send=False)
    assert take(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts) == (Status.RUNNING, 1) and run.heartbeat_at


def test_a_run_that_was_tried_three_times_is_given_up(db):
    run = make_run(status=Status.QUEUED, attempts=3)
    assert not take(run.pk)
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.facts == {"code": "too_many_attempts", "attempts": 3}


def test_a_run_can_be_taken_once(db):
    run = request_training("churn", "button", send=False)
    assert take(run.pk) and not take(run.pk)
    run.refresh_from_db()
    assert run.attempts == 1


def test_two_trainings_of_a_kind_never_run_at_once(db):
    make_run("churn")
    waiting = make_run("churn", status=Status.QUEUED)
    other = make_run("segments", status=Status.QUEUED)
    assert not take(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts) == (Status.QUEUED, 0)
    assert take(other.pk)


def test_asking_again_while_one_waits_or_runs_gives_that_one(db, admin):
    first = request_training("churn", "button", admin)
    assert request_training("churn", "api") == first
    take(first.pk)
    assert request_training("churn", "schedule").pk == first.pk
    assert request_training("segments", "button").pk != first.pk
    assert TrainingRun.objects.count() == 2


def test_an_unknown_kind_is_refused(db):
    with pytest.raises(ValueError, match="weather"):
        request_training("weather")


def test_a_run_nobody_was_told_of_is_sent(swept, sent):
    run = request_training("churn", "button", send=False)
    swept()
    assert not sent
    age(run, created_at=timezone.now() - datetime.timedelta(minutes=2))
    swept()
    assert sent == [("run_training", run.pk)]
    run.refresh_from_db()
    assert run.sent_at


def test_a_run_that_no_trainer_takes_though_none_is_busy_is_sent_again_soon(swept, sent):
    run = request_training("churn", "button", send=False)
    age(run, sent_at=timezone.now() - datetime.timedelta(seconds=25))
    swept()
    assert sent == [("run_training", run.pk)]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_put_back_or_forward_holds_nothing_up(swept, sent, customer, hours):
    then = timezone.now() + datetime.timedelta(hours=hours)
    alive_under_another_clock = make_run("segments", attempts=1)
    waiting = request_training("churn", "button", send=False)
    mark_stale([customer.pk])
    age(alive_under_another_clock, heartbeat_at=then)
    age(waiting, sent_at=then)
    StaleCustomer.objects.update(since=then)
    swept()
    alive_under_another_clock.refresh_from_db()
    assert alive_under_another_clock.status == Status.LOST
    assert {("run_training", waiting.pk), ("score_stale",)} <= set(sent)


def test_a_run_whose_message_may_be_lost_is_sent_again_but_not_each_minute(swept, sent):
    make_run("segments")  # the trainer is busy with this one
    run = request_training("churn", "button", send=False)
    age(run, sent_at=timezone.now() - datetime.timedelta(minutes=1))
    swept()
    assert not sent
    age(run, sent_at=timezone.now() - datetime.timedelta(minutes=6))
    swept()
    swept()
    assert sent == [("run_training", run.pk)]


@pytest.mark.parametrize("busy", [True, False])
def test_while_messages_wait_for_the_trainer_none_is_sent_again(swept, sent, busy):
    if busy:
        make_run("segments")
    run = request_training("churn", "button", send=False)
    age(run, sent_at=timezone.now() - datetime.timedelta(minutes=6))
    with app.connection_for_write() as link:
        queue = link.SimpleQueue("train")
        queue.put([run.pk])
        try:
            swept()
            assert not sent
        finally:
            queue.clear()
            queue.close()
    swept()
    assert sent == [("run_training", run.pk)]


def test_a_broker_that_does_not_say_how_many_wait_is_sent_nothing_again(swept, sent):
    run = request_training("churn", "button", send=False)
    age(run, sent_at=timezone.now() - datetime.timedelta(minutes=6))
    with broker_at("redis://127.0.0.1:1/0"):  # nobody listens there
        swept()
    assert not sent


def test_how_many_wait_is_counted_by_a_real_broker(broker):
    assert messages_for_trainers() == 0
    with app.connection_for_write() as link:
        link.SimpleQueue("train").put([1])
    assert messages_for_trainers() == 1


def test_stale_customers_nobody_took_up_are_sent_for(swept, sent, customer):
    mark_stale([customer.pk])
    swept()
    assert not sent
    StaleCustomer.objects.update(since=timezone.now() - datetime.timedelta(minutes=1))
    swept()
    assert sent == [("score_stale",)]


def test_a_full_scoring_that_was_not_served_is_sent_for(swept, sent):
    request_full_scoring(send=False)
    swept()
    assert sent == [("score_everyone",)]
    FullScoring.row().update(served=1)
    swept()
    assert sent == [("score_everyone",)]


def test_outdated_sums_are_added_up_again(swept):
    FullScoring.row().update(totals_outdated=True)
    swept()
    assert not FullScoring.row().get().totals_outdated


def test_a_waiting_run_is_stopped_at_once_and_a_running_one_is_asked_to(db):
    waiting, running = make_run("churn", Status.QUEUED), make_run("segments")
    request_stop(waiting)
    request_stop(running)
    waiting.refresh_from_db()
    running.refresh_from_db()
    assert waiting.status == Status.STOPPED and waiting.ended_at
    assert running.status == Status.RUNNING and running.stop_requested


def test_the_first_schedule_is_made_once_and_then_belongs_to_the_admins(db):
    seed = importlib.import_module("insights.migrations.0004_schedules").seed
    app.loader.import_default_modules()
    seed(apps, None)
    importlib.import_module("insights.migrations.0012_train_value").seed(apps, None)
    importlib.import_module("insights.migrations.0016_topics_of_messages").seed(apps, None)
    importlib.import_module("insights.migrations.0017_models_of_messages").seed(apps, None)
    tasks = {task.name: task for task in PeriodicTask.objects.filter(task__startswith="insights.")}
    assert {
        "Score everyone",
        "Sweep",
        "Train churn risk",
        "Train segments",
        "Train recommendations",
        "Train customer value",
        "Train feelings",
        "Train concerns",
        "Find topics",
    } == set(tasks)
    assert all(task.enabled and task.task in app.tasks for task in tasks.values())
    nightly = tasks["Score everyone"].crontab
    assert (nightly.hour, nightly.minute) == ("2", "30")
    faster = importlib.import_module("insights.migrations.0009_sweep_every_ten_seconds").faster
    faster(apps, None)
    sweep = PeriodicTask.objects.get(name="Sweep")
    assert (sweep.interval.every, sweep.interval.period, sweep.expire_seconds) == (
        10,
        "seconds",
        10,
    )
    assert app.conf.beat_schedule == {}

    PeriodicTask.objects.filter(name="Sweep").update(enabled=False)
    seed(apps, None)
    assert not PeriodicTask.objects.get(name="Sweep").enabled
    assert PeriodicTask.objects.filter(task__startswith="insights.").count() == len(tasks)


def test_trainings_go_to_the_trainer_and_scores_to_their_own_queue(db):
    queues = {
        name: app.amqp.router.route({}, f"insights.tasks.{name}")["queue"].name
        for name in ("run_training", "score_stale", "score_everyone", "score_nightly", "sweep", "train_on_schedule")
    }  # fmt: skip
    assert queues == {
        "run_training": "train",
        "score_stale": "score",
        "score_everyone": "score",
        "score_nightly": "score",
        "sweep": "default",
        "train_on_schedule": "default",
    }


def test_rejected_rows_nobody_mended_in_a_month_are_removed(swept, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    swept()  # before any import there is no folder
    folder = tmp_path / "imports"
    folder.mkdir()
    for name, days in [("rejected-1.csv", 31), ("rejected-2.csv.part", 31), ("rejected-3.csv", 29)]:
        (folder / name).write_text("row,column,reason")
        moment = timezone.now().timestamp() - days * 86_400
        os.utime(folder / name, (moment, moment))
    swept()
    assert [path.name for path in folder.iterdir()] == ["rejected-3.csv"]
