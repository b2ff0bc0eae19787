"""A training from the records to the scores: what it reports, when it publishes, and when it does not."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from customers.models import Company, CustomAttribute, CustomerScore, Recommendation
from insights import training
from insights.ml import churn, products, stories
from insights.ml.evaluation import Evaluation
from insights.models import Kind, ModelVersion, TrainingRun, VersionScore
from insights.requesting import request_training
from insights.running import take
from insights.training import (
    Ended,
    clearly_worse,
    looked_at,
    only_the_rule,
    params_for,
    plain,
    retrain,
)

pytestmark = pytest.mark.django_db
Outcome, Status = TrainingRun.Outcome, TrainingRun.Status


@pytest.fixture
def shop(db, standing_shop):
    return standing_shop()


def taken(kind):
    run = request_training(kind, "button", send=False)
    assert take(run.pk)
    return run


def test_a_training_ends_in_scores_on_the_customers(shop):
    run = taken("products")
    retrain(run)
    run.refresh_from_db()
    assert (run.status, run.outcome, run.fraction, run.error) == (
        Status.DONE,
        Outcome.PUBLISHED,
        1.0,
        "",
    )
    version = ModelVersion.objects.get(kind="products", is_champion=True)
    assert run.version == version and version.published_at and len(version.checksum) == 64
    assert version.summary["better_than_rule"] and run.summary == version.summary
    assert version.directory.is_dir()
    assert VersionScore.objects.filter(version=version).count() > 400
    assert Recommendation.objects.filter(version=version.pk).exists()


def test_each_step_says_how_long_and_over_how_many_rows(shop):
    run = taken("products")
    retrain(run)
    run.refresh_from_db()
    names = [step["code"] for step in run.steps]
    assert names[:2] == ["load", "inputs"] and names[-2:] == ["score", "publish"]
    assert all(step["seconds"] is not None and step["at"] for step in run.steps)
    rows = {step["code"]: step["rows"] for step in run.steps}
    assert rows["load"] > 1000 and rows["score"] > 400


@pytest.mark.slow
def test_progress_never_goes_back(shop, monkeypatch):
    told = []
    write = training.Progress._write

    def note(self, **values):
        told.append(values.get("fraction", told[-1] if told else 0))
        write(self, **values)

    monkeypatch.setattr(training.Progress, "_write", note)
    retrain(taken("segments"))
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 6


def test_only_a_company_of_many_buyers_is_asked_for_whole_stories(shop, monkeypatch):
    assert looked_at(products) == ("customers", "lines", "products") and looked_at(churn) is None
    monkeypatch.setattr(stories, "FEW_CUSTOMERS", 100)
    assert set(looked_at(products)) >= {"events", "interactions", "orders"}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite keeps no such statistics")
def test_the_database_knows_how_many_scores_there_are_before_they_are_published(shop, monkeypatch):
    """It would join them one by one otherwise: half a minute for 20,000 customers, hours for a million."""
    known = []

    def look(version):
        scores = VersionScore.objects.filter(version=version)
        plan = json.loads(scores.order_by().explain(format="json"))[0]["Plan"]
        known.append((plan["Plan Rows"], scores.count()))
        publish(version)

    publish = training.publish
    monkeypatch.setattr(training, "publish", look)
    retrain(taken("products"))
    [(foreseen, there)] = known
    assert foreseen == pytest.approx(there, rel=0.2)


def test_what_does_not_beat_the_rule_is_not_published(shop, monkeypatch):
    lost = Evaluation({"kind": "products", "better_than_rule": False, "candidates": []}, None)
    monkeypatch.setattr(products, "evaluate", lambda *args: lost)
    run = taken("products")
    retrain(run)
    run.refresh_from_db()
    assert (run.status, run.outcome) == (Status.DONE, Outcome.NOT_BETTER)
    assert run.summary["better_than_rule"] is False
    assert not ModelVersion.objects.exists() and not CustomerScore.objects.exists()


def test_the_plain_rule_is_served_until_a_model_has_beaten_it():
    rule, learnt = ({"served_rule": True, "better_than_rule": False}, {"better_than_rule": True})
    assert not only_the_rule(rule, {}) and not only_the_rule(rule, rule)
    assert only_the_rule(rule, learnt)
    again = {"only_reorders": True, "better_than_rule": False}
    assert only_the_rule(again, learnt) and not only_the_rule(again, {})
    assert not only_the_rule(learnt, learnt) and not only_the_rule(learnt, rule)


def test_a_version_clearly_worse_than_the_champion_is_kept_but_not_published(shop, make_version):
    best = {
        "name": "best",
        "metrics": {"ndcg_at_10": 0.999},
        "interval": {"ndcg_at_10": [0.998, 1.0]},
    }
    champion = make_version("products", champion=True)
    champion.summary = {
        "kind": "products", "champion": "best", "judged_on": "newest_window", "candidates": [best],
    }  # fmt: skip
    champion.save()
    run = taken("products")
    retrain(run)
    run.refresh_from_db()
    assert run.outcome == Outcome.NOT_BETTER_THAN_CHAMPION
    assert ModelVersion.objects.get(is_champion=True) == champion
    assert run.version.kept and VersionScore.objects.filter(version=run.version).exists()
    assert not Recommendation.objects.exists()


def test_a_run_given_up_by_others_publishes_nothing(shop, monkeypatch):
    run = taken("products")
    publish = training.publish

    def given_up_just_now(version):
        TrainingRun.objects.filter(pk=run.pk).update(status=Status.LOST)
        publish(version)

    monkeypatch.setattr(training, "publish", given_up_just_now)
    with pytest.raises(Ended):
        retrain(run)
    assert not ModelVersion.objects.filter(is_champion=True).exists()
    assert not Recommendation.objects.exists()


@pytest.mark.slow
def test_a_version_that_was_stopped_half_way_cannot_be_published_and_is_cleared_away(
    shop, monkeypatch
):
    score_version = training.score_version

    def stopped_half_way(version, as_of, report):
        score_version(version, as_of, lambda part, rows: None)
        raise Ended

    monkeypatch.setattr(training, "score_version", stopped_half_way)
    run = taken("products")
    with pytest.raises(Ended):
        retrain(run)
    half = ModelVersion.objects.get()
    assert not half.kept and half.directory.is_dir() and half.scores.exists()
    monkeypatch.undo()
    TrainingRun.objects.filter(pk=run.pk).update(status=Status.STOPPED)
    retrain(taken("products"))
    assert not half.directory.exists() and not half.scores.exists()
    assert ModelVersion.objects.get(is_champion=True).kept


def test_versions_count_up_and_replace_each_other(shop):
    for _ in range(2):
        retrain(taken("products"))
    numbers = ModelVersion.objects.order_by("number").values_list("number", "is_champion", "kept")
    assert list(numbers) == [(1, False, True), (2, True, True)]
    assert set(Recommendation.objects.values_list("version", flat=True)) == {
        ModelVersion.objects.get(is_champion=True).pk
    }


def interval(low, high, kind="churn", judged_on="newest_window"):
    one = {"name": "a", "interval": {"roc_auc": [low, high]}}
    return {"kind": kind, "champion": "a", "judged_on": judged_on, "candidates": [one]}


def test_clearly_worse_means_beyond_both_intervals_on_the_same_kind_of_test():
    champion = interval(0.70, 0.74)
    assert clearly_worse(interval(0.60, 0.69), champion)
    assert not clearly_worse(interval(0.60, 0.71), champion)
    assert not clearly_worse(interval(0.80, 0.84), champion)
    assert not clearly_worse(interval(0.60, 0.69), {})
    assert not clearly_worse(interval(0.60, 0.69), interval(0.70, 0.74, judged_on="folds"))
    assert not clearly_worse(
        interval(0.1, 0.2, kind="segments"), interval(0.7, 0.8, kind="segments")
    )


def test_the_company_settles_the_horizon_and_the_label(db):
    company = Company.current()
    company.churn_horizon_days = 60
    company.save()
    assert params_for("churn") == params_for("products") == {"horizon_days": 60}
    company.churn_label_attribute, company.churn_label_value = "left", "Yes"
    company.save()
    assert params_for("churn") == {"horizon_days": 60, "label_attribute": "left", "positive": "Yes"}
    assert params_for("products") == {"horizon_days": 60}
    attribute = CustomAttribute.objects.create(name="left", label="Left", type="boolean")
    assert params_for("churn")["positive"] is True
    attribute.type = "number"
    attribute.save()
    company.churn_label_value = "1"
    company.save()
    assert params_for("churn")["positive"] == 1.0
    company.churn_label_value = "gone"
    company.save()
    assert params_for("churn")["positive"] != params_for("churn")["positive"]


def test_summaries_are_plain_json():
    import numpy as np

    told = plain(
        {1: np.float64(0.5), "n": np.int64(3), "a": np.array([1.0, np.nan]), "b": (True, None)}
    )
    assert told == {"1": 0.5, "n": 3, "a": [1.0, None], "b": [True, None]}


def test_the_command_names_what_it_can_train(db):
    with pytest.raises(CommandError, match="churn, segments, products"):
        call_command("retrain")
    with pytest.raises(CommandError, match="Unknown: weather"):
        call_command("retrain", "weather")


def test_the_command_queues_once_what_was_never_trained(db, capsys):
    call_command("retrain", "--all", "--queue", "--first")
    assert TrainingRun.objects.filter(status=Status.QUEUED, origin="first").count() == len(
        Kind.values
    )
    TrainingRun.objects.update(status=Status.DONE)
    call_command("retrain", "--all", "--queue", "--first")
    assert not TrainingRun.objects.filter(status=Status.QUEUED).exists()
    call_command("retrain", "churn", "--queue")
    assert TrainingRun.objects.get(status=Status.QUEUED).origin == "command"
