"""The models page: one row per model, what each is worth in plain words, and what is being trained now."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.models import Company, User
from insights.candidates import candidate_label
from insights.comparisons import (
    calibration_chart,
    comparison,
    history,
    main_figure,
)
from insights.data_checks import Checks, checks_of
from insights.message_models import (
    by_language,
    learnt_from,
    telling_words,
    threshold_sentence,
)
from insights.models import Kind, ModelVersion, PublishRequest, TrainingRun
from insights.more_data import more_data
from insights.progress import (
    Job,
    cause_sentence,
    outcome_sentence,
    publishing_sentence,
    recent_runs,
    step_words,
    took,
    trainings_now,
)
from insights.questions import RULES, question
from insights.rereading import progress
from insights.schedules import next_trainings
from insights.thresholds import thresholds_sentence
from insights.verdicts import base_rate_sentence, grade_word, verdict_of

RUNS_SHOWN = 30
READERS = (User.Role.MANAGER, User.Role.ADMIN)


@dataclass(frozen=True)
class Row:
    """One model in the table: its question, what it is worth, what comes next."""

    kind: Kind
    question: str
    champion: ModelVersion | None
    newest: TrainingRun | None
    judged: TrainingRun | None
    job: Job | None
    due: datetime | None

    @property
    def summary(self) -> dict:
        """The champion's figures, else those of the newest training that came to a judgement."""
        if self.champion:
            return self.champion.summary
        return self.judged.summary if self.judged else {}

    @property
    def grade(self) -> str:
        return self.summary.get("grade", "")

    @property
    def grade_words(self) -> str:
        return grade_word(self.kind, self.grade)

    @property
    def main_figure(self) -> str:
        return main_figure(self.kind, self.summary)

    @property
    def trouble(self) -> str:
        """What the newest training has to say where there is no champion."""
        return "" if self.champion or not self.newest else outcome_sentence(self.newest)


def kind_or_404(kind: str) -> Kind:
    if kind not in Kind.values:
        raise Http404
    return Kind(kind)


def rows_of_all() -> dict[str, Row]:
    trainings = trainings_now()
    champions = {one.kind: one for one in ModelVersion.objects.filter(is_champion=True)}
    due, days = next_trainings(), Company.current().risk_days
    return {
        kind: Row(
            kind,
            question(kind, days),
            champions.get(kind),
            trainings.newest.get(kind),
            trainings.judged.get(kind),
            trainings.jobs.get(kind),
            due.get(kind),
        )
        for kind in Kind
    }


def live_context(kind: Kind) -> dict:
    """What the page asks for again while something is being trained: a handful of queries."""
    rows = rows_of_all()
    newest = newest_publishings()
    return {
        "kind": kind,
        "rows": list(rows.values()),
        "row": rows[kind],
        "jobs": sorted((row.job for row in rows.values() if row.job), key=lambda job: job.waits),
        "publishings": [told(one) for one in newest.values() if one.is_active],
        "published": told(newest[kind]) if kind in newest else None,
        "rereading": progress(),
        # Another number each time: the element that asks again is a new one, and is gone when all is still.
        "tick": int(timezone.now().timestamp() * 1000),
        "stamp": stamp_of(rows[kind], newest.get(kind)),
    }


def newest_publishings() -> dict[str, PublishRequest]:
    """The newest wish to publish a version, per kind."""
    newest = PublishRequest.objects.order_by().values("kind").annotate(newest=Max("pk"))
    requests = PublishRequest.objects.filter(pk__in=newest.values("newest"))
    return {one.kind: one for one in requests.select_related("version", "requested_by")}


def told(request: PublishRequest) -> dict:
    return {"request": request, "sentence": publishing_sentence(request)}


def stamp_of(row: Row, publishing: PublishRequest | None) -> str:
    """Changes when a training or a publishing of this kind has ended, or another version is champion."""
    ended = publishing.pk if publishing and not publishing.is_active else 0
    newest, champion = (one.pk if one else 0 for one in (row.newest, row.champion))
    return f"{newest}.{champion}.{ended}"


