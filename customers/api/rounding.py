"""Numbers as they are shown: 0.3, where adding up in binary fractions gives 0.30000000000000004."""

from django.db import models
from rest_framework import serializers

DIGITS = 6


def rounded(value):
    """The same with every fraction in it rounded, in lists and objects too."""
    match value:
        case float():
            return round(value, DIGITS) + 0.0  # of -0.0, too
        case dict():
            return {name: rounded(inner) for name, inner in value.items()}
        case list() | tuple():
            return [rounded(inner) for inner in value]
    return value


class RoundedField(serializers.FloatField):
    def to_representation(self, value) -> float:
        return rounded(super().to_representation(value))


class RoundedFacts(serializers.JSONField):
    """Facts that sentences are made of, as they are stored."""

    def to_representation(self, value):
        return rounded(super().to_representation(value))


class ShownSerializer(serializers.ModelSerializer):
    """For what is only read: its fractions are rounded."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.FloatField: RoundedField
    }
