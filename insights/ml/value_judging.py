"""How value is judged: candidates chosen on an earlier window, graded on the newest, the winner refitted."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.stats import rankdata

from insights.ml import stories
from insights.ml.evaluation import (
    Candidate,
    Evaluation,
    Judged,
    Report,
    beats,
    bootstrap_intervals,
    grade,
    paired_gain,
    pick_champion,
)
from insights.ml.features import STORY
from insights.ml.lifetimes.behaviour import MODELS, Behaviour
from insights.ml.next_order import inside, judged
from insights.ml.ranges import coverage
from insights.ml.value_curve import MEASURED, learning_curve
from insights.ml.value_learners import ENOUGH_CUSTOMERS
from insights.ml.value_model import KIND, Forecast, ValueModel
from insights.ml.value_serving import ranges_from, serving_model
from insights.ml.value_spenders import SPENDERS
from insights.ml.value_stages import Foretold, Stage, deviance, share
from insights.ml.value_windows import Inputs, Window

ROUNDS = 60


@dataclass(frozen=True)
class Round:
    """What each candidate, fitted as of one day, said of the window after it, and how that came out."""

    stage: Stage
    window: Window
    judged: list[Judged]
    told: dict[str, np.ndarray]
    foretold: dict[str, Foretold]

    @classmethod
    def of(
        cls,
        tried: list[Candidate],
        stage: Stage,
        window: Window,
        report: Callable[[str, float], None],
        intervals: bool = True,
    ) -> Self:
        """report: called with each candidate's name and the share of the round that is done."""
        made = cls(stage, window, [], {}, {})
        for place, candidate in enumerate(tried):
            report(candidate.name, place / len(tried))
            judgement, forecast, said = _judge(candidate, stage, window, intervals)
            made.judged.append(judgement)
            made.told[candidate.name] = said
            made.foretold[candidate.name] = Foretold.by(forecast, stage, window)
        return made


def evaluate(data: Inputs, candidates: list[Candidate], report: Report) -> Evaluation:
    """The champion by its deviance on the window before the newest; all of them graded on the newest.

    When the champion does not beat the plain rule there, the model is the rule itself, with the ranges that its
    own errors call for: a company with few customers is told that much. Steps reported: choose, fit:<candidate>,
    judge, refit:<candidate>, done.
    """
    report("choose", 0.05, len(data.training[-1]))
    tried = _tried(data, candidates)
    choice = _choosing(data, tried, report)
    buying = choice.stage.buying
    stage = Stage.of(data, data.test_last, data.training, buying)

    def fitting(name: str, done: float) -> None:
        report(f"fit:{name}", 0.4 + 0.35 * done, len(stage.train))

    final = Round.of(tried, stage, data.test, fitting)
    report("judge", 0.75, len(data.test))
    summary = _summary(data, choice, final)
    summary["learning_curve"] = _learning_curve(tried, final, summary["champion"])
    winner = next(one for one in tried if one.name == summary["champion"])
    report(f"refit:{winner.name}", 0.8, len(stage.train))
    before, now = (one.foretold[winner.name] for one in (choice, final))
    model = serving_model(data, winner, buying, before, now)
    summary["level"] = _levels(data, model, final)
    report("done", 1.0, None)
    return Evaluation(summary, model)


def _tried(data: Inputs, candidates: list[Candidate]) -> list[Candidate]:
    """Those that the company has customers enough for."""
    enough = _known_early(data) >= ENOUGH_CUSTOMERS
    some = stories.taking_part(candidates, STORY in data.test.frame)
    return [one for one in some if enough or not SPENDERS[one.name].hungry]


def _choosing(data: Inputs, tried: list[Candidate], report: Report) -> Round:
    """The window before the newest, foretold by what had closed when it opened."""
    window = data.training[-1]
    stage = Stage.of(data, data.lasts[-1], _earlier(data) or [window], "pareto")
    stage.buying = _buying(stage.behaviour, window)

    def choosing(name: str, done: float) -> None:
        report("choose", 0.05 + 0.35 * done, len(stage.train))

    return Round.of(tried, stage, window, choosing, intervals=False)


