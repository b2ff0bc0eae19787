"""One training, from the company's records to the scores on its customers. Read top to bottom.

Runs in a process of its own (see insights.running). No transaction is open while anything is learnt.
"""

import contextlib
import datetime
import importlib
import math
import time
from types import ModuleType
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from customers.models import Company, CustomAttribute
from customers.plans import look_again, look_at_what_grows
from insights import kept_features, unfinished
from insights.dataset import drawn, load_tables
from insights.demo import looking_back
from insights.labelled_messages import labelled_messages, params_of
from insights.ml import storage, stories
from insights.ml.evaluation import Evaluation, NotEnoughData
from insights.models import OF_MESSAGES, Kind, ModelVersion, TrainingRun, VersionScore
from insights.publishing import prune, publish
from insights.reading import read_all_there_is
from insights.scoring import score_version

Outcome = TrainingRun.Outcome

# Which part of the bar a step fills: where it begins and how much of it is its own.
SPANS = {
    "read": (0.0, 0.02),
    "load": (0.02, 0.03),
    "inputs": (0.05, 0.1),
    "learn": (0.15, 0.65),
    "score": (0.8, 0.15),
    "publish": (0.95, 0.05),
}
# So many buyers are learnt from and judged on; more change the third decimal, and cost minutes and gigabytes. What
# goes with what is learnt from more people, since most products are bought by few.
MOST_CUSTOMERS = {
    Kind.CHURN: 25_000,
    Kind.SEGMENTS: 100_000,
    Kind.PRODUCTS: 300_000,
    Kind.VALUE: 25_000,
}
MOST_LABELLED = 100_000
LEFT_BEHIND = 24 * 60 * 60  # seconds; files staged longer ago are of a save that was killed
# The figure by which a version is held against the champion. Segments are names and have none.
MAIN_METRIC = {
    Kind.CHURN: "roc_auc",
    Kind.PRODUCTS: "ndcg_at_10",
    Kind.VALUE: "ngini",
    Kind.SENTIMENT: "macro_f1",
    Kind.INTENT: "macro_f1",
}


class Ended(Exception):
    """The run is no longer ours: it was stopped, or given up as lost. Nothing of it may be published."""


def retrain(run: TrainingRun) -> None:
    """Learn the run's question from everything known now; publish the answer if it is better."""
    progress = Progress(run)
    look_at_what_grows()
    judged = judged_messages if run.kind in OF_MESSAGES else judged_customers
    try:
        with unfinished.gone_on_with(run) as as_of:
            evaluation = judged(run, as_of, progress)
    except NotEnoughData as lack:
        progress.done(Outcome.TOO_LITTLE_DATA, {"code": lack.code, **lack.facts})
        return
    TrainingRun.objects.filter(pk=run.pk).update(summary=plain(evaluation.summary))
    if evaluation.model is None or only_the_rule(evaluation.summary, champion_summary(run.kind)):
        progress.done(Outcome.NOT_BETTER)
        return

    version = save(run, evaluation, as_of)
    if run.kind not in OF_MESSAGES:
        progress.step("score")
        since = kept_features.since(run)
        score_version(version, since, lambda part, rows: progress.report("score", part, rows))
        look_again(VersionScore)
    ModelVersion.objects.filter(pk=version.pk).update(kept=True)

    progress.step("publish")
    if clearly_worse(evaluation.summary, champion_summary(run.kind)):
        progress.done(Outcome.NOT_BETTER_THAN_CHAMPION)
    else:
        before = looking_back.look_back(version)
        with transaction.atomic():
            looking_back.keep(before)
            publish(version)
            looking_back.note_where_from(before)
            progress.done(Outcome.PUBLISHED)
    prune(run.kind)
    storage.remove_leftovers(version.directory.parent, time.time() - LEFT_BEHIND)


