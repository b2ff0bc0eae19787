"""What the description of the API says of every endpoint alike: headers, chosen fields, the error's shape."""

from types import SimpleNamespace
from typing import ClassVar

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation

from customers.api.door import ChangeOne, CreateOne, Door
from customers.api.known import KnownFields
from customers.api.pagination import SYNC_FROM
from customers.api.rounding import ShownSerializer

HEADERS = {
    "Idempotency-Key": "Send it, and the request may be sent again for 24 hours: it is done once, "
    "and answered the same each time.",
    "If-Match": "The `ETag` you have read: the change is made only while the record is still so, else 412.",
    "If-None-Match": "The `ETag` you have read: 304 while the record is still so.",
}
# Header of an answer: its type, what it says.
ANSWERED = {
    "ETag": (str, "Tag of the record, for `If-None-Match` and `If-Match`."),
    "Idempotent-Replayed": (
        str,
        "`true` where the work was done by an earlier request of this key.",
    ),
    "RateLimit-Limit": (int, "Requests allowed per window; not there where there is no limit."),
    "RateLimit-Remaining": (int, "How many of them are left."),
    "RateLimit-Reset": (int, "Seconds until all are back."),
    "API-Version": (str, "The version that answered."),
    SYNC_FROM: (
        str,
        "On a first page: the moment to name next time as `updated_from` (events, deletions: `recorded_from`), and"
        " nothing that was changed meanwhile is missed.",
    ),
    "X-Request-ID": (str, "The caller's own id, or one made here; the log has it too."),
}
LOCATION = OpenApiParameter(
    "Location",
    {"type": "string", "format": "uri"},
    OpenApiParameter.HEADER,
    description="Where what was made can be read.",
    response=[201],
)
CHANGES = ("update", "partial_update", "archive", "restore")
ALWAYS = (
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "API-Version",
    "X-Request-ID",
)
FIELDS = OpenApiParameter(
    "fields", str, description="Names of the fields wanted, with commas between; else all."
)


def decimal_pattern(field: serializers.DecimalField) -> str:
    """A number in a text: with a digit, without a sign where none is taken, and not zero where that is too little."""
    whole, places = field.max_digits - field.decimal_places, field.decimal_places
    least = field.min_value
    sign = "" if least is not None and least >= 0 else "-?"
    above = r"(?!0*\.?0*$)" if least is not None and least > 0 else ""
    return f"^{above}{sign}[0-9]{{1,{whole}}}(?:\\.[0-9]{{0,{places}}})?$"


def without_words() -> list[type]:
    """Bases whose docstrings speak to programmers, and are no description of what inherits from them."""
    return [*get_lib_doc_excludes(), KnownFields, ShownSerializer]


def header(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=HEADERS[name])


def answered(name: str) -> OpenApiParameter:
    kind, words = ANSWERED[name]
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=words, response=True)


class ByFormat(DefaultContentNegotiation):
    """The description alone can also be asked for by ``?format=json``."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE="format")


class OnceMade(SchemaGenerator):
    """The description is the same for everyone and changes with the code alone: made once per language."""

    _made: ClassVar[dict[str | None, dict]] = {}

    def get_schema(self, request=None, public=False) -> dict:
        language = get_language()
        if language not in self._made:
            self._made[language] = super().get_schema(request, public=True)
        return self._made[language]


class Schema(AutoSchema):
    def _map_serializer_field(self, field, direction, *args, **kwargs) -> dict:
        schema = super()._map_serializer_field(field, direction, *args, **kwargs)
        if isinstance(field, serializers.DecimalField) and "pattern" in schema:
            schema["pattern"] = decimal_pattern(field)
        if isinstance(field, serializers.SlugRelatedField) and not field.help_text:
            # Else the words of the form that makes such a thing: "Required. 150 characters or fewer …".
            schema.pop("description", None)
            if field.slug_field == "username":
                schema["description"] = "Username."
        return schema

    def get_override_parameters(self) -> list:
        named = list(super().get_override_parameters())
        view = self.view
        if not isinstance(view, Door):
            return named
        named += map(answered, ALWAYS)
        if view.action in ("retrieve", *CHANGES):
            named.append(answered("ETag"))
        if isinstance(view, CreateOne) and view.action == "create":
            named.append(LOCATION)
        if view.followed and view.action == "list":
            named.append(answered(SYNC_FROM))
        if self.method == "GET":
            named.append(FIELDS)
        if self.method == "GET" and view.action == "retrieve":
            named.append(header("If-None-Match"))
        if self.method == "POST" and view.repeatable:
            named += [header("Idempotency-Key"), answered("Idempotent-Replayed")]
        matched = self.method in ("PATCH", "DELETE") or view.action in CHANGES
        if matched and self.method != "PUT" and isinstance(view, ChangeOne):
            named.append(header("If-Match"))
        return named
