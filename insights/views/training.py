"""What an admin does on the models page: train, stop, roll back. Each answers with the part that changed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.access import role_required
from customers.changing import open_change_set, save_changed
from customers.models import ChangeSet, Company, User
from insights.models import Kind, ModelVersion, TrainingRun
from insights.progress import refusal_sentence
from insights.requesting import (
    NotPublishable,
    request_publishing,
    request_stop,
    request_training,
)
from insights.views.models import kind_or_404, live_context

# A column that was left out, or used by mistake, is named by one of these.
RUNS_LOOKED_AT = 10


def answer(request, kind: Kind) -> HttpResponse:
    """The live part of the page for htmx, the whole page for a plain form."""
    if not request.htmx:
        return redirect("model", kind)
    context = live_context(kind) | {"with_toasts": True}
    return render(request, "insights/_models_live.html", context)


def shown_kind(request, otherwise: str = Kind.CHURN) -> Kind:
    """Which model's details are open beside the button that was pressed."""
    return kind_or_404(request.POST.get("shown") or otherwise)


@require_POST
@role_required(User.Role.ADMIN)
def train(request, kind):
    anew = request.POST.get("anew") == "yes"
    run = request_training(kind_or_404(kind), TrainingRun.Origin.BUTTON, request.user, anew=anew)
    words = (
        _("%(model)s: the training is queued.")
        if run.status == run.Status.QUEUED
        else _("%(model)s is being trained.")
    )
    messages.success(request, words % {"model": run.get_kind_display()})
    return answer(request, shown_kind(request, kind))


@require_POST
@role_required(User.Role.ADMIN)
def train_all(request):
    for kind in Kind:
        request_training(kind, TrainingRun.Origin.BUTTON, request.user)
    messages.success(request, _("All models are queued for training."))
    return answer(request, shown_kind(request))


@require_POST
@role_required(User.Role.ADMIN)
def column(request):
    """Somebody knows whether a column that gives the outcome away is known before customers leave."""
    name, company = request.POST.get("column", ""), Company.current()
    told = set(company.churn_confirmed_columns)
    if request.POST.get("use") == "yes" and name in suspected():
        told.add(name)
    elif request.POST.get("use") == "no":
        told.discard(name)
    company.churn_confirmed_columns = sorted(told)
    change_set = open_change_set(ChangeSet.Source.PAGE, request.user)
    if not save_changed(company, change_set, ["churn_confirmed_columns"]):
        change_set.delete()
    return train(request, Kind.CHURN)


def suspected() -> set[str]:
    """Columns that the last trainings found to tell alone who leaves."""
    runs = TrainingRun.objects.filter(kind=Kind.CHURN).exclude(summary={})[:RUNS_LOOKED_AT]
    versions = ModelVersion.objects.filter(kind=Kind.CHURN, is_champion=True)
    told = [run.summary.get("checks", {}) for run in (*runs, *versions)]
    return {one["column"] for checks in told for one in checks.get("leaks", [])}


@require_POST
@role_required(User.Role.ADMIN)
def stop(request, pk):
    run = get_object_or_404(TrainingRun, pk=pk)
    request_stop(run)
    run.refresh_from_db()
    if run.is_active:
        messages.success(
            request,
            _("%(model)s: the training is being stopped.") % {"model": run.get_kind_display()},
        )
    else:
        messages.success(
            request,
            _("%(model)s: nothing is being trained any more.") % {"model": run.get_kind_display()},
        )
    return answer(request, shown_kind(request, run.kind))


@require_POST
@role_required(User.Role.ADMIN)
def roll_back(request, kind, number):
    version = get_object_or_404(ModelVersion, kind=kind_or_404(kind), number=number)
    try:
        request_publishing(version, user=request.user)
    except NotPublishable as refusal:
        messages.error(request, refusal_sentence(version, refusal.code))
    else:
        words = _("%(version)s becomes the champion in a moment.")
        messages.success(request, words % {"version": version})
    return redirect("model", kind)