def judged_customers(
    run: TrainingRun, as_of: datetime.datetime, progress: "Progress"
) -> Evaluation:
    """The contest over what the company's customers did. Raises NotEnoughData."""
    module = importlib.import_module(f"insights.ml.{run.kind}")
    params = params_for(run.kind)
    if getattr(module, "FOLLOWS", False):
        params |= followed_by(run)
    read_all_there_is(lambda done, count: progress.report("read", done / count, done))
    progress.step("load")
    whom, names = learnt_from(run.kind, params), looked_at(module)
    tables = load_tables(as_of, whom, names, archived=True)
    progress.report("load", 1.0, len(tables["lines"]))
    progress.step("inputs")
    moment = as_of.astimezone(datetime.UTC).replace(tzinfo=None)
    inputs = module.inputs(tables, moment, params)
    del tables
    return module.evaluate(inputs, module.candidates(params), progress.learning)


def judged_messages(run: TrainingRun, as_of: datetime.datetime, progress: "Progress") -> Evaluation:
    """The contest over what they wrote and what people said of it. Raises NotEnoughData."""
    module = importlib.import_module(f"insights.ml.voice.{run.kind}")
    progress.step("load")
    messages = labelled_messages(run.kind, as_of)
    progress.report("load", 1.0, len(messages))
    progress.step("inputs")
    params = params_of(run.kind, messages)
    inputs = module.inputs(messages, as_of, params)
    del messages
    candidates = module.candidates(params, inputs.classes)
    return module.evaluate(inputs, candidates, progress.learning)


def learnt_from(kind: str, params: dict[str, Any]) -> list[int] | None:
    """Whom the kind learns from: everyone, or of a large company some drawn at random."""
    label = params.get("label_attribute", "")
    return drawn(MOST_LABELLED if label else MOST_CUSTOMERS[Kind(kind)], label)


def looked_at(module: ModuleType) -> tuple[str, ...] | None:
    """The tables that a kind learns from, None for all; those of a large company tell whole stories."""
    names = getattr(module, "TABLES", None)
    large = names and drawn(stories.FEW_CUSTOMERS - 1) is not None
    return getattr(module, "TABLES_OF_MANY", names) if large else names


def params_for(kind: str) -> dict[str, Any]:
    """What the company has settled about the question."""
    if kind == Kind.VALUE:  # always of ninety days and of a year
        return {}
    company = Company.current()
    params: dict[str, Any] = {"horizon_days": company.churn_horizon_days}
    if kind == Kind.CHURN and company.churn_confirmed_columns:
        params["confirmed"] = company.churn_confirmed_columns
    if kind == Kind.CHURN and company.churn_label_attribute:
        attribute = CustomAttribute.objects.filter(name=company.churn_label_attribute).first()
        params["label_attribute"] = company.churn_label_attribute
        params["positive"] = typed(company.churn_label_value, attribute)
    return params


def followed_by(run: TrainingRun) -> dict[str, Any]:
    """For kinds that go on where the champion stands: its model, and every number its groups have ever had."""
    of_kind = ModelVersion.objects.filter(kind=run.kind)
    numbers = [
        group["cluster"]
        for groups in of_kind.values_list("summary__clusters", flat=True)
        for group in groups or []
    ]
    champion, before = of_kind.filter(is_champion=True).first(), None
    if champion:
        # Where its files are gone or of another release, everything is learnt as if for the first time.
        with contextlib.suppress(storage.Unusable):
            before = storage.load(champion.directory, champion.checksum)
    return {
        "before": before,
        "anew": run.anew,
        "last_number": max(numbers, default=-1),
        "currency": Company.current().base_currency,
    }


def typed(value: str, attribute: CustomAttribute | None) -> Any:
    """The value that means "left" as the attribute's column holds it: text, or a number for the other types."""
    match attribute.type if attribute else "":
        case CustomAttribute.Type.BOOLEAN:
            return value.strip().lower() not in ("false", "no", "0")
        case CustomAttribute.Type.NUMBER:
            with contextlib.suppress(ValueError):
                return float(value)
            return math.nan  # no number means "left": nobody carries the label
    return value


def save(run: TrainingRun, evaluation: Evaluation, as_of: datetime.datetime) -> ModelVersion:
    """Files first, then the row that says they are there; only one training of a kind runs, so the number is free.

    It counts as kept, and so as fit to be published, once everyone has been scored.
    """
    last = ModelVersion.objects.filter(kind=run.kind).aggregate(last=Max("number"))["last"] or 0
    summary = plain(evaluation.summary)
    version = ModelVersion(kind=run.kind, number=last + 1, as_of=as_of, summary=summary, kept=False)
    version.checksum = storage.save(evaluation.model, version.directory)
    version.save()
    TrainingRun.objects.filter(pk=run.pk).update(version=version)
    return version


