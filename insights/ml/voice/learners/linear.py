"""Linear models on weighed terms: the score of a message is a sum over its words and runs of characters."""

import warnings
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.weighing import Weighing

# How near to the best weights is near enough: liblinear's own measure for it, ten times as strict as its default.
NEAR_ENOUGH = 0.01
# A term counts as once more seen on either side than it was, so that one sighting is no certainty.
SMOOTHING = 1.0


class LinearText:
    """One against the rest for each class, by liblinear (Fan et al. 2008); scored from plain arrays."""

    name = "linear"
    choices: ClassVar[tuple[dict[str, Any], ...]] = ({},)

    def __init__(self, random_state: int = 42, strength: float = 1.0):
        self.random_state = random_state
        self.strength = strength

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        """y (n,) class numbers, each of 0..classes-1 among them at least once."""
        self.weighing_, x = Weighing.learn(corpus, classes)
        x = x.astype(np.float64)  # as liblinear takes it: once, not for every class
        asked = [1] if classes == 2 else list(range(classes))
        self.weights_ = np.zeros((x.shape[1], classes), dtype=np.float32)
        self.offsets_ = np.zeros(classes)
        for one in asked:
            weights, offset = self._against_the_rest(x, y == one)
            self.weights_[:, one], self.offsets_[one] = weights, offset
        if classes == 2:  # one line between two classes; each has half of the way to it
            self.weights_[:, 1] /= 2
            self.offsets_[1] /= 2
            self.weights_[:, 0], self.offsets_[0] = -self.weights_[:, 1], -self.offsets_[1]
        return self

    def _against_the_rest(self, x: sparse.csr_matrix, y: np.ndarray) -> tuple[np.ndarray, float]:
        return self._solved(x, y)

    def _solved(self, x: sparse.csr_matrix, y: np.ndarray) -> tuple[np.ndarray, float]:
        model = self._model()
        with warnings.catch_warnings():
            # Its accuracy has settled long before its weights have to the last digit.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, y)
        return model.coef_[0], float(model.intercept_[0])

    def _model(self) -> Any:
        return LinearSVC(
            C=self.strength, random_state=self.random_state, tol=NEAR_ENOUGH, max_iter=300
        )

    def raw(self, corpus: Corpus) -> np.ndarray:
        """(n, classes) scores."""
        return self.weighing_.of(corpus) @ self.weights_ + self.offsets_

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        """What each character (m,) of a plain text brings to raw @ towards (classes,), and what is there without."""
        worth = self.weights_ @ towards
        return self.weighing_.shares(plain_text, worth), float(self.offsets_ @ towards)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        own = {"weights": self.weights_, "offsets": self.offsets_}
        return {"strength": self.strength}, {**self.weighing_.state(), **own}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls(strength=meta["strength"])
        learner.weighing_ = Weighing.from_state(arrays)
        learner.weights_, learner.offsets_ = arrays["weights"], arrays["offsets"]
        return learner


class SvmText(LinearText):
    """A linear support vector machine (Joachims 1998); chances come from the curve fitted outside."""

    name = "svm"
    choices = ({"strength": 1.0}, {"strength": 0.3}, {"strength": 3.0})


class LogisticText(LinearText):
    name = "logistic"
    choices = ({"strength": 30.0}, {"strength": 8.0}, {"strength": 120.0})

    def __init__(self, random_state: int = 42, strength: float = 30.0):
        super().__init__(random_state, strength)

    def _model(self) -> Any:
        return LogisticRegression(
            C=self.strength,
            solver="liblinear",
            dual=True,  # by message, not by term: a hundred times as fast here
            random_state=self.random_state,
            tol=NEAR_ENOUGH,
            max_iter=100,
        )


class BayesSvmText(LinearText):
    """NB-SVM (Wang & Manning 2012): each term counts by how much likelier it is on one side than on the other,
    and the machine finds what to correct."""

    name = "nbsvm"
    choices = ({"strength": 1.0}, {"strength": 0.3}, {"strength": 3.0})

    def __init__(self, random_state: int = 42, strength: float = 1.0):
        super().__init__(random_state, strength)

    def _against_the_rest(self, x: sparse.csr_matrix, y: np.ndarray) -> tuple[np.ndarray, float]:
        ratio = _log_ratio(x, y)
        scaled = x.copy()
        scaled.data = scaled.data * ratio[scaled.indices]
        weights, offset = self._solved(scaled, y)
        return weights * ratio, offset


def _log_ratio(x: sparse.csr_matrix, y: np.ndarray) -> np.ndarray:
    """(terms,) logarithm of how much likelier a message of the class holds the term than another."""
    there, size = (
        sparse.csr_matrix((np.ones_like(x.data), x.indices, x.indptr), x.shape),
        x.shape[1],
    )
    inside = SMOOTHING + np.bincount(there[y].indices, minlength=size)
    outside = SMOOTHING + np.bincount(there[~y].indices, minlength=size)
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    return ratio.astype(np.float32)
