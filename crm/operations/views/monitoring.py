"""What process supervisors, load balancers and monitoring ask for."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from rest_framework.exceptions import AuthenticationFailed

from crm.operations import readiness
from crm.operations.metrics import exposition
from customers.api.authentication import TokenAuthentication
from customers.models import ApiToken


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """This process lives and answers; it asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """Up or down for everyone; the parts for admins and for monitoring. ``?strict`` makes degraded a 503 as well."""
    found = readiness.parts()
    status = readiness.verdict(found)
    body = {"status": status}
    if may_look(request):
        body["parts"] = {name: {"state": part.state, **part.facts} for name, part in found.items()}
    refused = status == readiness.DOWN or (status == readiness.DEGRADED and "strict" in request.GET)
    return JsonResponse(body, status=503 if refused else 200)


@login_not_required
@never_cache
@require_safe
def metrics(request):
    """For Prometheus, which knows METRICS_TOKEN; without one, for admins only."""
    if not may_look(request):
        return HttpResponse("not without the token\n", status=403, content_type="text/plain")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_look(request) -> bool:
    """An admin, signed in or with a token of theirs that reads, or whoever knows METRICS_TOKEN."""
    given = request.headers.get("Authorization", "")
    wanted = settings.METRICS_TOKEN
    if wanted and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return True
    try:
        user, token = token_of(request)
        if token:
            return user.is_admin and ApiToken.Scope.READ in token.scopes
        return request.user.is_authenticated and request.user.is_admin
    except (DatabaseError, InterfaceError):  # nobody can be recognised without the database
        return False


def token_of(request) -> tuple:
    """The person and their API token; None twice where the request carries no good one."""
    try:
        return TokenAuthentication().authenticate(request) or (None, None)
    except AuthenticationFailed:
        return None, None