def champion_summary(kind: str) -> dict[str, Any]:
    champion = ModelVersion.objects.filter(kind=kind, is_champion=True).first()
    return champion.summary if champion else {}


def only_the_rule(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether the plain rule would replace a model that has beaten it; a company without one is served the rule.

    Of recommendations there is no rule to serve, but what is due again needs no ranking.
    """
    without = new.get("served_rule") or new.get("only_reorders")
    return bool(without and old.get("better_than_rule"))


def clearly_worse(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether the new version's interval of its main figure lies wholly on the bad side of the champion's.

    The two were judged on different windows (the champion has learnt from the newest one, so it cannot be
    judged there), and a season may explain a difference. So this only holds back what looks like broken data;
    a version that is held back keeps its scores, and an admin may publish it all the same.
    """
    metric = MAIN_METRIC.get(new.get("kind"))
    if not metric or not old or old.get("judged_on") != new.get("judged_on"):
        return False
    return interval_of(new, metric)[1] < interval_of(old, metric)[0]


def interval_of(summary: dict[str, Any], metric: str) -> tuple[float, float]:
    champion = summary.get("champion")
    published = [summary["published"]] if summary.get("published") else []
    for one in (*published, *summary.get("candidates", [])):
        if one["name"] == champion and metric in one.get("interval", {}):
            low, high = one["interval"][metric]
            return low, high
    return -math.inf, math.inf


def plain(value: Any) -> Any:
    """A summary as JSON can hold it: what is not a number becomes null."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if hasattr(value, "tolist"):  # numpy's scalars and arrays
        return plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


class Progress:
    """Steps, how far and how many rows, on the run's row for the page that watches. Short transactions."""

    def __init__(self, run: TrainingRun, every: float = 0.5):
        self.mine = TrainingRun.objects.filter(pk=run.pk, status=TrainingRun.Status.RUNNING)
        self.steps: list[dict[str, Any]] = []
        self.every, self.told = every, 0.0
        self.began, self.fraction = time.monotonic(), 0.0

    def step(self, name: str, rows: int | None = None) -> None:
        """A step begins; the one before has ended."""
        self._end_last()
        self.steps.append(
            {"code": name, "at": timezone.now().isoformat(), "seconds": None, "rows": rows}
        )
        self.began = time.monotonic()
        self.fraction = max(self.fraction, SPANS.get(name, (0.0, 0.0))[0])
        self._write(step=name, rows=rows, steps=self.steps, fraction=self.fraction)

    def report(self, name: str, part: float, rows: int | None) -> None:
        """How far a step is (0..1); steps that learners name themselves are all part of "learn"."""
        if not self.steps or self.steps[-1]["code"] != name:
            self.step(name, rows)
        if rows is not None:
            self.steps[-1]["rows"] = rows
        start, length = SPANS.get(name, SPANS["learn"])
        self.fraction = max(self.fraction, round(start + length * min(max(part, 0.0), 1.0), 4))
        if time.monotonic() - self.told >= self.every:
            self._write(fraction=self.fraction, rows=self.steps[-1]["rows"], steps=self.steps)

    def learning(self, name: str, part: float, rows: int | None = None) -> None:
        """For learners, which may call their steps as they like."""
        self.report(name if name not in SPANS else "learn", part, rows)

    def done(self, outcome: str, facts: dict[str, Any] | None = None) -> None:
        self._end_last()
        self._write(
            status=TrainingRun.Status.DONE,
            outcome=outcome,
            facts=plain(facts or {}),
            steps=self.steps,
            fraction=1.0,
            ended_at=timezone.now(),
        )

    def _end_last(self) -> None:
        if self.steps:
            self.steps[-1]["seconds"] = round(time.monotonic() - self.began, 1)

    def _write(self, **values: Any) -> None:
        self.told = time.monotonic()
        if not self.mine.update(heartbeat_at=timezone.now(), **values):
            raise Ended
