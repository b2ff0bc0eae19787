"""Products, told by their SKU."""

from rest_framework import serializers

from customers.api.bulk.fields import NamesField, PriceCurrencyField, missing_rate
from customers.api.texts import KeptSerializer
from customers.models import (
    Product,
)
from customers.money import Rates


class ProductSerializer(KeptSerializer):
    also_called = NamesField(required=False)
    currency = PriceCurrencyField()

    class Meta:
        model = Product
        fields = [
            "id",
            "sku",
            "name",
            "also_called",
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

    def validate_currency(self, code: str) -> str:
        rates = Rates()
        if code and code not in rates and code != (self.instance and self.instance.currency):
            raise serializers.ValidationError([missing_rate(code, rates)])
        return code
