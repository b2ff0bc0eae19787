"""Keep published scores up to date: customers whose facts changed are scored within seconds."""

import contextlib
import datetime
import logging
import time
from collections.abc import Callable, Iterator

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q
from django.utils import timezone

from insights.models import FullScoring, StaleCustomer
from insights.requesting import send_stale
from insights.scoring import Superseded, score_customers

logger = logging.getLogger(__name__)

BATCH = 2_000
# Renewed after every model. Should one take longer, two workers score the same, which does no harm; what is
# held by one that was killed must be free again soon.
LEASE = datetime.timedelta(seconds=20)
# While facts change faster than they are scored, other tasks get their turn after so many seconds.
SHIFT = 15
SET_ASIDE = datetime.timedelta(hours=1)


def refresh_stale() -> int:
    """Score the customers whose facts changed, until there are none; one worker at a time, returns how many."""
    refreshed, over = 0, time.monotonic() + SHIFT
    while StaleCustomer.objects.due().exists():
        with lease("stale_lease") as renew:
            if renew is None:  # whoever has it also sees what we were woken for
                return refreshed
            while batch := list(StaleCustomer.objects.due().order_by("since")[:BATCH]):
                refreshed += refresh(batch, renew)
                renew()
                if time.monotonic() > over:
                    break
        if time.monotonic() > over:
            send_stale()
            return refreshed
        # Somebody may have been turned away between our last look and the end of the lease: look again.
    return refreshed


def refresh(batch: list[StaleCustomer], renew: Callable[[], None]) -> int:
    as_of = timezone.now()
    try:
        score_customers([one.customer_id for one in batch], as_of, lambda looked_at: renew())
    except Superseded as why:
        logger.info("%s while scoring; once more", why)
        return 0
    except (DatabaseError, InterfaceError, OSError, MemoryError):  # says nothing about the facts
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, one customer must not hold up all the others)
        return divide(batch, error, renew)
    forget(batch)
    return len(batch)


def divide(batch: list[StaleCustomer], error: Exception, renew: Callable[[], None]) -> int:
    """Somebody in the batch cannot be scored: find out who by halves, and score the rest."""
    if len(batch) > 1:
        middle = len(batch) // 2
        return refresh(batch[:middle], renew) + refresh(batch[middle:], renew)
    one = batch[0]
    logger.error("Customer %s cannot be scored and is set aside: %r", one.customer_id, error)
    same = StaleCustomer.objects.filter(pk=one.pk, counter=one.counter)
    same.update(set_aside_until=timezone.now() + SET_ASIDE)
    return 0


@transaction.atomic
def forget(batch: list[StaleCustomer]) -> None:
    """Strike out what has been scored. A counter that has moved, or a row made anew (by its time, whatever the clock
    says now), means facts that the scores do not know yet; so does a row that somebody is writing at the moment.
    """
    scored = {one.customer_id: (one.counter, one.since) for one in batch}
    now = StaleCustomer.objects.filter(customer_id__in=scored).select_for_update(skip_locked=True)
    same = [one.customer_id for one in now if scored[one.customer_id] == (one.counter, one.since)]
    StaleCustomer.objects.filter(customer_id__in=same).delete()


@contextlib.contextmanager
def lease(field: str) -> Iterator[Callable[[], None] | None]:
    """Hold the named lease; yields a function that renews it, or None when somebody else has it."""
    now = timezone.now()
    # One that reaches further than any lease does comes from a clock that has since been put back.
    free = Q(**{field: None}) | Q(**{f"{field}__lt": now}) | Q(**{f"{field}__gt": now + 2 * LEASE})
    until = now + LEASE
    if not FullScoring.row().filter(free).update(**{field: until}):
        yield None
        return

    def renew() -> None:
        nonlocal until
        until, before = timezone.now() + LEASE, until
        FullScoring.row().filter(**{field: before}).update(**{field: until})

    try:
        yield renew
    finally:
        FullScoring.row().filter(**{field: until}).update(**{field: None})
