"""Read what customers wrote: every message that is new or has changed, in batches, newest first.

What is to be read stands in the database (see customers.unread); a message only wakes. So this can be lost, doubled
or killed at any moment: what has not been stored is read again, and a reading of words that have changed meanwhile
is not stored.
"""

import datetime
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from customers.models import (
    Concerns,
    CustomerSubject,
    CustomerVoice,
    Interaction,
    MessageCorrection,
    MessageReading,
    Sentiment,
    stored_concerns,
)
from customers.noticing import tell_complaints
from customers.plans import look_again
from customers.product_sums import add_up_products
from customers.saying import add_up
from insights.dashboard_sums import refresh_dashboards
from insights.listening import mark_stale
from insights.ml.voice.reading import Reading, read
from insights.models import OutdatedVoiceDay, Rereading
from insights.refreshing import lease
from insights.requesting import send_reading, send_stale
from insights.rereading import hand_over, is_something_to_read
from insights.voice_days import MOST, refresh_days
from insights.voice_knowledge import Readers, knowledge_of, readers

logger = logging.getLogger(__name__)

BATCH = 500
# While more comes in than can be read, other tasks get their turn after so many seconds.
SHIFT = 15
# After so many in a shift the database is told how its tables look now: that nobody had a feeling, as before a long
# story was read, makes it look through all of them for those of a few customers.
MANY_READ = 2_000
LONGEST_READING = 30 * 60
MONTH = datetime.timedelta(days=30)
YEAR = datetime.timedelta(days=366)  # how far back features look
MANY = 3  # complaints within a month
MOST_URGENT = 3


@dataclass
class Message:
    """What a message is read from, and what it was when we looked (``changes``)."""

    pk: int
    changes: int
    inbound: bool
    words: str
    channel: str
    rating: int | None
    direction: str
    customer_id: int | None
    occurred_at: datetime.datetime | None
    version: str
    refused: bool


def read_unread() -> int:
    """Read until nothing is left; one worker at a time, returns how many messages."""
    done, over = 0, time.monotonic() + SHIFT
    while is_something_to_read():
        with lease("reading_lease") as renew:
            if renew is None:  # whoever has it also sees what we were woken for
                return done
            while batch := next_batch() or read_before():
                done += read_batch(batch)
                renew()
                if time.monotonic() > over:
                    break
            else:
                if refresh_days(renew) > MOST:
                    add_up_what_was_said()
        if done >= MANY_READ:
            look_again(MessageReading, CustomerVoice, CustomerSubject)
        if time.monotonic() > over:
            send_reading()
            break
    return done


def read_all_there_is(tell: Callable[[int, int], None]) -> None:
    """Read what has come by now, or wait for whoever reads it: who learns from it must not begin before.

    ``tell`` is given how many are read and how many there were. More than half an hour is not waited: what is not
    read by then counts as silence, as it did before.
    """
    newest = MessageReading.objects.unread().aggregate(Max("pk"))["pk__max"] or 0
    waiting = MessageReading.objects.unread().filter(pk__lte=newest)
    count, over = waiting.count(), time.monotonic() + LONGEST_READING
    while (left := waiting.count()) and time.monotonic() < over:
        tell(count - left, count)
        if not read_unread():
            time.sleep(1)


def add_up_what_was_said() -> None:
    """After a long story was read, other sums than those of the days wait for it as well: answers, products."""
    add_up_products()
    refresh_dashboards()


def read_before() -> list[Message]:
    """Of what others have read and is to be read anew, once everything else is read."""
    if Rereading.under_way() is None:
        return []
    return next_batch() if hand_over(readers()) else []


def next_batch() -> list[Message]:
    """The newest first: who writes now does not wait for a million imported ones."""
    rows = MessageReading.objects.unread().order_by("-pk")[:BATCH]
    return [
        Message(
            pk, changes, inbound, "\n".join(part for part in (subject, text) if part), *others,
            refused=bool(refused),
        )
        for pk, changes, inbound, subject, text, refused, *others in rows.values_list(
            "pk", "changes", "inbound", "interaction__subject", "interaction__text",
            "interaction__customer__profiling_refused", "interaction__channel", "interaction__rating",
            "interaction__direction", "interaction__customer_id", "interaction__occurred_at", "version",
        )
    ]  # fmt: skip


