"""How models of texts are judged: candidates fitted, calibrated, chosen, judged, graded; the winner refitted.

What chooses is never what judges. Candidates are chosen by what they say about messages of the training data that
their twins had not seen; the newest messages (or, where messages have no time, the outer fold) are looked at once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.special import softmax

from insights.ml.choosing import ROUNDS, Tried, chosen, named, told_of
from insights.ml.evaluation import Candidate, Evaluation, Judged, Report, bootstrap_intervals, cases
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
from insights.ml.voice.learning_curve import learning_curve
from insights.ml.voice.script import family
from insights.ml.voice.telling import telling_words

BLEND = "blend"
FOLDS = 5
# With so many messages one fifth of them tells as much as all five in turn.
MANY = 5_000
BINS = 10
# Of fewer messages in a language a figure says nothing.
LEAST_OF_LANGUAGE = 30
# The chance from which on an answer counts, out of what twins said (n, classes) of messages they had not seen, y (n,).
Least = Callable[[np.ndarray, np.ndarray], float]


@dataclass
class TriedOnTexts(Tried):
    """`said` are logits (n, classes); `unseen` (m, classes) what its twins said of the training's messages, whose
    classes are seen_y (m,)."""

    unseen: np.ndarray
    seen_y: np.ndarray


@dataclass
class Outcome:
    """What was tried on the messages judged on (n): their texts, classes y (n,), and what the published one said
    (n, classes)."""

    tried: list[TriedOnTexts]
    champion: str
    texts: list[str]
    y: np.ndarray
    said: np.ndarray


def judge(
    kind: str,
    inputs: Inputs,
    candidates: list[Candidate],
    serving: Callable[[Fitted, Labelled], Any],
    report: Report,
    least: Least | None = None,
) -> Evaluation:
    """Fit and calibrate every candidate, choose one, judge it on `inputs.test` (or by folds), refit it on everything.

    `serving(fitted, messages)` makes the model out of the refitted winner. `least`: how sure an answer has to be,
    where not every message is answered. Steps reported: fit:<candidate> (how far of the whole, rows), judge,
    refit:<candidate>, done.
    """
    summary, outcome = _contest(kind, inputs, candidates, report, least)
    summary["learning_curve"] = _learning_curve(inputs, outcome)
    if not summary["better_than_rule"]:
        report("done", 1.0, None)
        return Evaluation(summary, None)
    everything = inputs.train.joined(inputs.test) if inputs.test else inputs.train
    champion = summary["champion"]
    report(f"refit:{champion}", 0.85, len(everything))
    model = serving(refitted(champion, candidates, everything, inputs), everything)
    summary["words"] = telling_words(model, everything)
    report("done", 1.0, None)
    return Evaluation(summary, model)


def judged(
    kind: str,
    inputs: Inputs,
    candidates: list[Candidate],
    report: Report,
    least: Least | None = None,
) -> dict[str, Any]:
    """The contest without its prize: what `judge` says of everybody, and nothing refitted."""
    return _contest(kind, inputs, candidates, report, least)[0]


def _contest(
    kind: str, inputs: Inputs, candidates: list[Candidate], report: Report, least: Least | None
) -> tuple[dict[str, Any], Outcome]:
    ask = _by_folds if inputs.test is None else _by_time
    outcome = ask(inputs, candidates, report)
    report("judge", 0.8, len(outcome.y))
    summary = _summary(kind, inputs, outcome)
    if least:
        summary["threshold"] = _threshold(outcome, least)
    return summary, outcome


def _learning_curve(inputs: Inputs, outcome: Outcome) -> dict[str, Any]:
    """Of the best single learner: a blend would cost as much as the whole contest. Where folds judge, on the first."""
    tried = [one for one in outcome.tried if not one.candidate.baseline and one.name != BLEND]
    if not tried:
        return {}
    best = min(tried, key=lambda one: float(np.mean(one.chosen_by)))
    build = partial(best.candidate.build, **best.settings)
    if inputs.test is not None:
        texts = Corpus(inputs.test.texts)
        return learning_curve(
            best.name, build, board_of(inputs.train, inputs), texts, inputs.test.y
        )
    whole = board_of(inputs.train, inputs)
    first = customer_folds(whole.groups, FOLDS, SEED)[0]
    return learning_curve(
        best.name, build, whole.rows(~first), whole.corpus.rows(first), whole.y[first]
    )


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
    champion = chosen(tried)
    said = named(tried, champion).said
    return Outcome(tried, champion, inputs.test.texts, inputs.test.y, said)


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
    said = np.concatenate([named(part, chosen(part)).said for part in parts])
    tried = [_whole([part[place] for part in parts]) for place in range(len(candidates))]
    y = np.concatenate([inputs.train.y[fold] for fold in folds])
    texts = [text for fold in folds for text in inputs.train.rows(fold).texts]
    return Outcome(tried, chosen(tried), texts, y, said)


def _whole(mine: Sequence[TriedOnTexts]) -> TriedOnTexts:
    """One candidate's parts together."""
    return TriedOnTexts(
        mine[0].candidate,
        np.concatenate([one.said for one in mine]),
        np.concatenate([one.chosen_by for one in mine]),
        sum(one.seconds for one in mine),
        mine[0].settings,
        np.concatenate([one.unseen for one in mine]),
        np.concatenate([one.seen_y for one in mine]),
    )


