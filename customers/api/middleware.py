"""The frame around every answer under /api/: its version, its request's id, one shape for every error.

The request's id, which each error names, is given further out: crm.operations.middleware. The views' own errors are
shaped by customers.api.errors; here are those that never reach a view, or leave it broken.
"""

import logging

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from customers.api.errors import not_signed_in
from customers.api.parsers import GZIP, TooLarge, encoding_of

logger = logging.getLogger(__name__)

VERSION = "1"
ADDRESSES = "/api/"


class ApiMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(ADDRESSES):
            return self.get_response(request)
        refused = too_large(request) or packed_otherwise(request)
        response = shaped(request, refused or self.get_response(request))
        response["API-Version"] = VERSION
        limit = getattr(request, "rate_limit", None)
        if limit:
            names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
            for name, value in zip(names, limit, strict=True):
                response[name] = str(value)
        return response


def too_large(request) -> HttpResponse | None:
    """Known before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        error = TooLarge()
        return answer(413, error.default_code, str(error.detail), request_id=request.request_id)
    return None


def packed_otherwise(request) -> HttpResponse | None:
    """A body that is packed, but not with gzip, or that is a form."""
    encoding = encoding_of(request)
    if encoding in ("", "identity") or (encoding == GZIP and "json" in request.content_type):
        return None
    message = _("Send the body as it is, or as JSON packed with gzip (Content-Encoding: gzip).")
    return answer(415, "unsupported_media_type", message, request_id=request.request_id)


def answer(status: int, code: str, message: str, **more) -> JsonResponse:
    body = {"code": code, "message": message, "fields": [], **more}
    response = JsonResponse({"error": body}, status=status)
    response["Content-Length"] = str(len(response.content))  # who else counts it stands further in
    return response


def shaped(request, response: HttpResponseBase) -> HttpResponseBase:
    """The answer itself, or the same error in the one shape."""
    if response.status_code in (301, 302) and request.method not in ("GET", "HEAD"):
        # Followed, it would become a GET, whose answer looks like success.
        message = _("There is nothing here; addresses end in a slash.")
        return answer(404, "not_found", message, request_id=request.request_id)
    if response.status_code < 400 or response.get("Content-Type", "").startswith(
        ("application/json", "application/vnd.oai")
    ):
        return response
    if response.status_code >= 500:
        logger.error("Request %s failed", request.request_id)
        message = _("Something went wrong on the server. The request id helps to find it.")
        return answer(response.status_code, "error", message, request_id=request.request_id)
    code, message = {
        401: ("not_authenticated", not_signed_in()),
        403: ("permission_denied", _("This request was refused.")),
        404: (
            "not_found",
            _("There is nothing at this address; all there are stand at /api/v1/docs/."),
        ),
        412: ("precondition_failed", _("This was changed since you read it. Read it again first.")),
    }.get(response.status_code, ("bad_request", _("This request cannot be read.")))
    return answer(response.status_code, code, message, request_id=request.request_id)
