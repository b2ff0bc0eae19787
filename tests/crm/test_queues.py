"""Each task goes to one queue, and each queue has one kind of worker."""

import shlex

import pytest
import redis
from honcho.environ import parse_procfile

from crm.broker import Broker
from crm.celery import app
from crm.setup.steps import ROOT
from insights import tasks  # noqa: F401  (puts them into the app)

QUEUES = ["default", "score", "train"]


@pytest.fixture
def counts(tmp_path_factory):
    """Declare the queues as workers do, send one task, count the messages in each queue."""
    with Broker(tmp_path_factory.mktemp("v")) as broker:

        def counts(task, *args):
            with app.connection_for_write(broker.url) as connection:
                for name in QUEUES:
                    app.amqp.queues[name].bind(connection.default_channel).declare()
                app.send_task(task, args, connection=connection)
            link = redis.Redis.from_url(broker.url.replace("redis+socket://", "unix://"))
            return {name: link.llen(name) for name in QUEUES}

        yield counts


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("insights.tasks.run_training", "train"),
        ("insights.tasks.score_stale", "score"),
        ("insights.tasks.sweep", "default"),
    ],
)
def test_a_task_arrives_once_and_where_it_belongs(counts, task, queue):
    assert task in app.tasks
    assert counts(task) == {name: int(name == queue) for name in QUEUES}


def test_every_queue_is_served_by_exactly_one_kind_of_worker():
    served = []
    for command in parse_procfile((ROOT / "Procfile").read_text()).processes.values():
        words = shlex.split(command)
        if "--queues" in words:
            served += words[words.index("--queues") + 1].split(",")
    assert sorted(served) == sorted(QUEUES) == sorted(app.amqp.queues)
