"""Value on a demo company whose next year is known: ranges hold what they promise, and a training is published."""

import datetime
from types import SimpleNamespace

import numpy as np
import pytest
from django.db import transaction
from django.test import override_settings

from customers.models import CustomerScore, Outlook
from insights import training
from insights.dataset import load_tables
from insights.demo.company import build
from insights.ml import value
from insights.ml.lifetimes import PurchaseDays
from insights.ml.lifetimes.histories import last_day_before
from insights.ml.ranges import coverage
from insights.models import TrainingRun
from insights.requesting import request_training
from insights.running import take
from tests.insights.demo_company import NOW
from tests.ml.shops import quiet

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def three_years(django_db_setup, django_db_blocker, tmp_path_factory):
    """Tables of a company of 1,500 customers; everything is rolled back after the file."""
    folder = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), override_settings(VAR_DIR=folder), transaction.atomic():
        build(1_500, seed=1, now=NOW, days=1_095)
        yield load_tables(NOW, archived=True)
        transaction.set_rollback(True)


def told(tables, days_ago):
    """What is said as of that day, and what the 90 and the 365 days after it brought."""
    moment = (NOW - datetime.timedelta(days=days_ago)).replace(tzinfo=None, hour=0, minute=0)
    data = value.inputs(tables, moment, {})
    model = value.evaluate(data, value.candidates({}), quiet).model
    said = value.predict(model, tables, moment)
    everyone, last = PurchaseDays.of(tables), last_day_before(moment)
    for days in (90, 365):
        after = everyone.between(last + 1, last + days)
        _, said[f"came_{days}"] = after.sums(said["customer_id"].to_numpy())
    return said


def covered(said, days):
    names = (f"spend_{days}_low", f"spend_{days}_high", f"came_{days}")
    return coverage(*(said[name].to_numpy() for name in names))


def test_ranges_cover_what_comes_as_often_as_they_claim(three_years):
    # A summer, the quarter with Christmas in it, and the one after it.
    seasons = [told(three_years, days_ago) for days_ago in (365, 270, 180)]
    near = [covered(said, 90) for said in seasons]
    assert 0.76 <= np.mean(near) <= 0.86, near
    assert min(near) >= 0.72 and max(near) <= 0.90, near
    assert 0.76 <= covered(seasons[0], 365) <= 0.86
    totals = [said["spend_90"].sum() / said["came_90"].sum() for said in seasons]
    assert min(totals) > 0.75 and max(totals) < 1.3, totals
    assert all((said["spend_365_low"] >= 0).all() for said in seasons)
    likely_and_sure(seasons[0])


def likely_and_sure(said):
    """The promise holds for the sure as for the doubtful, and who is all but sure to order is not told 'from 0'."""
    for least, most in ((0.5, 0.8), (0.8, 0.9), (0.9, 1)):
        group = said[said["stays_365"].between(least, most)]
        assert len(group) > 100 and 0.7 <= covered(group, 365) <= 0.92, (least, most)
    sure = said[said["stays_365"] > 0.92]
    assert (sure["spend_365_low"] > 0).all() and (sure["came_365"] > 0).mean() > 0.9
    assert (sure["spend_365_low"] / sure["spend_365"]).median() > 0.03
    assert (said["spend_365_low"][said["stays_365"] < 0.88] == 0).all()


def test_a_training_ends_published(three_years, db, settings, tmp_path, monkeypatch):
    settings.MODELS_DIR = tmp_path / "models"
    monkeypatch.setattr(training, "timezone", SimpleNamespace(now=lambda: NOW))
    run = request_training("value", "button", send=False)
    assert take(run.pk)
    training.retrain(run)
    run.refresh_from_db()
    assert run.outcome == TrainingRun.Outcome.PUBLISHED
    assert run.summary["better_than_rule"] and run.summary["grade"] in "ABC"
    assert 0.95 < run.summary["level"]["served"] < 1.05
    assert CustomerScore.objects.filter(expected_value__gt=0).count() > 1_000
    assert Outlook.objects.filter(spend_90_high__gt=0).count() > 1_000
