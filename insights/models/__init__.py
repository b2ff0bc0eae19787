"""Runs, versions and everything they said: the truth about learning lives here, Redis only wakes workers."""

from insights.models.dashboards import ChurnTotals, CohortTotals, PersonDay, Rescue
from insights.models.learning import (
    OF_CUSTOMERS,
    OF_MESSAGES,
    Kind,
    ModelVersion,
    TrainingRun,
)
from insights.models.moves import GroupMove, SegmentMove
from insights.models.publishing import PublishRequest
from insights.models.scores import PredictionLedger, RiskShift, VersionScore
from insights.models.scoring import FullScoring, ScoringChunk, StaleCustomer
from insights.models.segments import GroupName, SegmentTotals
from insights.models.topics import MessageTopic, Topic, TopicDay, TopicMoney, TopicSearch
from insights.models.voice import OutdatedVoiceDay, Rereading, VoiceDay

__all__ = [
    "Kind",
    "OF_CUSTOMERS",
    "OF_MESSAGES",
    "ModelVersion",
    "TrainingRun",
    "PublishRequest",
    "VersionScore",
    "PredictionLedger",
    "RiskShift",
    "StaleCustomer",
    "FullScoring",
    "ChurnTotals",
    "CohortTotals",
    "PersonDay",
    "Rescue",
    "ScoringChunk",
    "GroupName",
    "SegmentTotals",
    "SegmentMove",
    "GroupMove",
    "VoiceDay",
    "OutdatedVoiceDay",
    "Rereading",
    "Topic",
    "MessageTopic",
    "TopicDay",
    "TopicMoney",
    "TopicSearch",
]
