"""Browsing and other behaviour, as it is read; what is written stands in customers.api.bulk.events."""

from rest_framework import serializers

from customers.api.texts import RecordSerializer
from customers.models import (
    Event,
)


class EventSerializer(RecordSerializer):
    product = serializers.SlugRelatedField("sku", read_only=True, allow_null=True)

    class Meta:
        model = Event
        fields = [
            "id",
            "customer",
            "kind",
            "subject",
            "product",
            "seconds",
            "occurred_at",
            "key",
            "recorded_at",
        ]
        read_only_fields = fields
