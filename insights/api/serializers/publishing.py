"""Publishing by request, and what has become of it."""

from rest_framework import serializers

from customers.api.choosing import OneOf
from customers.api.known import KnownFields
from customers.api.texts import RecordSerializer
from insights.models import Kind, PublishRequest


class PublishRequestSerializer(RecordSerializer):
    requested_by = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    failure = OneOf(choices=PublishRequest.Failure.choices, allow_blank=True, read_only=True)
    origin = serializers.CharField(read_only=True)

    class Meta:
        model = PublishRequest
        fields = [
            "id",
            "kind",
            "version",
            "status",
            "failure",
            "origin",
            "requested_by",
            "created_at",
            "started_at",
            "ended_at",
            "attempts",
        ]
        read_only_fields = fields


class RollBackSerializer(KnownFields, serializers.Serializer):
    kind = OneOf(choices=Kind.choices)
