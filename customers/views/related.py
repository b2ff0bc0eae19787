"""Around a customer: who belongs together, who follows, which colleagues can be named, the files that lie there."""

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers.mentioning import offered as colleagues_offered
from customers.models import Attachment, Company, Customer, Follow
from customers.related import offered, related_to, set_parent
from customers.views.actions import INVALID, may_change
from customers.views.toasts import say


@require_safe
def customer_related(request, pk):
    """Shown, or with a search for the organisation it belongs to."""
    person = _read(request, pk)
    if "find" in request.GET and "field" not in request.GET:
        found = offered(request.GET["find"], person, request.user)
        context = {"customer": person, "found": found, "searched": request.GET["find"].strip()}
        return render(request, "customers/_related_found.html", context)
    return _shown(request, person)


def _read(request, pk: int) -> Customer:
    visible = Customer.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("score", "totals"), pk=pk)


def _shown(request, person: Customer, status: int = 200, **extra):
    context = {
        "customer": person,
        "related": related_to(person, request.user),
        "company": Company.current(),
        **extra,
    }
    return render(request, "customers/_related.html", context, status=status)


@require_POST
def customer_parent(request, pk):
    """Let a customer belong to an organisation, or to none."""
    person = _read(request, pk)
    chosen, parent = request.POST.get("parent", ""), None
    if chosen:
        visible = Customer.objects.visible_to(request.user)
        parent = get_object_or_404(visible, pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        change_set = set_parent(person, parent, request.user)
    except ValidationError as error:
        return _shown(request, _read(request, pk), INVALID, problem=error.messages[0])
    if change_set:
        said = _("Belongs to %(name)s now") % {"name": parent} if parent else _("Taken out")
        say(request, said, change_set)
    return _shown(request, _read(request, pk)) if request.htmx else redirect(person)


@require_POST
def customer_follow(request, pk):
    """Follow a customer, or no longer."""
    person = may_change(request, pk)
    mine = Follow.objects.filter(user=request.user, customer=person)
    follows = request.POST.get("follow") != "no"
    if follows:
        Follow.objects.get_or_create(user=request.user, customer=person)
    else:
        mine.delete()
    if not request.htmx:
        return redirect(person)
    person.is_followed = follows
    return render(request, "customers/_follow.html", {"customer": person})


@require_safe
def customer_colleagues(request, pk):
    """Whom to offer behind an @."""
    person = may_change(request, pk)
    people = colleagues_offered(request.GET.get("q", "")[:60], request.user, person)
    return render(request, "customers/_colleagues.html", {"people": people})


@require_safe
def attachment(request, pk):
    """Saved, never shown: whatever it holds, it is no page of ours."""
    one = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    try:
        content = open(one.path, "rb")  # noqa: SIM115 the response closes it
    except FileNotFoundError:
        raise Http404(_("This file is no longer there.")) from None
    response = FileResponse(
        content, as_attachment=True, filename=one.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
