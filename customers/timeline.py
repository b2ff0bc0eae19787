"""Everything that happened with one customer, newest first, from four sources, in pages by key; and apart from it,
what was changed of their details.

Each source keeps its own place (time and id of the last row used), so that a visit of many page views is folded
into one item without losing or repeating what lies between its views. A source of which nothing was shown yet
begins where the page ended.
"""

import base64
import binascii
import datetime
import json
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.dateparse import parse_date

from customers import han
from customers.models import (
    Attachment,
    Customer,
    CustomerQuerySet,
    Event,
    Interaction,
    Order,
    OrderLine,
    Task,
)
from customers.paging import LARGEST_ID, id_of, moment_of
from customers.timeline_changes import Edited, changes_of

PAGE = 20
VISIT_PAUSE = datetime.timedelta(minutes=30)
EVENTS_READ = 400
UNDATED_SHOWN = 50
WHOLE = "all"
MOST_NEW = 200

LONGEST_WORDS = 100

KINDS = {
    "everything": ("orders", "talks", "visits", "tasks"),
    "conversations": ("talks",),
    "notes": ("talks",),
    "complaints": ("talks",),
    "orders": ("orders",),
    "browsing": ("visits",),
    "tasks": ("tasks",),
    "changes": ("changes",),
}
# What of the conversations some of these are about.
CHANNELS = {"notes": "note", "complaints": "complaint"}


@dataclass(frozen=True)
class Wanted:
    """What of a timeline somebody looks for: a kind, words, days from and to (of the reader's calendar)."""

    kind: str = "everything"
    words: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.first or self.last)

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        parts = {
            "timeline": self.kind,
            "words": self.words,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in parts.items() if value}

    def within(self, rows, time: str):
        """Rows of these days."""
        zone = timezone.get_current_timezone()
        start = datetime.time(tzinfo=zone)
        if self.first:
            rows = rows.filter(**{f"{time}__gte": datetime.datetime.combine(self.first, start)})
        if self.last:
            end = self.last + datetime.timedelta(days=1)
            rows = rows.filter(**{f"{time}__lt": datetime.datetime.combine(end, start)})
        return rows

    def naming(self, rows, *fields: str):
        """Rows in one of whose fields the words stand, in either Chinese script."""
        return rows.filter(han.names(self.words, *fields)) if self.words else rows


