"""Products, told by their SKU."""

from rest_framework import serializers

from customers.models import (
    Product,
)


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = [
            "id",
            "sku",
            "name",
            "category",
            "description",
            "price",
            "currency",
            "in_stock",
            "archived_at",
            "recorded_at",
            "updated_at",
        ]
        read_only_fields = ["archived_at", "recorded_at", "updated_at"]
