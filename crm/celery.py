"""The Celery app: queues and routes. Schedules live in the database, where an admin edits them."""

import os
import threading

from billiard.process import current_process
from celery import Celery
from celery.signals import worker_process_init
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
# REMAP_SIGTERM=SIGQUIT, by which a stopped worker hands its unfinished messages back at once, stands in the
# Procfile: Celery's command reads it before it reads this file. The trainer does without: it ends its one
# training itself, and a solo pool cannot be made to.

app = Celery("perennial")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "default"
# Each with an exchange and key of its own: without them all three share those of the default queue.
app.conf.task_queues = [
    Queue(name, Exchange(name), routing_key=name) for name in ("default", "score", "train")
]
app.conf.task_routes = {
    "insights.tasks.run_training": {"queue": "train"},
    "insights.tasks.find_topics": {"queue": "train"},
    "insights.tasks.score_*": {"queue": "score"},
    "insights.tasks.read_*": {"queue": "score"},
}
app.autodiscover_tasks(["customers", "insights", "crm.operations"])


@worker_process_init.connect
def warm_up(**kwargs) -> None:
    """Load what scoring needs before somebody waits for it: aside, for a child must report within seconds.

    The trainer works in its main process and starts others to learn; it needs none of this.
    """
    if current_process().name != "MainProcess":
        threading.Thread(target=_load_models, daemon=True).start()


def _load_models() -> None:
    from insights.scoring import load_champions
    from insights.voice_knowledge import load_readers

    load_champions()
    load_readers()
