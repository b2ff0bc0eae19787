"""Products, told by their SKU."""

from customers.api.texts import RecordSerializer
from customers.models import (
    Product,
)


class ProductSerializer(RecordSerializer):
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
