"""Segments and the moves between them; amounts are those of the customers the reader may see."""

import datetime

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from customers.api.choosing import OneOf
from customers.api.rounding import RoundedField
from customers.models import Segment
from insights.models import SegmentMove
from insights.movements import MOST_DAYS, Span, last_days

NAMES = dict(Segment.choices)


class AmountsSerializer(serializers.Serializer):
    customers = serializers.IntegerField(min_value=0)
    value = serializers.DecimalField(18, 2, help_text="Net value of all orders so far.")
    value_at_risk = serializers.DecimalField(
        18, 2, help_text="The part of it that stands with customers of high churn risk."
    )
    average_risk = RoundedField(
        allow_null=True, help_text="0 to 1; null where nobody has a churn risk."
    )


class SegmentSerializer(AmountsSerializer):
    segment = OneOf(choices=Segment.choices)
    name = serializers.CharField(help_text="In the language of `Accept-Language`.")


@extend_schema_serializer(many=False)
class SegmentsSerializer(serializers.Serializer):
    currency = serializers.CharField(help_text="Of all values: the company's base currency.")
    version = serializers.IntegerField(allow_null=True, help_text="The published version's id.")
    scored_at = serializers.DateTimeField(
        allow_null=True, help_text="When everybody was last given a segment."
    )
    everyone = AmountsSerializer()
    segments = SegmentSerializer(many=True)


class MovementsQuery(serializers.Serializer):
    """Either a number of days up to today, or two dates, both included."""

    days = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS, required=False, help_text="The last so many days; 30."
    )
    since = serializers.DateField(required=False, help_text="First day (UTC).")
    until = serializers.DateField(required=False, help_text="Last day (UTC); today.")
    new_models = serializers.BooleanField(
        default=True,
        help_text="False leaves out days on which another version was published to the customer.",
    )

    def validate(self, data: dict) -> dict:
        since, until = data.get("since"), data.get("until")
        if "days" in data and (since or until):
            words = _("Give a number of days or dates, not both.")
            raise serializers.ValidationError({"days": words}, "contradiction")
        if until and not since:
            raise serializers.ValidationError(
                {"since": _("Give the first day too.")}, "contradiction"
            )
        if not since:
            data["span"] = last_days(data.get("days", 30))
            return data
        data["span"] = span = Span(since, until or max(since, last_days(1).last))
        if not datetime.timedelta(0) <= span.last - span.first < datetime.timedelta(MOST_DAYS):
            words = _("From the first day to the last there may be at most %(days)s days.")
            raise serializers.ValidationError(
                {"until": words % {"days": MOST_DAYS}}, "contradiction"
            )
        return data


class FlowSerializer(serializers.Serializer):
    before = serializers.CharField(
        source="segment_before", allow_blank=True, help_text="Empty: newly scored."
    )
    after = serializers.CharField(
        source="segment_after", allow_blank=True, help_text="Empty: scored no more."
    )
    customers = serializers.IntegerField(
        source="moved", help_text="Who went there and back on different days counts each way."
    )
    customers_by_new_model = serializers.IntegerField(
        source="moved_by_new_model",
        help_text="Of these, on a day on which another version was published.",
    )


class NetSerializer(serializers.Serializer):
    segment = OneOf(choices=Segment.choices)
    name = serializers.CharField()
    came = serializers.IntegerField()
    went = serializers.IntegerField()
    net = serializers.IntegerField()


class MovementsSerializer(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()
    flows = FlowSerializer(many=True)
    segments = NetSerializer(many=True)


class SegmentMoveSerializer(serializers.ModelSerializer):
    before = serializers.CharField(source="segment_before", read_only=True)
    after = serializers.CharField(source="segment_after", read_only=True)
    after_name = serializers.SerializerMethodField()

    class Meta:
        model = SegmentMove
        fields = ["id", "customer", "day", "before", "after", "after_name", "by_new_model"]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_after_name(self, move: SegmentMove) -> str:
        return str(NAMES.get(move.segment_after, ""))
