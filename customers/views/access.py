"""One's own tokens for the API: made, looked through, revoked. Admins see everybody's, and never a secret."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.forms import TokenForm
from customers.models import ApiToken
from customers.revoking import revoke
from customers.views.toasts import say

INVALID = 422
MOST_SHOWN = 200


def lists_for(user) -> dict:
    """The reader's own tokens, and for an admin those of the others."""
    tokens = ApiToken.objects.managed_by(user).unrevoked().select_related("user")
    others = tokens.exclude(user=user).order_by("user__username", "-pk")[: MOST_SHOWN + 1]
    others = list(others) if user.is_admin else []
    return {
        "mine": tokens.filter(user=user)[:MOST_SHOWN],
        "others": others[:MOST_SHOWN],
        "more": len(others) > MOST_SHOWN,
    }


@require_http_methods(["GET", "POST"])
def access(request):
    """The page; sent to by its form it shows the new token, this once."""
    form = TokenForm(request.POST or None, user=request.user, auto_id="token-%s")
    context, status = {}, 200
    if request.method == "POST" and form.is_valid():
        context["token"], context["secret"] = form.issue(request.user)
        form = TokenForm(user=request.user, auto_id="token-%s")
    elif request.method == "POST":
        status = INVALID
    if request.htmx:
        template = "customers/_tokens.html" if request.method == "GET" else "customers/_access.html"
    else:
        template = "customers/access.html"
    context |= lists_for(request.user) | {
        "form": form,
        "server": request.build_absolute_uri("/").rstrip("/"),
    }
    response = render(request, template, context, status=status)
    if "secret" in context:
        response["Cache-Control"] = "no-store"
    return response


@require_POST
def access_revoke(request, pk) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.managed_by(request.user), pk=pk)
    if change_set := revoke(token, request.user):
        say(request, _("Token revoked"), change_set)
    if not request.htmx:
        return redirect("access")
    return render(request, "customers/_tokens.html", lists_for(request.user))
