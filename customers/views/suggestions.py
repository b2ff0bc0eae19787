"""What people do with a suggestion of the home page: done, put off, or made a task. Each is a task."""

import datetime

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.firsts import title_of
from customers.models import Task
from customers.recording import record_task
from customers.views.actions import may_change, render_toasts
from customers.views.toasts import say

DAYS = {"today": 0, "1": 1, "3": 3, "7": 7}


@require_POST
def suggestion_act(request, pk):
    person = may_change(request, pk)
    kind, action = request.POST.get("kind"), request.POST.get("do", "")
    if kind not in ("message", "risk") or action not in (*DAYS, "done"):
        return HttpResponseBadRequest()
    today = timezone.localdate()
    leads = request.user.is_manager or request.user.is_admin
    # What a manager does not do on the spot is for whoever looks after the customer.
    doer = person.owner if leads and person.owner and action != "done" else request.user
    task = Task(
        customer=person, title=title_of(kind, person)[:200], assignee=doer,
        note=request.POST.get("reason", "")[:1000].replace("\x00", ""),
    )  # fmt: skip
    if action == "done":
        task.due_on, task.done_at, task.done_by = today, timezone.now(), request.user
    else:
        task.due_on = today + datetime.timedelta(days=DAYS[action])
    record_task(task, request.user)
    said = {"done": _("Task done"), "today": _("Task added")}.get(action, _("Task put off"))
    say(request, said, task.recorded_in)
    if not request.htmx:
        return redirect("home")
    return HttpResponse(render_toasts(request), headers={"HX-Trigger": "facts-changed"})
