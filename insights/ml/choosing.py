"""What contests over customers and over messages have in common: who is chosen, and what is told of everybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from insights.ml.evaluation import (
    Candidate,
    Judged,
    beats,
    bootstrap_intervals,
    cases,
    grade,
    pick_champion,
)

CHOOSING = "validation_log_loss"
# Within so many standard errors lies a mean with 95 % certainty.
NORMAL = 1.96
ROUNDS = 100


@dataclass
class Tried:
    """One candidate: `said` (n, …) of the rows it is judged on, `chosen_by` (m,) its losses on the rows it is chosen
    by, `seconds` what fitting took, `settings` those its twins did best with (of the first fold)."""

    candidate: Candidate
    said: np.ndarray
    chosen_by: np.ndarray
    seconds: float
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        return self.candidate.name

    def judged(
        self,
        measure: Callable[..., Mapping[str, float]],
        arrays: Sequence[np.ndarray],
        losses: np.ndarray,
    ) -> Judged:
        """What measure(*arrays) says of it, with intervals, and what it was chosen by. The first array holds the
        outcomes."""
        mean = float(np.mean(self.chosen_by))
        reach = NORMAL * float(np.std(self.chosen_by, ddof=1)) / np.sqrt(len(self.chosen_by))
        intervals = bootstrap_intervals(measure, *arrays, cases=cases(arrays[0]), rounds=ROUNDS)
        return Judged(
            self.name,
            {**measure(*arrays), CHOOSING: mean},
            intervals | {CHOOSING: [mean - reach, mean + reach]},
            losses=losses,
            glass_box=self.candidate.glass_box,
            baseline=self.candidate.baseline,
            seconds=self.seconds,
            extra={"settings": self.settings} if self.settings else {},
        )


Some = TypeVar("Some", bound=Tried)


def named(tried: Sequence[Some], name: str) -> Some:
    return next(one for one in tried if one.name == name)


def chosen(tried: Sequence[Tried]) -> str:
    """The champion's name, by what it said about rows of the training data that its twins had not seen."""
    return pick_champion(
        [
            Judged(
                one.name,
                {},
                {},
                one.chosen_by,
                glass_box=one.candidate.glass_box,
                baseline=one.candidate.baseline,
            )
            for one in tried
        ]
    ).name


def told_of(
    judged: Sequence[Judged], champion: str, published: Judged, bins: Sequence[dict[str, float]]
) -> dict[str, Any]:
    """The part of a summary that says who took part, who won, and whether that beats the rule.

    `published`: the judgement of what is published; of the whole procedure where the choice belongs to it.
    """
    winner = next(one for one in judged if one.name == champion)
    rule = next(one for one in judged if one.baseline)
    better = beats(published, rule)
    return {
        "champion": winner.name,
        "baseline": rule.name,
        "glass_box": winner.glass_box,
        "candidates": [one.as_dict() for one in judged],
        "published": published.as_dict(),
        "published_metrics": dict(published.metrics) if better else None,
        "better_than_rule": better,
        "grade": grade(published, rule, better, bins),
        "calibration": list(bins),
    }
