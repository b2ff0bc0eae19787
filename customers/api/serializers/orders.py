"""Orders with their lines; returns and cancellations too."""

from decimal import Decimal

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.api.serializers.fields import VisibleCustomerField, VisibleOrderField
from customers.api.texts import RecordSerializer, TextField
from customers.models import (
    Order,
    OrderLine,
    Product,
)


class OrderLineSerializer(RecordSerializer):
    product = serializers.SlugRelatedField(
        "sku", queryset=Product.objects.all(), required=False, allow_null=True, help_text="SKU"
    )

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
        read_only_fields = ["position", "amount", "base_amount"]
        extra_kwargs = {"quantity": {"min_value": Decimal("0.001")}, "unit_price": {"min_value": 0}}


class OrderSerializer(RecordSerializer):
    customer = VisibleCustomerField()
    returns = VisibleOrderField(required=False, allow_null=True)
    lines = OrderLineSerializer(many=True, required=False)
    source = TextField(max_length=50, default="api")
    amount = serializers.DecimalField(
        14,
        2,
        required=False,
        help_text="Needed where there are no lines; else worked out from them.",
    )

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
        ]
        read_only_fields = ["base_amount", "recorded_at"]

    def validate_currency(self, value: str) -> str:
        if len(value) != 3 or not value.isascii() or not value.isalpha():
            raise serializers.ValidationError(_("A currency is three letters, such as EUR."))
        return value.upper()

    def validate(self, data: dict) -> dict:
        if not data.get("lines") and data.get("amount") is None:
            raise serializers.ValidationError(
                {"amount": _("Give an amount, or lines.")}, "required"
            )
        sale = data.get("kind", Order.Kind.SALE) == Order.Kind.SALE
        if sale and not data.get("lines") and data["amount"] < 0:
            words = _(
                "An order cannot be worth less than nothing; money that goes back is a return."
            )
            raise serializers.ValidationError({"amount": words}, "min_value")
        if data.get("returns") and data["returns"].customer_id != data["customer"].pk:
            words = _("The order that is sent back belongs to another customer.")
            raise serializers.ValidationError({"returns": words}, "other_customer")
        return data
