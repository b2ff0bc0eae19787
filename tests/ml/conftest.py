"""Trainings that several files look at, done once."""

from functools import cache

import pytest

from insights.ml import churn
from insights.ml.learners import additive
from tests.ml.companies import NOW, leavers
from tests.ml.shops import quiet


@pytest.fixture(scope="session")
def leaving():
    """Tables of a company whose customers leave in their own rhythm and after complaints."""
    return leavers()


@pytest.fixture(scope="session")
def churn_champion(leaving):
    """The serving model that a training with this one candidate ends with; of many rounds, few will do."""

    @cache
    def train(name):
        params = {"horizon_days": 60, "candidates": [name]}
        made = churn.inputs(leaving, NOW, params)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(additive.SETTINGS, "max_rounds", 60)
            patch.setitem(additive.SETTINGS, "learning_rate", 0.2)
            return churn.evaluate(made, churn.candidates(params), quiet).model

    return train
