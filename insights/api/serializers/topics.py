"""Topics: what is said of each over the messages one may see."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from customers.api.known import KnownFields
from customers.api.rounding import RoundedField
from customers.api.texts import TextField
from customers.models import Interaction
from insights.models import Topic
from insights.naming import tidy
from insights.talk import is_taken


class QuoteSerializer(serializers.ModelSerializer):
    interaction = serializers.IntegerField(source="pk", read_only=True)
    customer = serializers.IntegerField(source="customer_id", read_only=True, allow_null=True)
    text = serializers.CharField(source="words", read_only=True)

    class Meta:
        model = Interaction
        fields = ["interaction", "customer", "text", "occurred_at"]
        read_only_fields = fields


class OutcomeSerializer(serializers.Serializer):
    mine = RoundedField(read_only=True, help_text="The mean of those who spoke of it.")
    others = RoundedField(read_only=True, help_text="That of customers alike who did not.")
    difference = RoundedField(read_only=True)
    low = RoundedField(read_only=True, help_text="Of the difference's 95% interval.")
    high = RoundedField(read_only=True)


class OutcomesSerializer(serializers.Serializer):
    """Against others of the same team who had ordered as lately and as often. A comparison, not a cause."""

    customers = serializers.IntegerField(read_only=True, help_text="Who are compared.")
    days = serializers.IntegerField(read_only=True, help_text="After which it is looked at.")
    left = OutcomeSerializer(read_only=True, help_text="Share without an order in these days.")
    spent = OutcomeSerializer(
        read_only=True,
        help_text="Spent in these days, in base currency; levelled by the year before.",
    )


class TopicSerializer(KnownFields, serializers.Serializer):
    number = serializers.IntegerField(
        source="topic.number", read_only=True, help_text="Belongs to this topic for good."
    )
    name = TextField(
        max_length=Topic.LONGEST,
        allow_blank=True,
        help_text="What people call it, else what sets it apart. Sent empty, the latter comes back.",
    )
    found = serializers.CharField(
        read_only=True, help_text="What sets it apart, in the language of `Accept-Language`."
    )
    rising = serializers.BooleanField(source="is_rising", read_only=True)
    rising_since = serializers.DateTimeField(
        source="topic.rising_since", read_only=True, allow_null=True
    )
    p = RoundedField(
        read_only=True, allow_null=True,
        help_text="Chance of such a rise where nothing has changed, over all teams; null where it does not rise.",
    )  # fmt: skip
    new = serializers.BooleanField(
        source="topic.emerged",
        read_only=True,
        help_text="It came up with words nobody had used before.",
    )
    days = serializers.IntegerField(read_only=True, help_text="The last so many are counted.")
    messages = serializers.IntegerField(read_only=True)
    negative_share = RoundedField(read_only=True, allow_null=True)
    ratio = RoundedField(
        read_only=True, allow_null=True,
        help_text="Its share of all messages against that of the year before; null where it had none.",
    )  # fmt: skip
    ratio_low = RoundedField(
        source="low", read_only=True, allow_null=True, help_text="Of its 95% interval."
    )
    ratio_high = RoundedField(source="high", read_only=True, allow_null=True)
    customers = serializers.IntegerField(read_only=True, help_text="Who spoke of it in four weeks.")
    value_at_risk = RoundedField(
        read_only=True,
        help_text="Expected value times churn risk of these customers, base currency.",
    )
    outcomes = OutcomesSerializer(
        read_only=True,
        allow_null=True,
        help_text="What came of those who spoke of it, over the teams one sees; null where too few did.",
    )
    quotes = QuoteSerializer(many=True, read_only=True)

    def validate_name(self, name: str) -> str:
        name = tidy(name)
        if is_taken(self.instance.topic.number, name):
            raise serializers.ValidationError(_("Another topic has this name already."), "taken")
        return name


@extend_schema_serializer(many=False)
class TopicsSerializer(serializers.Serializer):
    currency = serializers.CharField(help_text="Of the values: the company's base currency.")
    topics = TopicSerializer(many=True)
