"""Fields that a body may hold: what nobody knows is refused, or a slip of the pen would be lost without a word.

A record may be sent back as it was read: fields that are shown and cannot be set are known, and left alone.
"""

from collections.abc import Iterable
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.serializers import Serializer

from customers.api.choosing import OneOf

# So many unknown names of one object are told, and so much of each: an answer is not longer than its request.
MOST_TOLD = 10
LONGEST = 100


def unknown_among(names: Iterable[str]) -> dict[str, list[ErrorDetail]]:
    """What is said of names that nobody knows, by name."""
    told = {}
    for name in sorted(names)[:MOST_TOLD]:
        short = name[:LONGEST]
        words = _("There is no field “%(name)s”.") % {"name": short}
        told[short] = [ErrorDetail(words, "unknown_field")]
    return told


@cache
def shown_only(record: type[Serializer]) -> frozenset[str]:
    """Names of the fields that a record shows and that nobody sets."""
    return frozenset(name for name, field in record().fields.items() if field.read_only)


class KnownFields:
    """For serializers of what is sent; stands before the serializer among the bases."""

    def unknown(self, names: Iterable[str]) -> dict[str, list[ErrorDetail]]:
        return unknown_among(names)

    serializer_choice_field = OneOf
    default_error_messages = {"invalid": gettext_lazy("Send an object with named fields.")}

    def to_internal_value(self, data):
        unknown = self.unknown(set(data) - set(self.fields)) if isinstance(data, dict) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **unknown}) from error
        if unknown:
            raise ValidationError(unknown)
        return values


class NothingSerializer(KnownFields, Serializer):
    """The body of a request that says everything by its address."""
