"""The list of tasks, and what is done with one of them or with many."""

import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.assigning import CannotAssign
from customers.exporting import KINDS, Kind, table_file
from customers.filters import colleagues_of
from customers.models import ChangeSet, Segment, Task
from customers.task_forms import BulkForm, OutcomeForm, TaskForm, UntilForm, later_days
from customers.task_listing import DAYS, DUES, NARROWED, SIZE, STATES, TaskListing, whose_for
from customers.tasking import complete, edit, hand_over, note_outcome, reopen, snooze
from customers.views.actions import INVALID, refreshed, render_toasts
from customers.views.preferences import own_address
from customers.views.toasts import say
from customers.wording import amount, day, day_of_week_only, sentences

MOST_EXPORTED = 50_000
PAGES = ("home", "list", "customer", "first")


@require_safe
def tasks(request):
    listing = TaskListing.read(request.GET, request.user)
    if request.GET.get("as") in KINDS:
        return tasks_file(listing, request.GET["as"])
    page = listing.page(request.GET.get("after", ""), request.GET.get("before", ""))
    context = {
        "listing": listing, "page": page, "tasks": page.rows, "today": timezone.localdate(),
        "whose": [choice(listing, "whose", *one) for one in whose_for(request.user).items()],
        "states": [choice(listing, "state", *one) for one in STATES.items()],
        "after_url": listing.address(after=page.after) if page.after else "",
        "before_url": listing.address(before=page.before) if page.before else "",
        "colleagues": colleagues_of(request.user), "outcomes": Task.Outcome.choices,
        "days": later_days(),
        "dues": DUES.items(),
        "done_days": DAYS.items(), "segments": Segment.choices, "all_url": listing.address(**dict.fromkeys(NARROWED)),
        "files": [(kind.upper(), listing.address(**{"as": kind})) for kind in KINDS],
    }  # fmt: skip
    template = "customers/_task_list.html" if request.htmx else "customers/tasks.html"
    return render(request, template, context)


HEAD = [
    gettext_lazy("Task"), gettext_lazy("Customer"), gettext_lazy("Due"), pgettext_lazy("of the day", "Time"),
    gettext_lazy("Assigned to"), gettext_lazy("Note"), gettext_lazy("Done at"), gettext_lazy("Done by"),
    gettext_lazy("Outcome"), gettext_lazy("Note on the outcome"),
]  # fmt: skip


def tasks_file(listing: TaskListing, kind: Kind):
    """The whole list, in its order."""
    found = listing.in_order()[:MOST_EXPORTED].iterator(chunk_size=1000)
    rows = (
        [
            one.title, one.customer.name if one.customer else "", one.due_on,
            f"{one.due_time:%H:%M}" if one.due_time else "", str(one.assignee or ""), one.note,
            one.done_at, str(one.done_by or ""), one.get_outcome_display(), one.outcome_note,
        ]
        for one in found
    )  # fmt: skip
    return table_file("tasks", _("Tasks"), [str(words) for words in HEAD], rows, kind)


def choice(listing: TaskListing, name: str, code: str, words) -> dict:
    here = getattr(listing, name) == code
    return {"url": listing.address(**{name: code}), "words": words, "here": here, "code": code}


def may_do(request, pk: int, lock: bool = False) -> Task:
    """Whoever may see a task may do it."""
    seen = Task.objects.visible_to(request.user).select_related("customer", "assignee", "done_by")
    return get_object_or_404(seen.select_for_update(of=("self",)) if lock else seen, pk=pk)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def task(request, pk):
    """One task, edited on a page of its own or in its place in a list; nobody else saves between look and writing."""
    one = may_do(request, pk, lock=request.method == "POST")
    form = TaskForm(request.POST or None, instance=one, user=request.user, auto_id=f"task{pk}-%s")
    if request.method == "POST" and form.is_valid():
        if change_set := edit(one, form.fields, request.user):
            say(request, _("Task saved"), change_set)
        return shown(request, pk)
    if request.method == "GET" and "shown" in request.GET:
        return shown(request, pk)
    status = INVALID if request.method == "POST" else 200
    template = "customers/_task_edit.html" if request.htmx else "customers/task.html"
    context = {"task": one, "form": form, "page": page_of(request), "today": timezone.localdate()}
    return render(request, template, context, status=status)


def page_of(request) -> str:
    """On which page a task stands."""
    page = (request.POST or request.GET).get("page", "")
    return page if page in PAGES else "list"


