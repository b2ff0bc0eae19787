"""Look for what customers talk about, and say of each message what it is about: every night, and when asked.

Everything stands in the database: what was asked for, the topics, and of what text and topics each message's was
said. So this can be lost, doubled or killed at any moment; what is missing is said by the next search.
"""

import datetime
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from customers.models import Company, MessageReading, Sentiment
from insights.ml.voice import topics as learnt
from insights.ml.voice.hearing import Heard, hear
from insights.ml.voice.naming_topics import names, typical, usual_lengths
from insights.ml.voice.phrases import CODE, phrases
from insights.ml.voice.quoting import own_words
from insights.ml.voice.rising import Rise, counted, expectation, weekly
from insights.ml.voice.script import folded
from insights.ml.voice.topics import Corpus, Topics
from insights.ml.voice.wordings import wordings
from insights.models import MessageTopic, Topic, TopicSearch
from insights.topic_days import add_up
from insights.topic_effects import measure_effects

logger = logging.getLogger(__name__)

CHUNK = 2_000
MOST = 60_000  # messages looked at; of more, a fixed share of all
SPAN = datetime.timedelta(days=7 * 110)  # two years and a bit, so that there is a year before
LEARN_EVERY = datetime.timedelta(days=6.5)
# A new topic goes on for so many days, also when the next search does not find it by itself.
REMEMBERED = datetime.timedelta(days=90)
HIDDEN = ("order", "person", "product", "place", "email", "phone", "money", "date")
NAMED_BY, SPAN_OF_KEYS = 300, 500  # messages of a topic whose words name it; keys asked for at once
CODES = 2  # of a topic, that are said where it has no phrases of a language


def search() -> bool:
    """Do what was asked for; whether there was anything, and nobody at it."""
    due = TopicSearch.row().filter(TopicSearch.nobody(), requested__gt=F("served"))
    if not due.update(lease=lease(), attempts=F("attempts") + 1):
        return False
    asked = TopicSearch.objects.get(pk=1)
    if asked.attempts > TopicSearch.MOST_ATTEMPTS:
        close(asked, "lost")
        return True
    try:
        look(asked, timezone.now(), lambda: TopicSearch.row().update(lease=lease()))
    except (DatabaseError, InterfaceError):  # says nothing about the messages: once more
        TopicSearch.row().update(lease=None)
        raise
    except Exception as problem:  # told on the page, and not tried for ever
        close(asked, type(problem).__name__)
        raise
    close(asked)
    return True


def close(asked: TopicSearch, error: str = "") -> None:
    TopicSearch.row().filter(requested=asked.requested).update(afresh=False)
    TopicSearch.row().update(lease=None, served=asked.requested, error=error, attempts=0)


def lease() -> datetime.datetime:
    return timezone.now() + TopicSearch.LEASE


def look(asked: TopicSearch, now: datetime.datetime, renew: Callable[[], None]) -> None:
    """The whole story, read top to bottom."""
    corpus = read_corpus(now)
    renew()
    before = Topics.of(asked.model) if asked.model else Topics({}, {}, last_number=last_number())
    anew = asked.afresh or not before.vectors or is_old(asked, now)
    topics = learnt.fit(corpus, before, kept()) if anew else before
    renew()
    heard = hear(corpus, topics, day_of(now))
    values: dict[str, Any] = {"looked_at": now, "messages": len(corpus)}
    if not heard.topics.vectors:
        TopicSearch.row().update(**values)
        return
    changed = bool(anew or heard.fresh)
    values |= {"round": asked.round + changed, "model": heard.topics.plain()}
    with transaction.atomic():
        store_topics(corpus, heard, now)
        TopicSearch.row().update(**values, **({"learnt_at": now} if anew else {}))
    say_topics(heard.topics, usual_lengths(corpus), asked.round + changed, renew)
    add_up()
    measure_effects(now)


def last_number() -> int:
    return Topic.objects.aggregate(last=Max("number"))["last"] or 0


def is_old(asked: TopicSearch, now: datetime.datetime) -> bool:
    return asked.learnt_at is None or not now - LEARN_EVERY < asked.learnt_at <= now


