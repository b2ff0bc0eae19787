"""Trainings that several files look at, done once."""

from functools import cache

import pytest

from insights.ml import churn
from tests.ml.companies import NOW, leavers
from tests.ml.shops import quiet


@pytest.fixture(scope="session")
def leaving():
    """Tables of a company whose customers leave in their own rhythm and after complaints."""
    return leavers()


@pytest.fixture(scope="session")
def churn_champion(leaving):
    """The serving model that a training with this one candidate ends with."""

    @cache
    def train(name):
        params = {"horizon_days": 60, "candidates": [name]}
        made = churn.inputs(leaving, NOW, params)
        return churn.evaluate(made, churn.candidates(params), quiet).model

    return train
