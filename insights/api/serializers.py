from rest_framework import serializers

from insights.models import ModelVersion, TrainingRun


class TrainingRunSerializer(serializers.ModelSerializer):
    requested_by = serializers.SlugRelatedField("username", read_only=True)
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


class ModelVersionSerializer(serializers.ModelSerializer):
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
            "summary",
        ]
        read_only_fields = fields
