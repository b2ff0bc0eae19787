"""How a yes-or-no question is judged: candidates fitted, calibrated, compared, graded; the winner refitted."""

import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold

from insights.ml.calibration import Platt
from insights.ml.evaluation import (
    Candidate,
    Evaluation,
    Judged,
    Report,
    beats,
    binary_metrics,
    bootstrap_intervals,
    calibration_bins,
    grade,
    pick_champion,
    top_tenth,
)
from insights.ml.learners import Learner, customer_folds
from insights.ml.snapshots import Inputs, Snapshot

FOLDS = 5
# Two halves are enough to calibrate on large tables; small ones can afford to train on more.
CALIBRATION_FOLDS, CALIBRATION_FOLDS_LARGE, LARGE = 3, 2, 15_000
SEED = 42


class Serving(Protocol):
    """A model as it is served: it can say its reasons."""

    learner: Learner

    def explain(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, float]: ...


def judge(
    kind: str,
    inputs: Inputs,
    candidates: list[Candidate],
    serving: Callable[[Learner, Platt], Serving],
    report: Report,
) -> Evaluation:
    """Fit and calibrate every candidate, judge them on `inputs.test` (or by folds), refit the best on everything.

    `serving(learner, calibration)` makes the model out of the refitted winner. Steps reported:
    fit:<candidate> (how far of the whole, rows), judge, refit:<candidate>, done.
    """
    results: list[tuple[Judged, np.ndarray]] = []
    for place, candidate in enumerate(candidates):
        report(f"fit:{candidate.name}", 0.8 * place / len(candidates), len(inputs.train))
        results.append(_judge_one(inputs, candidate))
    report("judge", 0.8, len(inputs.test or inputs.train))
    judged = [one for one, _ in results]
    champion, rule = pick_champion(judged), next(one for one in judged if one.baseline)
    better = beats(champion, rule)
    said = {one.name: p for one, p in results}
    outcome = (inputs.test or inputs.train).y
    summary = _summary(kind, inputs, judged, champion, rule, better, outcome, said)
    if not better:
        report("done", 1.0, None)
        return Evaluation(summary, None)
    everything = inputs.train.joined(inputs.test) if inputs.test else inputs.train
    report(f"refit:{champion.name}", 0.85, len(everything))
    winner = next(one for one in candidates if one.name == champion.name)
    model = serving(*fit_calibrated(winner, everything))
    summary["importance"] = _importance(model, inputs.test or inputs.train)
    report("done", 1.0, None)
    return Evaluation(summary, model)


def fit_calibrated(candidate: Candidate, snapshot: Snapshot) -> tuple[Any, Platt]:
    """The learner on all rows, and the calibration that its twins earned on customers they had not seen.

    Cross-fitting by customer (every customer's outcome counts once) rather than one held-out part: the
    share who leave in one part strays by more than the calibration corrects.
    """
    folds = CALIBRATION_FOLDS_LARGE if len(snapshot) > LARGE else CALIBRATION_FOLDS
    z = np.zeros(len(snapshot))
    for unseen in customer_folds(snapshot.groups, folds, SEED):
        seen = snapshot.rows(~unseen)
        twin = candidate.build().fit(seen.frame, seen.y, seen.groups)
        z[unseen] = twin.logit(twin.raw(snapshot.frame[unseen]))
    learner = candidate.build().fit(snapshot.frame, snapshot.y, snapshot.groups)
    return learner, Platt.fit(z, snapshot.y)


def _predicted(candidate: Candidate, train: Snapshot, test: Snapshot) -> np.ndarray:
    learner, calibration = fit_calibrated(candidate, train)
    return calibration(learner.logit(learner.raw(test.frame)))


def _judge_one(inputs: Inputs, candidate: Candidate) -> tuple[Judged, np.ndarray]:
    started = time.monotonic()
    if inputs.test is not None:
        y, p = inputs.test.y, _predicted(candidate, inputs.train, inputs.test)
        fold = np.zeros(len(y), int)
    else:
        y = inputs.train.y
        p, fold = _by_folds(candidate, inputs.train)

    def measure(y: np.ndarray, p: np.ndarray, fold: np.ndarray) -> dict[str, float]:
        parts = [binary_metrics(y[fold == one], p[fold == one]) for one in np.unique(fold)]
        return {name: float(np.mean([part[name] for part in parts])) for name in parts[0]}

    clipped = np.clip(p, 1e-7, 1 - 1e-7)
    judged = Judged(
        candidate.name,
        measure(y, p, fold),
        bootstrap_intervals(measure, y, p, fold, rounds=100),
        losses=-np.where(y == 1, np.log(clipped), np.log(1 - clipped)),
        glass_box=candidate.glass_box,
        baseline=candidate.baseline,
        seconds=time.monotonic() - started,
    )
    return judged, p


def _by_folds(candidate: Candidate, whole: Snapshot) -> tuple[np.ndarray, np.ndarray]:
    """Out-of-fold probabilities (n,) and the fold of each row: StratifiedKFold(5, shuffle, seed 42)."""
    p, fold = np.zeros(len(whole)), np.zeros(len(whole), int)
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(whole.y, whole.y)
    for number, (_, test) in enumerate(splits):
        inside = np.isin(np.arange(len(whole)), test)
        p[inside] = _predicted(candidate, whole.rows(~inside), whole.rows(inside))
        fold[inside] = number
    return p, fold


def _summary(
    kind: str,
    inputs: Inputs,
    judged: list[Judged],
    champion: Judged,
    rule: Judged,
    better: bool,
    y: np.ndarray,
    said: dict[str, np.ndarray],
) -> dict[str, Any]:
    bins = calibration_bins(y, said[champion.name])
    letter = grade(champion, rule, better, bins)
    found, rule_found, chance = (
        top_tenth(y, said[champion.name]),
        top_tenth(y, said[rule.name]),
        y.mean(),
    )
    facts = {
        "top_tenth": round(100 * found),
        "rule_top_tenth": round(100 * rule_found),
        "chance": round(100 * float(chance)),
        "n": len(y),
    }
    return {
        "kind": kind,
        "windows": inputs.windows,
        "checks": inputs.checks,
        "judged_on": "newest_window" if inputs.test is not None else "folds",
        "n_training": len(inputs.train),
        "n_test": len(y),
        "positive_share": float(chance),
        "champion": champion.name,
        "baseline": rule.name,
        "glass_box": champion.glass_box,
        "candidates": [one.as_dict() for one in judged],
        "published_metrics": dict(champion.metrics) if better else None,
        "better_than_rule": better,
        "grade": letter,
        "verdict": {"code": f"{kind}_{letter.lower()}", "facts": facts},
        "calibration": bins,
        "params": inputs.params,
    }


def _importance(model: Serving, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Mean absolute points per reason family, the largest first."""
    shares, _, _ = model.explain(snapshot.frame)
    sizes = np.abs(shares).mean(axis=0)
    order = np.argsort(-sizes)
    return [{"code": model.learner.families[i], "points": round(float(sizes[i]), 3)} for i in order]
