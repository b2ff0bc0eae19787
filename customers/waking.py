"""Wake a worker. What it is to do stands in the database, so a message that is lost is only late."""

import logging

from celery import Task
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: Task, *args: int) -> bool:
    """Send a task; whether the broker took it."""
    try:
        # Once more, and at once: a broker that was restarted has cut the connection we know.
        task.apply_async(args, retry=True, retry_policy={"max_retries": 1, "interval_start": 0})
    except OperationalError as error:
        logger.warning(
            "The broker cannot be reached (%s); the sweep will send %s", error, task.name
        )
        return False
    return True
