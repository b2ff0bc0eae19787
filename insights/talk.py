"""What is talked about, for pages and API: topics with sums over what one may see, change, money and quotes."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp, inf, log, sqrt

from django.db import transaction
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from customers.changing import open_change_set, save_changed
from customers.models import ChangeSet, Interaction, concern_word
from customers.reader_words import ASPECTS, aspect_word
from insights.models import MessageTopic, Topic
from insights.outcomes import Outcomes, outcomes_of
from insights.talk_sums import days_of, midnight, money_by_topic, sums_by_topic
from insights.voice import BESIDE

LATELY, BEFORE = 28, 364  # days that are counted, and those before them that tell what is usual
RISEN = 1.5  # times its usual share
QUOTES, LOOKED_AT = 2, 12


@dataclass
class Told:
    """A topic as one reader sees it; ``days`` of the window in which it is counted."""

    topic: Topic
    days: int = LATELY
    messages: int = 0
    negative: int = 0
    ratio: float | None = (
        None  # against what is usual, by share of all messages; None where nothing was said before
    )
    low: float | None = None
    high: float | None = None
    customers: int = 0
    value_at_risk: float = 0.0
    outcomes: Outcomes | None = None  # where enough people spoke of it
    quotes: list[Interaction] = field(default_factory=list)

    @property
    def name(self) -> str:
        return name_of(self.topic)

    @property
    def is_rising(self) -> bool:
        """For certain over all teams, and markedly so among the messages that the reader may see."""
        return bool(self.topic.rise) and (self.ratio is None or self.ratio >= RISEN)

    @property
    def certainty(self) -> float:
        """Of a rise, as the reader sees it: standard errors above what is usual."""
        if self.ratio is None or not self.low:
            return inf
        return 1.96 * log(self.ratio) / (log(self.ratio) - log(self.low))

    @property
    def place(self) -> tuple:
        """The surest rise first; then by size."""
        rising = self.is_rising
        return (not rising, -self.certainty if rising else 0.0, -self.messages, self.topic.number)

    @property
    def negative_share(self) -> float | None:
        return self.negative / self.messages if self.messages else None


def choices_for(user) -> list[tuple[str, str]]:
    """Number and name of the topics that somebody may know of."""
    rows = Topic.objects.current().visible_to(user).order_by("number")
    found = [(str(topic.number), name_of(topic)) for topic in rows]
    return sorted(found, key=lambda pair: pair[1].casefold())


def name_of(topic: Topic) -> str:
    return topic.name or found_name(topic)


def found_name(topic: Topic) -> str:
    """From what sets it apart, in the reader's language; else from what its messages are about, else as it was said."""
    own, other = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    parts = topic.phrases.get(own, [])
    codes = [] if parts else [code_word(code) for code in topic.codes]
    foreign = topic.phrases.get(other, [])
    if codes and foreign:  # several topics are about "praise": as it was said tells them apart
        words = pgettext("between two names", ", ").join(codes)
        name = _("%(about)s: “%(said)s”") % {"about": words, "said": foreign[0]}
    else:
        name = pgettext("between two names", ", ").join(
            parts or codes or foreign or [str(topic.number)]
        )
    return name[:1].upper() + name[1:]


def code_word(code: str) -> str:
    return aspect_word(code) if code in ASPECTS else concern_word(code)


def told(user, numbers: Iterable[int] | None = None) -> list[Told]:
    """The topics that customers one may see spoke of, those that rise first, then the most frequent."""
    rows = Topic.objects.current()
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    found = {topic.pk: Told(topic) for topic in rows}
    for one in found.values():
        if one.topic.rise:
            one.days = 7 * one.topic.rise["weeks"]
    count(user, found)
    heard = {pk: one for pk, one in found.items() if one.messages}
    weigh(user, heard)
    for pk, outcomes in outcomes_of(user, [one.topic for one in heard.values()]).items():
        heard[pk].outcomes = outcomes
    return sorted(heard.values(), key=lambda one: one.place)


def count(user, found: dict[int, Told]) -> None:
    """One query; the row without a topic holds all messages."""
    today, spans = timezone.now().astimezone(datetime.UTC).date(), {7, 14, LATELY}
    by_topic = sums_by_topic(user, today, spans, BEFORE)
    everything = by_topic.get(None)
    for pk, one in found.items():
        row = by_topic.get(pk)
        if not row or not everything:
            continue
        days = one.days if one.days in spans else LATELY
        one.messages, one.negative = row[f"lately_{days}"], row[f"negative_{days}"]
        compare(
            one, row[f"before_{days}"], everything[f"lately_{days}"], everything[f"before_{days}"]
        )


