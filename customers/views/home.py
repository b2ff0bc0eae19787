"""What waits for this person today."""

import datetime
import hashlib

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from customers.elsewhere import elsewhere
from customers.marking import marked
from customers.models import Company, Customer, MessageReading, Task
from customers.reasons import Words
from customers.reasons.in_brief import top_sentence

TASKS, AT_RISK, FEEDBACK = 12, 8, 6
STILL_WINNABLE = 2  # churn horizons of silence
FEEDBACK_SHOWN = datetime.timedelta(days=30)
DONE_SHOWN = datetime.timedelta(hours=20)


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


def my_feedback(user) -> list[MessageReading]:
    """What customers were unhappy about of late: what waits for an answer first, then what has had one."""
    since = timezone.now() - FEEDBACK_SHOWN
    seen = MessageReading.objects.visible_to(user).shown().negative().filter(occurred_at__gte=since)
    seen = seen.select_related("interaction__customer", "interaction__product")
    seen = seen.order_by("-occurred_at", "-pk")
    waiting = list(seen.filter(answered_at=None)[:FEEDBACK])
    left = FEEDBACK - len(waiting)
    return [*waiting, *(seen.exclude(answered_at=None)[:left] if left else ())]


def stamp_of_feedback(feedback: list[MessageReading]) -> str:
    text = "|".join(f"{one.pk} {one.changed_at} {one.answered_at}" for one in feedback)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


@require_safe
def home_stamp(request):
    """304 while the open page shows the feedback there is; asked every few seconds."""
    etag = f'"{stamp_of_feedback(my_feedback(request.user))}"'
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
    feedback = my_feedback(request.user)
    for one in feedback:
        one.interaction.marked = marked(one.interaction)
    context = {
        "tasks": my_tasks(request.user),
        "at_risk": at_risk,
        "feedback": [one.interaction for one in feedback],
        "feedback_stamp": stamp_of_feedback(feedback),
        "company": company,
        "today": timezone.localdate(),
        "nobody_scored": not at_risk and not visible.exclude(score__churn_risk=None).exists(),
        "any_customers": bool(at_risk) or visible.exists(),
        "voice_url": elsewhere("voice"),
    }
    return render(request, "customers/home.html", context)
