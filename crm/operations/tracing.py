"""Tasks in the log: each line of a task names it, the run it is about and the request it came from."""

import logging
from time import perf_counter

from celery.signals import (
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
)

from crm.operations.heartbeats import about
from crm.operations.logs import context

logger = logging.getLogger("crm.tasks")


@setup_logging.connect
def leave_logging(**kwargs) -> None:
    """Workers log as the settings say; being heard here, Celery sets nothing up itself."""


@before_task_publish.connect
def send_request_along(headers=None, **kwargs) -> None:
    if headers is not None and "request" in context.get():
        headers["request_id"] = context.get()["request"]


@task_prerun.connect
def begin(sender=None, task_id="", args=(), **kwargs) -> None:
    belongs = {"task": sender.name, "task_id": task_id, "about": about(args)}
    if sender.name.endswith(".run_training"):
        belongs["run"] = belongs.pop("about")
    belongs["request"] = getattr(sender.request, "request_id", None)
    sender.request.began = perf_counter()
    context.set({name: value for name, value in belongs.items() if value})


@task_postrun.connect
def end(sender=None, state="", **kwargs) -> None:
    began = getattr(sender.request, "began", None)
    figures = {"state": state, "ms": round(1000 * (perf_counter() - began), 1) if began else None}
    logger.info("ended", extra={"figures": figures})
    context.set({})
