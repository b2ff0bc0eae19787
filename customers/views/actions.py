"""What people do on a customer: write things down, make and finish tasks, edit details, take it back."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.archiving import archive, restore
from customers.defining import DEFINED
from customers.details_form import DetailsForm
from customers.editing import edit_customer
from customers.log_form import LogForm
from customers.models import ChangeSet, Company, Customer, SavedView, Task, User
from customers.recording import record_customer, record_log, record_task
from customers.tags_form import TagsForm
from customers.task_forms import TaskForm
from customers.undoing import CannotUndo, undo
from customers.views.customer import (
    annex,
    details_of,
    open_customer,
    scores_of,
    timeline_of,
)
from customers.views.preferences import own_address
from customers.views.saved import count_anew
from customers.views.toasts import say

INVALID = 422
# A list's tabs, what an admin keeps: a page with one of them comes again as a whole.
ON_EVERY_PAGE = (SavedView, Company, User, *DEFINED.values())


def may_change(request, pk: int) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)


def refreshed(request, pk: int, template: str, **extra) -> HttpResponse:
    """A fragment beside the parts of the customer page that an action changes."""
    person = open_customer(request, pk)
    scores = scores_of(person, Company.current(), annex(person))
    context = scores | timeline_of(person, request.POST)
    return render(request, template, context | extra)


@require_POST
def talk_add(request, pk):
    person = may_change(request, pk)
    given = {"user": request.user, "customer": person, "auto_id": "talk-%s"}
    form = LogForm(request.POST, request.FILES, **given)
    people_url = reverse("customer-colleagues", args=[pk])
    if not form.is_valid():
        context = {"talk_form": form, "customer": person, "people_url": people_url}
        return render(request, "customers/_talk_form.html", context, status=INVALID)
    talk = record_log(
        form.made(), request.user, reminder=form.reminder(), mentions=form.mentioned,
        files=form.cleaned_data["files"],
    )  # fmt: skip
    said = {
        "chat": _("Message logged"),
        "note": _("Note saved"),
        "call": _("Call logged"),
        "meeting": _("Meeting logged"),
        "complaint": _("Complaint recorded"),
    }
    say(request, said[talk.channel], talk.recorded_in)
    if not request.htmx:
        return redirect(person)
    # A note again, whatever was written before: the next one is no complaint because this one was.
    fresh = LogForm(auto_id="talk-%s")
    page = "customers/_talk_saved.html"
    return refreshed(request, pk, page, talk_form=fresh, people_url=people_url)


@require_http_methods(["GET", "POST"])
def task_add(request, pk=None):
    """A task for a customer, or for oneself."""
    person = may_change(request, pk) if pk else None
    back = person.get_absolute_url() if person else came_from(request)
    form = TaskForm(
        request.POST or None,
        user=request.user,
        customer=person,
        initial={"due_on": request.GET.get("due")},
        auto_id="task-%s",
    )
    if request.method == "GET" or not form.is_valid():
        status = INVALID if request.method == "POST" else 200
        is_whole = "whole" in request.POST or not request.htmx
        context = {"task_form": form, "customer": person, "back": back, "is_whole": is_whole}
        page = "customers/_task_form.html" if request.htmx else "customers/task_add.html"
        return render(request, page, context, status=status)
    task = form.save(commit=False)
    task.customer = person or task.customer
    record_task(task, request.user)
    say(request, _("Task added"), task.recorded_in)
    if person is None or not request.htmx:
        return to(request, on_its_day(back, task))
    return refreshed(request, pk, "customers/_task_saved.html")


def came_from(request) -> str:
    """The page that adding a task was asked for on: named by its link, or open while htmx asks."""
    named = (request.POST or request.GET).get("next")
    opened = request.htmx.current_url_abs_path if request.htmx else None
    return own_address(request, named or opened or reverse("tasks"))


def on_its_day(address: str, task: Task) -> str:
    """Of the calendar, the month or week that the task stands in, on its day; any other address as it is."""
    page = urlsplit(address)
    if page.path != reverse("task-calendar") or not task.due_on:
        return address
    asked = QueryDict(page.query, mutable=True)
    asked["day"] = task.due_on.isoformat()
    return f"{page.path}?{asked.urlencode()}#day"


def to(request, address: str) -> HttpResponse:
    """Lead on, whether the browser or htmx asked."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@require_POST