def kept() -> list[int]:
    """Numbers of topics that go on in any case: somebody named them, or they came up lately."""
    lately = Q(emerged=True, found_at__gt=timezone.now() - REMEMBERED)
    rows = Topic.objects.current().filter(~Q(name="") | lately)
    return list(rows.values_list("number", flat=True))


# --- what is read -----------------------------------------------------------------------------------------------


def messages():
    """Customers' messages with words, whose customer is not archived and has not refused profiling."""
    rows = MessageReading.objects.shown().exclude(label="").exclude(occurred_at=None)
    return rows.exclude(interaction__text="", interaction__subject="")


COLUMNS = (
    "pk", "customer_id", "occurred_at", "intent", "details", "interaction__subject", "interaction__text",
)  # fmt: skip


def read_corpus(now: datetime.datetime) -> Corpus:
    """Those of the last two years up to now; of very many, every second, third … one."""
    rows = messages().filter(occurred_at__gt=now - SPAN, occurred_at__lte=now)
    step = -(-rows.count() // MOST)
    if step > 1:
        rows = rows.annotate(turn=F("pk") % step).filter(turn=0)
    return corpus_of(rows.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=CHUNK))


def corpus_of(rows: Iterator[tuple]) -> Corpus:
    keys, customers, days, lengths, terms = [], [], [], [], []
    for pk, customer, occurred_at, intent, details, subject, text in rows:
        words = "\n".join(part for part in (subject, text) if part)
        keys.append(pk)
        customers.append(customer or 0)
        days.append(day_of(occurred_at))
        lengths.append(len(words))
        terms.append(terms_of(words, intent, details))
    return Corpus(
        np.array(keys, dtype=np.int64), np.array(customers, dtype=np.int64), np.array(days), np.array(lengths), terms
    )  # fmt: skip


def terms_of(words: str, intent: str, details: dict) -> frozenset[str]:
    codes = [intent if intent != "other" else "", *(a[0] for a in details.get("aspects", ()))]
    return phrases(folded(own_words(words)), hidden_in(details), codes)


def hidden_in(details: dict) -> list[tuple[int, int]]:
    return [(e[1], e[2]) for e in details.get("entities", ()) if e[0] in HIDDEN]


def day_of(moment: datetime.datetime) -> float:
    return moment.timestamp() / 86_400


# --- what is written --------------------------------------------------------------------------------------------


def store_topics(corpus: Corpus, heard: Heard, now: datetime.datetime) -> None:
    """The rows of the topics; those that are no more keep their number and retire."""
    codes = codes_of(corpus, heard.numbers)
    called = names_of(corpus, heard, codes)
    dispersions = dispersions_of(corpus, heard, day_of(now))
    there = {topic.number: topic for topic in Topic.objects.all()}
    for number in heard.topics.vectors:
        topic = there.pop(number, None) or Topic(
            number=number, found_at=now, emerged=number in heard.fresh
        )
        # Of nights on which nobody speaks of it, the words of those before stand.
        topic.phrases = called.get(number) or topic.phrases
        topic.codes = codes.get(number, topic.codes)
        topic.dispersion = dispersions.get(number, 1.0)
        topic.retired_at = None
        set_rise(topic, heard.rises.get(number), now)
        topic.save()
    gone = [topic.pk for topic in there.values() if topic.retired_at is None]
    Topic.objects.filter(pk__in=gone).update(retired_at=now, rise=None, rising_since=None)


