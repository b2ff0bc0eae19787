"""Browsing and other behaviour, one or thousands at a time."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from customers.models import (
    Customer,
    Event,
    Product,
)


class EventListSerializer(serializers.ListSerializer):
    """Looks the customers and products of a whole batch up at once."""

    def to_internal_value(self, data):
        rows = super().to_internal_value(data)
        user = self.context["request"].user
        ids = {row["customer_id"] for row in rows}
        visible = set(
            Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
        )
        skus = {row["sku"] for row in rows if row.get("sku")}
        products = dict(Product.objects.filter(sku__in=skus).values_list("sku", "pk"))
        errors = [self._unknown(row, visible, products) for row in rows]
        if any(errors):
            raise serializers.ValidationError(errors)
        for row in rows:
            row["product_id"] = products.get(row.pop("sku", None))
        return rows

    @staticmethod
    def _unknown(row: dict, visible: set[int], products: dict[str, int]) -> dict:
        errors = {}
        if row["customer_id"] not in visible:
            errors["customer"] = ErrorDetail(
                _("There is no customer with this id."), "does_not_exist"
            )
        if row.get("sku") and row["sku"] not in products:
            errors["product"] = ErrorDetail(
                _("There is no product with this SKU."), "does_not_exist"
            )
        return errors


class EventSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id", min_value=1)
    product = serializers.CharField(
        source="sku", max_length=100, required=False, allow_null=True, help_text="SKU"
    )

    class Meta:
        model = Event
        list_serializer_class = EventListSerializer
        fields = ["id", "customer", "kind", "subject", "product", "seconds", "occurred_at", "key"]
        extra_kwargs = {
            "key": {
                "validators": [],
                "help_text": "Your id for the event: sent twice, it is stored once.",
            }
        }

    def to_representation(self, event: Event) -> dict:
        event.sku = event.product.sku if event.product else None
        return super().to_representation(event)
