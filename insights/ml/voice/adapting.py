"""A model taken to another place: its order of messages carries over, its levels do not, and some words mean other
things there. What a few hundred labelled messages can tell of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.weighing import Weighing

# How far words may move from what they meant, the strictest first (None: they do not); what is best on messages
# left out decides.
REACHES = (None, 0.1, 0.3, 1.0, 3.0)
FOLDS, ROUNDS = 5, 2
# Steps end where a further one would change the loss by less than so much of it.
NEAR_ENOUGH = 1e-6
# Axes so much shorter than the longest are rounding.
SMALLEST = 1e-9
SEED = 42
# In messages' worth of evidence: the steepness is held at one, levels at nothing.
TOWARDS_SAME = 2.0


@dataclass
class Adaptation:
    """logits → slope·logits + levels + weighed terms @ moved (terms, classes); Chelba & Acero (2006): a model of the
    old place is where the one of the new place starts from."""

    weighing: Weighing | None
    slope: float
    levels: np.ndarray
    terms: np.ndarray
    moved: np.ndarray

    def logits(self, logits: np.ndarray, corpus: Corpus) -> np.ndarray:
        said = self.slope * logits + self.levels
        if self.weighing is None or not len(self.terms):
            return said
        return said + self.weighing(corpus.texts)[:, self.terms] @ self.moved

    def shares(
        self, plain_text: str, towards: np.ndarray, shares: np.ndarray, base: float
    ) -> tuple[np.ndarray, float]:
        shares, base = self.slope * shares, self.slope * base + float(self.levels @ towards)
        if self.weighing is None or not len(self.terms):
            return shares, base
        worth = np.zeros(self.weighing.terms)
        worth[self.terms] = self.moved @ towards
        return shares + self.weighing.shares(plain_text, worth), base

    def state(self) -> dict[str, np.ndarray]:
        return {
            "slope": np.array([self.slope]),
            "levels": self.levels,
            "terms": self.terms,
            "moved": self.moved,
        }

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], learners: Sequence[Any]) -> "Adaptation":
        return cls(
            weighing_of(learners),
            float(arrays["slope"][0]),
            arrays["levels"],
            arrays["terms"],
            arrays["moved"],
        )


def weighing_of(learners: Sequence[Any]) -> Weighing | None:
    return next((one.weighing_ for one in learners if hasattr(one, "weighing_")), None)


def adapted(
    learners: Sequence[Any], logits: np.ndarray, texts: Sequence[str], y: np.ndarray
) -> Adaptation:
    """From the logits (n, classes) the model has for labelled messages of the new place; y (n,) class numbers."""
    weighing = weighing_of(learners)
    if weighing is None:
        slope, levels, _ = _moved(logits, np.zeros((len(y), len(y))), y, None)
        none = np.zeros((0, logits.shape[1]))
        return Adaptation(None, slope, levels, np.zeros(0, np.int64), none)
    x = weighing(Corpus(texts).texts)
    kernel = np.asarray((x @ x.T).todense(), dtype=float)
    reach = _reach(logits, kernel, y)
    slope, levels, alpha = _moved(logits, kernel, y, reach)
    terms = np.unique(x.indices) if reach else np.zeros(0, np.int64)
    moved = (x[:, terms].T @ alpha).astype(np.float32)
    return Adaptation(weighing, slope, levels, terms, moved)


def _reach(logits: np.ndarray, kernel: np.ndarray, y: np.ndarray) -> float | None:
    """The reach with the least log loss on messages left out, over several partings."""
    generator = np.random.default_rng(SEED)
    losses = np.zeros(len(REACHES))
    for _ in range(ROUNDS):
        part = generator.permutation(len(y)) % FOLDS
        for fold in range(FOLDS):
            out, seen = part == fold, part != fold
            for place, reach in enumerate(REACHES):
                slope, levels, alpha = _moved(
                    logits[seen], kernel[np.ix_(seen, seen)], y[seen], reach
                )
                said = slope * logits[out] + levels + kernel[np.ix_(out, seen)] @ alpha
                losses[place] -= log_softmax(said, axis=1)[np.arange(out.sum()), y[out]].sum()
    return REACHES[int(np.argmin(losses))]


def _moved(
    logits: np.ndarray, kernel: np.ndarray, y: np.ndarray, reach: float | None
) -> tuple[float, np.ndarray, np.ndarray]:
    """slope, levels (classes,), alpha (n, classes): least log loss, with words' movements held at nothing by the
    ridge 1/(2·reach)·‖moved‖², written by the kernel (n, n) of the messages' weighed terms.

    Solved along the kernel's own axes, where a few dozen steps suffice.
    """
    n, classes = logits.shape
    rows = np.arange(n)
    axes, back = _axes(kernel) if reach else (np.zeros((n, 0)), np.zeros((n, 0)))

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        slope, levels = theta[0], theta[1 : 1 + classes]
        beta = theta[1 + classes :].reshape(-1, classes)
        logs = log_softmax(slope * logits + levels + axes @ beta, axis=1)
        held = TOWARDS_SAME * ((slope - 1) ** 2 + levels @ levels / 4)
        held += np.sum(beta * beta) / (2 * (reach or 1.0))
        rest = np.exp(logs)
        rest[rows, y] -= 1
        gradient = [
            [np.sum(rest * logits) + 2 * TOWARDS_SAME * (slope - 1)],
            rest.sum(axis=0) + TOWARDS_SAME * levels / 2,
            (axes.T @ rest + beta / (reach or 1.0)).ravel(),
        ]
        return -logs[rows, y].sum() + held, np.concatenate(gradient)

    start = np.zeros(1 + classes + axes.shape[1] * classes)
    start[0] = 1.0
    bounds = [(0.05, None)] + [(None, None)] * (len(start) - 1)
    options = {"ftol": NEAR_ENOUGH}
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    alpha = back @ best[1 + classes :].reshape(-1, classes)
    return float(best[0]), best[1 : 1 + classes], alpha


def _axes(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """axes (n, k) with axes @ axes.T = kernel, and back (n, k) with kernel @ back = axes."""
    values, vectors = np.linalg.eigh(kernel)
    kept = values > SMALLEST * max(values[-1], SMALLEST)
    root = np.sqrt(values[kept])
    return vectors[:, kept] * root, vectors[:, kept] / root
