"""What waits for this person today."""

import datetime

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from customers.assigning import offer_colleagues
from customers.elsewhere import elsewhere
from customers.feedback import ALL, MINE, TEAM, WHOSE, count_feedback, feedback_for, whose_of
from customers.marking import marked
from customers.models import Company, Customer, Task
from customers.reasons import Words
from customers.reasons.in_brief import top_sentence

TASKS, AT_RISK = 12, 8
STILL_WINNABLE = 2  # churn horizons of silence
DONE_SHOWN = datetime.timedelta(hours=20)
MINE_THERE = {MINE: "me", TEAM: "", ALL: ""}  # the same narrowing where all messages are


def my_tasks(user) -> list[Task]:
    """Open ones by date, those without a date last; then what was done today, so that it can be undone."""
    mine = Task.objects.visible_to(user).filter(assignee=user).select_related("customer")
    open_ones = mine.open().exclude(customer__archived_at__isnull=False)
    dated = list(open_ones.exclude(due_on=None).order_by("due_on", "pk")[:TASKS])
    undated = list(open_ones.filter(due_on=None).order_by("pk")[: TASKS - len(dated)])
    done = mine.filter(done_at__gte=timezone.now() - DONE_SHOWN).order_by("-done_at")[:5]
    return [*dated, *undated, *done]


def my_at_risk(user, horizon: int) -> list[Customer]:
    """Of those at high risk who can still be won, the most valuable first."""
    mine = Customer.objects.visible_to(user).active().at_risk().with_scores()
    # A join that finds totals for everybody is read along their index; with an outer one all would be sorted.
    mine = mine.not_long_gone(STILL_WINNABLE * horizon).filter(totals__value__isnull=False)
    if not (user.is_manager or user.is_admin):
        mine = mine.filter(owner=user, totals__owner_key=user.pk)
    return list(mine.select_related("owner").order_by("-totals__value", "pk")[:AT_RISK])


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
    at_risk = my_at_risk(request.user, company.churn_horizon_days)
    for customer in at_risk:
        customer.why = top_sentence(customer, words)
    context = {
        "tasks": my_tasks(request.user),
        "at_risk": at_risk,
        "company": company,
        "today": timezone.localdate(),
        "nobody_scored": not at_risk and not visible.exclude(score__churn_risk=None).exists(),
        "any_customers": bool(at_risk) or visible.exists(),
    } | feedback_shown(request)
    return render(request, "customers/home.html", context)


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
        "whose": [
            {"words": words, "url": f"{home_url}?feedback={code}", "here": code == feedback.whose}
            for code, words in WHOSE.items()
        ],
    }  # fmt: skip
