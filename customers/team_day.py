"""Who has what, and what came of it: the tasks of a manager's people, and whose orders are late."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone

from customers.filters import colleagues_of
from customers.models import Customer, Task, User

PEOPLE, ORDERS = 30, 8
DONE_DAYS = 7


@dataclass
class Row:
    person: User
    open: int = 0
    overdue: int = 0
    done: int = 0
    outcomes: dict[Task.Outcome, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.done)


def team_day(user) -> list[Row]:
    """Per person what is open and overdue, and what the last seven days brought; those with most overdue first."""
    people = {one.pk: Row(one) for one in colleagues_of(user).order_by("username")[:PEOPLE]}
    tasks = Task.objects.visible_to(user).active().filter(assignee__in=people).order_by()
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    waiting = tasks.open().values("assignee").annotate(n=Count("pk"), late=late)
    for one in waiting:
        people[one["assignee"]].open, people[one["assignee"]].overdue = one["n"], one["late"]
    done = tasks.done_lately(DONE_DAYS)
    for one in done.values("assignee", "outcome").annotate(n=Count("pk")).order_by("outcome"):
        row = people[one["assignee"]]
        row.done += one["n"]
        if one["outcome"]:
            row.outcomes[Task.Outcome(one["outcome"])] = one["n"]
    rows = [row for row in people.values() if not row.is_empty]
    return sorted(rows, key=lambda row: (-row.overdue, -row.open, row.person.username))


def late_orders(customers, days: int) -> list[Customer]:
    """Of these customers the most valuable whose next order is overdue, by so many days at most: who is later has
    left rather than been late. One more than is shown."""
    late = customers.overdue().filter(overdue__lte=days, totals__value__isnull=False)
    return list(late.select_related("owner").order_by("-totals__value", "pk")[: ORDERS + 1])
