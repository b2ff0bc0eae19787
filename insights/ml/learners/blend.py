"""Several learners at once: a weighted sum of their calibrated log-odds (stacking)."""

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from insights.ml.calibration import Platt
from insights.ml.learners import learner_class
from insights.ml.learners.fitting import Fitted, fit_calibrated, folds_of
from insights.ml.snapshots import Snapshot

MEMBERS = ("logistic", "ebm", "boosting")
# How strongly the weights are held at the plain mean, in rows' worth of evidence.
TOWARDS_MEAN = 20.0
LIMIT = 1e-9


class Blend:
    """Wolpert (1992), with weights that are not negative (Breiman 1996): fitted on log-odds that each member gave for
    customers its twin had not seen. A member's reasons count by its weight, so the blend's add up exactly too."""

    name = "blend"

    def __init__(self, random_state: int = 42, members: tuple[str, ...] = MEMBERS):
        self.random_state = random_state
        self.members = members

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        snapshot = Snapshot(frame, y)
        made = [fit_calibrated(learner_class(name), snapshot) for name in self.members]
        return self._joined(made, y)

    def _joined(self, made: list[Fitted], y: np.ndarray) -> Self:
        self.learners_ = [one.learner for one in made]
        self.curves_ = [one.calibration for one in made]
        self.weights_, self.offset_ = _weights(np.column_stack([one.unseen for one in made]), y)
        self.families_ = sorted({code for one in self.learners_ for code in one.families})
        return self

    @classmethod
    def of(cls, made: dict[str, Fitted], snapshot: Snapshot) -> Fitted:
        """The blend of members that have been fitted to the snapshot already; its weights are cross-fitted too."""
        z = np.column_stack([one.unseen for one in made.values()])
        unseen = np.zeros(len(snapshot))
        for fold in folds_of(snapshot):
            weights, offset = _weights(z[~fold], snapshot.y[~fold])
            unseen[fold] = z[fold] @ weights + offset
        learner = cls(members=tuple(made))._joined(list(made.values()), snapshot.y)
        return Fitted(learner, Platt(), unseen)

    @property
    def families(self) -> list[str]:
        return self.families_

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        said = [
            curve.line(one.logit(one.raw(frame)))
            for one, curve in zip(self.learners_, self.curves_, strict=True)
        ]
        return np.column_stack(said) @ self.weights_ + self.offset_

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        """Each member's own, brought from its scale to log-odds by the slope between its base and its score."""
        shares, total = np.zeros((len(frame), len(self.families_))), self.offset_
        for one, curve, weight in zip(self.learners_, self.curves_, self.weights_, strict=True):
            terms, base = one.contributions(frame)
            rise = terms.sum(axis=1)
            start = float(curve.line(one.logit(np.array([base])))[0])
            end = curve.line(one.logit(base + rise))
            flat = np.abs(rise) < LIMIT
            slope = np.where(flat, 0.0, (end - start) / np.where(flat, 1.0, rise))
            places = [self.families_.index(code) for code in one.families]
            shares[:, places] += weight * terms * slope[:, None]
            total += float(weight) * start
        return shares, total

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays, members = {"weights": self.weights_}, []
        for number, (one, curve) in enumerate(zip(self.learners_, self.curves_, strict=True)):
            meta, own = one.state()
            arrays |= {f"member{number}_{name}": values for name, values in own.items()}
            line = {"slope": curve.slope, "offset": curve.offset}
            members.append({"name": one.name, "state": meta, "calibration": line})
        return {"members": members, "offset": self.offset_}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        names = tuple(one["name"] for one in meta["members"])
        blend = cls(members=names)
        blend.weights_, blend.offset_ = arrays["weights"], meta["offset"]
        blend.learners_, blend.curves_ = [], []
        for number, one in enumerate(meta["members"]):
            start = f"member{number}_"
            own = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
            blend.learners_.append(learner_class(one["name"]).from_state(one["state"], own))
            blend.curves_.append(Platt(**one["calibration"]))
        blend.families_ = sorted({code for one in blend.learners_ for code in one.families})
        return blend


def _weights(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (k,) ≥ 0 and an offset for log-odds z (n, k): least log loss, held at the plain mean."""
    n, k = z.shape

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        line = z @ theta[:k] + theta[k]
        away = theta[:k] - 1 / k
        value = -np.mean(y * log_expit(line) + (1 - y) * log_expit(-line))
        residual = (expit(line) - y) / n
        slope = z.T @ residual + 2 * TOWARDS_MEAN / n * away
        return value + TOWARDS_MEAN / n * away @ away, np.append(slope, residual.sum())

    start, bounds = np.append(np.full(k, 1 / k), 0.0), [(0.0, None)] * k + [(None, None)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return best.x[:k], float(best.x[k])
