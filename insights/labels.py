"""What people have said of messages: the stars of reviews and staff's corrections, which models of messages learn."""

import datetime

from django.db.models import Q, QuerySet

from customers.models import Deletion, MessageReading
from insights.models import Kind, TrainingRun

# A training is worth it once so many have come, and so much of what the last one had learnt from.
LEAST_NEW, NEW_SHARE = 25, 0.05
# What feelings sound like in reviews says little of questions: a channel is read by a model that has learnt so many
# of its messages, or the channel it has learnt most of.
LEAST_OF_CHANNEL = 25


def labelled(kind: str, as_of: datetime.datetime) -> QuerySet[MessageReading]:
    """Customers' words before the moment that carry a label of the kind. Nobody's who refuses profiling."""
    rows = MessageReading.objects.filter(inbound=True).exclude(
        interaction__subject="", interaction__text=""
    )
    rows = rows.filter(Q(customer=None) | Q(customer__profiling_refused=False))
    rows = rows.filter(Q(occurred_at=None) | Q(occurred_at__lt=as_of))
    return rows.filter(has_label(kind))


def has_label(kind: str) -> Q:
    if kind == Kind.INTENT:
        return Q(interaction__correction__intent__gt="")
    return Q(interaction__correction__label__gt="") | Q(interaction__rating__isnull=False)


def erased_since_learnt(kind: str) -> bool:
    """Whether a customer has been deleted since the last training began."""
    last = TrainingRun.objects.filter(kind=kind, status=TrainingRun.Status.DONE).first()
    gone = Deletion.objects.filter(kind=Deletion.Kind.CUSTOMER)
    return bool(last and last.started_at and gone.filter(deleted_at__gt=last.started_at).exists())


def enough_is_new(kind: str, now: datetime.datetime) -> bool:
    """Whether a training would learn something that the last one could not: labels given since it began."""
    last = TrainingRun.objects.filter(kind=kind, status=TrainingRun.Status.DONE).first()
    known = labelled(kind, now)
    if last is None or last.started_at is None:
        return known.exists()
    since = Q(interaction__correction__at__gt=last.started_at)
    if kind == Kind.SENTIMENT:
        rated = Q(interaction__recorded_at__gt=last.started_at)
        since |= rated & Q(interaction__rating__isnull=False)
    learnt = last.summary.get("learnt_from", {})
    before = learnt.get("stars", 0) + learnt.get("people", 0)
    enough = max(LEAST_NEW, round(NEW_SHARE * before))
    return known.filter(since)[:enough].count() >= enough
