"""Act on what stands in a list: on what is ticked or on all that fits. First who and what, then the doing."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from customers.acting import add_tasks, assign, set_field, tag
from customers.answering import note_answered
from customers.assigning import assign_many
from customers.fact_selecting import FactSelection, fact_selection_of
from customers.handovers import (
    Addition,
    Handover,
    alteration,
    answering,
    handover,
    looked_after,
    sharing,
    tagging,
)
from customers.list_forms import (
    AnsweredForm,
    AssignForm,
    FieldForm,
    LookAfterForm,
    TagForm,
    TasksForm,
)
from customers.models import ChangeSet, Tag
from customers.selecting import Selection, selection_of
from customers.views.actions import INVALID, to
from customers.views.preferences import own_address
from customers.views.saved import count_anew
from customers.views.toasts import say
from customers.wording import amount

FORMS = {
    "assign": AssignForm, "edit": FieldForm, "tag": TagForm, "task": TasksForm, "answered": AnsweredForm,
    "look-after": LookAfterForm,
}  # fmt: skip
WORDS = {
    "assign": gettext_lazy("Assign"),
    "edit": gettext_lazy("Edit a field"),
    "tag": pgettext_lazy("verb", "Tag"),
    "task": gettext_lazy("Create tasks"),
    "answered": gettext_lazy("Mark as answered"),
    "look-after": gettext_lazy("Hand to a colleague"),
}
OF_FACTS = {"orders": ("task", "tag"), "interactions": ("answered", "look-after", "task")}


def may_assign(user) -> bool:
    """Who hands customers over."""
    return user.is_manager or user.is_admin


def fact_actions(user, of: str) -> dict[str, str]:
    """What this reader does with orders or conversations, and with their customers: the words of each."""
    actions = {name: WORDS[name] for name in OF_FACTS[of]}
    return actions | ({"assign": _("Assign the customers")} if may_assign(user) else {})


@require_http_methods(["GET", "POST"])
def bulk(request):
    """With customers."""
    names = (
        ("assign", "edit", "tag", "task") if may_assign(request.user) else ("edit", "tag", "task")
    )
    actions = {name: WORDS[name] for name in names}
    return do(request, selection_of(request.user, request.GET), actions, "tag")


@require_http_methods(["GET", "POST"])
def fact_bulk(request, of: str):
    """With orders or conversations, and with their customers."""
    actions, usual = fact_actions(request.user, of), OF_FACTS[of][0]
    return do(request, fact_selection_of(request.user, of, request.GET), actions, usual)


def do(request, selection: Selection | FactSelection, actions: dict[str, str], usual: str):
    """What is asked for stands in the address (``do``); what it will do is said before it is done."""
    action = request.GET.get("do", "")
    if action not in actions:
        action = usual
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
        if done:
            count_anew(request)
        say_done(request, action, done, count, before)
        return to(request, own_address(request, selection.back))
    context = {
        "action": action, "form": form, "selection": selection, "moved": moved,
        "handovers": handovers_of(action, form, selection),
        "tabs": actions.items(),
        "submit": "" if selection.problem else submit_words(action, selection), "query": _without_do(request),
    }  # fmt: skip
    status = INVALID if request.method == "POST" else 200
    return render(request, "customers/bulk.html", context, status=status)


def submit_words(action: str, selection: Selection | FactSelection) -> str:
    words = {
        "assign": _("Assign %(count)s"), "edit": _("Change %(count)s"), "tag": _("Tag %(count)s"),
        "task": _("Create a task for %(count)s"), "answered": _("Mark as answered"),
        "look-after": _("Hand to a colleague"),
    }[action]  # fmt: skip
    return words % {"count": selection.people_said} if "%" in words else words


def handovers_of(
    action: str, form, selection: Selection | FactSelection
) -> list[Handover | Addition]:
    """From what to what it goes, where the action replaces something; before that is chosen, what there is now."""
    if selection.problem:
        return []
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    if action == "task":
        return [sharing(selection.customers, chosen.get("assignee"), selection.user)]
    if action == "answered":
        return [answering(selection.rows, selection.people)]
    if action == "look-after":
        return looked_after(selection.rows, chosen.get("assignee"))
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


def _taggings(form: TagForm, chosen: dict, selection: Selection | FactSelection) -> list[Addition]:
    if form.errors or not chosen:
        return []
    named = Tag.objects.filter(name=chosen["fresh"]).first() if chosen["fresh"] else None
    tag_, remove = chosen["known"] or named, chosen["way"] == "remove"
    return [tagging(selection.customers, len(selection.people), tag_, remove)]


def _alterations(
    form: FieldForm, chosen: dict, selection: Selection | FactSelection
) -> list[Handover | Addition]:
    if form.errors or not chosen.get("field"):
        return []
    return [alteration(form.values_of(selection.customers), form.said, chosen["value"])]


def _without_do(request) -> str:
    query = request.GET.copy()
    query.pop("do", None)
    return query.urlencode()


def act(action: str, form, selection: Selection | FactSelection) -> tuple[ChangeSet | None, int]:
    """Do it; returns the way back (None where nothing had to be changed) and for how many it was done."""
    clean, user, ids = form.cleaned_data, selection.user, selection.people
    match action:
        case "assign":
            done = assign(ids, clean["owner"], clean["team"], user)
        case "edit":
            done = set_field(ids, clean["field"], clean["value"], user)
        case "tag":
            done = tag(ids, form.tag(), user, clean["way"] == "remove")
        case "answered":
            done = note_answered(ids, clean["channel"], clean["text"], user)
        case "look-after":
            done = assign_many(selection.rows, clean["assignee"], user)
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
        "answered": ngettext("%(n)s message answered", "%(n)s messages answered", count),
        "look-after": ngettext("%(n)s message handed over", "%(n)s messages handed over", count),
        "task": ngettext("%(n)s task added", "%(n)s tasks added", count),
    }[action]
    say(
        request,
        _("; ").join([said % {"n": amount(count)}, *kept]),
        done,
    )
