"""Workers that are alive, without any being started."""

import pytest
from django.utils import timezone

from crm.operations import readiness
from crm.operations.models import WorkerHeartbeat
from tests.insights.conftest import (  # noqa: F401  fixtures
    broker,
    make_version,
    models_dir,
    real_champions,
    shop,
    trainer,
)


@pytest.fixture(autouse=True)
def nothing_kept():
    """What one test has found must not be what the next one is told."""
    readiness._kept = None


@pytest.fixture
def lives():
    def lives(role, seen_at=None, doing=()):
        now = timezone.now()
        return WorkerHeartbeat.objects.create(
            name=f"{role}@here", role=role, host="here", pid=7, started_at=now,
            seen_at=seen_at or now, doing=list(doing),
        )  # fmt: skip

    return lives


@pytest.fixture
def all_live(lives):
    return [lives(role) for role in WorkerHeartbeat.Role.values]