def _champion(choice: Round) -> str:
    """Of the two models of buying, the one that is nearer to the purchases stands for both."""
    buying = choice.stage.buying
    open_to = [one for one in choice.judged if one.name not in MODELS or one.name == buying]
    return pick_champion(open_to or choice.judged).name


def _levels(data: Inputs, model: ValueModel, final: Round) -> dict[str, float]:
    served = model.forecast.spend(data.newest, data.newest.days) * model.levels["newest"]
    told = final.told[model.forecast.spender.name]
    return {
        "newest": share(data.test.spend.sum(), told.sum()),
        "served": share(served.sum(), data.newest.spend.sum()),
        "season": model.levels["near"] / model.levels["newest"],
        "year": model.levels["year"],
    }


def _learning_curve(tried: list[Candidate], final: Round, champion: str) -> dict[str, Any]:
    """Empty where the rule, or a model of buying, whose few numbers are soon settled, is served."""
    measured = [one for one in tried if one.name == MEASURED]
    if not measured or not SPENDERS[champion].hungry:
        return {}
    return learning_curve(measured[0], final.stage, final.window, final.told[MEASURED])


def _earlier(data: Inputs) -> list[Window]:
    """Training windows that had closed when the one that candidates are chosen on opened."""
    days = data.params["window_days"]
    pairs = zip(data.lasts, data.training, strict=True)
    return [window for last, window in pairs if last + days <= data.lasts[-1]]


def _known_early(data: Inputs) -> int:
    """How many customers the candidates learn from before they are chosen; 0 where nothing had closed by then."""
    earlier = _earlier(data)
    return len(earlier[-1]) if earlier else 0


def _buying(behaviour: Behaviour, window: Window) -> str:
    """The model whose expected purchases lay nearer to what came, both brought to the same total first."""

    def error(name: str) -> float:
        said = behaviour.purchases(name, window.known, window.outcome_days)
        level = share(window.purchases.sum(), said.sum())
        return float(np.mean(np.abs(said * level - window.purchases)))

    return min(MODELS, key=error)


def _judge(
    candidate: Candidate, stage: Stage, window: Window, intervals: bool = True
) -> tuple[Judged, Forecast, np.ndarray]:
    started = time.monotonic()
    forecast = stage.forecast(candidate)
    said = forecast.spend(window, window.outcome_days)
    if candidate.baseline:
        counted = window.days_before * share(
            stage.train.purchases.sum(), stage.train.days_before.sum()
        )
        counted = counted * window.outcome_days / window.days
    else:
        counted = forecast.purchases(window.known, window.outcome_days)

    def measure(
        spend: np.ndarray, said: np.ndarray, purchases: np.ndarray, counted: np.ndarray
    ) -> dict[str, float]:
        return metrics(spend, said) | {
            "mae_transactions": float(np.mean(np.abs(counted - purchases)))
        }

    seen = (window.spend, said, window.purchases, counted)
    judgement = Judged(
        candidate.name,
        measure(*seen),
        bootstrap_intervals(measure, *seen, rounds=ROUNDS) if intervals else {},
        losses=deviance(window.spend, said),
        baseline=candidate.baseline,
        seconds=time.monotonic() - started,
    )
    return judgement, forecast, said


def metrics(spend: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """How well expected amounts (n,) foretold what was spent (n,).

    spearman: rank correlation. ngini: how much of the spending the expected order finds, 1 for the true order.
    total_ratio: expected over spent, all together.
    """
    return {
        "mae_spend": float(np.mean(np.abs(said - spend))),
        "spearman": _spearman(spend, said),
        "ngini": _found(spend, said) / (_found(spend, spend) or 1.0),
        "total_ratio": share(said.sum(), spend.sum()),
        "deviance": float(np.mean(deviance(spend, said))),
    }


def _spearman(spend: np.ndarray, said: np.ndarray) -> float:
    a, b = rankdata(spend), rankdata(said)
    a, b = a - a.mean(), b - b.mean()
    below = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b / below) if below else 0.0


