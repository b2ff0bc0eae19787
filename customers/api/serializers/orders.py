"""Orders with their lines; returns and cancellations too, as they are shown.

What may be sent stands in customers.api.bulk.orders, whether an order comes alone or with many.
"""

from rest_framework import serializers

from customers.api.texts import RecordSerializer
from customers.models import (
    Order,
    OrderLine,
)


class OrderLineSerializer(RecordSerializer):
    product = serializers.SlugRelatedField("sku", read_only=True, allow_null=True, help_text="SKU")

    class Meta:
        model = OrderLine
        fields = [
            "position",
            "product",
            "description",
            "quantity",
            "unit_price",
            "amount",
            "base_amount",
        ]
        read_only_fields = fields


class OrderSerializer(RecordSerializer):
    lines = OrderLineSerializer(many=True, read_only=True)

    class Meta:
        model = Order
        fields = [
            "id",
            "customer",
            "source",
            "number",
            "kind",
            "returns",
            "occurred_at",
            "currency",
            "amount",
            "base_amount",
            "channel",
            "lines",
            "recorded_at",
            "updated_at",
        ]
        read_only_fields = fields
