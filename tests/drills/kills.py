"""kill -9, at a random moment: every process there is."""

import datetime
import time

from django.utils import timezone

from insights.models import TrainingRun
from insights.requesting import request_stop
from tests.drills import processes
from tests.drills.context import Context, Stuck


def strike(context: Context, name: str) -> float:
    """Kill one of that name; the moment it died."""
    while not processes.kill(context.rng.choice(processes.wait_for(context.instance, name))):
        pass
    return time.monotonic()


def worker(context: Context) -> float:
    context.wait_a_moment()
    return context.order_is_scored(strike(context, "worker"))


def workers_child(context: Context) -> float:
    context.wait_a_moment()
    return context.order_is_scored(strike(context, "worker's child"))


def web_master(context: Context) -> float:
    context.wait_a_moment()
    return context.order_is_scored(strike(context, "web master"))


def web_worker(context: Context) -> float:
    context.wait_a_moment()
    return context.order_is_scored(strike(context, "web worker"))


def beat(context: Context) -> float:
    """Without it nobody sends a training whose message never was."""
    context.wait_a_moment()
    began = strike(context, "beat")
    swept(context)
    return time.monotonic() - began


def swept(context: Context) -> None:
    """A training that nobody was told of is found and sent."""
    context.until(
        lambda: not TrainingRun.objects.active().filter(kind="products").exists(), "a free kind"
    )
    run = TrainingRun.objects.create(kind="products", origin="command")
    long_ago = timezone.now() - datetime.timedelta(hours=3)
    TrainingRun.objects.filter(pk=run.pk).update(created_at=long_ago)
    context.until(
        lambda: TrainingRun.objects.exclude(sent_at=None).filter(pk=run.pk).exists(),
        "the sweep does not come",
    )
    request_stop(run)


def trainer(context: Context) -> float:
    run = context.train()
    context.until(lambda: TrainingRun.objects.get(pk=run.pk).status != "queued", "it is taken")
    context.wait_a_moment(2.5)
    return training_goes_on(context, run, strike(context, "trainer"))


def training(context: Context) -> float:
    run = context.train()
    processes.wait_for(context.instance, "training")
    context.wait_a_moment(2)
    found = processes.find(context.instance, "training")
    if not found or not processes.kill(found[0]):  # it was faster: once more
        context.settled(run)
        return training(context)
    return training_goes_on(context, run, time.monotonic())


def training_goes_on(context: Context, run: TrainingRun, began: float) -> float:
    """Seconds until it learns again, or, had it ended before, until the next one learns; then it is seen through."""
    attempts = 1
    if not context.until(lambda: [TrainingRun.objects.get(pk=run.pk)], "a run")[0].is_active:
        run, attempts = context.train(), 0

    def goes_on():
        newest = TrainingRun.objects.filter(kind=run.kind, pk__gte=run.pk).latest("pk")
        again = newest.pk != run.pk or newest.attempts > attempts
        return newest.status == "done" or (again and newest.step not in ("", "start"))

    context.until(goes_on, f"run {run.pk} does not go on")
    seconds = time.monotonic() - began
    last = context.settled(run)
    if last.status != "done":
        raise Stuck(f"{last} ended as {last.status} {last.facts} {last.error[-300:]}")
    return seconds


def poison(context: Context) -> float:
    """A training that kills its process each time: three attempts, and the run says so."""
    run = context.train()
    for attempt in (1, 2, 3):
        context.until(lambda n=attempt: context.is_learning(run, n), f"attempt {attempt}")
        for process in processes.find(context.instance, "training"):
            processes.kill(process)
    return given_up(context, run, time.monotonic())


def poison_for_the_trainer(context: Context) -> float:
    """One that takes the trainer with it each time."""
    run = context.train()
    for attempt in (1, 2, 3):
        context.until(lambda n=attempt: attempted(run, n), f"attempt {attempt}")
        began = strike(context, "trainer")
    return given_up(context, run, began)


def attempted(run: TrainingRun, number: int) -> bool:
    newest = TrainingRun.objects.filter(kind=run.kind, pk__gte=run.pk).latest("pk")
    return newest.status == "running" and newest.attempts >= number


def given_up(context: Context, run: TrainingRun, began: float) -> float:
    last = context.settled(run)
    seconds = time.monotonic() - began
    if (last.status, last.facts.get("code")) != ("failed", "too_many_attempts"):
        raise Stuck(f"a poisoned run ended as {last.status} {last.outcome} {last.facts}")
    time.sleep(1)
    if TrainingRun.objects.filter(kind=run.kind, pk__gt=last.pk).exists():
        raise Stuck("a poisoned run is tried for ever")
    return seconds
