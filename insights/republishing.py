"""Carry out what an admin asked for: an earlier, or a held back, version becomes champion.

Done exactly once, however often it is tried: the publishing and the note that it is done are one transaction,
and whoever tries at the same time waits for its end. A worker that dies in the middle leaves nothing behind,
and the sweep sends another.
"""

import datetime
import logging

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from insights.models import ModelVersion, PublishRequest
from insights.publishing import roll_back
from insights.requesting import send_publishing

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
UNSENT = datetime.timedelta(seconds=10)
RESEND = datetime.timedelta(seconds=30)
BEGUN = datetime.timedelta(seconds=20)
Status, Failure = PublishRequest.Status, PublishRequest.Failure


class Pruned(Exception):
    """The version's scores are gone, so it cannot be published again."""


def republish(request_id: int) -> None:
    """See one request through; does nothing when it has ended already."""
    this = PublishRequest.objects.filter(pk=request_id)
    if not take(this):
        return
    try:
        carry_out(this)
    except Pruned:
        fail(this, Failure.PRUNED)
    except DatabaseError as error:  # it stays under way, and the sweep has it tried again
        logger.exception("Publishing %s ended half-way, nothing was changed", request_id)
        this.filter(status=Status.RUNNING).update(error=str(error)[:2000], started_at=None)


def take(this) -> bool:
    """The attempt counts before the work, since the work may kill us."""
    now = timezone.now()
    free = this.filter(Q(status=Status.QUEUED) | left_behind(now))
    if fail(free.filter(attempts__gte=MOST_ATTEMPTS), Failure.TOO_MANY_ATTEMPTS):
        return False
    begun = {"attempts": F("attempts") + 1, "started_at": now}
    return bool(free.update(status=Status.RUNNING, **begun))


def left_behind(now: datetime.datetime) -> Q:
    """Under way, but its worker has given up, or began so long ago that it may be dead."""
    return Q(status=Status.RUNNING) & (Q(started_at=None) | Q(started_at__lt=now - BEGUN))


@transaction.atomic
def carry_out(this) -> None:
    # Holds the row until all is done: a second worker waits here, and then finds nothing left to do.
    if not this.filter(status=Status.RUNNING).update(
        status=Status.DONE, ended_at=timezone.now(), error=""
    ):
        return
    request = this.get()
    of_kind = ModelVersion.objects.filter(kind=request.kind)
    # All of them, in the order in which every publishing locks them.
    version = {one.pk: one for one in of_kind.select_for_update().order_by("pk")}[
        request.version_id
    ]
    if version.is_champion:
        return
    if not version.kept:
        raise Pruned
    roll_back(version)


def fail(these, failure: str) -> int:
    ended = {"failure": failure, "ended_at": timezone.now()}
    return these.active().update(status=Status.FAILED, **ended)


def send_left_over(now: datetime.datetime) -> None:
    """Requests nobody was told of, those whose message may be gone, and those whose worker is."""
    waiting = PublishRequest.objects.filter(status=Status.QUEUED)
    never = Q(sent_at=None, created_at__lt=now - UNSENT)
    lost = list(waiting.filter(never | Q(sent_at__lt=now - RESEND)).values_list("pk", flat=True))
    for request_id in [*lost, *left_alone(now)]:
        send_publishing(request_id)


def left_alone(now: datetime.datetime) -> list[int]:
    """Left behind, and nobody holds the row: whoever did is dead.

    SQLite has one writer at a time, so there nobody can be in the middle of it while we write.
    """
    begun = PublishRequest.objects.filter(left_behind(now))
    if not begun.exists():  # the usual case, and reading waits for nobody
        return []
    with transaction.atomic():
        return list(begun.select_for_update(skip_locked=True).values_list("pk", flat=True))
