"""What background work is called on the system page."""

import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.operations.models import FailedTask
from insights.models import Kind

TASKS = {
    "insights.tasks.run_training": gettext_lazy("Trains a model"),
    "insights.tasks.train_on_schedule": gettext_lazy("Asks for a training"),
    "insights.tasks.score_stale": gettext_lazy("Scores customers whose facts changed"),
    "insights.tasks.score_everyone": gettext_lazy("Scores everyone"),
    "insights.tasks.score_nightly": gettext_lazy("Asks for a scoring of everyone"),
    "insights.tasks.read_messages": gettext_lazy("Reads what customers write"),
    "insights.tasks.read_words": gettext_lazy("Reads a text that is not kept"),
    "customers.tasks.erase_customer": gettext_lazy("Erases a customer"),
    "customers.tasks.write_list": gettext_lazy("Writes a long list into a file"),
    "insights.tasks.find_topics": gettext_lazy("Looks for topics in what customers write"),
    "insights.tasks.find_topics_nightly": gettext_lazy("Asks for a search for topics"),
    "insights.tasks.publish_version": gettext_lazy("Publishes a version of a model"),
    "insights.tasks.sweep": gettext_lazy("Looks for work that was lost"),
    "insights.tasks.remove_demo_data": gettext_lazy("Removes the demo data"),
    "customers.tasks.remind": gettext_lazy("Reminds of tasks and sends e-mails"),
    "crm.operations.tasks.back_up": gettext_lazy("Makes a backup"),
}
QUEUES = {
    "default": gettext_lazy("Everything else"),
    "score": gettext_lazy("Scoring"),
    "train": gettext_lazy("Training"),
}


def task_words(name: str, about: str = "") -> str:
    words = str(TASKS.get(name, name))
    if about in Kind.values:
        return _("%(step)s: %(name)s") % {"step": words, "name": Kind(about).label}
    return f"{words} #{about}" if about.isdigit() else words


def failure_sentence(failed: FailedTask) -> str:
    """How often a task has failed, why the last time, and what to do."""
    words = ngettext(
        "Failed once, with %(error)s. Most tasks are sent again within a minute; if this one fails again, search the"
        " worker's log for %(task_id)s.",
        "Failed %(n)s times, last with %(error)s. Most tasks are sent again within a minute; if this one goes on"
        " failing, search the worker's log for %(task_id)s.",
        failed.failures,
    )
    return words % {"n": failed.failures, "error": failed.error, "task_id": failed.task_id}


def size_words(size: int | None) -> str:
    """12.4 MB, 3.1 GB; as disks are sold and shown."""
    if size is None:
        return "–"
    for unit, step in (("GB", 1e9), ("MB", 1e6)):
        if size >= step:
            return f"{size / step:,.1f} {unit}"
    return f"{size / 1000:,.0f} kB"


def since(doing: dict) -> datetime.datetime | None:
    return parse_datetime(doing.get("since", ""))
