"""A list of tasks as an address asks for it: whose, in which state, which of them, in which order."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import sees_others
from customers.models import Customer, Segment, Task
from customers.models.tasks import TaskQuerySet
from customers.paging import Page, Sort, ordered, page_by

SIZE = 50
LONGEST_SEARCH = 100
MINE, TEAM = "mine", "team"
OPEN, OVERDUE, DONE = "open", "overdue", "done"
WHOSE = {MINE: _("Mine"), TEAM: _("Team")}
STATES = {OPEN: _("To do"), OVERDUE: _("Overdue"), DONE: _("Done")}
NARROWED = ("person", "q", "due", "segment", "days", "outcome")
TODAY, WEEK, NONE = "today", "week", "none"
DUES = {TODAY: _("Due today"), WEEK: _("Due this week"), NONE: _("No due date")}
DAYS = {7: _("In the last 7 days"), 30: _("In the last 30 days"), 90: _("In the last 90 days")}
DUE = Sort("due_on", False, datetime.date, ties_follow=True)
DONE_AT = Sort("done_at", True, datetime.datetime, ties_follow=True, nullable=False)
ADDED = Sort("pk", True, int, ties_follow=True, nullable=False)
SORTS = {"due": DUE, "added": ADDED, "done": DONE_AT}
ORDERS = {
    OPEN: [
        ("due", _("Due soonest first")),
        ("-due", _("Due latest first")),
        ("-added", _("Newest first")),
    ],
    DONE: [("-done", _("Last done first")), ("done", _("First done first"))],
}


def tasks_of(user, whose: str) -> TaskQuerySet:
    """Mine are those assigned to me; the team's are all that I may see, which for admins is everybody's."""
    tasks = Task.objects.visible_to(user).active()
    return tasks.filter(assignee=user) if whose == MINE else tasks


def whose_for(user) -> dict:
    """What one chooses from: nothing where the team's tasks are one's own."""
    return WHOSE if sees_others(user) else {}


def due_within(code: str, today: datetime.date) -> Q:
    """This week begins on Monday: what has been missed in it is still of it."""
    if code == NONE:
        return Q(due_on=None)
    if code == TODAY:
        return Q(due_on=today)
    monday = today - datetime.timedelta(days=today.weekday())
    return Q(due_on__range=(monday, monday + datetime.timedelta(days=6)))


@dataclass(frozen=True)
class TaskListing:
    user: object
    whose: str
    state: str
    sort: str
    person: int | None = None  # of a team's tasks, those of one of them
    q: str = ""
    due: str = ""  # of those to do
    segment: str = ""
    days: int | None = None  # of those done, what was done in so many days
    outcome: str = ""

    @classmethod
    def read(cls, query, user) -> "TaskListing":
        """What an address says; what it does not, or says wrongly, is as usual."""
        state = query.get("state") if query.get("state") in STATES else OPEN
        whose = query.get("whose") if query.get("whose") in WHOSE else MINE
        known = [name for name, __ in cls.orders_of(state)]
        sort = query.get("sort") if query.get("sort") in known else known[0]
        text = query.get("person", "")
        person = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
        due = query.get("due") if state == OPEN and query.get("due") in DUES else ""
        segment = query.get("segment") if query.get("segment") in Segment.values else ""
        days = next((n for n in DAYS if state == DONE and query.get("days") == str(n)), None)
        outcome = query.get("outcome") if state == DONE else ""
        outcome = outcome if outcome in Task.Outcome.values else ""
        person = person if whose == TEAM else None
        q = query.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
        return cls(user, whose, state, sort, person, q, due, segment, days, outcome)

    @staticmethod
    def orders_of(state: str) -> list:
        return ORDERS[DONE if state == DONE else OPEN]

    @property
    def orders(self) -> list:
        return self.orders_of(self.state)

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, name) for name in NARROWED)

    @cached_property
    def tasks(self) -> TaskQuerySet:
        tasks = tasks_of(self.user, self.whose)
        if self.person:
            tasks = tasks.filter(assignee=self.person)
        if self.segment:
            tasks = tasks.filter(customer__score__segment=self.segment)
        if self.q:
            of_them = Customer.objects.visible_to(self.user).search(self.q).order_by().values("pk")
            tasks = tasks.filter(Q(title__icontains=self.q) | Q(customer__in=of_them))
        if self.due:
            tasks = tasks.filter(due_within(self.due, timezone.localdate()))
        if self.state == DONE:
            return self._done(tasks)
        return tasks.overdue(timezone.localdate()) if self.state == OVERDUE else tasks.open()

    def _done(self, tasks: TaskQuerySet) -> TaskQuerySet:
        if self.outcome:
            tasks = tasks.filter(outcome=self.outcome)
        return tasks.done_lately(self.days) if self.days else tasks.done()

    @property
    def rows(self) -> TaskQuerySet:
        return self.tasks.select_related("customer", "assignee", "done_by")

    def page(self, after: str = "", before: str = "") -> Page:
        sort, down = SORTS[self.sort.lstrip("-")], self.sort.startswith("-")
        return page_by(self.rows, sort, down, SIZE, after, before)

    def in_order(self) -> TaskQuerySet:
        """All of them, as the pages have them one after the other."""
        return ordered(self.rows, SORTS[self.sort.lstrip("-")], self.sort.startswith("-"))

    def address(self, **other) -> str:
        usual = {"whose": MINE, "state": OPEN, "sort": self.orders[0][0]}
        asked = {name: getattr(self, name) for name in (*usual, *NARROWED)} | other
        if "state" in other:  # each state has orders and dates of its own
            for name in ("sort", "due", "days", "outcome"):
                asked.pop(name)
        if asked["whose"] == MINE:
            asked.pop("person", None)
        said = {name: value for name, value in asked.items() if value and value != usual.get(name)}
        return f"{reverse('tasks')}?{urlencode(said)}" if said else reverse("tasks")
