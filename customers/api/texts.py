"""Text is text: the number 7 is not taken for the text "7", as the schema says; except where it names a thing."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from customers.api.known import KnownFields
from customers.api.rounding import RoundedField


class TextField(serializers.CharField):
    def to_internal_value(self, data) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class KeyField(serializers.CharField):
    """What the sender calls a thing: many shops number their customers and orders, so a whole number will do."""

    def to_internal_value(self, data) -> str:
        if isinstance(data, float):
            self.fail("invalid")
        return super().to_internal_value(data)


class KeySchema(OpenApiSerializerFieldExtension):
    target_class = KeyField

    def map_serializer_field(self, auto_schema, direction: str) -> dict:
        text = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        if direction == "response":
            return text
        about = {name: text.pop(name) for name in ("nullable", "description") if name in text}
        return {"oneOf": [text, {"type": "integer"}]} | about


class RecordSerializer(KnownFields, serializers.ModelSerializer):
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: TextField,
        models.TextField: TextField,
        models.FloatField: RoundedField,
    }
    KEYS = ("external_id", "number", "sku")

    def build_standard_field(self, field_name: str, model_field) -> tuple[type, dict]:
        field, options = super().build_standard_field(field_name, model_field)
        return (KeyField if field_name in self.KEYS else field), options


class KeptSerializer(RecordSerializer):
    """Of what has ``archived_at``: who would set it is told the addresses that do."""

    def unknown(self, names: Iterable[str]) -> dict[str, list[ErrorDetail]]:
        told = super().unknown(names)
        if "archived" in told:
            here = reverse(f"{self.context['view'].basename}-list")
            one = f"{here}{self.instance.pk if self.instance else '{id}'}/"
            words = _("Archive with POST %(one)sarchive/, bring back with POST %(one)srestore/.")
            told["archived"] = [ErrorDetail(words % {"one": one}, "unknown_field")]
        return told
