"""How candidates are judged: metrics with intervals, calibration bins, the champion, the grade.

Every question goes through here with its plain rule among the candidates. Nothing is published that
does not beat that rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from insights.ml.said_and_happened import ROUGH, error_beyond_chance

# Figures of resamples that differ by less are one figure.
SAME = 1e-9
Report = Callable[[str, float, int | None], None]


class NotEnoughData(Exception):
    """The company's data cannot answer the question yet. `code` and `facts` become a sentence."""

    def __init__(self, code: str, facts: Mapping[str, Any] | None = None):
        self.code = code
        self.facts = dict(facts or {})
        super().__init__(f"{code} {self.facts}")


@dataclass(frozen=True)
class Candidate:
    """One way to answer a question. `build()` returns a fresh, unfitted learner.

    `glass_box`: its reasons are exact and readable. `baseline`: the plain rule, always included.
    """

    name: str
    build: Callable[..., Any]
    glass_box: bool = False
    baseline: bool = False
    random_state: int = 42


@dataclass
class Judged:
    """What later data said about one candidate.

    `losses`: one loss per judged unit (customer, user, fold), lower is better, in the same order for
    every candidate, so that two candidates can be compared pairwise.
    """

    name: str
    metrics: dict[str, float]
    interval: dict[str, list[float]]
    losses: np.ndarray
    glass_box: bool = False
    baseline: bool = False
    seconds: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "glass_box": self.glass_box,
            "baseline": self.baseline,
            "metrics": {name: float(value) for name, value in self.metrics.items()},
            "interval": {name: [float(v) for v in pair] for name, pair in self.interval.items()},
            "seconds": round(float(self.seconds), 3),
            **self.extra,
        }


@dataclass
class Evaluation:
    """The judgement: a JSON-able summary, and the model to serve (None when the rule was not beaten)."""

    summary: dict[str, Any]
    model: Any | None


