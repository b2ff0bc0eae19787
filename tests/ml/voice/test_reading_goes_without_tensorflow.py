"""A stored model of texts scores in a fresh process as it did, without TensorFlow and without unpickling."""

import subprocess
import sys

import pytest

from insights.ml import storage
from insights.ml.voice import sentiment
from insights.ml.voice.judging import board_of
from insights.ml.voice.learners import learner_class
from insights.ml.voice.learners.fitting import blended, fit_calibrated
from tests.ml.voice.spoken import NOW, reviews

SCORE = """
import pickle, sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras"):
            raise AssertionError(f"scoring imported {name}")

def refuse(*given, **named):
    raise AssertionError("something was unpickled")

sys.meta_path.insert(0, Refuse())
from insights.ml import storage
from insights.ml.voice import sentiment
from tests.ml.voice.spoken import reviews

pickle.load = pickle.loads = refuse
model = storage.load(sys.argv[1], sys.argv[2])
texts = reviews(50, seed=3)["text"].tolist()
print(round(float(sentiment.predict(model, texts)["sentiment"].sum()), 4))
print(round(sum(one.weight for one in model.weights(texts[0])), 4))
"""


@pytest.mark.parametrize(
    "members", [("svm", "nbsvm"), pytest.param(("network", "svm"), marks=pytest.mark.slow)]
)
def test_a_fresh_process_says_the_same(tmp_path, members):
    inputs = sentiment.inputs(reviews(300), NOW, {})
    board = board_of(inputs.train, inputs)
    fitted = blended([fit_calibrated(learner_class(name), board) for name in members], board)
    model = sentiment.served(inputs, fitted, inputs.train)
    checksum = storage.save(model, tmp_path / "model")
    texts = reviews(50, seed=3)["text"].tolist()
    here = round(float(sentiment.predict(model, texts)["sentiment"].sum()), 4)
    weights = round(sum(one.weight for one in model.weights(texts[0])), 4)
    words = [sys.executable, "-c", SCORE, str(tmp_path / "model"), checksum]
    there = subprocess.run(words, capture_output=True, text=True, check=False)
    assert there.returncode == 0, there.stderr
    assert [float(one) for one in there.stdout.split()] == pytest.approx([here, weights], abs=2e-4)