def _try_all(
    board: Board, judged: Corpus, candidates: list[Candidate], report: Report
) -> list[TriedOnTexts]:
    """Every candidate, fitted to the board and asked about the judged messages."""
    tried: list[TriedOnTexts] = []
    made: dict[str, Fitted] = {}
    for place, candidate in enumerate(candidates):
        report(f"fit:{candidate.name}", 0.8 * place / len(candidates), len(board))
        began = time.monotonic()
        one = made[candidate.name] = _fit(candidate, board, made)
        logits = one.logits(judged)
        seconds = time.monotonic() - began
        losses, settings = one.losses(board.y), one.settings
        tried.append(
            TriedOnTexts(candidate, logits, losses, seconds, settings, one.unseen, board.y)
        )
    return tried


def _fit(candidate: Candidate, board: Board, made: dict[str, Fitted]) -> Fitted:
    """A blend is made of what has been fitted already and can be served; word lists can, mere shares cannot."""
    if candidate.name != BLEND:
        return fit_calibrated(candidate.build, board)
    members = [one for one in made.values() if all(hasattr(part, "state") for part in one.learners)]
    return blended(members, board)


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
    arrays, losses = (outcome.y, logits), log_losses(outcome.y, logits)
    return named(outcome.tried, name).judged(text_metrics, arrays, losses)


def _summary(kind: str, inputs: Inputs, outcome: Outcome) -> dict[str, Any]:
    judged = [_judged(outcome, one.name, one.said) for one in outcome.tried]
    champion = next(one for one in judged if one.name == outcome.champion)
    nested = inputs.test is None
    published = _judged(outcome, outcome.champion, outcome.said) if nested else champion
    told = told_of(judged, champion.name, published, confidence_bins(outcome.y, outcome.said))
    rule = next(one for one in judged if one.name == told["baseline"])
    shares = np.bincount(inputs.train.y, minlength=len(inputs.classes)) / len(inputs.train)
    return told | {
        "kind": kind,
        "windows": inputs.windows,
        "learnt_from": inputs.sources,
        "judged_on": "folds" if nested else "newest_window",
        "chosen_on": "folds_within" if nested else "unseen_messages",
        "n_training": len(inputs.train),
        "n_test": len(outcome.y),
        "classes": {
            name: round(float(share), 4) for name, share in zip(inputs.classes, shares, strict=True)
        },
        "languages": by_language(
            outcome.texts, outcome.y, outcome.said, named(outcome.tried, rule.name).said
        ),
        "verdict": {
            "code": f"{kind}_{told['grade'].lower()}",
            "facts": {
                "right": round(100 * published.metrics["accuracy"]),
                "rule_right": round(100 * rule.metrics["accuracy"]),
                "n": len(outcome.y),
            },
        },
        "params": inputs.params,
    }


def by_language(
    texts: Sequence[str], y: np.ndarray, said: np.ndarray, rule: np.ndarray
) -> list[dict[str, Any]]:
    """Accuracy and macro-F1 of logits (n, classes) and of the rule's, per language in which enough is written."""
    spoken = np.array([family(text) for text in texts])
    told = []
    for name, count in zip(*np.unique(spoken, return_counts=True), strict=True):
        if count < LEAST_OF_LANGUAGE:
            continue
        rows = spoken == name
        told.append(
            {
                "language": str(name),
                "n": int(count),
                "metrics": text_metrics(y[rows], said[rows]),
                "interval": bootstrap_intervals(
                    text_metrics, y[rows], said[rows], cases=cases(y[rows]), rounds=ROUNDS
                ),
                "rule": text_metrics(y[rows], rule[rows]),
            }
        )
    return sorted(told, key=lambda one: -one["n"])


def _threshold(outcome: Outcome, least: Least) -> dict[str, float]:
    """How many of the judged messages get an answer when it has to be so sure, and how many of those are right."""
    champion = named(outcome.tried, outcome.champion)
    sure_from = least(softmax(champion.unseen, axis=1), champion.seen_y)
    p = softmax(outcome.said, axis=1)
    answered = p.max(axis=1) >= sure_from
    right = p.argmax(axis=1) == outcome.y
    return {
        "least": sure_from,
        "answered": float(answered.mean()),
        "right": float(right[answered].mean()) if answered.any() else 0.0,
        "n": len(outcome.y),
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