def binary_metrics(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """How well probabilities p (n,) foretold labels y (n,) in {0, 1}.

    ROC-AUC, PR-AUC, log loss and Brier score judge the probabilities themselves; accuracy, recall, F1 and
    macro-F1 (the mean of both classes' F1) judge the answer that follows from p of one half or more.
    """
    clipped = np.clip(p, 1e-7, 1 - 1e-7)
    positive, said = y == 1, p >= 0.5
    hits, quiet = float(np.sum(said & positive)), float(np.sum(~said & ~positive))
    missed = len(y) - hits - quiet
    f1 = 2 * hits / (2 * hits + missed) if hits else 0.0
    f1_quiet = 2 * quiet / (2 * quiet + missed) if quiet else 0.0
    roc_auc, pr_auc = areas(positive, p)
    return {
        "roc_auc": roc_auc,
        "pr_auc": pr_auc,
        "log_loss": float(-np.mean(np.log(np.where(positive, clipped, 1 - clipped)))),
        "brier": float(np.mean((p - positive) ** 2)),
        "accuracy": (hits + quiet) / len(y),
        "recall": hits / max(float(positive.sum()), 1.0),
        "f1": f1,
        "macro_f1": (f1 + f1_quiet) / 2,
    }


def areas(positive: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """ROC-AUC and PR-AUC, from one sort; those who were told the same are one step of either curve.

    The first is the chance that a positive stands above a negative, ties counting half (Mann & Whitney 1947), the
    second the average precision over all recalls, not interpolated (as scikit-learn has it). Called hundreds of times
    per interval, where scikit-learn's checks of its input cost many times what the figures do.
    """
    n, positives = len(p), int(positive.sum())
    if positives in (0, n):
        raise ValueError("ROC-AUC needs both outcomes")
    order = np.argsort(p)[::-1]
    steps = np.append(np.flatnonzero(np.diff(p[order])), n - 1)
    found = np.cumsum(positive[order])[steps]
    hits, misses = np.diff(found, prepend=0), np.diff(steps + 1 - found, prepend=0)
    roc_auc = np.sum(misses * (found - hits / 2)) / (positives * (n - positives))
    return float(roc_auc), float(np.sum(hits * found / (steps + 1)) / positives)


def wilson(share: float, n: float) -> list[float]:
    """95 % interval of a share of n cases (Wilson 1927): also of none and of all it says how sure that is."""
    z2 = 1.96**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = 1.96 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return [float(max(0.0, middle - reach)), float(min(1.0, middle + reach))]


def cases(y: np.ndarray) -> dict[str, float]:
    """How many cases of y (n,) a metric is the share of. One that counts every class alike (k of them with m cases
    each) is as sure as k² / Σ(1/m) cases make it."""
    counts = np.unique(y, return_counts=True)[1]
    alike = len(counts) ** 2 / float((1 / counts).sum())
    positives = max(1.0, float(np.sum(y == 1)))
    return {"accuracy": float(len(y)), "macro_f1": alike, "roc_auc": alike} | dict.fromkeys(
        ("recall", "f1", "pr_auc"), positives
    )


def bootstrap_intervals(
    measure: Callable[..., Mapping[str, float]],
    *arrays: np.ndarray,
    cases: Mapping[str, float] | None = None,
    rounds: int = 200,
    coverage: float = 0.95,
    random_state: int = 42,
) -> dict[str, list[float]]:
    """Percentile intervals (Efron 1979) of every metric that measure(*arrays) returns.

    Rows are resampled together. A resample on which a metric is undefined (one class only) is skipped. `cases`: of
    metrics that are shares, of how many; where all was right, so is every resample, and Wilson's interval takes over.
    Of the accuracy it is always Wilson's.
    """
    generator = np.random.default_rng(random_state)
    n = len(arrays[0])
    drawn: dict[str, list[float]] = {}
    for _ in range(rounds):
        rows = generator.integers(0, n, n)
        try:
            values = measure(*(array[rows] for array in arrays))
        except ValueError:
            continue
        for name, value in values.items():
            if np.isfinite(value):
                drawn.setdefault(name, []).append(value)
    tail = (1 - coverage) / 2
    found = {
        name: [float(np.quantile(values, tail)), float(np.quantile(values, 1 - tail))]
        for name, values in drawn.items()
    }
    shares = measure(*arrays) if cases else {}
    for name in found.keys() & shares.keys() & (cases or {}).keys():
        if name == "accuracy" or np.ptp(drawn[name]) < SAME:
            found[name] = wilson(shares[name], (cases or {})[name])
    return found


def paired_gain(worse: np.ndarray, better: np.ndarray) -> tuple[float, float]:
    """Mean of the unit-wise difference in loss and its standard error."""
    difference = np.asarray(worse, float) - np.asarray(better, float)
    n = len(difference)
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0


def pick_champion(judged: Sequence[Judged]) -> Judged:
    """The candidate with the lowest mean loss; within one standard error of it, a glass box first.

    The one-standard-error rule of Breiman et al. (1984): the standard error is that of the best mean
    loss itself. Exact reasons are worth as much as what the window cannot tell apart. Among glass boxes
    within reach the best one wins, but none that fails to beat the plain rule where the best one does.
    The rule is a candidate like any other and is not preferred for being simple.
    """
    best = min(judged, key=lambda one: float(np.mean(one.losses)))
    if best.glass_box or best.baseline:
        return best
    reach = float(np.mean(best.losses) + np.std(best.losses, ddof=1) / np.sqrt(len(best.losses)))
    rules = [one for one in judged if one.baseline]
    boxes = [
        one
        for one in judged
        if one.glass_box and not one.baseline and np.mean(one.losses) <= reach
        if all(beats(one, rule) or not beats(best, rule) for rule in rules)
    ]
    return min(boxes, key=lambda one: float(np.mean(one.losses)), default=best)


def beats(champion: Judged, rule: Judged, errors: float = 1.645) -> bool:
    """Whether the champion's loss is below the rule's by more than chance (one-sided, 5 %)."""
    if champion.name == rule.name:
        return False
    gain, error = paired_gain(rule.losses, champion.losses)
    return gain > errors * error and gain > 0


def calibration_bins(y: np.ndarray, p: np.ndarray, bins: int = 10) -> list[dict[str, float]]:
    """Customers sorted by predicted probability into equal groups: what was said, what happened."""
    order = np.argsort(p, kind="stable")
    return [
        {"n": len(rows), "predicted": float(p[rows].mean()), "actual": float(y[rows].mean())}
        for rows in np.array_split(order, bins)
        if len(rows)
    ]


def top_tenth(y: np.ndarray, p: np.ndarray) -> float:
    """Of the tenth with the highest probabilities, the share that really is positive."""
    first = np.argsort(-p, kind="stable")[: max(1, len(p) // 10)]
    return float(y[first].mean())


# A grade says how much of the rule's loss the champion takes away.
GRADES = (("A", 0.10), ("B", 0.04), ("C", 0.0))


def grade(
    champion: Judged, rule: Judged, better: bool, bins: Sequence[dict[str, float]] = ()
) -> str:
    """A–D against the plain rule: A takes away a tenth of its loss or more, D is no better than it.

    Whose probabilities (bins) are rough is a letter lower, though never D: people act on its percentages too.
    """
    if not better:
        return "D"
    gain = 1 - float(np.mean(champion.losses)) / float(np.mean(rule.losses))
    letter = next(letter for letter, least in GRADES if gain >= least)
    rough = error_beyond_chance(list(bins)) >= ROUGH
    return {"A": "B", "B": "C"}.get(letter, letter) if rough else letter
