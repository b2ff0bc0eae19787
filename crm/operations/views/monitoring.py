"""What process supervisors, load balancers and monitoring ask for."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from crm.operations import readiness
from crm.operations.metrics import exposition


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
    """An admin, or whoever knows METRICS_TOKEN."""
    given = request.headers.get("Authorization", "")
    wanted = settings.METRICS_TOKEN
    if wanted and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return True
    try:
        return request.user.is_authenticated and request.user.is_admin
    except (DatabaseError, InterfaceError):  # nobody can be recognised without the database
        return False
