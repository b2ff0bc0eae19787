"""Every error of the API has one shape::

{"error": {"code": "invalid", "message": "…", "request_id": "…",
               "fields": [{"field": "lines.0.quantity", "code": "…", "message": "…"}]}}
"""

import logging
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from customers.money import MissingRate

logger = logging.getLogger(__name__)


def handle(exc: Exception, context: dict) -> Response | None:
    """DRF's exception handler; unknown exceptions stay exceptions."""
    exc = as_api_exception(exc)
    response = exception_handler(exc, context)
    if response is not None:
        # The id under which the log speaks of this request.
        request_id = getattr(context.get("request"), "request_id", "")
        response.data = {"error": body(exc) | {"request_id": request_id}}
    return response


def as_api_exception(exc: Exception) -> Exception:
    """The same in the API's own words; an exception nobody foresaw stays what it is."""
    match exc:
        case exceptions.ValidationError() if only_taken(exc):
            conflict = Conflict()
            conflict.fields = list(flatten(exc.detail))
            return conflict
        case MissingRate():
            return exceptions.ValidationError(
                {"currency": [exceptions.ErrorDetail(str(exc), "missing_rate")]}
            )
        case DjangoValidationError():
            return exceptions.ValidationError(getattr(exc, "message_dict", None) or exc.messages)
        case IntegrityError():
            logger.warning("The database refused a row: %s", type(exc.__cause__ or exc).__name__)
            if points_nowhere(exc):
                return Conflict(_("This speaks of something that was deleted just now."), "deleted")
            return Conflict()
        case DataError():
            return exceptions.ValidationError(_("A value is out of range."), "out_of_range")
        case OperationalError() | InterfaceError():
            logger.error("The database does not answer", exc_info=exc)
            return Unavailable()
        case exceptions.NotAuthenticated():  # the same, since it knows of the header to answer with
            exc.detail = exceptions.ErrorDetail(not_signed_in(), exc.default_code)
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied()
    return exc


def not_signed_in() -> str:
    return _("Sign in, or send a token: “Authorization: Bearer prn_…”.")


def only_taken(exc: exceptions.ValidationError) -> bool:
    """Whether all that is wrong is that a name or key is somebody else's."""
    codes = {error["code"] for error in flatten(exc.detail)}
    return codes == {"unique"}


def points_nowhere(exc: IntegrityError) -> bool:
    """Whether a row names a record that was deleted while it was being written."""
    return getattr(exc.__cause__, "sqlstate", "") == "23503" or "FOREIGN KEY" in str(exc)


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"

    def __init__(self, message: str = "", code: str | None = None, field: str = ""):
        words = message or _("Something of this name or number exists already.")
        super().__init__(words, code)
        self.fields = [{"field": field, "code": "unique", "message": words}] if field else []


class Unavailable(exceptions.APIException):
    """The database is away or busy: whoever asks again in a moment is served."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    wait = 5

    def __init__(self):
        super().__init__(_("The database does not answer. Nothing was stored; try again."))


class PreconditionFailed(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"

    def __init__(self, message: str = ""):
        super().__init__(message or _("This was changed since you read it. Read it again first."))


def wrong_parameter(name: str, message: str, code: str) -> exceptions.ValidationError:
    """A query parameter that is unknown, or has a value nobody can use."""
    return exceptions.ValidationError({name: [exceptions.ErrorDetail(message, code)]})


def body(exc: exceptions.APIException) -> dict:
    if isinstance(exc, exceptions.ValidationError):
        return {
            "code": "invalid",
            "message": _("Some fields are not right."),
            "fields": list(flatten(exc.detail)),
        }
    detail = exc.detail
    return {
        "code": getattr(detail, "code", exc.default_code),
        "message": str(detail),
        "fields": getattr(exc, "fields", []),
    }


def flatten(detail, path: str = "") -> Iterator[dict]:
    """Nested error details as a flat list of dotted paths."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            key = "" if key == "non_field_errors" else str(key)
            yield from flatten(value, ".".join(part for part in (path, key) if part))
    elif isinstance(detail, list):
        for number, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from flatten(value, f"{path}.{number}".lstrip(".") if nested else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "message": str(detail)}
