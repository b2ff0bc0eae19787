"""The command palette: what fits the few characters typed so far, as a fragment."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from customers.palette import find, here_of


@require_safe
def palette(request):
    query = request.GET
    here = here_of(request.user, query.get("here", ""))
    groups = find(
        request.user, query.get("q", ""), here, query.getlist("recent"), query.get("mode") == "call"
    )
    response = render(request, "customers/_palette.html", {"groups": groups})
    response["Cache-Control"] = "private, no-store"
    return response
