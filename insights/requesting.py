"""Ask for work: the row in the database is the request, the message only wakes a worker.

A broker that is down is never an error for whoever asks: the sweep finds the row and asks again.
"""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from customers.waking import wake
from insights.labels import enough_is_new, erased_since_learnt
from insights.models import (
    OF_MESSAGES,
    FullScoring,
    Kind,
    ModelVersion,
    PublishRequest,
    TopicSearch,
    TrainingRun,
)

ACTIVE = (TrainingRun.Status.QUEUED, TrainingRun.Status.RUNNING)


def request_training(
    kind: str,
    origin: str = TrainingRun.Origin.BUTTON,
    user=None,
    attempts: int = 0,
    send: bool = True,
    anew: bool = False,
) -> TrainingRun:
    """A run of this kind that waits or is under way: the one there is, else a new one in the queue.

    ``send=False``: whoever asks will do the work; the sweep sends it all the same if it stays undone.
    ``is_new`` of the run says which of the two it is. ``anew``: thresholds are not taken over from the champion;
    this is also settled for a run that still waits.
    """
    kind = Kind(kind)
    try:
        with transaction.atomic():
            active = TrainingRun.objects.filter(kind=kind, status__in=ACTIVE).first()
            if active:
                if anew and TrainingRun.objects.filter(
                    pk=active.pk, status=TrainingRun.Status.QUEUED
                ).update(anew=True):
                    active.anew = True
                return active
            run = TrainingRun.objects.create(
                kind=kind, origin=origin, requested_by=user, attempts=attempts, anew=anew
            )
            run.is_new = True
    except IntegrityError:  # somebody else asked in the same moment
        return TrainingRun.objects.filter(kind=kind, status__in=ACTIVE).latest("pk")
    if send:
        transaction.on_commit(lambda: send_training(run.pk))
    return run


def request_scheduled_training(kind: str) -> TrainingRun | None:
    """What is on the schedule; a model of messages only where people have said enough that is new, or where somebody
    has been erased whom the last training may still have read."""
    if kind in OF_MESSAGES and not (
        enough_is_new(kind, timezone.now()) or erased_since_learnt(kind)
    ):
        return None
    return request_training(kind, TrainingRun.Origin.SCHEDULE)


def request_stop(run: TrainingRun) -> bool:
    """A waiting run is stopped at once; a running one is asked to, and its parent process sees to it.

    False: it had ended already.
    """
    this = TrainingRun.objects.filter(pk=run.pk)
    waiting = this.filter(status=TrainingRun.Status.QUEUED)
    if waiting.update(status=TrainingRun.Status.STOPPED, ended_at=timezone.now()):
        return True
    return bool(this.filter(status=TrainingRun.Status.RUNNING).update(stop_requested=True))


def send_training(run_id: int) -> None:
    from insights.tasks import run_training

    if wake(run_training, run_id):
        TrainingRun.objects.filter(pk=run_id).update(sent_at=timezone.now())


class NotPublishable(Exception):
    """Why a version cannot become champion now: ``pruned``, ``already_champion`` or ``busy``."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def request_publishing(
    version: ModelVersion, origin: str = TrainingRun.Origin.BUTTON, user=None
) -> PublishRequest:
    """Have a worker make this version champion; who asks again gets the request that is under way."""
    active = PublishRequest.objects.active().filter(kind=version.kind)
    try:
        with transaction.atomic():
            one = active.first()
            if not one:
                refuse_unpublishable(version)
                one = PublishRequest.objects.create(
                    kind=version.kind, version=version, origin=origin, requested_by=user
                )
                transaction.on_commit(lambda: send_publishing(one.pk))
    except IntegrityError:  # somebody else asked in the same moment
        one = active.latest("pk")
    if one.version_id != version.pk:
        raise NotPublishable("busy")
    return one


def refuse_unpublishable(version: ModelVersion) -> None:
    version.refresh_from_db(fields=["is_champion", "kept"])
    if version.is_champion:
        raise NotPublishable("already_champion")
    if not version.kept:
        raise NotPublishable("pruned")


def send_publishing(request_id: int) -> None:
    from insights.tasks import publish_version

    if wake(publish_version, request_id):
        PublishRequest.objects.filter(pk=request_id).update(sent_at=timezone.now())


def request_full_scoring(send: bool = True) -> None:
    """Everyone is to be scored anew: after a bulk import, every night, after a roll back."""
    FullScoring.row().update(requested=F("requested") + 1, requested_at=timezone.now())
    if send:
        transaction.on_commit(send_full_scoring)


def send_full_scoring() -> None:
    from insights.tasks import score_everyone

    wake(score_everyone)


def send_stale() -> None:
    from insights.tasks import score_stale

    wake(score_stale)


def send_reading() -> None:
    from insights.tasks import read_messages

    wake(read_messages)


def request_topics(afresh: bool = False) -> None:
    """Have a worker look for what customers talk about; ``afresh``: learnt anew, whenever that was last done."""
    asked: dict = {"requested": F("requested") + 1}
    TopicSearch.row().update(**asked | ({"afresh": True} if afresh else {}))
    transaction.on_commit(send_topics)


def send_topics() -> None:
    from insights.tasks import find_topics

    if wake(find_topics):
        TopicSearch.row().update(sent_at=timezone.now())