def names_of(
    corpus: Corpus, heard: Heard, codes: dict[int, list[str]]
) -> dict[int, dict[str, list[str]]]:
    """From the words of the messages that are nearest to each topic, so many of each: negative ones among them as they
    are among all of the topic, for those in the middle of it may be of one mood."""
    bad = messages().filter(label=Sentiment.NEGATIVE).values_list("pk", flat=True)
    negative = np.isin(corpus.keys, np.fromiter(bad.iterator(), dtype=np.int64))
    places = [
        nearest(heard, np.flatnonzero(heard.numbers == number), negative)
        for number in heard.topics.vectors
    ]
    places = np.sort(np.concatenate(places)) if places else np.array([], dtype=int)
    some = corpus.only(places)
    said = {}
    for start in range(0, len(some), SPAN_OF_KEYS):
        rows = messages().filter(pk__in=some.keys[start : start + SPAN_OF_KEYS].tolist())
        for pk, _who, _at, _intent, details, subject, text in rows.values_list(*COLUMNS):
            words = "\n".join(part for part in (subject, text) if part)
            said[pk] = wordings(folded(own_words(words)), hidden_in(details))
    # Everybody writes to the company: its name tells no topic from another.
    own = set(folded(Company.current().name).split())
    terms = [
        frozenset(one for one in said.get(int(key), ()) if own.isdisjoint(one.split()))
        for key in some.keys
    ]
    some, numbers = replace(some, terms=terms), heard.numbers[places]
    called = names(some, numbers, negative[places])
    # What has neither phrases of its mood nor a concern or aspect is called by what sets it apart.
    bare = {n for n, parts in called.items() if not any(parts.values()) and not codes.get(n)}
    return called | {n: parts for n, parts in names(some, numbers).items() if n in bare}


def nearest(heard: Heard, places: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """Of a topic's messages those that name it."""
    taken = min(1.0, NAMED_BY / max(1, len(places)))
    chosen = []
    for some in (places[negative[places]], places[~negative[places]]):
        order = np.argsort(-heard.closeness[some], kind="stable")
        chosen.append(some[order[: round(taken * len(some))]])
    return np.concatenate(chosen)


def set_rise(topic: Topic, rise: Rise | None, now: datetime.datetime) -> None:
    topic.rise = asdict(rise) if rise else None
    topic.rising_since = (topic.rising_since or now) if rise else None


def codes_of(corpus: Corpus, numbers: np.ndarray) -> dict[int, list[str]]:
    """Concerns and aspects that more of a topic's messages have than of all, the most frequent first."""
    everywhere = Counter(t for one in corpus.terms for t in one if t.startswith(CODE))
    found = {}
    for number in {int(n) for n in numbers} - {0}:
        inside = np.flatnonzero(numbers == number)
        own = Counter(t for i in inside for t in corpus.terms[i] if t.startswith(CODE))
        frequent = [
            t
            for t, n in own.most_common()
            if n * len(corpus) > 1.5 * everywhere[t] * len(inside) and n * 4 > len(inside)
        ]
        found[number] = [t.removeprefix(CODE) for t in frequent[:CODES]]
    return found


def dispersions_of(corpus: Corpus, heard: Heard, today: float) -> dict[int, float]:
    wanted = list(heard.topics.vectors)
    weeks = weekly(corpus, today)
    counts = counted(corpus, heard.numbers, wanted, weeks)
    totals = np.bincount(weeks[weeks >= 0], minlength=counts.shape[1])
    _mean, _variance, dispersion = expectation(counts, totals - counts, 1, alike=True)
    return {number: round(float(d), 3) for number, d in zip(wanted, dispersion, strict=True)}


def say_topics(
    topics: Topics, usual: dict[bool, float], round_: int, renew: Callable[[], None]
) -> int:
    """What each message is about, wherever that has not been said of its words and these topics."""
    ids = dict(Topic.objects.values_list("number", "pk"))
    said = Q(about__round=round_, about__changes=F("changes"))
    done, last = 0, 0
    while True:
        rows = messages().filter(pk__gt=last).exclude(said).order_by("pk")
        batch = list(rows.values_list(*COLUMNS, "changes")[:CHUNK])
        if not batch:
            return done
        last = batch[-1][0]
        corpus = corpus_of(row[:-1] for row in batch)
        numbers, closeness = learnt.assign(topics, corpus.terms)
        fair = typical(corpus, closeness, usual)
        MessageTopic.objects.bulk_create(
            [
                MessageTopic(
                    reading_id=row[0], topic_id=ids.get(int(number)), occurred_at=row[2],
                    typical=round(float(value), 4), changes=row[-1], round=round_,
                )
                for row, number, value in zip(batch, numbers, fair, strict=True)
            ],
            batch_size=500, update_conflicts=True, unique_fields=["reading"],
            update_fields=["topic", "occurred_at", "typical", "changes", "round"],
        )  # fmt: skip
        done += len(batch)
        renew()
