"""What is published about customers: scores, their reasons, recommendations."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.rounding import RoundedFacts, RoundedField, ShownSerializer, rounded
from customers.models import (
    CustomerScore,
    Outlook,
    Recommendation,
    ScoreReasons,
    Segment,
)
from customers.reasons import Words, recommendation, sentence


class ReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    facts = serializers.DictField()
    points = RoundedField()
    sentence = serializers.CharField()


def _told(reason: dict, words: Words) -> dict:
    return {**rounded(reason), "sentence": str(sentence(reason, words))}


class OutlookSerializer(ShownSerializer):
    """Amounts in the base currency with the range that eight of ten end up in, and the days of the next order."""

    class Meta:
        model = Outlook
        exclude = ["customer"]


class ScoreSerializer(ShownSerializer):
    """Published scores; null where there is none yet."""

    segment = serializers.ChoiceField(choices=Segment.choices, allow_blank=True, read_only=True)
    churn_base = serializers.SerializerMethodField()
    churn_reasons = serializers.SerializerMethodField()
    outlook = serializers.SerializerMethodField()

    class Meta:
        model = CustomerScore
        fields = [
            "customer",
            "churn_risk",
            "churn_risk_before",
            "churn_risk_then",
            "churn_then_on",
            "churn_change",
            "churn_scored_at",
            "churn_version",
            "churn_base",
            "churn_reasons",
            "segment",
            "segment_since",
            "recency_band",
            "frequency_band",
            "monetary_band",
            "cluster",
            "segments_scored_at",
            "segments_version",
            "expected_value",
            "value_scored_at",
            "value_version",
            "outlook",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "churn_risk_before": {
                "help_text": "The risk of the scoring before, of an earlier day."
            },
            "churn_risk_then": {
                "help_text": "The first risk published within the last 30 days before the scoring, as the model of "
                "now would have put it; null until a day has passed since the first scoring."
            },
            "churn_then_on": {"help_text": "The day of `churn_risk_then`."},
            "churn_change": {
                "help_text": "`churn_risk` less `churn_risk_then`: 0.1 is a rise of 10 points. What another model "
                "moved by itself when it was published is not counted."
            },
        }

    @extend_schema_field(OutlookSerializer(allow_null=True))
    def get_outlook(self, score: CustomerScore) -> dict | None:
        outlook = getattr(score.customer, "outlook", None)
        return OutlookSerializer(outlook).data if outlook else None

    @staticmethod
    def _reasons(score: CustomerScore) -> dict:
        reasons = getattr(score.customer, "reasons", None)
        return reasons.churn if reasons else {}

    @extend_schema_field(RoundedField(allow_null=True))
    def get_churn_base(self, score: CustomerScore) -> float | None:
        return rounded(self._reasons(score).get("base"))

    @extend_schema_field(ReasonSerializer(many=True))
    def get_churn_reasons(self, score: CustomerScore) -> list[dict]:
        words = self.context.get("words") or Words()
        reasons = self._reasons(score).get("reasons", [])
        return [_told(reason, words) for reason in reasons]


class ReasonsSerializer(ShownSerializer):
    """Why the churn risk of one customer is what it is: the base and all points add up to it."""

    churn_risk = RoundedField(source="customer.score.churn_risk", read_only=True, allow_null=True)
    base = RoundedField(source="churn.base", read_only=True)
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = ScoreReasons
        fields = ["customer", "churn_risk", "base", "reasons"]
        read_only_fields = fields

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, row: ScoreReasons) -> list[dict]:
        words = self.context.get("words") or Words()
        told = row.churn.get("reasons", [])
        return [_told(reason, words) for reason in told]


class RecommendationSerializer(ShownSerializer):
    product = serializers.SlugRelatedField("sku", read_only=True)
    because = serializers.SlugRelatedField("sku", read_only=True, allow_null=True)
    name = serializers.CharField(source="product.name", read_only=True)
    facts = RoundedFacts(read_only=True)
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Recommendation
        fields = [
            "customer",
            "rank",
            "product",
            "name",
            "score",
            "why",
            "because",
            "facts",
            "sentence",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_sentence(self, row: Recommendation) -> str:
        return str(recommendation(row, self.context.get("words") or Words()))
