"""Score everyone, in ranges of keys that any number of workers on any number of hosts take off a list.

The list stands in the database, a row per range. A worker takes a free range by a guarded update under a lease
that it renews, scores it, and deletes its row; whoever finds the list empty closes the request. So a range whose
worker was killed is free again after a while, one that is scored twice is scored the same, and a range that has
killed several workers is left out, and said to be, until the next request.
"""

import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from customers.plans import look_at_what_grows
from customers.product_sums import add_up_products
from customers.saying import add_up_everybody
from insights.dashboard_sums import refresh_dashboards
from insights.models import FullScoring, ScoringChunk, StaleCustomer
from insights.publishing import refresh_segment_totals
from insights.refreshing import refresh_stale
from insights.requesting import send_full_scoring
from insights.scoring import Superseded, chunks, score_customers
from insights.topic_days import add_up_money

logger = logging.getLogger(__name__)

LEASE = ScoringChunk.LONGEST_LEASE
# So many workers are woken at once; each sends for the next when it is through with its range.
ABREAST = 8


def score_everyone() -> None:
    """Serve the requests there are, in this process and beside the workers."""
    while begin():
        chunk = take()
        if chunk is None:
            if not close():  # others are at the rest
                return
            continue
        work_off(chunk)
        close()


def score_some_of_everyone() -> None:
    """One range of the list: a worker's share. Customers whose facts changed do not wait for all the others."""
    if StaleCustomer.objects.due().exists():
        refresh_stale()
    if not begin():
        return
    chunk = take()
    if chunk is None:
        close()
        return
    work_off(chunk)
    if not close() and ScoringChunk.objects.free().exists():
        send_full_scoring()


def begin() -> bool:
    """Whether there is a list: made out of the newest request, unless an earlier one is being worked off."""
    row = FullScoring.row().get()
    if row.serving > row.served:
        return True
    if row.requested <= row.served:
        return False
    look_at_what_grows()
    with transaction.atomic():
        mine = FullScoring.row().filter(serving=row.serving, served=row.served)
        if not mine.update(serving=row.requested):  # somebody else has just begun
            return True
        ScoringChunk.objects.all().delete()
        ranges = list(chunks(None))
        ScoringChunk.objects.bulk_create(
            [ScoringChunk(low=keys.start, stop=keys.stop) for keys in ranges]
        )
        for _ in range(min(len(ranges), ABREAST) - 1):
            transaction.on_commit(send_full_scoring)
    return True


def take() -> ScoringChunk | None:
    """A free range that is now ours. The attempt counts before the work, since the work may kill us."""
    while True:
        with transaction.atomic():
            free = ScoringChunk.objects.free()
            chunk = free.select_for_update(skip_locked=True).order_by("low").first()
            if chunk is None:
                return None
            chunk.lease, chunk.attempts = timezone.now() + LEASE, chunk.attempts + 1
            if free.filter(pk=chunk.pk).update(lease=chunk.lease, attempts=chunk.attempts):
                return chunk


def work_off(chunk: ScoringChunk) -> None:
    rows = ScoringChunk.objects.filter(pk=chunk.pk)

    def renew(looked_at: int) -> None:
        rows.update(lease=timezone.now() + LEASE)

    try:
        score_customers(chunk.keys, timezone.now(), renew)
    except Superseded as why:
        logger.info("%s while scoring; once more", why)
        rows.update(lease=None, attempts=F("attempts") - 1)
    else:
        rows.delete()


def close() -> bool:
    """Mark the request as served when nothing of its list is left; whether there is nothing left to do."""
    row = FullScoring.row().get()
    if row.serving <= row.served:
        return True
    if ScoringChunk.objects.open().exists():
        return False
    this = FullScoring.row().filter(serving=row.serving, served=row.served)
    if this.update(served=row.serving, served_at=timezone.now()):
        for chunk in ScoringChunk.objects.all():
            logger.error("Customers %s were left out: tried %s times", chunk, chunk.attempts)
        refresh_segment_totals()
        add_up_everybody()
        add_up_products()
        add_up_money()
        refresh_dashboards()
    return True
