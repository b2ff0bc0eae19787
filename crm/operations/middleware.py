"""Each request has an id, is counted, and leaves one line in the log."""

import logging
import re
import uuid
from time import perf_counter

from django.db import connection
from django.middleware.gzip import GZipMiddleware
from django.utils.functional import SimpleLazyObject, empty

from crm.operations.counting import count_request
from crm.operations.logs import context, route

logger = logging.getLogger("crm.requests")

# The caller's own, so that both logs can be laid side by side.
OWN_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
# Asked for every few seconds by machines: counted, but not worth a line each.
QUIET = {"healthz", "readyz", "metrics"}


class RequestMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = id_of(request)
        token, began, queries = (
            context.set({"request": request.request_id}), perf_counter(), Queries()
        )  # fmt: skip
        try:
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            response["X-Request-ID"] = request.request_id
            if request.method == "HEAD":
                empty_body(response)
            note(request, response.status_code, perf_counter() - began, queries.count)
            return response
        finally:
            context.reset(token)

    def process_view(self, request, view, args, kwargs) -> None:
        context.set(context.get() | {"route": route(request)})


class ZippedPagesMiddleware(GZipMiddleware):
    """Pages go over the line at a tenth of their size; the API's answers as they are, for an ETag says their bytes."""

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


def empty_body(response) -> None:
    """What a GET would say stays in the headers; a web server that is handed a body for HEAD complains."""
    if response.streaming:
        response.streaming_content = ()
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


class Queries:
    def __init__(self):
        self.count = 0

    def __call__(self, execute, sql, params, many, wrapped):
        self.count += 1
        return execute(sql, params, many, wrapped)


def id_of(request) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if OWN_ID.fullmatch(given) else uuid.uuid4().hex


def note(request, status: int, seconds: float, queries: int) -> None:
    name = route(request)
    count_request(name, request.method, status, seconds)
    if name in QUIET and status < 500:
        return
    figures = {
        "user": user_of(request),
        "route": name,
        "method": request.method,
        "status": status,
        "ms": round(1000 * seconds, 1),
        "queries": queries,
    }
    logger.info("answered", extra={"figures": figures})


def user_of(request) -> int | None:
    """The number of the person, if it is known by now: nobody is asked for just for the log."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)
