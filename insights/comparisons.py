"""Candidates side by side, and one training beside the next: who won, and by how much."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.wording import amount, percent, sentences, spaced
from insights.candidates import candidate_label
from insights.figures import Summary, measured, of_candidate
from insights.models import OF_MESSAGES, Kind, TrainingRun
from insights.story_part import part_of_letters, part_of_story


@dataclass(frozen=True)
class Metric:
    code: str
    label: Any
    higher_is_better: bool = True
    digits: int = 3
    judges: bool = False
    best_at: float | None = None  # neither high nor low is best
    # Of the window that settings and winner were chosen on, which closed before the one they are graded on.
    earlier: bool = False

    def values(self, one: dict) -> dict[str, float]:
        return one.get("validation" if self.earlier else "metrics", {})

    def intervals(self, one: dict) -> dict[str, list[float]]:
        return one.get("validation_interval" if self.earlier else "interval", {})


OF_TEXTS = [
    Metric("validation_log_loss", gettext_lazy("Log loss in validation"), False, judges=True),
    Metric("macro_f1", gettext_lazy("Macro-F1")),
    Metric("accuracy", gettext_lazy("Accuracy")),
    Metric("log_loss", gettext_lazy("Log loss"), False, judges=True),
]
METRICS = {
    Kind.CHURN: [
        Metric("validation_log_loss", gettext_lazy("Log loss in validation"), False, judges=True),
        Metric("roc_auc", gettext_lazy("ROC-AUC")),
        Metric("log_loss", gettext_lazy("Log loss"), False, judges=True),
        Metric("brier", gettext_lazy("Brier score"), False),
        Metric("pr_auc", gettext_lazy("PR-AUC")),
        Metric("accuracy", gettext_lazy("Accuracy")),
        Metric("recall", gettext_lazy("Recall")),
        Metric("f1", gettext_lazy("F1")),
    ],
    Kind.PRODUCTS: [
        Metric("ndcg_at_10", gettext_lazy("NDCG@10, earlier window"), judges=True, earlier=True),
        Metric("ndcg_at_10", gettext_lazy("NDCG@10")),
        Metric("hit_rate_at_10", gettext_lazy("Hit rate@10")),
        Metric("recall_at_10", gettext_lazy("Recall@10")),
        Metric("coverage_at_10", gettext_lazy("Coverage@10")),
        Metric("novelty_at_10", gettext_lazy("Novelty@10"), digits=2),
    ],
    Kind.SEGMENTS: [
        Metric("spend_explained", gettext_lazy("Spending explained")),
        Metric("purchase_auc", gettext_lazy("ROC-AUC of buying")),
        Metric("silhouette", gettext_lazy("Silhouette"), digits=2),
        Metric("stability", gettext_lazy("Stability"), digits=2),
    ],
    Kind.VALUE: [
        Metric("deviance", gettext_lazy("Deviance, earlier window"), False, 2, True, earlier=True),
        Metric("deviance", gettext_lazy("Deviance"), False, digits=2, judges=True),
        Metric("ngini", gettext_lazy("Normalised Gini")),
        Metric("spearman", gettext_lazy("Rank correlation")),
        Metric("mae_spend", gettext_lazy("Error in money"), False, digits=2),
        Metric("mae_transactions", gettext_lazy("Error in orders"), False),
        Metric("total_ratio", gettext_lazy("Expected ÷ spent"), digits=2, best_at=1.0),
    ],
    Kind.SENTIMENT: OF_TEXTS,
    Kind.INTENT: OF_TEXTS,
}
# The figure that stands in a model's row and is followed over time.
MAIN = {
    Kind.CHURN: "roc_auc",
    Kind.PRODUCTS: "hit_rate_at_10",
    Kind.SEGMENTS: "spend_explained",
    Kind.VALUE: "ngini",
    Kind.SENTIMENT: "macro_f1",
    Kind.INTENT: "macro_f1",
}


@dataclass(frozen=True)
class Cell:
    label: str
    value: str
    best: bool
    interval: str


@dataclass(frozen=True)
class Row:
    name: str
    label: str
    is_rule: bool
    is_champion: bool
    note: str
    seconds: float
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    metrics: list[Metric]
    rows: list[Row]
    note: str


def main_figure(kind: str, summary: Summary) -> str:
    """``ROC-AUC 0.871``: short enough for a row."""
    kind = Kind(kind)
    value = measured(summary, MAIN[kind])
    if value is None:
        return ""
    if kind == Kind.CHURN:
        return _("ROC-AUC %(value)s") % {"value": amount(value, 3)}
    if kind == Kind.PRODUCTS:
        return _("Hit rate %(value)s") % {"value": percent(value)}
    if kind == Kind.VALUE:
        return _("Gini %(value)s") % {"value": amount(value, 3)}
    if kind in OF_MESSAGES:
        return _("Macro-F1 %(value)s") % {"value": amount(value, 3)}
    return _("Explains %(value)s") % {"value": percent(value)}


def comparison(kind: str, summary: Summary) -> Comparison | None:
    """All candidates, the plain rule among them, with the best of each column marked."""
    told = summary.get("candidates", [])
    metrics = [
        metric
        for metric in METRICS[Kind(kind)]
        if any(metric.code in metric.values(one) for one in told)
    ]
    if not told or not metrics:
        return None
    # Trainings of before validation was told chose by the next that judges.
    judge = next((metric for metric in metrics if metric.judges), None)
    metrics = [replace(metric, judges=metric is judge) for metric in metrics]
    best = {metric: best_of(told, metric) for metric in metrics}
    rows = [
        Row(
            one["name"],
            candidate_label(one["name"], kind),
            bool(one.get("baseline")),
            one["name"] == summary.get("champion"),
            note_on(kind, one),
            one.get("seconds", 0.0),
            [cell(one, metric, best[metric]) for metric in metrics],
        )
        for one in told
    ]
    judge = next((metric for metric in metrics if metric.judges), None)
    told = [
        why_it_won(kind, summary, metrics),
        part_of_story(kind, summary, judge),
        part_of_letters(summary),
        orders_told_alike(told),
    ]
    return Comparison(metrics, rows, sentences(*told))


def orders_told_alike(told: list[dict]) -> str:
    """Why several candidates for value have one error in orders; empty where no two do."""
    learnt = [one["metrics"] for one in told if not one.get("baseline")]
    errors = [error for one in learnt if (error := one.get("mae_transactions")) is not None]
    if len(set(errors)) == len(errors):
        return ""
    return _(
        "Candidates with the same error in orders take the number of orders from the same model of buying and leaving:"
        " they differ in money alone."
    )


def note_on(kind: str, one: dict) -> str:
    """What kind of candidate it is, in a few words."""
    if kind == Kind.SEGMENTS:
        return _("always published") if one.get("baseline") else _("found in what customers do")
    if one.get("baseline"):
        return _("what must be beaten")
    if kind == Kind.VALUE:
        return (
            _("from how often and how lately they bought")
            if one["name"] in ("bgnbd", "pareto")
            else _("learnt from windows that have closed, and from whole stories")
            if one["name"] == "story"
            else _("learnt from windows that have closed")
        )
    if one.get("glass_box"):
        return _("reasons read from the model itself")
    return _("reasons worked out from outside")


def best_of(told: list[dict], metric: Metric) -> float:
    values = [metric.values(one)[metric.code] for one in told if metric.code in metric.values(one)]
    if metric.best_at is not None:
        return min(values, key=lambda value: abs(value - metric.best_at))
    return max(values) if metric.higher_is_better else min(values)


def cell(one: dict, metric: Metric, best: float) -> Cell:
    value = metric.values(one).get(metric.code)
    if value is None:
        return Cell(str(metric.label), "–", False, "")
    pair = metric.intervals(one).get(metric.code)
    return Cell(
        str(metric.label),
        amount(value, metric.digits),
        round(value, metric.digits) == round(best, metric.digits),
        f"{amount(pair[0], metric.digits)}–{amount(pair[1], metric.digits)}" if pair else "",
    )


def why_it_won(kind: str, summary: Summary, metrics: list[Metric]) -> str:
    """Honest about a winner that is not the best in its own column."""
    return spaced(_why_it_won(kind, summary, metrics))


def _why_it_won(kind: str, summary: Summary, metrics: list[Metric]) -> str:
    judge = next((metric for metric in metrics if metric.judges), None)
    champion = candidate_label(summary.get("champion", ""), kind)
    if kind == Kind.SEGMENTS:
        return groups_or_names(summary)
    if not summary.get("better_than_rule"):
        return _("None of them beats the plain rule by more than chance could explain.")
    if judge is None:
        return ""
    own = judge.values(of_candidate(summary, summary["champion"])).get(judge.code)
    best = best_of(summary["candidates"], judge)
    if own is None or round(own, judge.digits) == round(best, judge.digits):
        return _("%(champion)s has the best %(metric)s.") % {
            "champion": champion,
            "metric": judge.label,
        }
    if kind == Kind.CHURN or kind in OF_MESSAGES:
        return _(
            "%(champion)s is not the best in %(metric)s, but less than one standard error away,"
            " and its reasons can be read: that comes first."
        ) % {"champion": champion, "metric": judge.label}
    if kind == Kind.VALUE and judge.earlier:
        return _(
            "Of the two models of buying and leaving only the one nearer to the purchases may win; of all others"
            " %(champion)s has the best %(metric)s."
        ) % {"champion": champion, "metric": judge.label}
    return _("%(champion)s was chosen on an earlier window, before this one was looked at.") % {
        "champion": champion
    }


def groups_or_names(summary: Summary) -> str:
    """The names are published whatever comes out; the page says whether the groups tell more."""
    if len(summary["candidates"]) < 2:
        return _(
            "Customers differ in too little to be grouped by behaviour; the eight names stand alone."
        )
    if summary.get("better_than_rule"):
        return _(
            "The behaviour groups tell more about what comes; the eight names are published all the same."
        )
    return _("The eight names tell at least as much about what comes as the behaviour groups.")


def history(kind: str, runs: list[TrainingRun]) -> dict[str, Any] | None:
    """The main figure of each finished training, oldest first, and who was champion then."""
    metric = MAIN[Kind(kind)]
    points, champion, rule = [], None, None
    for run in sorted(runs, key=lambda run: run.pk):
        value = measured(run.summary, metric)
        if value is None:
            continue
        won = run.outcome == TrainingRun.Outcome.PUBLISHED
        champion = value if won else champion
        if kind != Kind.SEGMENTS:
            rule = measured(run.summary, metric, run.summary.get("baseline", ""))
        points.append(
            {
                "at": (run.ended_at or run.created_at).isoformat(),
                "run": run.pk,
                "value": value,
                "champion": champion,
                "won": won,
                "name": candidate_label(run.summary.get("champion", ""), kind),
                "result": run.get_outcome_display(),
            }
        )
    if not points:
        return None
    label = next(one.label for one in METRICS[Kind(kind)] if one.code == metric)
    words = {
        "champion": _("Champion"),
        "rule": _("Plain rule %(value)s") % {"value": amount(rule, 3)},
    }
    return {"points": points, "rule": rule, "metric": str(label), "words": words}


def calibration_chart(summary: Summary) -> dict[str, Any] | None:
    """Said against happened, in percent, for the groups that were formed by rising risk."""
    groups = summary.get("calibration")
    if not groups:
        return None
    return {
        "points": [[100 * one["predicted"], 100 * one["actual"]] for one in groups],
        "words": {"predicted": _("Said"), "actual": _("Happened")},
    }
