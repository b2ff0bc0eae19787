"""The page of the team: what each colleague did and how it turned out; sales staff see themselves."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from customers.exporting import KINDS, file_links, table_file
from customers.filters import teams_of
from customers.models import Company, Interaction, MessageReading, Task, User
from customers.paging import page_by
from customers.wording import DASH, amount, money, percent, span
from insights.churn_overview import HIGH, Whose
from insights.models import FullScoring, Rescue
from insights.team_figures import BEHIND, SPANS, Colleague, behind, colleagues, people_of

PAGE, MOST_EXPORTED = 50, 50_000


@dataclass(frozen=True)
class Figure:
    """A column: its words, what it is sorted by, how it is said, and which records are behind it."""

    words: Any
    value: Callable[[Colleague], Any]
    said: Callable[[Colleague, str], str]
    behind: str = ""
    exact: Callable[[Colleague], Any] | None = None  # in a file, where it differs from the value


def counted(name: str, words, of: str = "") -> Figure:
    value = lambda one: getattr(one, name)  # noqa: E731
    return Figure(words, value, lambda one, currency: amount(value(one)), of or name)


def timed(name: str, words, of: str) -> Figure:
    value = lambda one: getattr(one, name)  # noqa: E731
    hours = lambda one: value(one) and value(one) / datetime.timedelta(hours=1)  # noqa: E731
    return Figure(words, value, lambda one, currency: span(value(one)), of, hours)


FIGURES: dict[str, Figure] = {
    "talks": counted("talks", gettext_lazy("Conversations")),
    "calls": counted("calls", gettext_lazy("Calls")),
    "tasks": counted("tasks", gettext_lazy("Tasks done")),
    "in_time": Figure(
        gettext_lazy("In time"), lambda one: one.in_time, lambda one, currency: percent(one.in_time), "tasks",
        lambda one: None if one.in_time is None else one.in_time * 100,
    ),
    "overdue": counted("overdue", gettext_lazy("Overdue now")),
    "answered": counted("answered", gettext_lazy("Messages answered"), "answers"),
    "answer_time": timed("answer_time", gettext_lazy("Answered after"), "answers"),
    "complaint_time": timed("complaint_time", gettext_lazy("Complaints answered after"), "complaints"),
    "at_risk": counted("at_risk", gettext_lazy("At high risk now"), "risk"),
    "rescued": counted("rescued", gettext_lazy("Rescued")),
    "rescued_value": Figure(
        gettext_lazy("Ordered by them"), lambda one: one.rescued_value,
        lambda one, currency: money(one.rescued_value, currency) if one.rescued else DASH, "rescued",
    ),
}  # fmt: skip
NAME = "name"
# In a file a length of time and a share are plain numbers, so their heads say of what.
FILE_WORDS = {
    "in_time": gettext_lazy("In time, %"),
    "answer_time": gettext_lazy("Hours to the answer, mean"),
    "complaint_time": gettext_lazy("Hours to the answer to a complaint, mean"),
}


@dataclass(frozen=True)
class Asked:
    days: int
    team: int | None
    sort: str

    def address(self, **changes) -> str:
        wishes = {"days": self.days, "team": self.team, "sort": self.sort} | changes
        return f"{reverse('team')}?{urlencode({k: v for k, v in wishes.items() if v})}"


def asked(request) -> Asked:
    """What the address says; what means nothing is passed over."""
    query = request.GET
    days = next((days for days in SPANS if str(days) == query.get("days")), 30)
    team = next(
        (one.pk for one in teams_of(request.user) if str(one.pk) == query.get("team")), None
    )
    sort = query.get("sort", "")
    return Asked(days, team, sort if sort.removeprefix("-") in (*FIGURES, NAME) else NAME)


def in_order(rows: list[Colleague], sort: str) -> list[Colleague]:
    """Those without a figure stand last, whichever way it goes."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    rows = sorted(rows, key=lambda one: str(one.person).casefold(), reverse=down and name == NAME)
    if name == NAME:
        return rows
    value = FIGURES[name].value
    known = [one for one in rows if value(one) is not None]
    unknown = [one for one in rows if value(one) is None]
    return sorted(known, key=value, reverse=down) + unknown


def heads_of(wanted: Asked) -> list[dict[str, Any]]:
    found = []
    for name, words in [
        (NAME, pgettext("of a person", "Name")),
        *((name, one.words) for name, one in FIGURES.items()),
    ]:
        here = wanted.sort.removeprefix("-") == name
        down = not wanted.sort.startswith("-") if here else name != NAME
        found.append(
            {
                "words": words,
                "url": wanted.address(sort=f"-{name}" if down else name),
                "sorted": ("descending" if wanted.sort.startswith("-") else "ascending") if here else "",
                "name": name,
            }
        )  # fmt: skip
    return found


def cells_of(one: Colleague, user, days: int, currency: str) -> list[dict[str, Any]]:
    return [
        {
            "words": figure.words,
            "said": figure.said(one, currency),
            "url": url_behind(one, user, figure.behind, days) if figure.value(one) else "",
        }
        for figure in FIGURES.values()
    ]


def url_behind(one: Colleague, user, what: str, days: int) -> str:
    if what == "risk":
        return Whose(user, owner=one.person.pk).list_url(HIGH)
    return f"{reverse('team-person', args=[one.person.pk])}?what={what}&days={days}"