def _found(spend: np.ndarray, said: np.ndarray) -> float:
    """Area between the share of spending found in the order of `said` and the diagonal."""
    ordered = spend[np.argsort(-said, kind="stable")]
    total = ordered.sum()
    n = len(ordered)
    return float(np.cumsum(ordered).sum() / total - (n + 1) / 2) if total > 0 else 0.0


def _summary(data: Inputs, choice: Round, final: Round) -> dict[str, Any]:
    stage, graded = final.stage, final.judged
    name = _champion(choice)
    champion = next(one for one in graded if one.name == name)
    rule = next(one for one in graded if one.baseline)
    better = beats(champion, rule)
    served = champion if better else rule
    for one, earlier in zip(graded, choice.judged, strict=True):
        one.extra["validation"] = earlier.metrics
    before, now = (one.foretold[served.name] for one in (choice, final))
    letter = grade(champion, rule, better)
    return {
        "kind": KIND,
        "windows": data.windows,
        "judged_on": "newest_window",
        "n_training": len(stage.train),
        "n_test": len(data.test),
        # What is not better than the rule is not used: the rule stands in its place.
        "champion": served.name,
        "served_rule": not better,
        "baseline": rule.name,
        "glass_box": False,
        "candidates": [one.as_dict() for one in graded],
        "published_metrics": dict(served.metrics),
        "better_than_rule": better,
        "grade": letter,
        "verdict": {
            "code": f"{KIND}_{letter.lower()}",
            "facts": _facts(final, champion, rule, served) | {"early": _known_early(data)},
        },
        "buying": {
            "model": stage.buying,
            "degenerate": stage.behaviour.degenerate,
            "parameters": stage.behaviour.state(),
        },
        "params": data.params,
        "ranges": _ranges_judged(before, now),
        "next_order": _next_order(data, stage),
    }


def _facts(final: Round, champion: Judged, rule: Judged, served: Judged) -> dict[str, Any]:
    """What the verdict's sentence is made of."""
    top, rule_top = (_topshare(final.window, final.told[one.name]) for one in (champion, rule))
    return {
        "off": round(champion.metrics["mae_spend"], 2),
        "rule_off": round(rule.metrics["mae_spend"], 2),
        "top": top,
        "rule_top": rule_top,
        "total": round(100 * served.metrics["total_ratio"]),
        "weight": round(100 * final.stage.weight),
        "needed": _needed(champion, rule),
        "n": len(final.window),
    }


def _next_order(data: Inputs, stage: Stage) -> dict[str, Any] | None:
    told = judged(data.everyone, data.closed, stage.behaviour, stage.buying)
    return told and {**told, "inside": inside(data.everyone, data.closed)}


def _topshare(window: Window, said: np.ndarray) -> int:
    """What share of all spending came from the tenth from whom most was expected, in percent."""
    first = np.argsort(-said, kind="stable")[: max(1, len(said) // 10)]
    return round(100 * share(window.spend[first].sum(), window.spend.sum()))


def _needed(champion: Judged, rule: Judged) -> int | None:
    """About how many customers would make the gain over the rule sure; None where there is no gain."""
    gain, error = paired_gain(rule.losses, champion.losses)
    if champion.name == rule.name or gain <= 0:
        return None
    return int(np.ceil(len(rule.losses) * (1.645 * error / gain) ** 2))


def _ranges_judged(before: Foretold, now: Foretold) -> dict[str, float]:
    """Of the outcomes in the newest window, the share inside ranges that the window before had settled."""
    low, high = ranges_from([before]).around(now.expected, now.odds)
    return {"coverage": coverage(low, high, now.spend), "n": len(now.spend)}
