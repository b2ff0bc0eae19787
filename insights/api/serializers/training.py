from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.known import KnownFields
from customers.api.rounding import RoundedField, ShownSerializer, rounded
from insights.models import ModelVersion, TrainingRun


class TrainingRunSerializer(KnownFields, serializers.ModelSerializer):
    requested_by = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(
        choices=TrainingRun.Outcome.choices, allow_blank=True, read_only=True
    )
    origin = serializers.CharField(read_only=True)

    class Meta:
        model = TrainingRun
        fields = [
            "id",
            "kind",
            "status",
            "outcome",
            "origin",
            "requested_by",
            "created_at",
            "started_at",
            "ended_at",
            "step",
            "fraction",
            "rows",
            "steps",
            "error",
            "facts",
            "summary",
            "version",
        ]
        read_only_fields = [name for name in fields if name != "kind"]
        # Two may ask for the same training: the second gets the run that is under way.
        validators: list = []


class CandidateSerializer(serializers.Serializer):
    """One of those that were compared; the plain rule is among them."""

    name = serializers.CharField()
    baseline = serializers.BooleanField(help_text="The plain rule, which must be beaten.")
    metrics = serializers.DictField(
        child=RoundedField(allow_null=True),
        help_text="On data later than the training's.",
    )


class ModelVersionSerializer(ShownSerializer):
    winner = serializers.CharField(source="summary.champion", default="", read_only=True)
    grade = serializers.CharField(source="summary.grade", default="", read_only=True)
    metrics = serializers.SerializerMethodField()
    candidates = CandidateSerializer(
        source="summary.candidates", many=True, default=[], read_only=True
    )

    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "kind",
            "number",
            "as_of",
            "trained_at",
            "published_at",
            "is_champion",
            "kept",
            "grade",
            "winner",
            "metrics",
            "candidates",
            "summary",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=RoundedField(allow_null=True)))
    def get_metrics(self, version: ModelVersion) -> dict:
        """What the winner reached on data later than its training's."""
        told = version.summary.get("candidates", [])
        winner = version.summary.get("champion")
        of_winner = next((one["metrics"] for one in told if one["name"] == winner), {})
        return rounded(version.summary.get("published_metrics", of_winner))