def wanted_of(query) -> Wanted:
    """Of an address or a form; what cannot be read is not asked for."""
    kind = query.get("timeline", "everything")
    words = query.get("words", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    return Wanted(
        kind if kind in KINDS else "everything",
        words,
        _day_of(query.get("from", "")),
        _day_of(query.get("to", "")),
    )


def _day_of(text: str) -> datetime.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 3000 else None


@dataclass
class Visit:
    """Views with less than half an hour between them."""

    events: list[Event] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.events[0].pk

    @property
    def minutes(self) -> int:
        stayed = sum(e.seconds or 0 for e in self.events)
        span = (self.events[0].occurred_at - self.events[-1].occurred_at).total_seconds()
        return round(max(stayed, span) / 60)


@dataclass
class Item:
    kind: str  # order, talk, visit, task, change
    when: datetime.datetime | None
    thing: Order | Interaction | Visit | Task | Edited
    last: tuple[datetime.datetime, int] | None  # place of the oldest row in it


@dataclass
class Timeline:
    items: list[Item]
    older: str  # the place after which older items follow; "" at the end
    edge: str  # the place of the oldest item shown


Places = dict[str, tuple[datetime.datetime, int]]


def write_places(places: Places) -> str:
    plain = {k: [when.isoformat(), pk] for k, (when, pk) in places.items()}
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def read_places(text: str) -> Places:
    """The places in an address; anything else than what was written there is no place at all."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(text.encode()))
        places = {str(k): (moment_of(when), id_of(pk)) for k, (when, pk) in plain.items()}
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return {}
    return places if all(k in (*SOURCE.values(), WHOLE) for k in places) else {}


def with_undated(customers: CustomerQuerySet) -> CustomerQuerySet:
    """Whether messages without a time are there at all, told along with the customer."""
    undated = Interaction.objects.filter(customer=OuterRef("pk"), occurred_at=None)
    return customers.annotate(has_undated=Exists(undated))


def timeline(
    customer: Customer, wanted: Wanted | str = "everything", after: str = "", until: str = ""
) -> Timeline:
    """One page after a place, or everything from now down to the place ``until`` (a refresh of what is shown)."""
    wanted = Wanted(wanted) if isinstance(wanted, str) else wanted
    sources = KINDS.get(wanted.kind, KINDS["everything"])
    places, stop = read_places(after), read_places(until)
    count = MOST_NEW if stop else PAGE
    found: list[Item] = []
    for source in sources:
        place = places.get(source) or places.get(WHOLE)
        here = stop.get(source) or stop.get(WHOLE)
        found += READERS[source](customer, wanted, place, here, count + 1)
    found.sort(key=lambda item: (item.when, item.thing.pk), reverse=True)
    items, more = found[:count], len(found) > count
    if stop:
        # The page knows what lies beyond its last item; a refresh only looks above it.
        read_more_of(items)
        return Timeline(items, until, until)
    for item in items:
        places[SOURCE[item.kind]] = item.last
        places[WHOLE] = (item.when, LARGEST_ID)
    edge = write_places(places) if places else ""
    if not more and "talks" in sources and customer.has_undated:
        items += undated(customer, wanted)
    read_more_of(items)
    return Timeline(items, edge if more else "", edge)


def _between(rows, place, stop, time: str = "occurred_at"):
    """Rows older than ``place``, and not older than ``stop``."""
    if place:
        when, pk = place
        rows = rows.filter(**{f"{time}__lte": when}).filter(
            Q(**{f"{time}__lt": when}) | Q(**{time: when, "pk__lt": pk})
        )
    if stop:
        when, pk = stop
        rows = rows.filter(**{f"{time}__gte": when}).filter(
            Q(**{f"{time}__gt": when}) | Q(**{time: when, "pk__gte": pk})
        )
    return rows.order_by(f"-{time}", "-pk")


def read_orders(customer, wanted, place, stop, count) -> list[Item]:
    lines = Prefetch("lines", OrderLine.objects.select_related("product").order_by("position"))
    rows = wanted.within(customer.orders.prefetch_related(lines), "occurred_at")
    if wanted.words:
        of_order = OrderLine.objects.filter(order=OuterRef("pk"))
        named = wanted.naming(of_order, "product__name", "description")
        rows = rows.filter(Q(number__icontains=wanted.words) | Exists(named))
    rows = _between(rows, place, stop)[:count]
    return [Item("order", o.occurred_at, o, (o.occurred_at, o.pk)) for o in rows]


def talks_of(customer, wanted: Wanted):
    rows = customer.interactions.select_related("author", "product", "order", "reading")
    if channel := CHANNELS.get(wanted.kind):
        rows = rows.filter(channel=channel)
    rows = wanted.naming(rows, "subject", "text", "product__name")
    # Few have any: those are read where there are.
    named = Interaction.mentions.through.objects.filter(interaction=OuterRef("pk"))
    files = Attachment.objects.filter(interaction=OuterRef("pk"))
    return rows.annotate(has_more=Exists(named) | Exists(files))


def read_more_of(items: list[Item]) -> None:
    """Colleagues named in what was written down, and its files."""
    talks = [item.thing for item in items if item.kind == "talk" and item.thing.has_more]
    prefetch_related_objects(talks, "mentions", "attachments")


def read_talks(customer, wanted, place, stop, count) -> list[Item]:
    rows = wanted.within(talks_of(customer, wanted).exclude(occurred_at=None), "occurred_at")
    rows = _between(rows, place, stop)[:count]
    return [Item("talk", t.occurred_at, t, (t.occurred_at, t.pk)) for t in rows]


def undated(customer, wanted: Wanted) -> list[Item]:
    """Of no day: not among those of some days."""
    if wanted.first or wanted.last:
        return []
    rows = talks_of(customer, wanted).filter(occurred_at=None)
    return [Item("talk", None, t, None) for t in rows.order_by("-pk")[:UNDATED_SHOWN]]


def read_tasks(customer, wanted, place, stop, count) -> list[Item]:
    rows = customer.tasks.exclude(done_at=None).select_related("assignee")
    rows = wanted.naming(wanted.within(rows, "done_at"), "title", "note")
    rows = _between(rows, place, stop, "done_at")[:count]
    return [Item("task", t.done_at, t, (t.done_at, t.pk)) for t in rows]


def read_visits(customer, wanted, place, stop, count) -> list[Item]:
    rows = wanted.within(customer.events.select_related("product"), "occurred_at")
    rows = wanted.naming(rows, "subject", "product__name")
    events = list(_between(rows, place, stop)[:EVENTS_READ])
    visits: list[Visit] = []
    for event in events:
        if visits and visits[-1].events[-1].occurred_at - event.occurred_at <= VISIT_PAUSE:
            visits[-1].events.append(event)
        else:
            visits.append(Visit([event]))
    if len(events) == EVENTS_READ and len(visits) > 1:
        visits.pop()  # perhaps cut off; it comes whole with the next page
    return [
        Item("visit", v.events[0].occurred_at, v, (v.events[-1].occurred_at, v.events[-1].pk))
        for v in visits[:count]
    ]


def read_changes(customer, wanted, place, stop, count) -> list[Item]:
    found = []
    for edited in changes_of(customer):
        here = (edited.change_set.at, edited.pk)
        on = timezone.localdate(here[0])
        fits = (not wanted.first or on >= wanted.first) and (not wanted.last or on <= wanted.last)
        shown = (not place or here < place) and (not stop or here >= stop)
        if fits and shown and (not wanted.words or edited.says(wanted.words)):
            found.append(Item("change", here[0], edited, here))
    return found[:count]


READERS = {
    "orders": read_orders,
    "talks": read_talks,
    "visits": read_visits,
    "tasks": read_tasks,
    "changes": read_changes,
}
SOURCE = {
    "order": "orders",
    "talk": "talks",
    "visit": "visits",
    "task": "tasks",
    "change": "changes",
}
