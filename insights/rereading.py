"""Have messages read anew by the models that read now: after a publishing, a roll back, an unpublishing.

The request and how far it is stand on one row. The reader takes a range of messages when it has nothing else to
read; so a restart goes on where the last one ended, and another publishing meanwhile begins anew.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from customers.models import MessageReading
from insights.models import OutdatedVoiceDay, Rereading
from insights.requesting import request_full_scoring, send_reading

if TYPE_CHECKING:
    from insights.voice_knowledge import Readers

# So many are handed over at once: enough for the reader to work on, and few enough for one short transaction.
RANGE = 5_000


def request_rereading() -> None:
    """Customers' messages are to be read by what is published from now on."""
    Rereading.row().update(
        requested=F("requested") + 1,
        requested_at=timezone.now(),
        ended_at=None,
        total=None,
        handed_over=0,
        below=None,
    )
    transaction.on_commit(send_reading)


def hand_over(readers: "Readers") -> int:
    """Mark the next range as unread for these readers; how many messages that are.

    0: there is no such request, or it is served. Whoever reads has asked for the range before to be read first.
    """
    asked = Rereading.under_way()
    if asked is None:
        return 0
    old = outdated(readers)
    if asked.total is None:
        asked.total = old.count()
        same(asked).update(total=asked.total)
    keys = list(rest(old, asked).order_by("-pk").values_list("pk", flat=True)[:RANGE])
    if not keys:
        end(asked)
        return 0
    with transaction.atomic():
        if not same(asked).update(below=keys[-1], handed_over=F("handed_over") + len(keys)):
            return 0  # asked for again in the meantime; whoever reads comes back
        return rest(old, asked).filter(pk__gte=keys[-1]).update(read_at=None)


def outdated(readers: "Readers") -> QuerySet[MessageReading]:
    """Customers' words that others have read. Whatever else there is to a message needs no model."""
    read = MessageReading.objects.filter(inbound=True, read_at__isnull=False, language__gt="")
    if readers.channels is None:
        return read.exclude(version=readers.version)
    felt = Q(interaction__channel__in=readers.channels)
    return read.filter(felt & ~Q(version=readers.version) | ~felt & ~Q(version=readers.plain))


def rest(old: QuerySet[MessageReading], asked: Rereading) -> QuerySet[MessageReading]:
    return old if asked.below is None else old.filter(pk__lt=asked.below)


def same(asked: Rereading) -> QuerySet[Rereading]:
    return Rereading.objects.filter(pk=asked.pk, requested=asked.requested)


def end(asked: Rereading) -> None:
    """What messages say is part of what customers are scored by: once they are all read, everyone is, once."""
    with transaction.atomic():
        ended = {"served": asked.requested, "ended_at": timezone.now()}
        if same(asked).update(**ended) and asked.handed_over:
            request_full_scoring()


def is_something_to_read() -> bool:
    """New or changed messages, days to be added up, or messages to be read anew."""
    unread = MessageReading.objects.unread()
    return unread.exists() or OutdatedVoiceDay.objects.exists() or bool(Rereading.under_way())


@dataclass(frozen=True)
class Progress:
    """How many of the messages have been read anew; total None: not counted yet."""

    done: int
    total: int | None

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.done / self.total)) if self.total else 0


def progress() -> Progress | None:
    """None where nothing is read anew. Two queries that look at one range of messages at most."""
    asked = Rereading.under_way()
    if asked is None:
        return None
    waiting = MessageReading.objects.unread().filter(language__gt="")[: RANGE + 1].count()
    return Progress(max(0, asked.handed_over - waiting), asked.total)
