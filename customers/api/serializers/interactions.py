"""Messages, calls, notes, reviews and complaints."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.api.bulk.references import no_product
from customers.api.serializers.fields import NamedField, VisibleCustomerField, VisibleOrderField
from customers.api.serializers.readings import ReadingSerializer
from customers.api.texts import RecordSerializer
from customers.models import (
    Interaction,
    Product,
)


class InteractionSerializer(RecordSerializer):
    customer = VisibleCustomerField(required=False, allow_null=True)
    order = VisibleOrderField(required=False, allow_null=True)
    product = NamedField(
        "sku", no_product, queryset=Product.objects.all(), required=False, allow_null=True
    )
    reading = ReadingSerializer(read_only=True, allow_null=True)
    author = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    assignee = serializers.CharField(
        source="assignment.assignee.username",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Username of who looks after it.",
    )

    class Meta:
        model = Interaction
        fields = [
            "id",
            "customer",
            "order",
            "product",
            "channel",
            "direction",
            "subject",
            "text",
            "rating",
            "language",
            "occurred_at",
            "author",
            "source",
            "external_id",
            "recorded_at",
            "updated_at",
            "assignee",
            "reading",
        ]
        read_only_fields = ["recorded_at", "updated_at"]

    def validate(self, data: dict) -> dict:
        user = self.context["request"].user
        if (
            not self.instance
            and not data.get("customer")
            and not (user.is_manager or user.is_admin)
        ):
            message = _("Only managers and admins record messages without a customer.")
            raise serializers.ValidationError({"customer": message}, "required")
        return data
