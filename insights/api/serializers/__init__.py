"""What the API says of trainings, versions, publishings and segments."""

from insights.api.serializers.publishing import PublishRequestSerializer, RollBackSerializer
from insights.api.serializers.segments import (
    MovementsQuery,
    MovementsSerializer,
    SegmentMoveSerializer,
    SegmentsSerializer,
)
from insights.api.serializers.training import ModelVersionSerializer, TrainingRunSerializer

__all__ = [
    "ModelVersionSerializer",
    "TrainingRunSerializer",
    "PublishRequestSerializer",
    "RollBackSerializer",
    "SegmentsSerializer",
    "MovementsQuery",
    "MovementsSerializer",
    "SegmentMoveSerializer",
]
