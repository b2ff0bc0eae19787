"""A stored champion scores as it did, by arrays alone: without TensorFlow, interpret, LightGBM or an estimator."""

import subprocess
import sys

import pytest

from insights.ml import churn, storage
from insights.ml.learners import lightgbm
from tests.ml.companies import NOW, leavers

SCORE = """
import sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras", "interpret", "lightgbm"):
            raise AssertionError(f"scoring imported {name}")

sys.meta_path.insert(0, Refuse())
from insights.ml import churn, storage
from tests.ml.companies import NOW, leavers

model = storage.load(sys.argv[1], sys.argv[2])
scored = churn.predict(model, leavers(60), NOW)
print(len(scored), round(float(scored["risk"].sum()), 6))
"""


# Hardly ever champions, or slow to learn; every learner meets the contract in any case.
RARE = ("forest", "boosting", "svm", "blend", "keras")
EBM = pytest.param("ebm", marks=pytest.mark.slow)
RARE = [pytest.param(name, marks=pytest.mark.slow) for name in RARE]
ABSENT = pytest.mark.skipif(not lightgbm.installed(), reason="LightGBM is not installed")
RARE.append(pytest.param("lightgbm", marks=[ABSENT, pytest.mark.slow]))


@pytest.mark.parametrize("name", ["logistic", EBM, *RARE])
def test_every_champion_survives_the_disk(leaving, churn_champion, tmp_path, name):
    model = churn_champion(name)
    loaded = storage.load(tmp_path / "model", storage.save(model, tmp_path / "model"))
    before, after = (churn.predict(one, leaving, NOW, range(1, 60)) for one in (model, loaded))
    assert before.to_dict("records") == after.to_dict("records")


@pytest.mark.parametrize("name", ["logistic", EBM, *RARE])
def test_a_fresh_process_scores_without_them(tmp_path, churn_champion, name):
    model = churn_champion(name)
    checksum = storage.save(model, tmp_path / "model")
    here = churn.predict(model, leavers(60), NOW)
    words = [sys.executable, "-c", SCORE, str(tmp_path / "model"), checksum]
    there = subprocess.run(words, capture_output=True, text=True, check=False)
    assert there.returncode == 0, there.stderr
    assert there.stdout.split() == [str(len(here)), str(round(float(here["risk"].sum()), 6))]


def test_who_has_not_installed_lightgbm_simply_lacks_the_candidate(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    lightgbm.installed.cache_clear()
    try:
        names = [one.name for one in churn.candidates({})]
    finally:
        lightgbm.installed.cache_clear()
    assert "boosting" in names and "lightgbm" not in names
