"""The three things to do first today: promises that are due, unhappy customers who wait, good customers who leave.

One of each where there is one. Otherwise what counts is the money at stake: what the customer has been worth so far
times the chance to lose them. Who was promised something, or waits for an answer, is taken to be lost as likely as not.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, Interaction, Task
from customers.wording import day, spaced, span

COUNT = 3
AS_LIKELY_AS_NOT = 0.5
RESTS = datetime.timedelta(days=7)  # whoever was attended to is not named again for so long


@dataclass(frozen=True)
class First:
    """One thing to do: about whom, why, and the task or message it comes from."""

    kind: str  # "task", "message" or "risk"
    title: str
    reason: str
    customer: Customer | None
    task: Task | None = None

    @cached_property
    def stake(self) -> float:
        if self.customer is None:
            return 0.0
        score = getattr(self.customer, "score", None)
        risk = (score and score.churn_risk) or 0.0
        if self.kind != "risk":
            risk = max(risk, AS_LIKELY_AS_NOT)
        return float(self.value or 0) * risk

    @property
    def value(self):
        totals = getattr(self.customer, "totals", None) if self.customer else None
        return totals and totals.value

    @property
    def risk(self) -> float | None:
        score = getattr(self.customer, "score", None) if self.customer else None
        return score and score.churn_risk


def title_of(kind: str, customer: Customer) -> str:
    """What is to be done, as it also stands on the task that is made of it."""
    words = {"message": _("Answer %(customer)s"), "risk": _("Get in touch with %(customer)s")}
    return spaced(words[kind] % {"customer": customer.name})


def first_things(
    tasks: list[Task], talks: list[Interaction], at_risk: list[Customer], today: datetime.date
) -> list[First]:
    """Three at most, one of each kind where there is one; each customer once. ``at_risk`` carry their ``why``."""
    found = [
        First("task", task.title, due_words(task, today), task.customer, task)
        for task in tasks
        if not task.done_at and task.due_on and task.due_on <= today
    ]
    waiting = [talk for talk in talks if talk.customer and not talk.reading.answered_at]
    seen_to = attended({talk.customer_id for talk in waiting} | {one.pk for one in at_risk})
    found += [
        First("message", title_of("message", talk.customer), waiting_words(talk), talk.customer)
        for talk in waiting
        if talk.customer_id not in seen_to or seen_to[talk.customer_id] < talk.occurred_at
    ]
    found += [
        First("risk", title_of("risk", one), one.why, one)
        for one in at_risk
        if one.pk not in seen_to
    ]
    named: dict = {}
    for one in sorted(found, key=by_stake):
        named.setdefault(one.customer.pk if one.customer else one, one)
    return of_each_kind(list(named.values()))


def by_stake(one: First) -> float:
    return -one.stake


def of_each_kind(found: list[First]) -> list[First]:
    """The first of each kind, then whatever has the most at stake: advice never hides a promise or a complaint."""
    best = list({one.kind: one for one in reversed(found)}.values())
    rest = [one for one in found if one not in best]
    return sorted([*best, *rest][:COUNT], key=by_stake)


def attended(ids: set[int]) -> dict[int, datetime.datetime]:
    """For whom somebody has a task, or has just done one, and when that was last taken on or done."""
    seen_to = Q(done_at=None) | Q(done_at__gt=timezone.now() - RESTS)
    tasks = Task.objects.filter(seen_to, customer__in=ids).order_by()
    last = Max(Coalesce("done_at", "recorded_at"))
    return dict(tasks.values_list("customer").annotate(last=last)) if ids else {}


def due_words(task: Task, today: datetime.date) -> str:
    if task.due_on == today:
        return _("Due today")
    return _("Overdue since %(day)s") % {"day": day(task.due_on)}


def waiting_words(talk: Interaction) -> str:
    waited = timezone.now() - talk.occurred_at
    return _("An unhappy message has been unanswered for %(span)s") % {"span": span(waited)}
