"""The page of churn: money at risk first, how the risk is spread, why, whose customers, and who comes back."""

from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from customers.exporting import KINDS, file_links, table_file
from customers.filtering import Condition, Group, write
from customers.filtering.tree import ALL
from customers.filters import colleagues_of, teams_of
from customers.models import HIGH_RISK, MEDIUM_RISK, Company, CustomAttribute, Team, User
from customers.reasons.names import reason_name
from customers.wording import money, percent
from insights.churn_overview import (
    HIGH,
    NOBODY,
    Amounts,
    ChurnOverview,
    Cohort,
    Whose,
    by_owner,
    churn_overview,
    cohorts_of,
    is_still_running,
)
from insights.models import ChurnTotals, Kind, ModelVersion, TrainingRun
from insights.overview import scored_at
from insights.views.segments import lack_of, share_of

WIDTH = 100 // ChurnTotals.STEPS  # of a step, in percent
REASONS = 6  # shown at first, as tall as the chart beside them


def whose_of(request) -> tuple[Whose, list[Team], list[User]]:
    """What the address asks for, with the teams and colleagues one can choose from; what is none of them is not
    asked for."""
    user, query = request.user, request.GET
    teams = list(teams_of(user))
    people = list(colleagues_of(user)) if user.is_manager or user.is_admin else []
    team = next((one.pk for one in teams if str(one.pk) == query.get("team")), None)
    owner: int | str | None = next(
        (one.pk for one in people if str(one.pk) == query.get("owner")), None
    )
    if people and query.get("owner") == NOBODY:
        owner = NOBODY
    return Whose(user, team, owner), teams if len(teams) > 1 else [], people


def step_conditions(step: int) -> tuple[Condition, ...]:
    low = Condition("risk", "gte", (str(step * WIDTH),))
    if step == ChurnTotals.STEPS - 1:
        return (low,)
    return low, Condition("risk", "lt", (str((step + 1) * WIDTH),))


def step_words(step: int) -> str:
    return f"{step * WIDTH}–{(step + 1) * WIDTH}%"


def level_of(step: int) -> str:
    low = step * WIDTH / 100
    return "high" if low >= HIGH_RISK else "medium" if low >= MEDIUM_RISK else "low"


def step_rows(overview: ChurnOverview, whose: Whose) -> list[dict[str, Any]]:
    return [
        {
            "words": step_words(step),
            "level": level_of(step),
            "amounts": amounts,
            "url": whose.list_url(*step_conditions(step)),
        }
        for step, amounts in overview.steps.items()
    ]


