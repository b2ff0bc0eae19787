"""What the models say of everybody, and what admins have them do."""

from insights.api.views.analyses import AnalysisViewSet
from insights.api.views.groups import GroupMoveViewSet, GroupViewSet
from insights.api.views.publishing import PublishRequestViewSet
from insights.api.views.segments import SegmentMoveViewSet, SegmentViewSet
from insights.api.views.topics import TopicViewSet
from insights.api.views.training import ModelVersionViewSet, TrainingRunViewSet

__all__ = [
    "TrainingRunViewSet",
    "ModelVersionViewSet",
    "PublishRequestViewSet",
    "SegmentViewSet",
    "SegmentMoveViewSet",
    "GroupViewSet",
    "GroupMoveViewSet",
    "TopicViewSet",
    "AnalysisViewSet",
]
