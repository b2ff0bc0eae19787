"""Act on the customers of a list: on those ticked or on all that fit. First who and what, then the doing."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from customers.acting import add_tasks, assign, set_field, tag
from customers.filtering import sentence_of
from customers.handovers import Addition, Handover, alteration, handover, sharing, tagging
from customers.list_forms import AssignForm, FieldForm, TagForm, TasksForm
from customers.models import ChangeSet, Tag
from customers.selecting import Selection, selection_of
from customers.views.actions import INVALID, to
from customers.views.preferences import own_address
from customers.views.toasts import say
from customers.wording import amount

SHOWN = 5


FORMS = {"assign": AssignForm, "edit": FieldForm, "tag": TagForm, "task": TasksForm}


@require_http_methods(["GET", "POST"])
def bulk(request):
    """What is asked for stands in the address (``do``); what it will do is said before it is done."""
    action = request.GET.get("do", "")
    may_assign = request.user.is_manager or request.user.is_admin
    if action not in FORMS or action == "assign" and not may_assign:
        action = "tag"
    selection = selection_of(request.user, request.GET)
    form = FORMS[action](request.POST or None, selection=selection, auto_id="bulk-%s")
    if "look" in request.POST:
        context = {
            "action": action,
            "form": form,
            "handovers": handovers_of(action, form, selection),
        }
        if action == "task":
            form.errors.clear()  # what is still to be typed is missed when it is to be done
        return render(
            request, "customers/_bulk_fields.html", context | {"query": _without_do(request)}
        )
    expected = request.POST.get("expected", "")
    moved = request.method == "POST" and expected != str(len(selection.chosen))
    if request.method == "POST" and not selection.problem and form.is_valid() and not moved:
        before = handovers_of(action, form, selection)
        done, count = act(action, form, selection)
        say_done(request, action, done, count, before)
        return to(request, own_address(request, selection.listing.address()))
    context = {
        "action": action, "form": form, "selection": selection, "moved": moved,
        "handovers": handovers_of(action, form, selection),
        "may_assign": may_assign,
        "count": _said(len(selection.chosen)), "first": selection.customers.order_by("name", "pk")[:SHOWN],
        "more": amount(max(0, len(selection.chosen) - SHOWN)) if len(selection.chosen) > SHOWN else "",
        "sentence": sentence_of(selection.listing.group, selection.fields) if selection.everybody else "",
        "back": selection.listing.address(), "query": _without_do(request),
    }  # fmt: skip
    status = INVALID if request.method == "POST" else 200
    return render(request, "customers/bulk.html", context, status=status)


def handovers_of(action: str, form, selection: Selection) -> list[Handover | Addition]:
    """From what to what it goes, where the action replaces something; before that is chosen, what there is now."""
    if selection.problem:
        return []
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    if action == "task":
        return [sharing(selection.customers, chosen.get("assignee"), selection.user)]
    if action == "tag":
        return _taggings(form, chosen, selection)
    if action == "edit":
        return _alterations(form, chosen, selection)
    if not chosen.get("owner") and not chosen.get("team"):
        return [handover(selection.customers, "owner")]
    return [
        handover(selection.customers, name, chosen[name])
        for name in ("owner", "team")
        if chosen.get(name)
    ]


def _taggings(form: TagForm, chosen: dict, selection: Selection) -> list[Addition]:
    if form.errors or not chosen:
        return []
    named = Tag.objects.filter(name=chosen["fresh"]).first() if chosen["fresh"] else None
    tag_, remove = chosen["known"] or named, chosen["way"] == "remove"
    return [tagging(selection.customers, len(selection.chosen), tag_, remove)]


def _alterations(form: FieldForm, chosen: dict, selection: Selection) -> list[Handover | Addition]:
    if form.errors or not chosen.get("field"):
        return []
    return [alteration(form.values_of(selection.customers), form.said, chosen["value"])]


def _without_do(request) -> str:
    query = request.GET.copy()
    query.pop("do", None)
    return query.urlencode()


def _said(count: int) -> str:
    return ngettext("%(n)s customer", "%(n)s customers", count) % {"n": amount(count)}


def act(action: str, form, selection: Selection) -> tuple[ChangeSet | None, int]:
    """Do it; returns the way back (None where nothing had to be changed) and for how many it was done."""
    clean, user, ids = form.cleaned_data, selection.user, selection.chosen
    match action:
        case "assign":
            done = assign(ids, clean["owner"], clean["team"], user)
        case "edit":
            done = set_field(ids, clean["field"], clean["value"], user)
        case "tag":
            done = tag(ids, form.tag(), user, clean["way"] == "remove")
        case "task":
            done = add_tasks(ids, clean["title"], clean["due_on"], clean["assignee"], user)
    return done, sum(done.counts.values()) if done else 0


def say_done(
    request, action: str, done: ChangeSet | None, count: int, before: list[Handover | Addition]
) -> None:
    kept = [one.kept_words for one in before if one.kept]
    if not done:
        say(request, _("Nothing had to be changed."))
        return
    said = {
        "assign": ngettext("%(n)s customer handed over", "%(n)s customers handed over", count),
        "edit": ngettext("%(n)s customer changed", "%(n)s customers changed", count),
        "tag": ngettext("Tags of %(n)s customer changed", "Tags of %(n)s customers changed", count),
        "task": ngettext("%(n)s task added", "%(n)s tasks added", count),
    }[action]
    say(
        request,
        _("; ").join([said % {"n": amount(count)}, *kept]),
        done,
    )
