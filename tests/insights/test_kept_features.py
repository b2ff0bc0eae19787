"""What one kind has worked out about everyone serves the others of the same night, and nothing else does."""

import datetime
import os

import pandas as pd
import pytest
from django.utils import timezone

from customers.models import CustomAttribute, Customer, CustomerScore
from insights import kept_features
from insights.dataset import load_tables
from insights.ml import features
from insights.models import ModelVersion, TrainingRun, VersionScore
from insights.requesting import request_full_scoring, request_training
from insights.scoring import answers_of, chunks, score_customers, score_version

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def asked(monkeypatch):
    """How often features were worked out of facts."""
    times = []
    work_out = features._without_attributes

    def counted(tables, moments):
        times.append(moments)
        return work_out(tables, moments)

    monkeypatch.setattr(features, "_without_attributes", counted)
    return times


@pytest.fixture
def night(real_champions, shop, django_capture_on_commit_callbacks):
    """New versions of two kinds wait for their scores, and both kinds are being trained."""
    with django_capture_on_commit_callbacks():
        for kind in ("churn", "segments", "value"):
            request_training(kind, send=False)
    return {version.kind: version for version in real_champions}


def score(version, since=None):
    return score_version(version, since or timezone.now() - HOUR, lambda part, rows: None)


def stored(version):
    return dict(VersionScore.objects.filter(version=version).values_list("customer_id", "values"))


def moments(version):
    return set(VersionScore.objects.filter(version=version).values_list("scored_at", flat=True))


def age(seconds):
    """Bring what is kept so far into the past, its own moment too."""
    (keys,) = chunks(None)
    before = timezone.now() - datetime.timedelta(seconds=seconds)
    facts = kept_features.facts_of(keys, before)
    features.features(facts, [facts.as_of])
    kept_features.keep(keys, facts, before, kept_features.requested())
    return before


def test_everyone_is_worked_out_once_for_all_kinds_of_a_night(night, asked):
    for kind in ("segments", "churn", "value"):
        score(night[kind])
    assert len(asked) == 1
    (as_of,) = moments(night["segments"])
    for kind in ("churn", "value"):
        assert moments(night[kind]) == {as_of}


def test_scores_by_what_was_kept_are_those_of_the_facts_at_that_moment(night, asked):
    CustomAttribute.objects.create(name="Tier", type=CustomAttribute.Type.CHOICE)
    Customer.objects.filter(country="CN").update(attributes={"Tier": "gold"})
    for kind in ("segments", "churn", "value"):
        score(night[kind])
    (as_of,) = moments(night["churn"])
    (keys,) = chunks(None)
    for kind in ("churn", "value"):
        fresh = answers_of(night[kind], load_tables(as_of, keys), as_of)
        assert stored(night[kind]) == fresh and len(fresh) > 400
    _, facts = kept_features.known("churn", keys, as_of)
    assert not [name for name in facts.frame if name.startswith("attribute:")]
    whole = features.features(facts, [facts.as_of])
    assert set(whole["attribute:Tier"].dropna()) == {"gold"}
    anew = features.features(load_tables(as_of, keys), [facts.as_of])
    pd.testing.assert_frame_equal(whole, anew, check_exact=True)


def test_a_full_scoring_leaves_it_to_the_trainings_that_follow(night, asked):
    (keys,) = chunks(None)
    as_of = timezone.now()
    score_customers(keys, as_of)
    assert len(asked) == 1, "all champions ask about the same features"
    score(night["churn"])
    assert len(asked) == 1 and moments(night["churn"]) == {as_of}


def test_where_no_other_kind_is_due_nothing_is_kept(night, first_schedule):
    TrainingRun.objects.exclude(kind="churn").delete()
    score(night["churn"])
    due_on_the_schedule = kept_features.others_are_due("churn")
    assert bool(list(kept_features.folder().glob("*"))) == due_on_the_schedule


def test_products_that_ask_for_no_features_work_none_out(night, asked):
    score(night["products"])
    assert not asked and len(stored(night["products"])) > 400


@pytest.mark.parametrize("why", ["bulk", "release", "old", "ahead", "half", "others"])
def test_what_is_overtaken_is_worked_out_anew(night, asked, monkeypatch, why):
    before = age(60)
    (path,) = kept_features.folder().glob("*")
    if why == "bulk":
        request_full_scoring(send=False)
    elif why == "release":
        monkeypatch.setattr(kept_features, "definition", lambda: "another")
    elif why == "old":
        before = age(kept_features.LONGEST.total_seconds() + 1)
    elif why == "ahead":
        before = age(-3600)
    elif why == "half":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        os.replace(path, path.with_name("1-2.arrow"))
    asked.clear()
    began = timezone.now()
    score(night["churn"])
    (as_of,) = moments(night["churn"])
    assert len(asked) == 1 and as_of >= began and as_of != before


def test_a_range_whose_champion_has_heard_much_since_is_worked_out_anew(night, asked):
    age(60)
    ids = list(Customer.objects.values_list("pk", flat=True)[:20])
    now = timezone.now()
    CustomerScore.objects.bulk_create(
        CustomerScore(customer_id=pk, churn_scored_at=now) for pk in ids[:3]
    )
    asked.clear()
    score(night["churn"])
    assert not asked, "three of five hundred are scored once more after the publishing"
    CustomerScore.objects.bulk_create(
        CustomerScore(customer_id=pk, churn_scored_at=now) for pk in ids[3:]
    )
    score(night["churn"])
    assert len(asked) == 1


def test_a_kind_without_a_champion_goes_by_nothing_older_than_its_own_training(night):
    run = TrainingRun.objects.get(kind="churn")
    assert kept_features.since(run) < run.created_at
    ModelVersion.objects.filter(kind="churn").update(is_champion=False)
    assert kept_features.since(run) == run.created_at


def test_a_full_disk_ends_no_scoring(night, monkeypatch):
    def no_room(*args, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.feather.write_feather", no_room)
    assert score(night["churn"]) > 400
    assert not list(kept_features.folder().iterdir())


def test_it_is_gone_when_the_night_is_over(night):
    score(night["segments"])
    (path,) = kept_features.folder().iterdir()
    kept_features.forget_old(timezone.now())
    assert path.exists()
    kept_features.forget_old(timezone.now() + kept_features.LONGEST)
    assert not path.exists()


def test_who_refuses_meanwhile_is_not_scored_by_it(night, shop):
    score(night["segments"])
    Customer.objects.filter(pk=shop[0].pk).update(profiling_refused=True)
    score(night["churn"])
    assert shop[0].pk not in stored(night["churn"]) and shop[1].pk in stored(night["segments"])
