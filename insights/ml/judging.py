"""How a yes-or-no question is judged: candidates fitted, calibrated, chosen, judged, graded; the winner refitted.

What chooses is never what judges. Candidates are chosen by what they say about customers of the training data whom
their twins had not seen; the newest closed window (or, where a label has no date, the outer fold) is looked at once,
by the one that was chosen.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold

from insights.ml.calibration import Platt
from insights.ml.choosing import Tried, chosen, named, told_of
from insights.ml.evaluation import (
    Candidate,
    Evaluation,
    Judged,
    Report,
    binary_metrics,
    calibration_bins,
    top_tenth,
)
from insights.ml.learners import Learner, learner_class
from insights.ml.learners.blend import MEMBERS, Blend
from insights.ml.learners.fitting import Fitted, fit_calibrated, log_losses
from insights.ml.learning_curve import learning_curve
from insights.ml.snapshots import Inputs, Snapshot

FOLDS = 5
SEED = 42
BLEND = "blend"


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
    """Fit and calibrate every candidate, choose one, judge it on `inputs.test` (or by folds), refit it on everything.

    `serving(learner, calibration)` makes the model out of the refitted winner. Steps reported:
    fit:<candidate> (how far of the whole, rows), judge, refit:<candidate>, done.
    """
    board = contest(inputs, candidates, report)
    report("judge", 0.8, len(board.y))
    summary = _summary(kind, inputs, board)
    if not summary["better_than_rule"]:
        report("done", 1.0, None)
        return Evaluation(summary, None)
    summary["learning_curve"] = _learning_curve(inputs, board)
    everything = inputs.train.joined(inputs.test) if inputs.test else inputs.train
    report(f"refit:{board.champion}", 0.85, len(everything))
    winner = next(one for one in candidates if one.name == board.champion)
    made = _fit(winner, everything, {})
    model = serving(made.learner, made.calibration)
    summary["importance"] = _importance(model, inputs.test or inputs.train)
    report("done", 1.0, None)
    return Evaluation(summary, model)


def contest(inputs: Inputs, candidates: list[Candidate], report: Report) -> "Board":
    """Everybody fitted, one chosen, and what each says of the rows that judge."""
    if inputs.test is not None:
        return _by_time(inputs.train, inputs.test, candidates, report)
    return _by_folds(inputs.train, candidates, report)


@dataclass
class Board:
    """What was tried and which was chosen. Of the rows judged on: outcomes y (n,), folds (n,), what the chosen one
    said (n,)."""

    tried: list[Tried]
    champion: str
    y: np.ndarray
    fold: np.ndarray
    said: np.ndarray


def _by_time(train: Snapshot, test: Snapshot, candidates: list[Candidate], report: Report) -> Board:
    (tried,) = _try_all([(train, test)], candidates, report)
    champion = chosen(tried)
    said = named(tried, champion).said
    return Board(tried, champion, test.y, np.zeros(len(test), int), said)


def _by_folds(whole: Snapshot, candidates: list[Candidate], report: Report) -> Board:
    """StratifiedKFold(5, shuffle, seed 42). What is published is chosen inside each outer training fold, so its figures
    are those of the whole procedure; the one refitted in the end is chosen by all five folds."""
    fold, said = np.zeros(len(whole), int), np.zeros(len(whole))
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(whole.y, whole.y)
    for number, (_, rows) in enumerate(splits):
        fold[rows] = number
    inside = [fold == number for number in range(FOLDS)]
    parts = _try_all([(whole.rows(~one), whole.rows(one)) for one in inside], candidates, report)
    for rows, part in zip(inside, parts, strict=True):
        said[rows] = named(part, chosen(part)).said
    tried = []
    for place, candidate in enumerate(candidates):
        p = np.zeros(len(whole))
        for rows, part in zip(inside, parts, strict=True):
            p[rows] = part[place].said
        seconds = sum(part[place].seconds for part in parts)
        settings = parts[0][place].settings
        tried.append(Tried(candidate, p, log_losses(whole.y, p), seconds, settings))
    return Board(tried, chosen(tried), whole.y, fold, said)


def _try_all(
    splits: list[tuple[Snapshot, Snapshot]], candidates: list[Candidate], report: Report
) -> list[list[Tried]]:
    """Per split every candidate, fitted to its first part and asked about its second."""
    parts: list[list[Tried]] = [[] for _ in splits]
    made: list[dict[str, Fitted]] = [{} for _ in splits]
    for place, candidate in enumerate(candidates):
        report(f"fit:{candidate.name}", 0.8 * place / len(candidates), len(splits[0][0]))
        for (train, test), part, fitted in zip(splits, parts, made, strict=True):
            began = time.monotonic()
            one = _fit(candidate, train, fitted)
            p = one.chance(test.frame)
            seconds = time.monotonic() - began
            part.append(Tried(candidate, p, one.losses(train.y), seconds, one.settings))
            if candidate.name in MEMBERS:
                fitted[candidate.name] = one
    return parts


def _fit(candidate: Candidate, snapshot: Snapshot, fitted: dict[str, Fitted]) -> Fitted:
    """A blend is made of what has been fitted already; what is missing of it is fitted now."""
    if candidate.name != BLEND:
        return fit_calibrated(candidate.build, snapshot)
    members = {n: fitted.get(n) or fit_calibrated(learner_class(n), snapshot) for n in MEMBERS}
    return Blend.of(members, snapshot)


def _measure(y: np.ndarray, p: np.ndarray, fold: np.ndarray) -> dict[str, float]:
    parts = [binary_metrics(y[fold == one], p[fold == one]) for one in np.unique(fold)]
    return {name: float(np.mean([part[name] for part in parts])) for name in parts[0]}


def _judged(board: Board, name: str, p: np.ndarray) -> Judged:
    """What the rows judged on say about probabilities p (n,)."""
    arrays = (board.y, p, board.fold)
    return named(board.tried, name).judged(_measure, arrays, log_losses(board.y, p))


def _summary(kind: str, inputs: Inputs, board: Board) -> dict[str, Any]:
    judged = [_judged(board, one.name, one.said) for one in board.tried]
    # By folds the figures of the whole procedure, its choice included, are not quite those of the one chosen last.
    nested = inputs.test is None
    champion = next(one for one in judged if one.name == board.champion)
    published = _judged(board, board.champion, board.said) if nested else champion
    bins = calibration_bins(board.y, board.said)
    told = told_of(judged, board.champion, published, bins)
    rule_said = named(board.tried, told["baseline"]).said
    return told | {
        "kind": kind,
        "windows": inputs.windows,
        "checks": inputs.checks,
        "judged_on": "folds" if nested else "newest_window",
        "chosen_on": "folds_within" if nested else "unseen_customers",
        "n_training": len(inputs.train),
        "n_test": len(board.y),
        "positive_share": float(board.y.mean()),
        "base_rates": _base_rates(inputs, board),
        "verdict": {
            "code": f"{kind}_{told['grade'].lower()}",
            "facts": {
                "top_tenth": round(100 * top_tenth(board.y, board.said)),
                "rule_top_tenth": round(100 * top_tenth(board.y, rule_said)),
                "chance": round(100 * float(board.y.mean())),
                "n": len(board.y),
            },
        },
        "params": inputs.params,
    }


def _base_rates(inputs: Inputs, board: Board) -> dict[str, Any]:
    """The share who left in each window learnt from, in the judged one, and what was said of it on average."""
    if inputs.test is None:
        return {}
    frame = inputs.train.frame.assign(left=inputs.train.y)
    return {
        "learnt": [float(share) for share in frame.groupby("as_of")["left"].mean()],
        "judged": float(board.y.mean()),
        "said": float(board.said.mean()),
    }


def _learning_curve(inputs: Inputs, board: Board) -> dict[str, Any]:
    """Of the champion's learner, or of the best one in a blend: a blend would cost as much as the whole contest."""
    names = MEMBERS if board.champion == BLEND else (board.champion,)
    tried = [one for one in board.tried if one.candidate.name in names]
    if not tried:
        return {}
    best = min(tried, key=lambda one: float(np.mean(one.chosen_by)))
    build = partial(best.candidate.build, **best.settings)
    one = replace(best.candidate, build=build)
    if inputs.test is not None:
        return learning_curve(one, inputs.train, inputs.test, best.said)
    first = board.fold == 0
    whole = inputs.train
    return learning_curve(one, whole.rows(~first), whole.rows(first), best.said[first])


def _importance(model: Serving, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Mean absolute points per reason family, the largest first."""
    shares, _, _ = model.explain(snapshot.frame)
    sizes = np.abs(shares).mean(axis=0)
    order = np.argsort(-sizes)
    return [{"code": model.learner.families[i], "points": round(float(sizes[i]), 3)} for i in order]