@require_safe
def team(request):
    wanted, currency = asked(request), Company.current().base_currency
    rows = in_order(colleagues(request.user, wanted.days, wanted.team), wanted.sort)
    teams = list(teams_of(request.user)) if request.user.is_manager or request.user.is_admin else []
    context = {
        "wanted": wanted,
        "teams": teams if len(teams) > 1 else [],
        "heads": heads_of(wanted),
        "rows": [
            {
                "person": one.person,
                "cells": cells_of(one, request.user, wanted.days, currency),
                "url": Whose(request.user, owner=one.person.pk).list_url(),
            }
            for one in rows
        ],
        "idle": not any(one.did_anything for one in rows),
        "spans": [
            {"words": words, "url": wanted.address(days=days), "here": days == wanted.days}
            for days, words in SPAN_WORDS.items()
        ],
        "made_at": FullScoring.row().values_list("dashboards_at", flat=True).get(),
        "files": file_links(reverse("team-table"), wanted.address().partition("?")[2]),
    }
    return render(request, "insights/team.html", context)


SPAN_WORDS = {
    7: gettext_lazy("7 days"),
    30: gettext_lazy("30 days"),
    90: gettext_lazy("90 days"),
}


@require_safe
def team_table(request):
    """The table as a file, in the order of the page."""
    wanted, currency = asked(request), Company.current().base_currency
    rows = in_order(colleagues(request.user, wanted.days, wanted.team), wanted.sort)
    head = [
        pgettext("of a person", "Name"),
        *(FILE_WORDS.get(name, one.words) for name, one in FIGURES.items()),
        _("Currency"),
    ]
    cells = (
        [
            str(one.person),
            *((figure.exact or figure.value)(one) for figure in FIGURES.values()),
            currency,
        ]
        for one in rows
    )
    kind = request.GET.get("as")
    return table_file(
        "team", _("Team"), [str(w) for w in head], cells, kind if kind in KINDS else "csv"
    )


# What is behind a figure --------------------------------------------------------------------------------

TITLES = {
    "talks": gettext_lazy("Conversations"),
    "calls": gettext_lazy("Calls"),
    "tasks": gettext_lazy("Tasks done"),
    "overdue": gettext_lazy("Overdue tasks"),
    "answers": gettext_lazy("Messages answered"),
    "complaints": gettext_lazy("Complaints answered"),
    "rescued": pgettext_lazy("customers", "Rescued"),
}


@require_safe
def team_person(request, pk):
    """The records behind one figure of one person, the newest first; ``as=csv`` gives them as a file."""
    person = get_object_or_404(people_of(request.user), pk=pk)
    what = request.GET.get("what", "talks")
    if what not in BEHIND:
        raise Http404
    wanted, currency = asked(request), Company.current().base_currency
    rows = behind(request.user, pk, what, wanted.days)
    if (kind := request.GET.get("as")) in KINDS:
        return person_file(person, what, rows, currency, kind)
    query = request.GET
    page = page_by(
        rows, BEHIND[what].sort, True, PAGE, query.get("after", ""), query.get("before", "")
    )
    here = f"{request.path}?what={what}&days={wanted.days}"
    context = {
        "person": person, "title": TITLES[what], "what": what, "wanted": wanted,
        "rows": [line_of(row, currency) for row in page.rows],
        "others": [
            {"words": words, "url": f"{request.path}?what={code}&days={wanted.days}", "here": code == what}
            for code, words in TITLES.items()
        ],
        "span_words": SPAN_WORDS[wanted.days],
        "after_url": page.after and f"{here}&{urlencode({'after': page.after})}",
        "before_url": page.before and f"{here}&{urlencode({'before': page.before})}",
        "files": file_links(*here.split("?")),
    }  # fmt: skip
    return render(request, "insights/team_person.html", context)


def line_of(row, currency: str) -> dict[str, Any]:
    """One record as a line: when, whose, what, and what came of it."""
    match row:
        case Interaction():
            what, more = row.get_channel_display(), Truncator(row.subject or row.text).chars(120)
            return {"when": row.occurred_at, "customer": row.customer, "what": what, "more": more}
        case Task():
            due = _("due %(day)s") % {"day": row.due_on.isoformat()} if row.due_on else ""
            return {
                "when": row.done_at or row.due_on,
                "customer": row.customer,
                "what": row.title,
                "more": due,
            }
        case MessageReading():
            talk = row.interaction
            waited = span(row.answered_at - row.occurred_at) if row.occurred_at else ""
            what = f"{talk.get_channel_display()}: {Truncator(talk.subject or talk.text).chars(80)}"
            more = _("answered after %(time)s") % {"time": waited} if waited else ""
            return {"when": row.answered_at, "customer": row.customer, "what": what, "more": more}
        case Rescue():
            what = _("Ordered for %(sum)s") % {"sum": money(row.value, currency, 2)}
            more = _("churn risk before: %(share)s") % {"share": percent(row.risk_before)}
            return {"when": row.day, "customer": row.customer, "what": what, "more": more}
    raise TypeError(row)


def person_file(person: User, what: str, rows: QuerySet, currency: str, kind):
    def cells() -> Iterator[list]:
        ordered = rows.order_by("-pk")[:MOST_EXPORTED]
        for row in ordered.iterator(chunk_size=1000):
            line = line_of(row, currency)
            customer = line["customer"].name if line["customer"] else ""
            yield [line["when"], customer, line["what"], line["more"]]

    head = [_("When"), _("Customer"), _("What"), _("Details")]
    return table_file(f"team-{what}", f"{TITLES[what]} {person}", head, cells(), kind)
