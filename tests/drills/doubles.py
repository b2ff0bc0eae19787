"""Two beats, two trainings, and every task twice."""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid

import redis
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks

from crm.setup.steps import ROOT
from insights.models import TrainingRun
from tests.drills.context import Context, Stuck
from tests.drills.kills import swept

QUEUES = ("default", "score", "train")


def two_beats(context: Context) -> float:
    """Both send the same schedule, a training every five seconds among it."""
    often, _ = IntervalSchedule.objects.get_or_create(every=5, period="seconds")
    drill = PeriodicTask.objects.create(
        name=f"Drill {uuid.uuid4()}", task="insights.tasks.train_on_schedule",
        args='["segments"]', interval=often,
    )  # fmt: skip
    words = [sys.executable, "-m", "celery", "-A", "crm", "beat", "--pidfile="]
    environment = os.environ | context.instance.environment()
    with context.instance.log.open("ab") as log:
        second = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        time.sleep(context.rng.uniform(12, 16))
    finally:
        PeriodicTask.objects.filter(pk=drill.pk).update(enabled=False)
        PeriodicTasks.update_changed()
        second.kill()
        second.wait()
    began = time.monotonic()
    swept(context)
    return context.order_is_scored(began)


def two_trainings(context: Context) -> float:
    """By button, command and API in the same moment: one runs, nobody is turned away."""
    person = context.load.door.person()
    page = person.get(f"{context.instance.url}/models/", timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    press = {"csrfmiddlewaretoken": token, "shown": "segments"}
    url = f"{context.instance.url}/models/segments/train/"
    codes: list[int] = []

    def button():
        answer = person.post(url, data=press, headers={"Referer": page.url}, timeout=60)
        codes.append(answer.status_code)

    def command():
        code = context.instance.manage("retrain", "segments", "--queue").returncode
        codes.append(200 if code == 0 else 500)

    def by_api():
        codes.append(context.ask_to_train("segments").status_code)

    mark = TrainingRun.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    began = time.monotonic()
    together(button, button, command, by_api, by_api)
    first = TrainingRun.objects.filter(kind="segments", pk__gt=mark).first()
    last = context.settled(first)
    if last.status != "done" or any(code not in (200, 202) for code in codes):
        raise Stuck(f"answers {codes}, run {last.status} {last.facts}")
    return time.monotonic() - began


def together(*acts) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def every_task_twice(context: Context) -> float:
    """Whatever is put into a queue is put there once more."""
    began = time.monotonic()
    with Doubling(context.instance.redis.link()) as doubling:
        run = context.train()
        seconds = context.order_is_scored(began)
        last = context.settled(run)
        time.sleep(context.rng.uniform(0, 3))
    context.notes.append(f"{doubling.sent} messages sent twice")
    if not doubling.sent:
        raise Stuck("no message was doubled")
    if (last.status, last.attempts) != ("done", 1):
        raise Stuck(f"a training sent twice: {last.status}, attempt {last.attempts}, {last.facts}")
    return seconds


class Doubling:
    """Listens to what Redis is told, and tells it again under another tag."""

    def __init__(self, link: redis.Redis):
        self.link, self.sent = link, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Doubling":
        self._thread.start()
        time.sleep(0.3)
        return self

    def __exit__(self, *_error) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        listener = redis.Redis(
            port=self.link.connection_pool.connection_kwargs["port"], socket_timeout=1
        )
        with listener.monitor() as monitor:
            while not self._stop.is_set():
                with contextlib.suppress(redis.TimeoutError):
                    self._again(monitor.next_command()["command"])

    def _again(self, command: str) -> None:
        """LPUSH queue "{…}": the text is JSON with its quotes escaped."""
        word, _, rest = command.partition(" ")
        queue, _, text = rest.partition(" ")
        if word.upper() != "LPUSH" or queue not in QUEUES:
            return
        with contextlib.suppress(ValueError):
            message = json.loads(text)
            if message["properties"].get("doubled"):
                return
            message["properties"] |= {"doubled": True, "delivery_tag": str(uuid.uuid4())}
            self.link.lpush(queue, json.dumps(message))
            self.sent += 1