def read_batch(batch: list[Message]) -> int:
    models = readers()
    try:
        readings = understood(batch, models)
    except (DatabaseError, InterfaceError, OSError, MemoryError):  # says nothing about the words
        raise
    except Exception as error:  # noqa: BLE001  (one message must not hold up all the others)
        if len(batch) > 1:
            middle = len(batch) // 2
            return read_batch(batch[:middle]) + read_batch(batch[middle:])
        logger.error(
            "Message %s cannot be read and is left without a reading: %r", batch[0].pk, error
        )
        readings = {}
    store(batch, readings, models)
    return len(batch)


def understood(batch: list[Message], models: Readers) -> dict[int, Reading]:
    """Readings by message; there is none of messages without words, nor of customers who refused profiling."""
    readable = [one for one in batch if one.words.strip() and not one.refused]
    if not readable:
        return {}
    known, found = knowledge_of(readable), {}
    for felt in (True, False):
        part = [one for one in readable if models.feels(one.channel) == felt]
        sentiment = models.sentiment if felt else None
        readings = read([one.words for one in part], known, sentiment, models.intent)
        found |= {one.pk: reading for one, reading in zip(part, readings, strict=True)}
    return found


@transaction.atomic
def store(batch: list[Message], readings: dict[int, Reading], models: Readers) -> None:
    """Write what was read and all that follows from it: answers, days to be added up anew, scores out of date."""
    corrections = MessageCorrection.objects.given().in_bulk([one.pk for one in batch])
    now, taxonomy = timezone.now(), stored_concerns()
    rows = [
        row_of(one, readings.get(one.pk), corrections.get(one.pk), taxonomy)
        | {"version": "" if one.refused else models.version_for(one.channel)}
        for one in batch
    ]
    note_repeated(batch, rows)
    write(rows, now)
    touched = note_answers(batch, now)
    days = touched.exclude(occurred_at=None).annotate(
        day=TruncDate("occurred_at", tzinfo=datetime.UTC)
    )
    OutdatedVoiceDay.objects.bulk_create(
        [
            OutdatedVoiceDay(day=day)
            for day in days.order_by().values_list("day", flat=True).distinct()
        ],
        ignore_conflicts=True,
    )
    add_up(sorted({one.customer_id for one in batch if one.customer_id}))
    news = without_reread(batch, models)
    tell_complaints([one.pk for one in news if one.inbound and is_recent(one, now)])
    heard = {one.customer_id for one in news if one.inbound and is_recent(one, now)}
    heard.discard(None)
    if mark_stale(sorted(heard)):
        transaction.on_commit(send_stale)


def without_reread(batch: list[Message], models: Readers) -> list[Message]:
    """While messages are read anew nobody is scored for that; everyone is, once, when it is done."""
    others = {one.pk for one in batch if one.version not in ("", models.version_for(one.channel))}
    if not others or Rereading.under_way() is None:
        return batch
    return [one for one in batch if one.pk not in others]


def is_recent(one: Message, now: datetime.datetime) -> bool:
    """Whether a score may know of it: a backfill of old messages asks for nobody to be scored anew."""
    return one.occurred_at is not None and one.occurred_at > now - YEAR


def note_repeated(batch: list[Message], rows: list[dict]) -> None:
    """An unhappy message is more urgent where it is the third of its customer within a month."""
    unhappy = {row["id"]: row for row in rows if row["label"] == Sentiment.NEGATIVE}
    told = [one for one in batch if one.pk in unhappy and one.customer_id and one.occurred_at]
    known = MessageReading.objects.filter(customer__in={one.customer_id for one in told})
    known = known.filter(inbound=True, occurred_at__isnull=False).filter(
        Q(label=Sentiment.NEGATIVE) | Q(interaction__channel="complaint")
    )
    moments: dict[int, dict[int, datetime.datetime]] = {}
    for pk, customer, moment in known.values_list("pk", "customer", "occurred_at"):
        moments.setdefault(customer, {})[pk] = moment
    for one in told:
        moments.setdefault(one.customer_id, {})[one.pk] = one.occurred_at
    for one in told:
        month = [
            m
            for m in moments[one.customer_id].values()
            if one.occurred_at - MONTH <= m <= one.occurred_at
        ]
        if len(month) >= MANY:
            row = unhappy[one.pk]
            row["urgency"] = min(MOST_URGENT, row["urgency"] + 1)
            row["details"].setdefault("urgency", []).append("many_complaints")


