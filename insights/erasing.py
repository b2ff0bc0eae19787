"""Hears that customers are about to be erased: what was added up or learnt from them is to be made anew without them.

Their own rows (scores, ledger, moves, what their messages are about) hang on their records and go with these.
"""

import datetime
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import TruncDate
from django.dispatch import receiver

from customers.models import MessageReading
from customers.signals import erasing
from insights.labels import has_label
from insights.models import (
    OF_MESSAGES,
    FullScoring,
    ModelVersion,
    OutdatedVoiceDay,
    TopicSearch,
    TrainingRun,
)
from insights.requesting import request_topics, request_training, send_reading


@receiver(erasing, dispatch_uid="insights.erasing")
def forget(sender, customer_ids: Collection[int], **kwargs) -> None:
    readings = MessageReading.objects.filter(customer__in=customer_ids)
    FullScoring.row().update(totals_outdated=True)
    _add_up_anew(readings)
    if TopicSearch.objects.exclude(learnt_at=None).exists() and readings.exists():
        request_topics(afresh=True)
    for kind in OF_MESSAGES:
        learnt = ModelVersion.objects.filter(kind=kind).exists()
        if learnt and readings.filter(has_label(kind)).exists():
            # One that is under way may have read their words: see request_scheduled_training.
            request_training(kind, TrainingRun.Origin.SCHEDULE)
    transaction.on_commit(_remove_features)


def _add_up_anew(readings) -> None:
    """The days on which they wrote."""
    said = readings.exclude(label="").exclude(occurred_at=None).order_by()
    days = said.annotate(day=TruncDate("occurred_at", tzinfo=datetime.UTC)).values_list(
        "day", flat=True
    )
    OutdatedVoiceDay.objects.bulk_create(
        [OutdatedVoiceDay(day=day) for day in days.distinct()],
        batch_size=500,
        ignore_conflicts=True,
    )
    transaction.on_commit(send_reading)


def _remove_features() -> None:
    """Figures of many customers at once, kept for some hours (see insights.kept_features); nothing depends on them."""
    for path in features_folder().glob("*"):
        path.unlink(missing_ok=True)


def features_folder() -> Path:
    return Path(settings.MODELS_DIR) / "features"
