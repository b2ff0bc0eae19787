"""Which records were deleted."""

from rest_framework import serializers

from customers.api.texts import RecordSerializer
from customers.models import Deletion


class DeletionSerializer(RecordSerializer):
    id = serializers.IntegerField(source="object_id", help_text="That the record had.")

    class Meta:
        model = Deletion
        fields = ["kind", "id", "source", "key", "deleted_at"]
        read_only_fields = fields
        extra_kwargs = {
            "source": {"help_text": "Of an order, else empty."},
            "key": {"help_text": "An order's number, a product's SKU; else empty."},
        }
