"""What waits for this person today."""

import datetime
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.assigning import offer_colleagues
from customers.elsewhere import elsewhere
from customers.feedback import (
    ALL,
    LATELY,
    MINE,
    TEAM,
    WHOSE,
    count_feedback,
    feedback_for,
    never_answered,
    whose_of,
)
from customers.firsts import First, first_things
from customers.marking import marked
from customers.models import HIGH_RISK, Company, Customer, Task, User
from customers.reasons import Words
from customers.reasons.in_brief import top_sentence
from customers.team_day import DONE_DAYS, ORDERS, late_orders, team_day
from customers.wording import capped_count, whole_days

TASKS, AT_RISK, PEOPLE = 12, 8, 5  # what a card shows
STILL_WINNABLE = 2  # churn horizons of silence
DONE_SHOWN = datetime.timedelta(hours=20)
MINE_THERE = {MINE: "me", TEAM: "", ALL: ""}  # the same narrowing where all messages are


def my_tasks(user) -> tuple[list[Task], list[Task]]:
    """Open ones by date, those without a date last; and what was done today, so that it can be undone."""
    mine = Task.objects.visible_to(user).filter(assignee=user)
    mine = mine.select_related("customer__score", "customer__totals", "assignee", "done_by")
    open_ones = mine.open().active().order_by(F("due_on").asc(nulls_last=True), "pk")[: TASKS + 1]
    done = mine.filter(done_at__gte=timezone.now() - DONE_SHOWN).order_by("-done_at")[:5]
    return list(open_ones), list(done)


def let_wait(tasks: list[Task], firsts: list[First], today: datetime.date) -> None:
    """Mark what a phone folds away at first: what is not due, and what stands among the first things already."""
    named = {one.task.pk for one in firsts if one.task}
    for task in tasks:
        is_due = task.due_on and task.due_on <= today and not task.done_at
        task.can_wait = not is_due or task.pk in named


def my_customers(user):
    """Those of a salesperson, or of a manager's teams, as they are read along the index of their value."""
    mine = Customer.objects.visible_to(user).active().with_scores()
    if not (user.is_manager or user.is_admin):
        mine = mine.filter(owner=user, totals__owner_key=user.pk)
    return mine


def my_at_risk(user, quiet_days: int) -> list[Customer]:
    """Of those at high risk who can still be won, the most valuable first; one more than is shown."""
    # A join that finds totals for everybody is read along their index; with an outer one all would be sorted.
    mine = my_customers(user).at_risk()
    mine = mine.not_long_gone(quiet_days).filter(totals__value__isnull=False)
    return list(mine.select_related("owner").order_by("-totals__value", "pk")[: AT_RISK + 1])


@require_safe
def home_stamp(request):
    """304 while the open page shows the feedback there is; asked every few seconds."""
    etag = f'"{feedback_for(request.user, whose_of(request.GET.get("feedback"))).stamp}"'
    same = request.headers.get("If-None-Match") == etag
    response = HttpResponseNotModified() if same else HttpResponse(status=200)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def home(request):
    company = Company.current()
    visible = Customer.objects.visible_to(request.user)
    words = Words(company.base_currency)
    quiet_days = STILL_WINNABLE * company.churn_horizon_days
    at_risk = my_at_risk(request.user, quiet_days)
    for customer in at_risk:
        customer.why = top_sentence(customer, words)
    (open_tasks, done), today = my_tasks(request.user), timezone.localdate()
    shown = feedback_shown(request)
    firsts = first_things(open_tasks, [*shown["for_me"], *shown["others"]], at_risk, today)
    tasks = [*open_tasks[:TASKS], *done]
    let_wait(tasks, firsts, today)
    context = {
        "firsts": firsts,
        "tasks": tasks,
        "tasks_count": capped_count(len(open_tasks), TASKS),
        "at_risk": at_risk[:AT_RISK],
        "at_risk_count": capped_count(len(at_risk), AT_RISK),
        "quiet_days": quiet_days,
        "at_risk_url": at_risk_url(request.user, quiet_days),
        "quiet_url": quiet_url(request.user, quiet_days),
        "company": company,
        "today": today,
        "nobody_scored": not at_risk and not visible.exclude(score__churn_risk=None).exists(),
        "any_customers": bool(at_risk) or visible.exists(),
    } | shown
    return render(request, "customers/home.html", context)


def at_risk_url(user, days: int) -> str:
    """The list of all of whom the card shows the first."""
    return f"{list_at_risk(user, f'any(last_order:last:{days},last_order:empty)')}&sort=-value"


def quiet_url(user, days: int) -> str:
    """The list of those at high risk who have been quiet for longer."""
    return list_at_risk(user, f"last_order:over:{days}")


def list_at_risk(user, condition: str) -> str:
    return my_list(user, f"risk:gte:{HIGH_RISK * 100:.0f},{condition}")


def my_list(user, conditions: str) -> str:
    mine = "" if user.is_manager or user.is_admin else ",owner:in:me"
    return f"{reverse('customers')}?where=all({conditions}{mine})"


@require_safe
def home_orders(request):
    """Whose next order is late; asked for by the open page."""
    company = Company.current()
    days = company.churn_horizon_days
    late = late_orders(my_customers(request.user), days)
    shown = late[:ORDERS]
    for customer in shown:
        customer.usual = whole_days(customer.totals.usual_gap_days)
    condition = f"overdue:between:1~{days}"
    context = {
        "late": shown, "late_count": capped_count(len(late), ORDERS), "company": company,
        "late_url": f"{my_list(request.user, condition)}&sort=-value", "days": days,
    }  # fmt: skip
    return render(request, "customers/_home_orders.html", context)


@require_safe
@role_required(User.Role.MANAGER, User.Role.ADMIN)
def home_team(request):
    """Who of the team has what, and what came of it."""
    context = {"rows": team_day(request.user), "shown": PEOPLE, "done_days": DONE_DAYS}
    return render(request, "customers/_home_team.html", context)


def feedback_shown(request) -> dict:
    """The card of negative feedback: mine, my team's or all, each message with those it can be handed to."""
    feedback = feedback_for(request.user, whose_of(request.GET.get("feedback")))
    count_feedback(request.user, feedback)
    talks = [one.interaction for one in feedback.readings]
    for talk in talks:
        talk.marked = marked(talk)
    offer_colleagues(talks)
    voice, home_url = elsewhere("voice"), reverse("home")
    return {
        "feedback": feedback,
        "for_me": talks[: len(feedback.mine)],
        "others": talks[len(feedback.mine) :],
        "voice_url": f"{voice}?shown=yes&label=negative&assigned={MINE_THERE[feedback.whose]}" if voice else "",
        "feedback_days": LATELY.days,
        "unanswered_url": f"{reverse('interactions')}?{urlencode(never_answered(request.user, feedback.whose), True)}",
        "whose": [
            {"words": words, "url": f"{home_url}?feedback={code}", "here": code == feedback.whose}
            for code, words in WHOSE.items()
        ],
    }  # fmt: skip
