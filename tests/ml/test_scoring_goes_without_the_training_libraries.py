"""A stored champion is scored by arrays alone: no TensorFlow, no scikit-learn estimator, no interpret."""

import subprocess
import sys

import pytest

from insights.ml import churn, storage
from tests.ml.companies import NOW, leavers

SCORE = """
import sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras", "interpret"):
            raise AssertionError(f"scoring imported {name}")

sys.meta_path.insert(0, Refuse())
from insights.ml import churn, storage
from tests.ml.companies import NOW, leavers

model = storage.load(sys.argv[1], sys.argv[2])
scored = churn.predict(model, leavers(60), NOW)
print(len(scored), round(float(scored["risk"].sum()), 6))
"""


@pytest.mark.parametrize(
    "name", [pytest.param("keras", marks=pytest.mark.slow), "ebm", "forest", "logistic"]
)
def test_a_fresh_process_scores_without_them(tmp_path, churn_champion, name):
    model = churn_champion(name)
    checksum = storage.save(model, tmp_path / "model")
    here = churn.predict(model, leavers(60), NOW)
    words = [sys.executable, "-c", SCORE, str(tmp_path / "model"), checksum]
    there = subprocess.run(words, capture_output=True, text=True, check=False)
    assert there.returncode == 0, there.stderr
    assert there.stdout.split() == [str(len(here)), str(round(float(here["risk"].sum()), 6))]
