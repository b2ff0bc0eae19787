"""Every error of the API has one shape::

{"error": {"code": "invalid", "message": "…", "fields": [{"field": "lines.0.quantity", "code": "…", "message": "…"}]}}
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from customers.money import MissingRate, TooLarge


def handle(exc: Exception, context: dict) -> Response | None:
    """DRF's exception handler; unknown exceptions stay exceptions."""
    if isinstance(exc, MissingRate):
        exc = exceptions.ValidationError(
            {"currency": [exceptions.ErrorDetail(str(exc), "missing_rate")]}
        )
    elif isinstance(exc, TooLarge):
        exc = exceptions.ValidationError(
            {"amount": [exceptions.ErrorDetail(str(exc), "too_large")]}
        )
    elif isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(getattr(exc, "message_dict", None) or exc.messages)
    elif isinstance(exc, IntegrityError):
        exc = Conflict()
    elif isinstance(exc, Http404):
        exc = exceptions.NotFound()
    response = exception_handler(exc, context)
    if response is not None:
        response.data = {"error": body(exc)}
    return response


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"

    def __init__(self):
        super().__init__(_("Something of this name or number exists already."))


def body(exc: exceptions.APIException) -> dict:
    if isinstance(exc, exceptions.ValidationError):
        return {
            "code": "invalid",
            "message": _("Some fields are not right."),
            "fields": list(flatten(exc.detail)),
        }
    detail = exc.detail
    return {"code": getattr(detail, "code", exc.default_code), "message": str(detail), "fields": []}


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