def histogram_of(rows: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    """What the chart needs; its tooltips hold the figures as the table says them."""
    return {
        "names": [row["words"] for row in rows],
        "levels": [row["level"] for row in rows],
        "counts": [row["amounts"].customers for row in rows],
        "urls": [row["url"] if row["amounts"].customers else "" for row in rows],
        "money": [money(row["amounts"].value, currency) for row in rows],
        "marks": [round(MEDIUM_RISK * 100), round(HIGH_RISK * 100)],
        "words": {
            "customers": _("Customers"), "value": _("Value so far"), "risk": _("Churn risk"),
            "from": [
                _("medium from %(n)s") % {"n": percent(MEDIUM_RISK)},
                _("high from %(n)s") % {"n": percent(HIGH_RISK)},
            ],
        },
    }  # fmt: skip


def reason_rows(overview: ChurnOverview, whose: Whose) -> list[dict[str, Any]]:
    labels = dict(CustomAttribute.objects.values_list("name", "label"))
    found = overview.by_reason()
    most = max((amounts.value for __, amounts in found), default=0)
    return [
        {
            "words": reason_name(code, labels) if code else _("Not said"),
            "amounts": amounts,
            "share": share_of(amounts.value, most),
            "url": whose.list_url(
                HIGH, Condition("reason", "in", (code,)) if code else Condition("reason", "empty")
            ),
        }
        for code, amounts in found
    ]


def owner_rows(whose: Whose, known: Collection[int | str | None] = ()) -> list[dict[str, Any]]:
    """``known``: whom the page can be narrowed to."""
    shares = by_owner(whose)
    most = max((one.high.value for one in shares), default=0)
    return [
        {
            "words": one.name if one.owner else _("Nobody"),
            "amounts": one.high,
            "all": one.all,
            "share": share_of(one.high.value, most),
            "url": Whose(whose.user, whose.team, one.key).list_url(HIGH),
            "page": address_of(whose.team, one.key) if one.key in known else "",
        }
        for one in shares
    ]


def address_of(team: int | None, owner: int | str | None) -> str:
    wishes = {"team": team, "owner": owner}
    return f"{reverse('churn')}?{urlencode({k: v for k, v in wishes.items() if v is not None})}"


def heat_of(share: float | None, most: float) -> int:
    return min(5, int(share / most * 5.99)) if share and most else 0


def cohort_rows(cohorts: list[Cohort], whose: Whose) -> list[dict[str, Any]]:
    shares = [c.share(n) or 0 for c in cohorts for __, n in c.later]
    most = max(shares, default=0)
    rows = []
    for cohort in cohorts:
        began = Condition("first_month", "in", (f"{cohort.month:%Y-%m}",))
        cells = [
            {
                "month": month,
                "customers": n,
                "share": cohort.share(n),
                "heat": heat_of(cohort.share(n), most),
                "running": is_still_running(month),
                "url": whose.list_url(began, Condition("order_month", "in", (f"{month:%Y-%m}",))),
            }
            for month, n in cohort.later
        ]
        rows.append({"cohort": cohort, "cells": cells, "url": whose.list_url(began)})
    return rows


@require_safe
def churn(request):
    whose, teams, people = whose_of(request)
    overview = churn_overview(whose)
    champion = ModelVersion.objects.filter(kind=Kind.CHURN, is_champion=True).first()
    company = Company.current()
    context = {
        "whose": whose, "teams": teams, "people": people, "nobody": NOBODY, "overview": overview,
        "champion": champion, "currency": company.base_currency, "days": company.risk_days,
        "high_risk": HIGH_RISK, "is_narrowed": bool(whose.conditions),
    }  # fmt: skip
    context |= {"cohorts": cohort_rows(cohorts_of(whose), whose), **files_of(request)}
    context["ages"] = (
        range(1, len(context["cohorts"][0]["cells"]) + 1) if context["cohorts"] else []
    )
    if overview.everyone.customers:
        steps, reasons = step_rows(overview, whose), reason_rows(overview, whose)
        context |= {
            "steps": steps, "histogram": histogram_of(steps, company.base_currency),
            "reasons": reasons[:REASONS], "more_reasons": reasons[REASONS:],
            "owners": owner_rows(whose, {NOBODY, *(person.pk for person in people)}),
            "high_url": whose.list_url(HIGH), "worse_url": worse_url(whose),
            "all_url": whose.list_url(Condition("risk", "filled")),
            "scored_at": scored_at(champion),
        }  # fmt: skip
    else:
        trainings = TrainingRun.objects.filter(kind=Kind.CHURN)
        context["learning"] = trainings.active().exists()
        context["lack"] = lack_of(trainings.ended().order_by("pk").last())
    return render(request, "insights/churn.html", context)


def worse_url(whose: Whose) -> str:
    """The part of the page that tells whose risk has risen most."""
    where = write(Group(ALL, whose.conditions)) if whose.conditions else ""
    return f"{reverse('worse')}?{urlencode({'where': where})}" if where else reverse("worse")


def files_of(request) -> dict[str, list[tuple[str, str]]]:
    """Of each table, by the wishes of the page."""
    query = request.GET.urlencode()
    return {
        f"{table}_files": file_links(reverse("churn-table", args=[table]), query)
        for table in TABLES
    }


SUMS = [
    gettext_lazy("Customers"), gettext_lazy("Value so far"), gettext_lazy("Expected in 12 months"),
    gettext_lazy("Average churn risk, %"), gettext_lazy("Currency"),
]  # fmt: skip


def sums(amounts: Amounts, currency: str, is_valued: bool) -> list:
    """``is_valued``: what they are expected to buy is known."""
    risk, expected = amounts.average_risk, amounts.expected if is_valued else None
    return [
        amounts.customers, amounts.value, expected, None if risk is None else risk * 100, currency,
    ]  # fmt: skip


Table = tuple[list, Iterable[list]]


def steps_table(whose: Whose, currency: str) -> Table:
    overview = churn_overview(whose)
    is_valued = bool(overview.everyone.expected)
    return [_("Churn risk"), *SUMS], (
        [row["words"], *sums(row["amounts"], currency, is_valued)]
        for row in step_rows(overview, whose)
    )


def reasons_table(whose: Whose, currency: str) -> Table:
    overview = churn_overview(whose)
    is_valued = bool(overview.everyone.expected)
    return [_("Main reason"), *SUMS], (
        [row["words"], *sums(row["amounts"], currency, is_valued)]
        for row in reason_rows(overview, whose)
    )


def owners_table(whose: Whose, currency: str) -> Table:
    head = [
        _("Looked after by"), *SUMS, _("Customers, all with a risk"), _("Value so far, all with a risk"),
    ]  # fmt: skip
    rows = owner_rows(whose)
    is_valued = any(row["all"].expected for row in rows)
    return head, (
        [
            row["words"],
            *sums(row["amounts"], currency, is_valued),
            row["all"].customers,
            row["all"].value,
        ]
        for row in rows
    )


def cohorts_table(whose: Whose, currency: str) -> Table:
    """A row for each cell of the map, so that a spreadsheet can turn it as it likes."""
    head = [
        _("Month of the first order"), _("Customers"), _("Month"), _("Months later"), _("Ordered again"),
        _("Ordered again, %"),
    ]  # fmt: skip
    return head, (
        [cohort.month, cohort.customers, month, age, n, (cohort.share(n) or 0) * 100]
        for cohort in cohorts_of(whose)
        for age, (month, n) in enumerate(cohort.later, 1)
        if n is not None
    )


TABLES: dict[str, tuple[Any, Callable[[Whose, str], Table]]] = {
    "steps": (gettext_lazy("How the risk is spread"), steps_table),
    "reasons": (gettext_lazy("Main reasons"), reasons_table),
    "owners": (gettext_lazy("Who looks after them"), owners_table),
    "cohorts": (pgettext_lazy("customers who order again", "Retention"), cohorts_table),
}


@require_safe
def churn_table(request, table):
    """One of the tables as a file, by the wishes of the page it stands on."""
    if table not in TABLES:
        raise Http404
    title, make = TABLES[table]
    kind = request.GET.get("as")
    whose, *__ = whose_of(request)
    head, rows = make(whose, Company.current().base_currency)
    return table_file(
        f"churn-{table}", str(title), [str(words) for words in head], rows,
        kind if kind in KINDS else "csv",
    )  # fmt: skip