def detail_context(row: Row, published: dict | None) -> dict:
    """One model in full: verdict, candidates, calibration, how it went over time, versions, trainings."""
    runs = list(
        TrainingRun.objects.filter(kind=row.kind).select_related("requested_by", "version")[
            :RUNS_SHOWN
        ]
    )
    summary = row.summary
    return {
        "verdict": verdict_of(row.kind, summary),
        "rule": RULES[row.kind],
        "comparison": comparison(row.kind, summary),
        "checks": found_in_data(row.kind, summary, row.newest.facts if row.newest else None),
        "thresholds": thresholds_sentence(summary) if row.champion else "",
        "base_rates": base_rate_sentence(summary),
        "calibration": summary.get("calibration"),
        "calibration_chart": calibration_chart(summary),
        "more_data": more_data(summary, row.kind),
        "languages": by_language(summary),
        "words": telling_words(row.kind, summary),
        "sure_enough": threshold_sentence(summary),
        "history": history(row.kind, runs),
        "versions": [
            version_row(one, published)
            for one in ModelVersion.objects.filter(kind=row.kind)[:RUNS_SHOWN]
        ],
        "runs": [
            {"run": run, "sentence": outcome_sentence(run), "took": took(run)} for run in runs
        ],
        "note": note_on_newest(row),
    }


def found_in_data(kind: str, summary: dict, facts: dict | None) -> Checks | None:
    """What was found before anything was learnt: of customers, or of whose word messages were learnt by."""
    return learnt_from(kind, summary) if Kind(kind).is_of_messages else checks_of(summary, facts)


def version_row(version: ModelVersion, published: dict | None = None) -> dict:
    busy = bool(published) and published["request"].is_active
    return {
        "version": version,
        "figure": main_figure(version.kind, version.summary),
        "winner": candidate_label(version.summary.get("champion", ""), version.kind),
        "can_be_published": version.kept and not version.is_champion and not busy,
    }


def note_on_newest(row: Row) -> str:
    """What the newest training ended with, where the figures shown are not its own."""
    if not row.newest or row.newest.outcome == TrainingRun.Outcome.PUBLISHED:
        return ""
    return outcome_sentence(row.newest) if row.champion or row.newest != row.judged else ""


@require_safe
@role_required(*READERS)
def models(request, kind=Kind.CHURN):
    context = live_context(kind_or_404(kind))
    detail = detail_context(context["row"], context["published"])
    return render(request, "insights/models.html", context | detail)


@require_safe
@role_required(*READERS)
def models_live(request, kind):
    """The part of the page that changes while something is being trained."""
    context = live_context(kind_or_404(kind)) | {"with_toasts": True}
    tell_of_ended(request, watched(request))
    response = render(request, "insights/_models_live.html", context)
    if request.GET.get("stamp") not in (None, context["stamp"]):
        # Said to the element itself: the one that asked is gone when the answer has been put in place.
        response["HX-Trigger"] = json.dumps({"model-changed": {"target": "#detail"}})
    return response


def watched(request) -> list[int]:
    """The trainings that the page which asks has shown as waiting or running."""
    keys = request.GET.get("runs", "").split(",")[:20]
    return [int(key) for key in keys if key.isdecimal() and len(key) < 19]


def tell_of_ended(request, runs: list[int]) -> None:
    """How each of them ended, where it has meanwhile."""
    if not runs:
        return
    for run in TrainingRun.objects.ended().filter(pk__in=runs):
        words = _("%(model)s: %(outcome)s")
        bad = run.status in (TrainingRun.Status.FAILED, TrainingRun.Status.LOST)
        facts = {"model": run.get_kind_display(), "outcome": outcome_sentence(run)}
        (messages.error if bad else messages.success)(request, words % facts)


@require_safe
@role_required(*READERS)
def model_detail(request, kind):
    context = live_context(kind_or_404(kind))
    detail = detail_context(context["row"], context["published"])
    return render(request, "insights/_model_detail.html", context | detail)


@require_safe
@role_required(*READERS)
def training_run(request, pk):
    """One training step by step, with the error in full where there was one."""
    run = get_object_or_404(TrainingRun.objects.select_related("requested_by", "version"), pk=pk)
    context = {
        "run": run,
        "job": Job(run, others=recent_runs()) if run.is_active else None,
        "sentence": outcome_sentence(run),
        "cause": cause_sentence(run),
        "steps": [one | {"words": step_words(one["code"], run.kind)} for one in run.steps],
        "tick": int(timezone.now().timestamp() * 1000),
        "verdict": verdict_of(run.kind, run.summary),
        "checks": found_in_data(run.kind, run.summary, run.facts),
    }
    tell_of_ended(request, watched(request))
    template = "insights/_run.html" if request.htmx else "insights/run.html"
    return render(request, template, context)
