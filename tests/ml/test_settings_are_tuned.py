"""A handful of settings, chosen by what twins say of customers they had not seen; the usual ones stay on a tie."""

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from insights.ml.learners import fitting
from insights.ml.learners.fitting import fit_calibrated, tuned
from insights.ml.snapshots import Snapshot


class Dial:
    """Says the column as it is, or with noise added to it, depending on its setting."""

    choices: ClassVar = ({"noise": 2.0}, {"noise": 0.0})
    fitted: ClassVar[list] = []

    def __init__(self, noise=2.0):
        self.noise = noise

    def fit(self, frame, y, groups):
        self.fitted.append((self.noise, frozenset(groups)))
        return self

    def raw(self, frame):
        noise = np.random.default_rng(1).normal(size=len(frame))
        return frame["attribute:x"].to_numpy() + self.noise * noise

    def logit(self, raw):
        return raw


class Indifferent(Dial):
    choices = ({"noise": 0.0}, {"noise": 1e-9})


@pytest.fixture(autouse=True)
def small_tables_too(monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_ROWS_TUNING", 100)


@pytest.fixture
def snapshot():
    generator = np.random.default_rng(3)
    x = generator.normal(size=600)
    y = (generator.random(600) < 1 / (1 + np.exp(-2 * x))).astype(float)
    frame = pd.DataFrame({"customer_id": np.arange(600) // 2, "attribute:x": x})
    return Snapshot(frame, y)


def test_what_twins_say_of_unseen_customers_chooses(snapshot):
    made = fit_calibrated(Dial, snapshot)
    assert made.settings == {"noise": 0.0} and made.learner.noise == 0.0


def test_the_usual_settings_stay_where_others_are_no_better(snapshot):
    assert tuned(Indifferent, snapshot) == {"noise": 0.0}


def test_what_has_no_choices_is_left_alone(snapshot):
    assert tuned(lambda: Dial(), snapshot) == {}


def test_a_small_table_does_not_tell_them_apart(snapshot, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_ROWS_TUNING", 601)
    assert tuned(Dial, snapshot) == {}


def test_where_hardly_anybody_left_nothing_is_tried(snapshot):
    rare = Snapshot(snapshot.frame, (np.arange(600) < 10).astype(float))
    Dial.fitted.clear()
    assert tuned(Dial, rare) == Dial.choices[0] and not Dial.fitted


def test_a_large_table_is_tried_on_some_customers_with_all_their_rows(snapshot, monkeypatch):
    monkeypatch.setattr(fitting, "MOST_ROWS_TUNING", 200)
    Dial.fitted.clear()
    tuned(Dial, snapshot)
    seen = frozenset().union(*(groups for _, groups in Dial.fitted))
    assert 90 <= len(seen) <= 100
