"""Every ten seconds: whatever was lost, doubled or killed is put right from what the database says.

A moment that lies ahead was written under a clock that has since been put back: it counts as long past, or all
that was noted then would wait until it comes.
"""

import datetime
import logging
import os
import socket
from collections.abc import Iterable

from celery import current_app
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from customers import erasing, list_exports
from customers.importing.rejecting import remove_old
from customers.models import ApiToken, Deletion, KeyedAnswer, MessageReading
from customers.patience import SECONDS
from insights import kept_features, unfinished
from insights.dashboard_sums import refresh_dashboards_when_due
from insights.models import (
    FullScoring,
    ScoringChunk,
    StaleCustomer,
    TopicSearch,
    TrainingRun,
)
from insights.models.learning import TrainingRunQuerySet
from insights.publishing import refresh_segment_totals
from insights.republishing import send_left_over
from insights.requesting import (
    request_topics,
    request_training,
    send_full_scoring,
    send_reading,
    send_stale,
    send_topics,
    send_training,
)
from insights.rereading import is_something_to_read
from insights.running import GIVEN_UP, MOST_ATTEMPTS

logger = logging.getLogger(__name__)

# Six signs of life missed, and longer than SQLite lets a writer wait; with the sweep and the start of a process
# it stays below a minute until the work goes on.
SILENT = datetime.timedelta(seconds=30)
UNSENT = datetime.timedelta(seconds=10)
# A message is taken for lost sooner when no trainer is busy: then nothing keeps it from being taken up.
RESEND, RESEND_TO_IDLE = datetime.timedelta(minutes=5), datetime.timedelta(seconds=20)
TRAINERS = "train"  # their queue
LEFT_OVER = datetime.timedelta(seconds=10)
ENOUGH_TO_TELL = 200  # messages, with which topics can be told apart
AHEAD = datetime.timedelta(seconds=60)
TOKENS_REMEMBERED = datetime.timedelta(days=30)  # for whoever asks why theirs no longer works


def sweep() -> None:
    now = timezone.now()
    close_lost_runs(now)
    send_waiting_runs(now)
    send_left_over(now)
    KeyedAnswer.objects.forget_outdated()
    Deletion.objects.forget_old()
    ApiToken.objects.ended_before(now - TOKENS_REMEMBERED).delete()
    kept_features.forget_old(now)
    unfinished.forget_settled()
    list_exports.see_to(now)
    erasing.see_to(now)
    if StaleCustomer.objects.due().filter(past("since", now, LEFT_OVER)).exists():
        send_stale()
    if is_something_to_read():
        send_reading()
    see_to_topics()
    if everyone_is_seen_to():  # the sums follow when everybody is scored
        return
    if FullScoring.row().filter(requested__gt=F("served")).exists():
        send_full_scoring()
    if FullScoring.row().filter(totals_outdated=True).exists():
        refresh_segment_totals()
    refresh_dashboards_when_due()
    remove_old(now)


def see_to_topics() -> None:
    """Send for a search that was asked for; ask for the very first one as soon as there is enough to read."""
    if TopicSearch.is_due():
        send_topics()
    elif not TopicSearch.objects.exclude(looked_at=None, error="").exists():
        read = MessageReading.objects.exclude(read_at=None)
        enough = read[ENOUGH_TO_TELL - 1 : ENOUGH_TO_TELL].exists()
        asked = TopicSearch.objects.filter(requested__gt=F("served")).exists()
        if enough and not asked and not MessageReading.objects.unread().exists():
            request_topics()


def everyone_is_seen_to() -> bool:
    """Whether a full scoring is under way and each of its ranges has somebody at it."""
    return ScoringChunk.objects.open().exists() and not ScoringChunk.objects.free().exists()


def past(field: str, now: datetime.datetime, ago: datetime.timedelta) -> Q:
    return Q(**{f"{field}__lt": now - ago}) | Q(**{f"{field}__gt": now + AHEAD})


def close_lost_runs(now: datetime.datetime) -> None:
    """A running training without a sign of life is lost; it is tried again, but not for ever."""
    running = TrainingRun.objects.filter(status=TrainingRun.Status.RUNNING)
    mute = past("heartbeat_at", now, SILENT) & ~Q(pk__in=held_up(running, now))
    silent = running.filter(mute | Q(pk__in=orphans(running)))
    for run in silent:
        hopeless = run.attempts >= MOST_ATTEMPTS
        end = {"status": TrainingRun.Status.LOST, "facts": {"code": "lost"}}
        if hopeless:
            end = {"status": TrainingRun.Status.FAILED, "facts": GIVEN_UP}
        if not silent.filter(pk=run.pk).update(ended_at=now, **end):
            continue  # it spoke up, or another sweep was faster
        logger.warning("Training run %s gave no sign of life and is lost", run.pk)
        if not run.stop_requested and not hopeless:
            again = request_training(
                run.kind, run.origin, run.requested_by, run.attempts, anew=run.anew
            )
            unfinished.hand_on(run, again)


def orphans(running: TrainingRunQuerySet) -> list[int]:
    """Those whose watcher was a process of this machine that is no more: nothing is to be waited for."""
    return [pk for pk, pid in watched_here(running) if not is_alive(pid)]


def held_up(running: TrainingRunQuerySet, now: datetime.datetime) -> list[int]:
    """Those whose watcher is there and may be waiting, on SQLite, for somebody who writes for long."""
    if connection.vendor != "sqlite":
        return []
    lately = running.exclude(past("heartbeat_at", now, datetime.timedelta(seconds=SECONDS)))
    return [pk for pk, pid in watched_here(lately) if is_alive(pid)]


def watched_here(running: TrainingRunQuerySet) -> Iterable[tuple[int, int]]:
    here = running.filter(watcher_host=socket.gethostname(), watcher_pid__isnull=False)
    return here.values_list("pk", "watcher_pid")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there, and somebody else's
        return True
    return True


def send_waiting_runs(now: datetime.datetime) -> None:
    """Runs nobody was told of, and those whose message may be gone."""
    waiting = TrainingRun.objects.filter(status=TrainingRun.Status.QUEUED)
    busy = TrainingRun.objects.filter(status=TrainingRun.Status.RUNNING).exists()
    never = Q(sent_at=None) & past("created_at", now, UNSENT)
    lost = past("sent_at", now, RESEND if busy else RESEND_TO_IDLE)
    for run_id in waiting.filter(never).values_list("pk", flat=True):
        send_training(run_id)
    missed = list(waiting.filter(lost).values_list("pk", flat=True))
    if missed and messages_for_trainers() == 0:
        for run_id in missed:
            send_training(run_id)


def messages_for_trainers() -> int | None:
    """How many lie in the queue; None where the broker does not say.

    While some do, none that was sent is known to be lost: sent again meanwhile, they would only pile up.
    """
    try:
        with current_app.connection_for_read(connect_timeout=1) as link:
            return link.default_channel.queue_declare(TRAINERS, passive=True).message_count
    except ChannelError:  # there is no queue without a message
        return 0
    except (OperationalError, OSError):
        return None
