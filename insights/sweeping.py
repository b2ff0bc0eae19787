"""Once a minute: whatever was lost, doubled or killed is put right from what the database says."""

import datetime
import logging

from django.db.models import F, Q
from django.utils import timezone

from customers.importing.rejecting import remove_old
from customers.models import ApiToken, KeyedAnswer
from insights.models import FullScoring, ScoringChunk, StaleCustomer, TrainingRun
from insights.publishing import refresh_segment_totals
from insights.republishing import send_left_over
from insights.requesting import request_training, send_full_scoring, send_stale, send_training
from insights.running import MOST_ATTEMPTS

logger = logging.getLogger(__name__)

SILENT = datetime.timedelta(seconds=90)
UNSENT = datetime.timedelta(seconds=30)
RESEND = datetime.timedelta(minutes=5)
LEFT_OVER = datetime.timedelta(seconds=20)
TOKENS_REMEMBERED = datetime.timedelta(days=30)  # for whoever asks why theirs no longer works


def sweep() -> None:
    now = timezone.now()
    close_lost_runs(now)
    send_waiting_runs(now)
    send_left_over(now)
    KeyedAnswer.objects.forget_outdated()
    ApiToken.objects.ended_before(now - TOKENS_REMEMBERED).delete()
    if StaleCustomer.objects.due().filter(since__lt=now - LEFT_OVER).exists():
        send_stale()
    if everyone_is_seen_to():  # the sums follow when everybody is scored
        return
    if FullScoring.row().filter(requested__gt=F("served")).exists():
        send_full_scoring()
    if FullScoring.row().filter(totals_outdated=True).exists():
        refresh_segment_totals()
    remove_old(now)


def everyone_is_seen_to() -> bool:
    """Whether a full scoring is under way and each of its ranges has somebody at it."""
    return ScoringChunk.objects.open().exists() and not ScoringChunk.objects.free().exists()


def close_lost_runs(now: datetime.datetime) -> None:
    """A running training without a sign of life is lost; it is tried again, but not for ever."""
    silent = TrainingRun.objects.filter(
        status=TrainingRun.Status.RUNNING, heartbeat_at__lt=now - SILENT
    )
    for run in silent:
        lost = silent.filter(pk=run.pk).update(
            status=TrainingRun.Status.LOST, ended_at=now, facts={"code": "lost"}
        )
        if not lost:  # it spoke up, or another sweep was faster
            continue
        logger.warning("Training run %s gave no sign of life and is lost", run.pk)
        if not run.stop_requested and run.attempts < MOST_ATTEMPTS:
            request_training(run.kind, run.origin, run.requested_by, run.attempts)


def send_waiting_runs(now: datetime.datetime) -> None:
    """Runs nobody was told of, and those whose message may be gone."""
    waiting = TrainingRun.objects.filter(status=TrainingRun.Status.QUEUED)
    never = Q(sent_at=None, created_at__lt=now - UNSENT)
    for run_id in waiting.filter(never | Q(sent_at__lt=now - RESEND)).values_list("pk", flat=True):
        send_training(run_id)
