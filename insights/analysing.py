"""Read words that somebody sends and nobody keeps: a worker reads them, and they are stored nowhere.

The message in the queue carries two numbers. By the first the worker asks for the words on a channel of Redis, and
answers there. What goes over a channel is in no database, in no file of Redis and in no queue: it reaches who listens
in that moment, and is gone. So a worker that dies, or that comes too late, leaves nothing behind either.
"""

import contextlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import redis
from django.conf import settings

from customers.filters import colleagues_of
from customers.models import MessageReading, User, stored_concerns
from customers.waking import wake

logger = logging.getLogger(__name__)

# The reader reads no further (insights.ml.voice.reading).
LONGEST = 5_000
PATIENCE = 10.0  # seconds that whoever asks waits
HANDED_OVER_WITHIN = 3.0
# Of the threads of a web process so many wait at a time, so that pages are served while no worker answers; others
# queue for that long.
SEATS = threading.BoundedSemaphore(2)
QUEUE = 2.0
READY = {"ready": True}


class NotRead(Exception):
    """No worker answered in time."""


def analysis(words: str, channel: str, user: User) -> MessageReading:
    """What a worker reads out of the words, on a row that is never saved; with `probabilities` of the feelings."""
    if not SEATS.acquire(timeout=QUEUE):
        raise NotRead
    try:
        answer = ask({"words": words, "channel": channel}, user.pk)
    except (redis.RedisError, OSError) as error:
        logger.warning("No words can be handed to a worker: %s", type(error).__name__)
        raise NotRead from None
    finally:
        SEATS.release()
    probabilities = answer.pop("probabilities")
    reading = MessageReading(inbound=True, **answer)
    reading.probabilities = probabilities
    return reading


def ask(words: dict[str, str], user_id: int) -> dict[str, Any]:
    """The web process's side."""
    from insights.tasks import read_words

    number, until = secrets.randbits(62), time.monotonic() + PATIENCE
    with connected() as link, listening(link, f"answer:{number}") as inbox:
        if not wake(read_words, number, user_id):
            raise NotRead
        while heard := hear(inbox, until - time.monotonic()):
            if heard == READY:
                link.publish(f"words:{number}", json.dumps(words))
            elif heard:
                return heard
    raise NotRead


def answer(number: int, user_id: int) -> None:
    """The worker's side."""
    with connected() as link, listening(link, f"words:{number}") as inbox:
        if not link.publish(f"answer:{number}", json.dumps(READY)):
            return  # nobody waits any more
        words = hear(inbox, HANDED_OVER_WITHIN)
        if words is None:
            return
        try:
            told = read_for(User.objects.get(pk=user_id), **words)
        except Exception as error:  # noqa: BLE001  (its own words could hold what nobody may keep)
            logger.error("Words that were sent could not be read: %s", type(error).__name__)
            return
        link.publish(f"answer:{number}", json.dumps(told))


def read_for(user: User, words: str, channel: str) -> dict[str, Any]:
    """As a message that a customer has sent; records are named only where this user may see them.

    channel: "" where none is named; then the published model of feelings reads, whatever it has learnt from.
    """
    from insights.ml.voice.reading import LABELS, read
    from insights.reading import details_of
    from insights.voice_knowledge import knowledge_for, readers

    models = readers()
    felt = not channel or models.feels(channel)
    sentiment = models.sentiment if felt else None
    (said,) = read([words], knowledge_for(user, words), sentiment, models.intent)
    known = {e.key for e in said.entities if e.kind == "person" and e.key}
    known &= set(colleagues_of(user).filter(pk__in=known).values_list("pk", flat=True))
    seen = tuple(
        e if e.kind != "person" or e.key in known else replace(e, key=None) for e in said.entities
    )
    return {
        "language": said.language,
        "label": said.label,
        "sentiment": said.sentiment,
        "probabilities": dict(zip(LABELS, said.chances, strict=True)),
        "intent": stored_concerns().stands_for(said.intent),
        "intent_chance": said.intent_chance,
        "urgency": said.urgency,
        "details": details_of(replace(said, entities=seen), inbound=True),
        "version": models.version if felt else models.plain,
    }


@contextlib.contextmanager
def connected() -> Iterator[redis.Redis]:
    address = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    try:
        link = redis.Redis.from_url(address, socket_connect_timeout=2, socket_timeout=5)
    except ValueError as error:  # no address of a Redis
        raise redis.ConnectionError(str(error)) from None
    with link:
        yield link


@contextlib.contextmanager
def listening(link: redis.Redis, channel: str) -> Iterator[Any]:
    """From here on nothing is missed that is said there."""
    with link.pubsub() as inbox:
        inbox.subscribe(channel)
        if inbox.get_message(timeout=2) is None:
            raise redis.TimeoutError
        yield inbox


def hear(inbox: Any, seconds: float) -> dict[str, Any] | None:
    """The next that is said, None where nothing is."""
    heard = inbox.get_message(timeout=seconds) if seconds > 0 else None
    return json.loads(heard["data"]) if heard else None