def undo_change(request, pk):
    """Only what one did oneself."""
    change_set = get_object_or_404(ChangeSet, pk=pk, actor=request.user)
    concerned = []
    try:
        concerned = undo(change_set, request.user)
    except CannotUndo as error:
        messages.error(request, str(error))
    else:
        count_anew(request)
        messages.success(request, _("Undone"))
    if not request.htmx:
        return redirect(own_address(request, request.META.get("HTTP_REFERER")))
    # Of a customer a list shows a row; what else is changed stands all over the page, which says so when it is there
    # again.
    everywhere = ON_EVERY_PAGE if _from_a_list(request) else (Customer, *ON_EVERY_PAGE)
    if any(isinstance(row, everywhere) for row in concerned):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    # The open page looks for itself which of its parts have changed.
    return HttpResponse(render_toasts(request), headers={"HX-Trigger": "facts-changed"})


def _from_a_list(request) -> bool:
    """Whether the open page is a list of customers."""
    try:
        page = resolve(urlsplit(request.htmx.current_url_abs_path or "").path)
    except Resolver404:
        return False
    return page.url_name in ("customers", "view")


def render_toasts(request) -> bytes:
    return render(request, "components/toasts.html").content


@require_http_methods(["GET", "POST"])
@transaction.atomic
def customer_details(request, pk):
    """The details card: shown, edited in place, saved; nobody else saves between the look and the writing."""
    visible = Customer.objects.visible_to(request.user)
    if request.method == "POST":
        visible = visible.select_for_update(of=("self",), no_key=True)
    person = get_object_or_404(visible, pk=pk)
    form = DetailsForm(
        request.POST or None, instance=person, user=request.user, auto_id="details-%s"
    )
    tags = TagsForm(request.POST or None, instance=person, user=request.user, auto_id="details-%s")
    if request.method == "POST" and form.is_valid() & tags.is_valid():
        if change_set := edit_customer(
            person, form.changed_fields, request.user, tags=tags.wanted()
        ):
            say(request, _("Details saved"), change_set)
        if not request.htmx:
            return redirect(person)
        shown = details_shown(request, pk)
        # The name, for one, stands in other parts of the page too.
        shown["HX-Trigger"] = "facts-changed"
        return shown
    if request.method == "GET" and "shown" in request.GET:
        return details_shown(request, pk)
    status = INVALID if request.method == "POST" else 200
    page = "customers/_details_form.html" if request.htmx else "customers/details_edit.html"
    context = {"form": form, "tags": tags, "customer": person}
    return render(request, page, context, status=status)


def details_shown(request, pk: int) -> HttpResponse:
    # Read again: an owner who gives a customer away may not see it any more.
    person = Customer.objects.visible_to(request.user).filter(pk=pk).first()
    if person is None:
        return to(request, own_address(request, None))
    context = {"customer": person, **details_of(person, annex(person))}
    return render(request, "customers/_details.html", context)


@require_POST
def customer_archive(request, pk):
    """Out of the lists, or back into them; nothing is lost either way."""
    person = may_change(request, pk)
    back = request.POST.get("archived") == "no"
    if change_set := (restore if back else archive)(person, request.user):
        said = _("Customer brought back") if back else _("Customer archived")
        say(request, said, change_set)
    return redirect(person)


@require_http_methods(["GET", "POST"])
def customer_add(request):
    team = request.user.teams.first()
    new = Customer(
        owner=request.user,
        team=team,
        known_since=timezone.now(),
        lifecycle=Customer.Lifecycle.LEAD,  # who buys already comes with an import
    )
    form = DetailsForm(request.POST or None, instance=new, user=request.user, auto_id="details-%s")
    tags = TagsForm(request.POST or None, instance=new, user=request.user, auto_id="details-%s")
    if request.method == "POST" and form.is_valid() & tags.is_valid():
        person = record_customer(form.save(commit=False), request.user, tags=tags.wanted())
        say(request, _("Customer added"))
        return redirect(person)
    status = INVALID if request.method == "POST" else 200
    context = {"form": form, "tags": tags}
    return render(request, "customers/customer_add.html", context, status=status)