def shown(request, pk: int) -> HttpResponse:
    """The task as it is now, where it stands; without script, the page one came from."""
    if not request.htmx:
        # Who takes the customer from somebody else's task does not see it any more.
        is_seen = Task.objects.visible_to(request.user).filter(pk=pk).exists()
        back = request.POST.get("next") if is_seen else reverse("tasks")
        return redirect(own_address(request, back))
    if (
        page_of(request) == "first"
    ):  # the parts of the home page look for themselves what has changed
        return HttpResponse(render_toasts(request), headers={"HX-Trigger": "facts-changed"})
    # Read again: who gives a task of their own away does not see it any more.
    one = Task.objects.visible_to(request.user).select_related("customer", "assignee", "done_by")
    if page_of(request) == "customer":
        return refreshed(request, one.get(pk=pk).customer_id, "customers/_task_saved.html")
    context = {"task": one.filter(pk=pk).first(), "today": timezone.localdate()}
    context["page"] = page_of(request)
    return render(request, "customers/_task_row.html", context)


@require_POST
def task_done(request, pk):
    """Done, with what came of it if that is said; or open again."""
    one = may_do(request, pk)
    if request.POST.get("done") == "no":
        if change_set := reopen([pk], request.user):
            say(request, _("Task open again"), change_set)
        return shown(request, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return refused(request, form, pk)
    outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    if change_set := complete([pk], request.user, outcome, note):
        follows = Task.objects.filter(follows=pk).first() if one.repeat else None
        say(request, done_words(follows), change_set)
    return shown(request, pk)


def done_words(follows: Task | None) -> str:
    if follows is None:
        return _("Task done")
    return _("Task done; the next one is due on %(day)s") % {"day": day(follows.due_on)}


@require_POST
def task_outcome(request, pk):
    """What came of a task that is done."""
    one = may_do(request, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid() or not one.done_at:
        return refused(request, form, pk)
    clean = form.cleaned_data
    if change_set := note_outcome(one, clean["outcome"], clean["note"], request.user):
        say(request, _("Outcome saved"), change_set)
    return shown(request, pk)


@require_POST
def task_snooze(request, pk):
    one = may_do(request, pk)
    form = UntilForm(request.POST, due_on=one.due_on)
    if not form.is_valid():
        return refused(request, form, pk)
    until = form.cleaned_data["until"]
    if change_set := snooze([pk], until, request.user):
        words = _("Task put off until %(day)s") % {"day": day_of_week_only(until)}
        say(request, words, change_set)
    return shown(request, pk)


def refused(request, form, pk: int) -> HttpResponse:
    """What is wrong, as a message; the task stays as it is."""
    said = [str(one) for errors in form.errors.values() for one in errors]
    messages.error(request, " ".join(said) or _("This task is open again."))
    return shown(request, pk)


@require_POST
def tasks_bulk(request):
    """Complete, assign or put off the tasks that are ticked: all of them, or none."""
    ids = [int(one) for one in request.POST.getlist("id")[:SIZE] if one.isdigit() and len(one) < 19]
    known = Task.objects.visible_to(request.user).filter(pk__in=ids)
    form = BulkForm(request.POST, user=request.user, known=list(known.values_list("pk", flat=True)))
    back = redirect(own_address(request, request.POST.get("next")))
    if not form.is_valid():
        said = [str(one) for errors in form.errors.values() for one in errors]
        messages.error(request, " ".join(said))
        return back
    try:
        done = act(form.cleaned_data, request.user)
    except CannotAssign as error:
        messages.error(request, str(error))
        return back
    say(request, bulk_words(form.cleaned_data, done), done)
    return back


def act(clean: dict, user) -> ChangeSet | None:
    match clean["do"]:
        case "complete":
            return complete(clean["id"], user, clean["outcome"])
        case "assign":
            return hand_over(clean["id"], clean["assignee"], user)
    return snooze(clean["id"], clean["until"], user)


def bulk_words(clean: dict, done: ChangeSet | None) -> str:
    if clean["do"] == "snooze":
        return put_off_words(clean["id"], clean["until"], done)
    if done is None:
        return _("Nothing had to be changed.")
    count = done.counts["tasks"]
    words = {
        "complete": ngettext("%(n)s task done", "%(n)s tasks done", count),
        "assign": ngettext("%(n)s task handed over", "%(n)s tasks handed over", count),
    }[clean["do"]]
    return words % {"n": amount(count)}


def put_off_words(ids: list[int], until: datetime.date, done: ChangeSet | None) -> str:
    """Until when; and how many were left, because they are due later than that."""
    count = done.counts["tasks"] if done else 0
    later = Task.objects.open().filter(pk__in=ids, due_on__gt=until).count()
    moved = ngettext(
        "%(n)s task put off until %(day)s.", "%(n)s tasks put off until %(day)s.", count
    )
    left = ngettext("%(n)s is due later and stays.", "%(n)s are due later and stay.", later)
    said = [
        moved % {"n": amount(count), "day": day_of_week_only(until)} if count else "",
        left % {"n": amount(later)} if later else "",
    ]
    return sentences(*said) or _("Nothing had to be changed.")
