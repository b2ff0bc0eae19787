"""What people see when a page fails."""

import sys

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customers.api.errors import points_nowhere

RETRY_SECONDS = 5


def failed(request: HttpRequest) -> HttpResponse:
    """A database that is away comes back: 503, and a page that was only looked at asks again by itself.

    What was written about somebody who was erased in the same moment is about nobody: 404.
    """
    error = sys.exc_info()[1]
    if isinstance(error, IntegrityError) and points_nowhere(error):
        return render(request, "404.html", status=404)
    if not isinstance(error, OperationalError | InterfaceError):
        return render(request, "500.html", status=500)
    response = render(
        request, "503.html", {"again": RETRY_SECONDS if request.method == "GET" else 0}, status=503
    )
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
