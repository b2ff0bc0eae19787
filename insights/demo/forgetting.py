"""What was learnt while the demo company was there goes with it: models, their scores, their history."""

import datetime
import shutil
from collections import Counter
from collections.abc import Collection

from django.db import models, transaction

from customers.models import (
    Behaviour,
    Company,
    Customer,
    CustomerScore,
    Outlook,
    Recommendation,
    ScoreReasons,
)
from customers.removing import delete
from insights.models import (
    OF_MESSAGES,
    FullScoring,
    GroupMove,
    GroupName,
    Kind,
    ModelVersion,
    PredictionLedger,
    RiskShift,
    SegmentMove,
    SegmentTotals,
    Topic,
    TopicDay,
    TopicSearch,
    TrainingRun,
)
from insights.requesting import request_stop, request_training
from insights.rereading import request_rereading


def forget_what_was_learnt(since: datetime.datetime, removed: Counter) -> None:
    """Unpublish and remove every version trained since the demo company came, and clear the history since then.

    Also where real customers stood beside it: such a model has learnt their behaviour and an invented one's mixed,
    mostly the invented, so what it says about them is not known to be true. Their scores go with it, and trainings
    from their own records are queued at once; until those end, their pages say that they are not scored yet.
    """
    learnt = ModelVersion.objects.filter(trained_at__gte=since)
    versions = dict(learnt.values_list("pk", "kind"))
    _unscore(versions, removed)
    for version in learnt:
        transaction.on_commit(
            lambda path=version.directory: shutil.rmtree(path, ignore_errors=True)
        )
    delete(learnt, removed)
    if not ModelVersion.objects.filter(kind=Kind.SEGMENTS).exists():
        delete(GroupName.objects.all(), removed)  # numbers begin again
    if not ModelVersion.objects.filter(kind=Kind.CHURN, is_champion=True).exists():
        Company.objects.update(published_horizon_days=None)
    if set(OF_MESSAGES) & set(versions.values()):
        request_rereading()
    # Found in the demo company's messages, as are their names; the next search begins anew.
    delete(TopicDay.objects.all(), removed)
    delete(Topic.objects.filter(found_at__gte=since), removed)
    TopicSearch.objects.update(model={}, learnt_at=None, looked_at=None, messages=0)
    runs = TrainingRun.objects.filter(created_at__gte=since)
    for run in runs.active():
        request_stop(
            run
        )  # one that is under way would publish what it has read of the demo company
    delete(runs.exclude(status=TrainingRun.Status.RUNNING), removed)
    delete(SegmentTotals.objects.all(), removed)
    if Customer.objects.exists():
        FullScoring.row().update(totals_outdated=True)
        for kind in sorted(set(versions.values())):
            request_training(kind, TrainingRun.Origin.FIRST)


def _unscore(versions: dict[int, str], removed: Counter) -> None:
    """Real customers' scores are taken back to what they were before anything was published."""
    ids = list(versions)
    for kind, fields in SCORED.items():
        told = CustomerScore.objects.filter(**{f"{kind}_version__in": ids})
        if kind == Kind.CHURN:
            ScoreReasons.objects.filter(customer__score__in=told).update(churn={})
        if kind == Kind.SEGMENTS:
            delete(Behaviour.objects.filter(customer__score__in=told), removed)
        if kind == Kind.VALUE:
            delete(Outlook.objects.filter(customer__score__in=told), removed)
        told.update(**_emptied(fields))
    delete(Recommendation.objects.filter(version__in=ids), removed)
    delete(PredictionLedger.objects.filter(version__in=ids), removed)
    if Kind.CHURN in versions.values():
        delete(RiskShift.objects.all(), removed)
    if Kind.SEGMENTS in versions.values():
        delete(SegmentMove.objects.all(), removed)
        delete(GroupMove.objects.all(), removed)


SCORED: dict[str, Collection[str]] = {
    Kind.CHURN: (
        "churn_risk", "churn_risk_before", "churn_before_at", "churn_reason", "churn_scored_at", "churn_version",
        "churn_risk_then", "churn_then_on", "churn_then_version", "churn_change",
    ),
    Kind.SEGMENTS: (
        "segment", "segment_before", "segment_since", "recency_band", "frequency_band", "monetary_band", "cluster",
        "segments_scored_at", "segments_version",
    ),
    Kind.PRODUCTS: ("products_scored_at", "products_version"),
    Kind.VALUE: ("expected_value", "value_scored_at", "value_version"),
}  # fmt: skip


def _emptied(names: Collection[str]) -> dict[str, str | None]:
    fields = [CustomerScore._meta.get_field(name) for name in names]
    return {f.name: "" if isinstance(f, models.CharField) else None for f in fields}
