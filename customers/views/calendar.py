"""Tasks by month and week, and the feed that other calendars read."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from customers.calendars import MONTH, WEEK, feed_of, reader_of, renew_key, span_of, stop_feed
from customers.clocks import clock_of
from customers.task_listing import MINE, WHOSE, tasks_of, whose_for
from customers.views.toasts import say

KINDS = {
    MONTH: pgettext_lazy("view of a calendar", "Month"),
    WEEK: pgettext_lazy("view of a calendar", "Week"),
}
SHOWN_ONCE = "calendar-key"  # in the session, until the profile page has shown it


@require_safe
def task_calendar(request):
    span = span_of(request.GET.get("view"), request.GET.get("day"))
    whose = request.GET.get("whose") if request.GET.get("whose") in WHOSE else MINE
    weeks = span.weeks(tasks_of(request.user, whose))

    def address(**other) -> str:
        asked = {"view": span.kind, "day": span.day.isoformat(), "whose": whose} | other
        return f"{reverse('task-calendar')}?{urlencode(asked)}"

    today = timezone.localdate()
    days = [day for week in weeks for day in week if day.inside]
    context = {
        "span": span, "weeks": weeks, "today": today, "is_now": any(day.date == today for day in days),
        "earlier": [task for day in days if day.date < today for task in day.tasks],
        "shown": 4 if span.kind == MONTH else 50,
        "next_day": span.moved(1), "before_url": address(day=span.moved(-1)), "after_url": address(day=span.moved(1)),
        "today_url": address(day=today), "here_url": address(),
        "kinds": [
            {"url": address(view=code), "words": words, "here": code == span.kind}
            for code, words in KINDS.items()
        ],
        "whose": [
            {"url": address(whose=code), "words": words, "here": code == whose}
            for code, words in whose_for(request.user).items()
        ],
        "any_tasks": any(day.tasks for day in days),
        "current": span.day if span.first <= span.day <= span.last else span.first,
    }  # fmt: skip
    context["overdue"] = sum(not task.done_at for task in context["earlier"])
    return render(request, "customers/calendar.html", context)


@login_not_required
@require_safe
def calendar_feed(request, key):
    """For programs that cannot sign in: who knows the address reads what its person may see, and nothing else."""
    reader = reader_of(key)
    if reader is None:
        raise Http404
    site = request.build_absolute_uri("/").rstrip("/")
    with timezone.override(clock_of(reader)):
        response = HttpResponse(feed_of(reader, site), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="perennial.ics"'
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def calendar_renew(request):
    """A new address, shown once; or none at all."""
    if request.POST.get("do") == "stop":
        stop_feed(request.user)
        say(request, _("The calendar address leads nowhere any more."))
    else:
        request.session[SHOWN_ONCE] = renew_key(request.user)
        say(request, _("This is the new address of your calendar; one there was before has ended."))
    return redirect(f"{reverse('profile')}#calendar")
