"""Who behaves like a customer."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models import Behaviour, Customer, Segment


class AlikeQuery(serializers.Serializer):
    count = serializers.IntegerField(
        min_value=1, max_value=50, default=5, help_text="How many at most; 5."
    )


class SharedSerializer(serializers.Serializer):
    side = serializers.ChoiceField(
        choices=[(side, side) for side in Behaviour.SIDES], help_text="Of behaviour."
    )
    level = serializers.ChoiceField(
        choices=[("high", "high"), ("low", "low")], help_text="Against the average."
    )


class AlikeSerializer(serializers.ModelSerializer):
    """A customer who is like the one asked about, with what sets both apart from the average in the same way."""

    customer = serializers.IntegerField(source="pk", read_only=True)
    segment = serializers.ChoiceField(
        choices=Segment.choices, allow_blank=True, read_only=True, source="score.segment"
    )
    distance = serializers.IntegerField(
        read_only=True,
        help_text="Squared, in hundredths of a standard deviation; the nearest come first.",
    )
    shared = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["customer", "name", "segment", "distance", "shared"]
        read_only_fields = fields

    @extend_schema_field(SharedSerializer(many=True))
    def get_shared(self, customer: Customer) -> list[dict]:
        return [{"side": side, "level": level} for side, level in customer.shared]
