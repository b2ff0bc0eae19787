"""A list of tasks as an address asks for it: whose, in which state, in which order."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Task
from customers.models.tasks import TaskQuerySet
from customers.paging import Page, Sort, page_by

SIZE = 50
MINE, TEAM = "mine", "team"
OPEN, OVERDUE, DONE = "open", "overdue", "done"
WHOSE = {MINE: _("Mine"), TEAM: _("Team")}
STATES = {OPEN: _("To do"), OVERDUE: _("Overdue"), DONE: _("Done")}
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


@dataclass(frozen=True)
class TaskListing:
    user: object
    whose: str
    state: str
    sort: str
    person: int | None = None  # of a team's tasks, those of one of them

    @classmethod
    def read(cls, query, user) -> "TaskListing":
        """What an address says; what it does not, or says wrongly, is as usual."""
        state = query.get("state") if query.get("state") in STATES else OPEN
        whose = query.get("whose") if query.get("whose") in WHOSE else MINE
        known = [name for name, __ in cls.orders_of(state)]
        sort = query.get("sort") if query.get("sort") in known else known[0]
        text = query.get("person", "")
        person = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
        return cls(user, whose, state, sort, person if whose == TEAM else None)

    @staticmethod
    def orders_of(state: str) -> list:
        return ORDERS[DONE if state == DONE else OPEN]

    @property
    def orders(self) -> list:
        return self.orders_of(self.state)

    @cached_property
    def tasks(self) -> TaskQuerySet:
        tasks = tasks_of(self.user, self.whose)
        if self.person:
            tasks = tasks.filter(assignee=self.person)
        if self.state == DONE:
            return tasks.done()
        return tasks.overdue(timezone.localdate()) if self.state == OVERDUE else tasks.open()

    def page(self, after: str = "", before: str = "") -> Page:
        rows = self.tasks.select_related("customer", "assignee", "done_by")
        sort, down = SORTS[self.sort.lstrip("-")], self.sort.startswith("-")
        return page_by(rows, sort, down, SIZE, after, before)

    def address(self, **other) -> str:
        usual = {"whose": MINE, "state": OPEN, "sort": self.orders[0][0]}
        asked = {name: getattr(self, name) for name in (*usual, "person")} | other
        if "state" in other:  # each state has orders of its own
            asked.pop("sort")
        said = {name: value for name, value in asked.items() if value and value != usual.get(name)}
        return f"{reverse('tasks')}?{urlencode(said)}" if said else reverse("tasks")
