"""Recommenders against each other: settings chosen on one closed window, grades given on a later one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insights.ml.baskets import Board
from insights.ml.evaluation import Candidate, Judged
from insights.ml.product_boards import Inputs, groups_of, vectors_of
from insights.ml.rankers import Ranker, Scorer, batches
from insights.ml.ranking import list_metrics, mean_intervals, variety
from insights.ml.recommenders import APPLIED_LATER, Recommender, Settings, ranker
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


def choose(
    data: Inputs, candidate: Candidate, wording: Wording, popular_days: int, before: Sequence[Tried]
) -> Tried:
    """The settings with the highest mean NDCG@10 on the validation window; before: candidates already tried."""
    started = time.perf_counter()
    learner: Recommender = candidate.build()
    on = data.validation
    rows = _judged_rows(on, MOST_CHOOSING, candidate.random_state)
    vectors = vectors_of(data, on, wording)
    best: tuple[float, Settings, Lists] | None = None
    fitted: dict[str, Scorer | None] = {}
    for settings in learner.choices({one.candidate.name: one.settings for one in before}):
        key = repr({k: v for k, v in settings.items() if k not in APPLIED_LATER})
        if key not in fitted:
            fitted[key] = learner.learn(on, vectors, settings)
        complete = {"popular_days": popular_days, **settings}
        lists = _judge(ranker(on, fitted[key], complete, groups_of(data, on)), on, rows)
        if best is None or lists.mean() > best[0]:
            best = (lists.mean(), settings, lists)
    assert best is not None, "every recommender offers at least one setting"
    return Tried(candidate, learner, best[1], _judged(candidate, best[2], started))


def grade_on_test(data: Inputs, one: Tried, wording: Wording, popular_days: int) -> None:
    started = time.perf_counter()
    one.ranker = fit(one, data, data.test, wording, popular_days)
    rows = _judged_rows(data.test, MOST_JUDGED, one.candidate.random_state)
    lists = _judge(one.ranker, data.test, rows)
    one.test = _judged(one.candidate, lists, started - one.validation.seconds)


def losses_with(
    data: Inputs, one: Tried, wording: Wording, popular_days: int, customer_ids: np.ndarray
) -> np.ndarray:
    """1 - NDCG@10 on the validation window of everybody judged there, had it learnt from these customers alone."""
    on = data.validation
    made = fit(one, data, on.part(customer_ids), wording, popular_days)
    rows = _judged_rows(on, MOST_CHOOSING, one.candidate.random_state)
    return 1 - _judge(made, on, rows).values["ndcg_at_10"]


def fit(one: Tried, data: Inputs, on: Board, wording: Wording, popular_days: int) -> Ranker:
    scorer = one.learner.learn(on, vectors_of(data, on, wording), one.settings)
    settings = {"popular_days": popular_days, **one.settings}
    return ranker(on, scorer, settings, groups_of(data, on))


def _judged_rows(on: Board, most: int, random_state: int) -> np.ndarray:
    rows = on.asked
    if len(rows) <= most:
        return rows
    drawn = np.random.default_rng(random_state).choice(rows, most, replace=False)
    return np.sort(drawn)


@dataclass(frozen=True)
class Lists:
    """How good some customers' lists were: values (customers,) per metric, and the coverage of all of them."""

    values: dict[str, np.ndarray]
    coverage: float

    def mean(self) -> float:
        return float(self.values["ndcg_at_10"].mean())


def _judge(made: Ranker, on: Board, rows: np.ndarray) -> Lists:
    assert on.targets is not None
    history, targets = on.history[rows], on.targets[rows]
    top = np.concatenate([made.listed(made.scores(batch))[0] for _, batch in batches(history)])
    owners = np.asarray(on.bought.sum(axis=0)).ravel()
    coverage, novelty = variety(top, owners, len(on.customer_ids))
    return Lists({**list_metrics(top, targets), "novelty_at_10": novelty}, coverage)


def _judged(candidate: Candidate, lists: Lists, started: float) -> Judged:
    means = {name: float(value.mean()) for name, value in lists.values.items()}
    return Judged(
        candidate.name,
        metrics={**means, "coverage_at_10": lists.coverage},
        interval=mean_intervals(lists.values),
        losses=1 - lists.values["ndcg_at_10"],
        glass_box=candidate.glass_box,
        baseline=candidate.baseline,
        seconds=time.perf_counter() - started,
    )
