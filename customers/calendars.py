"""Tasks by day: the spans that the calendar shows, and the feed for other calendars (RFC 5545)."""

import datetime
import hashlib
import secrets
from dataclasses import dataclass, field

import icalendar
from dateutil.relativedelta import MO, relativedelta
from django.utils import timezone

from customers.clocks import clock_of
from customers.models import Task, User
from customers.models.tasks import TaskQuerySet

MONTH, WEEK = "month", "week"
MOST = 1000  # tasks of one span, or of the feed
FEED_FROM, FEED_TO = datetime.timedelta(days=60), datetime.timedelta(days=400)
EARLIEST = datetime.time.min
LASTS = datetime.timedelta(minutes=30)


@dataclass
class Day:
    date: datetime.date
    inside: bool = True  # of the month that is shown
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """A month in whole weeks, or one week; weeks begin on Monday in both languages."""

    kind: str
    day: datetime.date

    @property
    def first(self) -> datetime.date:
        start = self.day.replace(day=1) if self.kind == MONTH else self.day
        return start + relativedelta(weekday=MO(-1))

    @property
    def last(self) -> datetime.date:
        if self.kind == WEEK:
            return self.first + datetime.timedelta(days=6)
        end = self.day + relativedelta(day=31)
        return end + datetime.timedelta(days=6 - end.weekday())

    def moved(self, way: int) -> datetime.date:
        if self.kind == WEEK:
            return self.day + datetime.timedelta(weeks=way)
        return self.day + relativedelta(months=way)

    def weeks(self, tasks: TaskQuerySet) -> list[list[Day]]:
        """The days with what is due on each, timed ones after those that have the whole day."""
        count = (self.last - self.first).days + 1
        dates = [self.first + datetime.timedelta(days=i) for i in range(count)]
        days = {
            date: Day(date, self.kind == WEEK or date.month == self.day.month) for date in dates
        }
        found = tasks.filter(due_on__range=(self.first, self.last))
        order = found.select_related("customer", "assignee").order_by("due_on", "pk")[:MOST]
        for task in sorted(order, key=lambda one: (one.due_time or EARLIEST, one.pk)):
            days[task.due_on].tasks.append(task)
        known = list(days.values())
        return [known[i : i + 7] for i in range(0, len(known), 7)]


def span_of(kind: str | None, text: str | None) -> Span:
    """What an address asks for; this month where it asks for nothing that there is."""
    kind = kind if kind in (MONTH, WEEK) else MONTH
    try:
        day = datetime.date.fromisoformat(text or "")
    except ValueError:
        return Span(kind, timezone.localdate())
    return Span(kind, day if 2000 <= day.year < 2200 else timezone.localdate())


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def renew_key(user: User) -> str:
    """A new secret for the address of this person's feed; the one before leads nowhere from now on."""
    key = secrets.token_urlsafe(24)
    User.objects.filter(pk=user.pk).update(calendar_digest=digest_of(key))
    return key


def stop_feed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(calendar_digest="")


def reader_of(key: str) -> User | None:
    """Whose feed it is; None where nobody's is, or is any more."""
    return User.objects.filter(calendar_digest=digest_of(key), is_active=True).first()


def feed_of(user: User, site: str) -> bytes:
    """The open tasks assigned to this person that they may see; ``site``: what our addresses begin with."""
    today, clock = timezone.localdate(), clock_of(user)
    tasks = Task.objects.visible_to(user).active().open().filter(assignee=user)
    tasks = tasks.filter(due_on__range=(today - FEED_FROM, today + FEED_TO))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Perennial//Tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Perennial")
    for task in tasks.select_related("customer").order_by("due_on", "pk")[:MOST]:
        calendar.add_component(event_of(task, clock, site))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def event_of(task: Task, clock: datetime.tzinfo, site: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"task-{task.pk}@{site.partition('://')[2].partition('/')[0]}")
    event.add("dtstamp", task.recorded_at)
    name = f" · {task.customer.name}" if task.customer else ""
    event.add("summary", f"{task.title}{name}")
    event.add("url", f"{site}{task.get_absolute_url()}")
    if task.note:
        event.add("description", task.note)
    if task.due_time:
        start = task.due_at(clock)
        event.add("dtstart", start)
        event.add("dtend", start + LASTS)
    else:
        event.add("dtstart", task.due_on)
        event.add("dtend", task.due_on + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    return event
