"""Recommenders against each other: settings chosen on one closed window, grades given on a later one."""

import time
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import Board
from insights.ml.evaluation import Candidate, Judged
from insights.ml.product_boards import Inputs, vectors_of
from insights.ml.ranking import METRICS, best_columns, list_metrics, mean_intervals
from insights.ml.recommenders import Ranker, Recommender, Settings, batches, ranker
from insights.ml.wording import Wording

# Settings are chosen, and grades given, on at most this many customers: more would not change them.
MOST_CHOOSING = 5_000
MOST_JUDGED = 20_000


@dataclass
class Tried:
    """One candidate: the settings that validation chose, and how it did in both windows."""

    candidate: Candidate
    learner: Recommender
    settings: Settings
    validation: Judged
    test: Judged | None = None
    ranker: Ranker | None = None


def choose(data: Inputs, candidate: Candidate, wording: Wording, popular_days: int) -> Tried:
    """The settings with the highest mean NDCG@10 on the validation window."""
    started = time.perf_counter()
    learner: Recommender = candidate.build()
    rows = _judged_rows(data.validation, MOST_CHOOSING, candidate.random_state)
    vectors = vectors_of(data, data.validation, wording)
    best: tuple[float, Settings, dict[str, np.ndarray]] | None = None
    fitted: dict[str, sp.csc_matrix | None] = {}
    for settings in learner.choices():
        # The trend is applied after fitting: settings that differ in it alone share one fit.
        key = repr({k: v for k, v in settings.items() if k not in ("trend", "popular_days")})
        if key not in fitted:
            fitted[key] = learner.weights(data.validation, vectors, settings)
        made = ranker(
            data.validation, fitted[key], settings.get("trend", 0.0),
            settings.get("popular_days", popular_days),
        )  # fmt: skip
        values = _judge(made, data.validation, rows)
        mean = float(values["ndcg_at_10"].mean())
        if best is None or mean > best[0]:
            best = (mean, settings, values)
    assert best is not None, "every recommender offers at least one setting"
    return Tried(candidate, learner, best[1], _judged(candidate, best[2], started))


def grade_on_test(data: Inputs, one: Tried, wording: Wording, popular_days: int) -> None:
    started = time.perf_counter()
    one.ranker = fit(one, data, data.test, wording, popular_days)
    rows = _judged_rows(data.test, MOST_JUDGED, one.candidate.random_state)
    values = _judge(one.ranker, data.test, rows)
    one.test = _judged(one.candidate, values, started - one.validation.seconds)


def fit(one: Tried, data: Inputs, on: Board, wording: Wording, popular_days: int) -> Ranker:
    weights = one.learner.weights(on, vectors_of(data, on, wording), one.settings)
    days = one.settings.get("popular_days", popular_days)
    return ranker(on, weights, one.settings.get("trend", 0.0), days)


def _judged_rows(on: Board, most: int, random_state: int) -> np.ndarray:
    rows = on.asked
    if len(rows) <= most:
        return rows
    drawn = np.random.default_rng(random_state).choice(rows, most, replace=False)
    return np.sort(drawn)


def _judge(made: Ranker, on: Board, rows: np.ndarray) -> dict[str, np.ndarray]:
    assert on.targets is not None
    bought, targets = on.bought[rows], on.targets[rows]
    parts = [
        list_metrics(best_columns(made.scores(batch)), targets[chunk])
        for chunk, batch in batches(bought)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in METRICS}


def _judged(candidate: Candidate, values: dict[str, np.ndarray], started: float) -> Judged:
    return Judged(
        candidate.name,
        metrics={name: float(value.mean()) for name, value in values.items()},
        interval=mean_intervals(values),
        losses=1 - values["ndcg_at_10"],
        glass_box=candidate.glass_box,
        baseline=candidate.baseline,
        seconds=time.perf_counter() - started,
    )