def compare(one: Told, before: int, all_lately: int, all_before: int) -> None:
    """Ratio of the shares with its 95 % interval; counts vary ``dispersion`` times as much as by chance alone."""
    if not (one.messages and before and all_lately and all_before):
        return
    one.ratio = (one.messages / all_lately) / (before / all_before)
    error = sqrt(one.topic.dispersion * (1 / one.messages + 1 / before))
    one.low, one.high = one.ratio * exp(-1.96 * error), one.ratio * exp(1.96 * error)


def weigh(user, found: dict[int, Told]) -> None:
    for topic, (people, money) in money_by_topic(user, found, timezone.now()).items():
        found[topic].customers, found[topic].value_at_risk = people, money


def quote(user, some: list[Told]) -> None:
    """Of the messages one may see of the days that are counted, the most typical ones, those in the reader's language
    before others, each of another customer and in other words, the newest first; one query."""
    own = "zh" if (get_language() or "").startswith("zh") else "en"
    foreign = Case(When(reading__language__startswith=own, then=0), default=1)
    by_topic = {one.topic.pk: one for one in some}
    place = Window(
        RowNumber(),
        partition_by="topic",
        order_by=[foreign, F("typical").desc(), F("reading").desc()],
    )
    rows = (
        MessageTopic.objects.visible_to(user).shown().filter(counted_in(some))
        .annotate(place=place).filter(place__lte=LOOKED_AT)
        .select_related("reading__interaction__customer").order_by("topic", "place")
    )  # fmt: skip
    for row in rows:
        quotes, talk = by_topic[row.topic_id].quotes, row.reading.interaction
        alike = any(talk.text == o.text or talk.customer_id == o.customer_id for o in quotes)
        if len(quotes) < QUOTES and not alike:
            quotes.append(talk)
    for one in some:
        one.quotes.sort(key=lambda talk: talk.occurred_at, reverse=True)


def counted_in(some: list[Told]) -> Q:
    """The messages of these topics, each in its own days."""
    today = timezone.now().astimezone(datetime.UTC).date()
    found = Q(pk__in=[])
    for days in {one.days for one in some}:
        topics = [one.topic.pk for one in some if one.days == days]
        first = midnight(today - datetime.timedelta(days=days - 1))
        found |= Q(topic__in=topics, occurred_at__gte=first, occurred_at__lte=timezone.now())
    return found


def messages_of(user, topic: Topic):
    """The topic's messages that the reader may see, with what was read out of them."""
    rows = (
        MessageTopic.objects.visible_to(user).shown().filter(topic=topic, occurred_at__isnull=False)
    )
    return rows.select_related(*(f"reading__interaction__{name}" for name in BESIDE))


def by_week(user, topic: Topic, weeks: int) -> list[tuple[datetime.date, datetime.date, int]]:
    """First day, last day and messages of the last so many weeks, oldest first; the last one ends today."""
    today = timezone.now().astimezone(datetime.UTC).date()
    first = today - datetime.timedelta(days=7 * weeks - 1)
    sums = [0] * weeks
    for day, n in days_of(user, topic, first, today):
        sums[(day - first).days // 7] += n
    starts = [first + datetime.timedelta(days=7 * i) for i in range(weeks)]
    return [(s, s + datetime.timedelta(days=6), n) for s, n in zip(starts, sums, strict=True)]


@transaction.atomic
def name_topic(
    number: int, name: str, actor, source: str = ChangeSet.Source.PAGE
) -> ChangeSet | None:
    """An empty name brings back the one from its phrases. None where nothing has changed.

    Raises IntegrityError where another topic has the name.
    """
    topic = Topic.objects.select_for_update().get(number=number)
    topic.name = name
    change_set = open_change_set(source, actor)
    if save_changed(topic, change_set, ["name"]):
        return change_set
    change_set.delete()
    return None


def is_taken(number: int, name: str) -> bool:
    """Whether another topic is called so."""
    return bool(name) and Topic.objects.exclude(number=number).filter(name__iexact=name).exists()