def row_of(
    one: Message, said: Reading | None, corrected: MessageCorrection | None, now: Concerns
) -> dict[str, Any]:
    """The columns of one reading. Only customers' own words carry a feeling and a concern; ``now``:
    what the concerns stand for."""
    row: dict[str, Any] = {
        "id": one.pk, "changes": one.changes,
        "language": said.language if said else "", "sentiment": None, "label": "", "intent": "",
        "intent_chance": None, "urgency": 0, "named_product_id": None, "details": {},
    }  # fmt: skip
    if said:
        row["details"] = details_of(said, one.inbound)
        row["named_product_id"] = product_of(said)
    if one.inbound and not one.refused:
        row["label"] = label_of(one, said)
        if said:
            row |= {
                "sentiment": round(said.sentiment, 4),
                "intent": said.intent,
                "intent_chance": round(said.intent_chance, 4),
                "urgency": said.urgency,
            }
    row |= {"label_read": row["label"], "intent_read": row["intent"]}
    if corrected and not one.refused:
        row |= {name: getattr(corrected, name) or row[name] for name in ("label", "intent")}
    row["intent"] = now.stands_for(row["intent"])
    return row


def product_of(said: Reading) -> int | None:
    """The first that is named, unless several carry the name."""
    named = (e.key for e in said.entities if e.kind == "product" and not e.suggested)
    return next((key for key in named if key), None)


def label_of(one: Message, said: Reading | None) -> str:
    """What the customer has said outright counts more than how it sounds: a rating without words, a complaint or
    a poor review that is put soberly."""
    if said is None:
        if one.rating is None:
            return Sentiment.NEGATIVE if one.channel == "complaint" else ""
        by_rating = {1: Sentiment.NEGATIVE, 2: Sentiment.NEGATIVE, 3: Sentiment.NEUTRAL}
        return by_rating.get(one.rating, Sentiment.POSITIVE)
    if said.label == Sentiment.NEUTRAL and (one.channel == "complaint" or (one.rating or 5) <= 2):
        return Sentiment.NEGATIVE
    return said.label


def details_of(said: Reading, inbound: bool) -> dict[str, list]:
    details: dict[str, list] = {
        "keywords": list(said.keywords),
        "entities": [[e.kind, e.start, e.end, e.key, e.suggested] for e in said.entities],
    }
    if inbound:
        details |= {
            "evidence": [[s.start, s.end, round(s.weight, 4)] for s in said.evidence],
            "sentences": [[s.start, s.end, round(s.sentiment, 3)] for s in said.sentences],
            "aspects": [[a.code, a.start, a.end, round(a.sentiment, 3)] for a in said.aspects],
            "urgency": list(said.urgency_reasons),
        }
    return {name: found for name, found in details.items() if found}


COLUMNS = {
    "language": "text", "sentiment": "double precision", "label": "text", "label_read": "text",
    "intent": "text", "intent_read": "text", "intent_chance": "double precision", "urgency": "smallint",
    "version": "text", "named_product_id": "bigint", "details": "jsonb",
}  # fmt: skip
# Who changed a message since we looked, or set its reading right, has raised its counter: it is read once more.
WRITE = f"""
UPDATE customers_messagereading SET read_at = %(now)s, changed_at = %(now)s,
    {", ".join(f"{name} = x.{name}" for name in COLUMNS)}
FROM {{rows}} AS x
WHERE customers_messagereading.interaction_id = x.id AND customers_messagereading.changes = x.changes
"""
ROWS = {
    "postgresql": "jsonb_to_recordset(CAST(%(rows)s AS jsonb))",
    "sqlite": "(SELECT {} FROM json_each(%(rows)s))".format(
        ", ".join(
            f"json_extract(value, '$.{name}') AS {name}" for name in ("id", "changes", *COLUMNS)
        )
    ),
}
TYPED = ", ".join(
    f"{n} {kind}" for n, kind in {"id": "bigint", "changes": "integer", **COLUMNS}.items()
)


def write(rows: list[dict], now: datetime.datetime) -> None:
    statement = WRITE.format(rows=ROWS[connection.vendor])
    if connection.vendor == "postgresql":
        statement = statement.replace(" AS x\n", f" AS x({TYPED})\n")
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": moment, "rows": json.dumps(rows)})


def note_answers(batch: list[Message], now: datetime.datetime):
    """When these messages were answered, and those that something in the batch answers; returns both."""
    replied = {one.customer_id for one in batch if one.direction == "out" and one.customer_id}
    touched = MessageReading.objects.filter(inbound=True).filter(
        Q(pk__in=[one.pk for one in batch]) | Q(customer__in=replied)
    )
    replies = Interaction.objects.filter(
        customer=OuterRef("customer"), direction="out", occurred_at__gt=OuterRef("occurred_at")
    )
    first = replies.order_by().values("customer").annotate(first=Min("occurred_at")).values("first")
    touched.update(answered_at=Subquery(first), changed_at=now)
    return touched
