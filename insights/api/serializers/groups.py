"""Behaviour groups: what they are called, who moved between them, who is near one."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from customers.api.known import KnownFields
from customers.api.texts import RecordSerializer, TextField
from customers.models import Customer, Segment
from insights.api.serializers.segments import FlowSerializer
from insights.models import GroupMove, GroupName
from insights.naming import is_taken, tidy


class GroupSerializer(KnownFields, serializers.Serializer):
    number = serializers.IntegerField(
        read_only=True, help_text="Belongs to this group for good, whatever it is called."
    )
    name = TextField(
        max_length=GroupName.LONGEST,
        allow_blank=True,
        help_text="What people call it, else what sets it apart. Sent empty, the latter comes back.",
    )
    found = serializers.CharField(
        read_only=True, help_text="What sets it apart, in the language of `Accept-Language`."
    )
    description = serializers.CharField(read_only=True, help_text="The same as a sentence.")
    customers = serializers.IntegerField(read_only=True, help_text="Of those one may see.")

    def validate_name(self, name: str) -> str:
        name = tidy(name)
        if is_taken(self.context["number"], name):
            raise serializers.ValidationError(_("Another group has this name already."), "taken")
        return name


@extend_schema_serializer(many=False)
class GroupsSerializer(serializers.Serializer):
    version = serializers.IntegerField(allow_null=True, help_text="The published version's id.")
    groups = GroupSerializer(many=True)


class GroupFlowSerializer(FlowSerializer):
    before = serializers.IntegerField(
        source="group_before", allow_null=True, help_text="Null: newly scored."
    )
    after = serializers.IntegerField(
        source="group_after", allow_null=True, help_text="Null: scored no more."
    )


class GroupMovementsSerializer(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()
    flows = GroupFlowSerializer(many=True)


class GroupMoveSerializer(RecordSerializer):
    before = serializers.IntegerField(source="group_before", read_only=True, allow_null=True)
    after = serializers.IntegerField(source="group_after", read_only=True, allow_null=True)

    class Meta:
        model = GroupMove
        fields = ["id", "customer", "day", "before", "after", "by_new_model"]
        read_only_fields = fields


class HowManyQuery(serializers.Serializer):
    count = serializers.IntegerField(
        min_value=1, max_value=200, default=50, help_text="How many at most; 50."
    )


class NearSerializer(serializers.ModelSerializer):
    """A customer who is not in it, but nearest to it."""

    customer = serializers.IntegerField(source="pk", read_only=True)
    segment = serializers.ChoiceField(
        choices=Segment.choices, allow_blank=True, read_only=True, source="score.segment"
    )
    group = serializers.IntegerField(source="score.cluster", read_only=True, allow_null=True)
    distance = serializers.IntegerField(
        read_only=True, help_text="To its centre; the nearest come first."
    )

    class Meta:
        model = Customer
        fields = ["customer", "name", "segment", "group", "distance"]
        read_only_fields = fields
