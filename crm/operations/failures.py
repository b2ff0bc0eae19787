"""Tasks that failed are counted in the database: the process that failed may be gone before anybody asks it."""

import logging

from celery.signals import task_failure
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from crm.operations.heartbeats import about
from crm.operations.logs import kind_of
from crm.operations.models import FailedTask

logger = logging.getLogger(__name__)


@task_failure.connect
def note(sender=None, task_id="", exception=None, args=(), **kwargs) -> None:
    """Which one, when, about which run and with what kind of error; what an error says may quote somebody."""
    try:
        FailedTask.note(
            sender.name,
            at=timezone.now(),
            about=about(args),
            task_id=task_id or "",
            error=kind_of(exception)[:300],
        )
    except (DatabaseError, InterfaceError) as error:  # which may be why the task has failed
        logger.warning("A failed task could not be counted: %s", error)
