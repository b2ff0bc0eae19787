"""A training that was cut off is gone on with, from the same moment; what it leaves goes when its run is settled."""

import datetime
import os

import pytest
from django.utils import timezone

from insights import running, training, unfinished
from insights.ml import stories
from insights.ml.checkpoints import Checkpoint
from insights.ml.deep.story_course import Course
from insights.ml.evaluation import NotEnoughData
from insights.models import TrainingRun
from insights.requesting import request_stop, request_training
from insights.running import AGAIN, take
from insights.sweeping import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]
Status = TrainingRun.Status


def taken(kind="products"):
    run = request_training(kind, "button", send=False)
    assert take(run.pk)
    run.refresh_from_db()
    return run


def begun(run, days_ago=0.0):
    """As a first attempt leaves it; returns the moment that it learnt as of."""
    moment = timezone.now() - datetime.timedelta(days=days_ago, minutes=5)
    unfinished.folder(run.pk).mkdir(parents=True)
    (unfinished.folder(run.pk) / unfinished.AS_OF).write_text(moment.isoformat())
    return moment


def test_the_next_attempt_learns_as_of_the_same_moment_and_finds_what_was_learnt(monkeypatch):
    moments, found = [], []

    def learn(run, as_of, progress):
        moments.append(as_of)
        one = Checkpoint.of(b"the same data")
        found.append(one.load())
        one.save({})
        if len(moments) == 1:
            raise KeyboardInterrupt
        raise NotEnoughData("too_few_customers", {})

    monkeypatch.setattr(training, "judged_customers", learn)
    run = taken()
    with pytest.raises(KeyboardInterrupt):
        training.retrain(run)
    unfinished.forget_settled()  # it is not settled
    training.retrain(run)
    assert moments[0] == moments[1] and found == [None, {}]
    assert Checkpoint.of(b"the same data").path is None  # outside of a training nothing is kept


def test_what_was_begun_long_ago_begins_anew():
    run = taken()
    begun(run, days_ago=2)
    (unfinished.folder(run.pk) / "some.checkpoint").write_bytes(b"x")
    assert timezone.now() - unfinished.begun(run) < datetime.timedelta(minutes=1)
    assert [one.name for one in unfinished.folder(run.pk).iterdir()] == [unfinished.AS_OF]


def test_a_training_goes_on_where_nothing_can_be_kept(settings, tmp_path):
    settings.MODELS_DIR = tmp_path / "a file"
    settings.MODELS_DIR.write_text("no folder")
    run = taken()
    with unfinished.gone_on_with(run) as as_of:
        assert timezone.now() - as_of < datetime.timedelta(minutes=1)
        Checkpoint.of(b"any").save({})


@pytest.mark.parametrize(
    ("status", "facts", "kept"),
    [
        (*running.verdict(AGAIN), True),
        (*running.verdict(-9), True),
        (Status.QUEUED, {}, True),  # asked to leave: whoever comes next takes it up
        (*running.verdict(1), False),
        (Status.STOPPED, {}, False),
        (Status.FAILED, {"code": "time_limit", "seconds": 1}, False),
    ],
)
def test_it_is_kept_until_the_run_is_settled(status, facts, kept):
    run = taken()
    begun(run)
    running.close(run.pk, status, facts, "")
    unfinished.forget_settled()
    assert unfinished.folder(run.pk).exists() == kept


def test_the_sweep_removes_what_a_run_left_that_was_stopped_while_it_waited(models_dir):
    run = request_training("products", "button", send=False)
    begun(run)
    (models_dir / "products" / "v1").mkdir(parents=True)
    sweep()
    assert unfinished.folder(run.pk).exists()
    request_stop(run)
    sweep()
    assert not unfinished.folder(run.pk).exists()
    assert (models_dir / "products" / "v1").exists()


@pytest.mark.parametrize(("attempts", "goes_on"), [(1, True), (running.MOST_ATTEMPTS, False)])
def test_the_run_that_takes_the_place_of_a_lost_one_goes_on_with_it(attempts, goes_on):
    run = taken()
    moment = begun(run)
    silent = timezone.now() - datetime.timedelta(minutes=2)
    TrainingRun.objects.filter(pk=run.pk).update(
        heartbeat_at=silent, attempts=attempts, watcher_pid=os.getpid(), watcher_host="elsewhere"
    )
    sweep()
    run.refresh_from_db()
    assert run.status in (Status.LOST, Status.FAILED)
    assert not unfinished.folder(run.pk).exists()
    again = TrainingRun.objects.filter(status=Status.QUEUED).first()
    assert (again is not None) == goes_on
    if again:
        assert unfinished.begun(again) == moment


@pytest.mark.slow
def test_from_the_same_records_it_goes_on_after_its_last_epoch(standing_shop, monkeypatch):
    """What the database tells of the same moment is the same, to the last bit."""
    standing_shop()
    monkeypatch.setattr(stories, "LEAST_CUSTOMERS", 100)
    monkeypatch.setattr(stories, "LEAST_EVENTS", 100)
    few = {"horizon_days": 90, "candidates": [stories.CANDIDATE]}
    monkeypatch.setattr(training, "params_for", lambda kind: few)
    epochs, judged = [], Course.judged

    def cut_off(self, loss, better):
        judged(self, loss, better)
        epochs.append(self.epoch)
        raise KeyboardInterrupt

    monkeypatch.setattr(Course, "judged", cut_off)
    run = taken()
    for _attempt in range(2):
        with pytest.raises(KeyboardInterrupt):
            training.retrain(run)
    assert epochs == [1, 2]
