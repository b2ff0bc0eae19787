"""How models of texts are judged: candidates fitted, calibrated, chosen, judged, graded; the winner refitted.

What chooses is never what judges. Candidates are chosen by what they say about messages of the training data that
their twins had not seen; the newest messages (or, where messages have no time, the outer fold) are looked at once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax

from insights.ml.evaluation import (
    Candidate,
    Evaluation,
    Judged,
    Report,
    beats,
    bootstrap_intervals,
    grade,
    pick_champion,
)
from insights.ml.learners import customer_folds
from insights.ml.voice.labelled import Inputs, Labelled
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.fitting import (
    SEED,
    Board,
    Fitted,
    blended,
    fit_calibrated,
    log_losses,
)

BLEND = "blend"
FOLDS = 5
# With so many messages one fifth of them tells as much as all five in turn.
MANY = 5_000
ROUNDS = 100
CHOOSING = "validation_log_loss"
NORMAL = 1.96
BINS = 10


@dataclass
class Tried:
    """One candidate: `logits` (n, classes) of the messages it is judged on, `chosen_by` (m,) its losses on those it
    is chosen by, `seconds` what fitting took, `settings` those its twins did best with."""

    candidate: Candidate
    logits: np.ndarray
    chosen_by: np.ndarray
    seconds: float
    settings: dict[str, Any]


@dataclass
class Outcome:
    """What was tried on the messages judged on: their classes y (n,), and what the published one said (n, classes)."""

    tried: list[Tried]
    champion: str
    y: np.ndarray
    said: np.ndarray


def judge(
    kind: str,
    inputs: Inputs,
    candidates: list[Candidate],
    serving: Callable[[Fitted, Labelled], Any],
    report: Report,
) -> Evaluation:
    """Fit and calibrate every candidate, choose one, judge it on `inputs.test` (or by folds), refit it on everything.

    `serving(fitted, messages)` makes the model out of the refitted winner. Steps reported: fit:<candidate> (how far
    of the whole, rows), judge, refit:<candidate>, done.
    """
    summary = judged(kind, inputs, candidates, report)
    if not summary["better_than_rule"]:
        report("done", 1.0, None)
        return Evaluation(summary, None)
    everything = inputs.train.joined(inputs.test) if inputs.test else inputs.train
    champion = summary["champion"]
    report(f"refit:{champion}", 0.85, len(everything))
    model = serving(refitted(champion, candidates, everything, inputs), everything)
    report("done", 1.0, None)
    return Evaluation(summary, model)


def judged(
    kind: str, inputs: Inputs, candidates: list[Candidate], report: Report
) -> dict[str, Any]:
    """The contest without its prize: what `judge` says of everybody, and nothing refitted."""
    ask = _by_folds if inputs.test is None else _by_time
    outcome = ask(inputs, candidates, report)
    report("judge", 0.8, len(outcome.y))
    return _summary(kind, inputs, outcome)


def refitted(
    name: str, candidates: Sequence[Candidate], messages: Labelled, inputs: Inputs
) -> Fitted:
    board = board_of(messages, inputs)
    wanted = [one for one in candidates if name in (one.name, BLEND)]
    made: dict[str, Fitted] = {}
    for candidate in wanted:
        made[candidate.name] = _fit(candidate, board, made)
    return made[name]


def board_of(messages: Labelled, inputs: Inputs) -> Board:
    count = len(messages)
    whole = Corpus([*messages.texts, *inputs.names])
    names = whole.rows(np.arange(count, len(whole))) if inputs.names else None
    corpus = whole.rows(np.arange(count))
    return Board(corpus, messages.y, messages.groups, len(inputs.classes), names)


def _by_time(inputs: Inputs, candidates: list[Candidate], report: Report) -> Outcome:
    assert inputs.test is not None
    board = board_of(inputs.train, inputs)
    tried = _try_all(board, Corpus(inputs.test.texts), candidates, report)
    champion = _chosen(tried)
    return Outcome(tried, champion, inputs.test.y, _said(tried, champion))


def _by_folds(inputs: Inputs, candidates: list[Candidate], report: Report) -> Outcome:
    """Customers parted in five. What is published is chosen inside each outer training part, so that its figures are
    those of the whole procedure; the one refitted in the end is chosen by all that was judged."""
    whole = board_of(inputs.train, inputs)
    folds = customer_folds(whole.groups, FOLDS, SEED)[: 1 if len(whole) >= MANY else FOLDS]
    parts = []
    for fold in folds:
        train = inputs.train.rows(~fold)
        board = board_of(train, inputs)
        parts.append(_try_all(board, whole.corpus.rows(fold), candidates, report))
    said = np.concatenate([_said(part, _chosen(part)) for part in parts])
    tried = []
    for place, candidate in enumerate(candidates):
        mine = [part[place] for part in parts]
        tried.append(
            Tried(
                candidate,
                np.concatenate([one.logits for one in mine]),
                np.concatenate([one.chosen_by for one in mine]),
                sum(one.seconds for one in mine),
                mine[0].settings,
            )
        )
    y = np.concatenate([inputs.train.y[fold] for fold in folds])
    return Outcome(tried, _chosen(tried), y, said)


def _try_all(
    board: Board, judged: Corpus, candidates: list[Candidate], report: Report
) -> list[Tried]:
    """Every candidate, fitted to the board and asked about the judged messages."""
    tried: list[Tried] = []
    made: dict[str, Fitted] = {}
    for place, candidate in enumerate(candidates):
        report(f"fit:{candidate.name}", 0.8 * place / len(candidates), len(board))
        began = time.monotonic()
        one = made[candidate.name] = _fit(candidate, board, made)
        logits = one.logits(judged)
        seconds = time.monotonic() - began
        tried.append(Tried(candidate, logits, one.losses(board.y), seconds, one.settings))
    return tried


def _fit(candidate: Candidate, board: Board, made: dict[str, Fitted]) -> Fitted:
    """A blend is made of what has been fitted already and can be served; word lists can, mere shares cannot."""
    if candidate.name != BLEND:
        return fit_calibrated(candidate.build, board)
    members = [one for one in made.values() if all(hasattr(part, "state") for part in one.learners)]
    return blended(members, board)


def _said(tried: Sequence[Tried], name: str) -> np.ndarray:
    return next(one.logits for one in tried if one.candidate.name == name)


def _chosen(tried: Sequence[Tried]) -> str:
    return pick_champion(
        [
            Judged(
                one.candidate.name,
                {},
                {},
                one.chosen_by,
                glass_box=one.candidate.glass_box,
                baseline=one.candidate.baseline,
            )
            for one in tried
        ]
    ).name


def text_metrics(y: np.ndarray, logits: np.ndarray) -> dict[str, float]:
    """Accuracy, macro-F1 (the mean over classes that occur) and log loss of logits (n, classes) for y (n,)."""
    said, classes = logits.argmax(axis=1), logits.shape[1]
    hits = np.bincount(y[said == y], minlength=classes)
    there, named = np.bincount(y, minlength=classes), np.bincount(said, minlength=classes)
    occurs = there > 0
    f1 = 2 * hits[occurs] / np.maximum(there + named, 1)[occurs]
    return {
        "accuracy": float(np.mean(said == y)),
        "macro_f1": float(f1.mean()),
        "log_loss": float(log_losses(y, logits).mean()),
    }


def _judged(outcome: Outcome, name: str, logits: np.ndarray) -> Judged:
    one = next(one for one in outcome.tried if one.candidate.name == name)
    mean = float(np.mean(one.chosen_by))
    reach = NORMAL * float(np.std(one.chosen_by, ddof=1)) / np.sqrt(len(one.chosen_by))
    intervals = bootstrap_intervals(text_metrics, outcome.y, logits, rounds=ROUNDS)
    return Judged(
        name,
        text_metrics(outcome.y, logits) | {CHOOSING: mean},
        intervals | {CHOOSING: [mean - reach, mean + reach]},
        losses=log_losses(outcome.y, logits),
        glass_box=one.candidate.glass_box,
        baseline=one.candidate.baseline,
        seconds=one.seconds,
        extra={"settings": one.settings} if one.settings else {},
    )


def _summary(kind: str, inputs: Inputs, outcome: Outcome) -> dict[str, Any]:
    judged = [_judged(outcome, one.candidate.name, one.logits) for one in outcome.tried]
    champion = next(one for one in judged if one.name == outcome.champion)
    rule = next(one for one in judged if one.baseline)
    nested = inputs.test is None
    published = _judged(outcome, outcome.champion, outcome.said) if nested else champion
    better = beats(published, rule)
    bins = confidence_bins(outcome.y, outcome.said)
    letter = grade(published, rule, better, bins)
    shares = np.bincount(inputs.train.y, minlength=len(inputs.classes)) / len(inputs.train)
    return {
        "kind": kind,
        "windows": inputs.windows,
        "judged_on": "folds" if nested else "newest_window",
        "chosen_on": "folds_within" if nested else "unseen_messages",
        "n_training": len(inputs.train),
        "n_test": len(outcome.y),
        "classes": {
            name: round(float(share), 4) for name, share in zip(inputs.classes, shares, strict=True)
        },
        "champion": champion.name,
        "baseline": rule.name,
        "glass_box": champion.glass_box,
        "candidates": [one.as_dict() for one in judged],
        "published": published.as_dict(),
        "published_metrics": dict(published.metrics) if better else None,
        "better_than_rule": better,
        "grade": letter,
        "verdict": {
            "code": f"{kind}_{letter.lower()}",
            "facts": {
                "right": round(100 * published.metrics["accuracy"]),
                "rule_right": round(100 * rule.metrics["accuracy"]),
                "n": len(outcome.y),
            },
        },
        "calibration": bins,
        "params": inputs.params,
    }


def confidence_bins(y: np.ndarray, logits: np.ndarray) -> list[dict[str, float]]:
    """Messages sorted by how sure the answer was, in equal groups: how sure, and how many of them were right."""
    p = softmax(logits, axis=1)
    sure, right = p.max(axis=1), p.argmax(axis=1) == y
    order = np.argsort(sure, kind="stable")
    return [
        {"n": len(rows), "predicted": float(sure[rows].mean()), "actual": float(right[rows].mean())}
        for rows in np.array_split(order, BINS)
        if len(rows)
    ]
