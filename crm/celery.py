"""The Celery app: queues and routes. Schedules live in the database, where an admin edits them."""

import os

from celery import Celery
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
# A stopped worker hands its unfinished message back to the queue at once.
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")

app = Celery("perennial")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "default"
# Each with an exchange and key of its own: without them all three share those of the default queue.
app.conf.task_queues = [
    Queue(name, Exchange(name), routing_key=name) for name in ("default", "score", "train")
]
app.conf.task_routes = {
    "insights.tasks.run_training": {"queue": "train"},
    "insights.tasks.score_*": {"queue": "score"},
}
app.autodiscover_tasks(["insights"])
