"""What each colleague did and how it turned out: stored sums per day, added up for one reader; and what is behind."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from customers.models import Interaction, MessageReading, Task, User
from customers.paging import Sort
from insights.churn_overview import HIGH_STEP
from insights.dashboard_sums import finished_tasks, midnight, talks_of_colleagues
from insights.models import ChurnTotals, PersonDay, Rescue
from insights.movements import last_days

SPANS = (7, 30, 90)
HOUR = datetime.timedelta(hours=1)


@dataclass
class Colleague:
    """``overdue`` and what is at risk are those of now, all else of the span."""

    person: User
    talks: int = 0
    calls: int = 0
    tasks: int = 0
    tasks_in_time: int = 0
    answered: int = 0
    answer_hours: float = 0.0
    complaints: int = 0
    complaint_hours: float = 0.0
    rescued: int = 0
    rescued_value: Decimal = field(default_factory=Decimal)
    overdue: int = 0
    at_risk: int = 0
    value_at_risk: Decimal = field(default_factory=Decimal)

    @property
    def in_time(self) -> float | None:
        return self.tasks_in_time / self.tasks if self.tasks else None

    @property
    def answer_time(self) -> datetime.timedelta | None:
        return HOUR * (self.answer_hours / self.answered) if self.answered else None

    @property
    def complaint_time(self) -> datetime.timedelta | None:
        return HOUR * (self.complaint_hours / self.complaints) if self.complaints else None

    @property
    def did_anything(self) -> bool:
        return any(
            (self.talks, self.tasks, self.answered, self.rescued, self.overdue, self.at_risk)
        )


def people_of(user) -> QuerySet[User]:
    """Whose figures one may see: everybody's, those of one's teams, or one's own."""
    people = User.objects.filter(is_active=True)
    if user.is_admin:
        return people
    if user.is_manager:
        return people.filter(Q(pk=user.pk) | Q(teams__in=user.teams.all())).distinct()
    return people.filter(pk=user.pk)


def days_visible_to(user) -> QuerySet[PersonDay]:
    """The gate of customers.access on sums per team; what one did oneself is one's own to see."""
    if user.is_admin:
        return PersonDay.objects.all()
    own = Q(person=user)
    if user.is_manager:
        own |= Q(team__in=user.teams.all()) | Q(team=None, owned=False)
    return PersonDay.objects.filter(own)


def colleagues(user, days: int, team: int | None = None) -> list[Colleague]:
    """A row for each; a handful of queries however many they are."""
    people = people_of(user)
    if team is not None:
        people = people.filter(teams=team)
    found = {one.pk: Colleague(one) for one in people}
    since = last_days(days).first
    sums = {name: Sum(name) for name in PersonDay.FIGURES}
    done = days_visible_to(user).filter(day__gte=since, person__in=list(found))
    for row in done.values("person").annotate(**sums):
        for name in PersonDay.FIGURES:
            setattr(found[row["person"]], name, row[name])
    for row in overdue_tasks(user).values("assignee").annotate(n=Count("pk")).order_by():
        if row["assignee"] in found:
            found[row["assignee"]].overdue = row["n"]
    high = ChurnTotals.objects.visible_to(user).filter(step__gte=HIGH_STEP, owner__in=list(found))
    for row in high.values("owner").annotate(n=Sum("customers"), value_=Sum("value")):
        found[row["owner"]].at_risk, found[row["owner"]].value_at_risk = row["n"], row["value_"]
    return list(found.values())


def overdue_tasks(user) -> QuerySet[Task]:
    return Task.objects.visible_to(user).open().filter(due_on__lt=timezone.localdate())


# What is behind a figure --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Behind:
    """The records behind a figure: which they are, and by which moment they are read."""

    rows: Callable[[User, int, datetime.datetime], QuerySet]
    sort: Sort


def newest(name: str) -> Sort:
    return Sort(name, True, datetime.datetime, ties_follow=True, nullable=False)


def talks_of(user: User, person: int, since: datetime.datetime) -> QuerySet[Interaction]:
    rows = talks_of_colleagues(since).visible_to(user).filter(author=person)
    return rows.select_related("customer")


def calls_of(user: User, person: int, since: datetime.datetime) -> QuerySet[Interaction]:
    return talks_of(user, person, since).filter(channel=Interaction.Channel.CALL)


def tasks_of(user: User, person: int, since: datetime.datetime) -> QuerySet[Task]:
    rows = Task.objects.visible_to(user) & finished_tasks(since)
    return rows.filter(assignee=person).select_related("customer")


def overdue_of(user: User, person: int, since: datetime.datetime) -> QuerySet[Task]:
    return overdue_tasks(user).filter(assignee=person).select_related("customer")


def answers_of(user: User, person: int, since: datetime.datetime) -> QuerySet[MessageReading]:
    """The messages that the person was the first to answer."""
    sent = "customer__interactions__"
    rows = MessageReading.objects.visible_to(user).filter(
        inbound=True,
        occurred_at__gte=F("answered_at") - MessageReading.ANSWERED_WITHIN,
        **{
            f"{sent}author": person,
            f"{sent}direction": Interaction.Direction.OUT,
            f"{sent}occurred_at": F("answered_at"),
            f"{sent}occurred_at__gte": since,
        },
    )
    return rows.distinct().select_related("interaction", "customer")


def complaints_of(user: User, person: int, since: datetime.datetime) -> QuerySet[MessageReading]:
    complaint = Interaction.Channel.COMPLAINT
    return answers_of(user, person, since).filter(interaction__channel=complaint)


def rescues_of(user: User, person: int, since: datetime.datetime) -> QuerySet[Rescue]:
    rows = Rescue.objects.visible_to(user).filter(owner=person, day__gte=since.date())
    return rows.select_related("customer")


BEHIND = {
    "talks": Behind(talks_of, newest("occurred_at")),
    "calls": Behind(calls_of, newest("occurred_at")),
    "tasks": Behind(tasks_of, newest("done_at")),
    "overdue": Behind(overdue_of, Sort("pk", True)),
    "answers": Behind(answers_of, newest("answered_at")),
    "complaints": Behind(complaints_of, newest("answered_at")),
    "rescued": Behind(rescues_of, Sort("pk", True)),
}


def behind(user: User, person: int, what: str, days: int) -> QuerySet:
    return BEHIND[what].rows(user, person, midnight(last_days(days).first))
