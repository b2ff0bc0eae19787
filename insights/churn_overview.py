"""Who may leave, how much money that is, and who comes back: stored sums, added up for one reader and their wishes."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self
from urllib.parse import quote

from django.db.models import F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from customers.filtering import Condition, Group, write
from customers.filtering.tree import ALL
from customers.models import HIGH_RISK, User
from insights.dashboard_sums import COHORTS, first_cohort
from insights.models import ChurnTotals, CohortTotals

HIGH_STEP = round(HIGH_RISK * ChurnTotals.STEPS)
NOBODY = "none"
SUMS = {name: Sum(name) for name in ("customers", "value", "expected", "risk_sum")}
HIGH = Condition("risk", "gte", (f"{HIGH_RISK * 100:.0f}",))


@dataclass(frozen=True)
class Whose:
    """Whose customers are asked about: of a team, of a person (or of nobody), within what the reader may see."""

    user: User
    team: int | None = None
    owner: int | str | None = None

    def rows(self, model) -> QuerySet:
        rows = model.objects.visible_to(self.user)
        if self.team is not None:
            rows = rows.filter(team=self.team)
        if self.owner == NOBODY:
            return rows.filter(owner=None)
        return rows if self.owner is None else rows.filter(owner=self.owner)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        found = []
        if self.team is not None:
            found.append(Condition("team", "in", (str(self.team),)))
        if self.owner == NOBODY:
            found.append(Condition("owner", "empty"))
        elif self.owner is not None:
            found.append(Condition("owner", "in", (str(self.owner),)))
        return tuple(found)

    def list_url(self, *conditions: Condition) -> str:
        """The customers behind a figure."""
        group = Group(ALL, (*conditions, *self.conditions))
        return f"{reverse('customers')}?where={quote(write(group), safe='(),:~')}"


@dataclass
class Amounts:
    customers: int = 0
    value: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    risk_sum: float = 0.0

    def add(self, row: dict) -> Self:
        for name in SUMS:
            setattr(self, name, getattr(self, name) + row[name])
        return self

    @property
    def average_risk(self) -> float | None:
        return self.risk_sum / self.customers if self.customers else None


def amounts_by_step() -> dict[int, Amounts]:
    return {step: Amounts() for step in range(ChurnTotals.STEPS)}


@dataclass
class ChurnOverview:
    everyone: Amounts = field(default_factory=Amounts)
    high: Amounts = field(default_factory=Amounts)
    steps: dict[int, Amounts] = field(default_factory=amounts_by_step)
    reasons: dict[str, Amounts] = field(default_factory=lambda: defaultdict(Amounts))

    @property
    def share_at_risk(self) -> float:
        return float(self.high.value / self.everyone.value) if self.everyone.value > 0 else 0.0

    def by_reason(self) -> list[tuple[str, Amounts]]:
        """Those behind which most money stands first."""
        return sorted(self.reasons.items(), key=lambda pair: (-pair[1].value, pair[0]))


def churn_overview(whose: Whose) -> ChurnOverview:
    overview = ChurnOverview()
    for row in whose.rows(ChurnTotals).values("step", "reason").annotate(**SUMS):
        overview.everyone.add(row)
        overview.steps[row["step"]].add(row)
        if row["step"] >= HIGH_STEP:
            overview.high.add(row)
            overview.reasons[row["reason"]].add(row)
    return overview


@dataclass
class Share:
    """What one person, or nobody, has at high risk."""

    owner: int | None
    name: str
    all: Amounts
    high: Amounts

    @property
    def key(self) -> int | str:
        return NOBODY if self.owner is None else self.owner


def by_owner(whose: Whose) -> list[Share]:
    """Who looks after the money at risk, most of it first; people without a customer at risk are left out."""
    names = {
        "first": F("owner__first_name"),
        "last": F("owner__last_name"),
        "login": F("owner__username"),
    }
    rows = whose.rows(ChurnTotals).values("owner", **names)
    high = {name: Sum(name, filter=Q(step__gte=HIGH_STEP), default=0) for name in SUMS}
    found = []
    for row in rows.annotate(**{f"high_{name}": sum_ for name, sum_ in high.items()}, **SUMS):
        at_risk = Amounts(*(row[f"high_{name}"] for name in SUMS))
        if at_risk.customers:
            person = User(
                first_name=row["first"] or "",
                last_name=row["last"] or "",
                username=row["login"] or "",
            )
            found.append(Share(row["owner"], str(person), Amounts().add(row), at_risk))
    return sorted(found, key=lambda one: (-one.high.value, one.name))


@dataclass
class Cohort:
    """Those who first ordered in one month: how many, and how many of them in each later month (None: to come)."""

    month: datetime.date
    customers: int
    later: list[tuple[datetime.date, int | None]]

    def share(self, customers: int | None) -> float | None:
        return None if customers is None or not self.customers else customers / self.customers


def months_from(first: datetime.date, count: int) -> list[datetime.date]:
    found = [first]
    while len(found) < count:
        found.append((found[-1] + datetime.timedelta(days=32)).replace(day=1))
    return found


def cohorts_of(whose: Whose) -> list[Cohort]:
    """The oldest first; without those in whose month nobody ordered for the first time."""
    now = timezone.now()
    this_month = now.astimezone(datetime.UTC).date().replace(day=1)
    rows = whose.rows(CohortTotals).values("cohort", "month").annotate(n=Sum("customers"))
    counts = {(row["cohort"], row["month"]): row["n"] for row in rows}
    found = []
    for first in months_from(first_cohort(now), COHORTS + 1):
        size = counts.get((first, first), 0)
        later = [
            (month, counts.get((first, month), 0) if month <= this_month else None)
            for month in months_from(first, COHORTS + 1)[1:]
        ]
        if size:
            found.append(Cohort(first, size, later))
    return found


def is_still_running(month: datetime.date) -> bool:
    return month == timezone.now().astimezone(datetime.UTC).date().replace(day=1)
