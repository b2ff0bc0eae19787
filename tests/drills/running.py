"""One run of the drill: the instance is up, the load goes on, disturbances follow each other."""

import random
import time
from contextlib import ExitStack

from django_celery_beat.models import PeriodicTask, PeriodicTasks

from crm.setup.steps import say
from customers.models import CustomerScore, Product
from insights.models import FullScoring, ModelVersion, StaleCustomer, TrainingRun
from tests.drills import invariants
from tests.drills.context import PATIENCE, Context, Stuck
from tests.drills.instance import Instance
from tests.drills.load import Load
from tests.drills.plan import DRILLS
from tests.drills.report import Report, Row
from tests.drills.watching import Watch

QUIET_SECONDS = 60


def run(instance: Instance, plan: dict[str, int], report: Report, most_moments: int) -> None:
    trained()
    if instance.without == "sweep":
        PeriodicTask.objects.filter(task="insights.tasks.sweep").update(enabled=False)
        PeriodicTasks.update_changed()
    customers = list(CustomerScore.objects.exclude(segment="").values_list("pk", flat=True))
    skus = list(Product.objects.filter(currency="EUR").values_list("sku", flat=True)[:40])
    load = Load(instance, customers, skus or ["-"], report.seed)
    watch = Watch(load.door, customers, report.seed)
    with ExitStack() as stack:
        for busy in (load, watch):
            busy.start()
            stack.callback(busy.stop)
        for name, times in plan.items():
            rng = random.Random(f"{report.seed} {name}")
            context = Context(instance, load, watch, rng)
            report.rows.append(Row(name))
            drill(context, report.rows[-1], times, report)
        settle(context, report, most_moments)


def trained() -> None:
    """The first trainings, which `make run` starts by itself, have ended."""
    end = time.monotonic() + 300
    while TrainingRun.objects.active().exists() or TrainingRun.objects.count() < 3:
        if time.monotonic() > end:
            raise TimeoutError("the first trainings do not end")
        time.sleep(1)
    kinds = set(ModelVersion.objects.filter(is_champion=True).values_list("kind", flat=True))
    say(f"→ Published: {', '.join(sorted(kinds))}")
    for run in TrainingRun.objects.exclude(outcome=TrainingRun.Outcome.PUBLISHED):
        say(f"  {run}: {run.status} {run.outcome} {run.facts} {run.error[-300:]}")


def drill(context: Context, row: Row, times: int, report: Report) -> None:
    name, mark = row.drill, 0
    for number in range(times):
        if time.monotonic() > report.deadline:
            say(f"  {name}: the time is up after {number} of {times}")
            break
        entries = len(context.load.journal.entries)
        mixed, overlaps = len(context.watch.mixed), len(context.watch.overlaps)
        began = time.monotonic()
        try:
            row.seconds.append(DRILLS[name].run(context))
        except (Stuck, TimeoutError, OSError) as error:
            row.stuck += 1
            row.seconds.append(time.monotonic() - began)
            report.wrong.append(f"{name} {number + 1}: {error}")
            say(f"  ! {name} {number + 1}: {error}")
        mark = check(context, row, report, mark)
        row.mixed += len(context.watch.mixed) - mixed
        row.stuck += len(context.watch.overlaps) - overlaps
        news = len(context.load.journal.entries) - entries
        say(f"  {name} {number + 1}/{times}: {row.seconds[-1]:.1f} s, {news} requests")
    report.wrong += [f"{name}: {text}" for text in context.watch.mixed[-5:] if row.mixed]
    report.wrong += context.watch.overlaps[-5:]
    if context.notes:
        say(f"  {name}: " + "; ".join(context.notes))
    if name.startswith("redis"):
        report.reads_while_redis_was_down += context.notes


def check(context: Context, row: Row, report: Report, mark: int) -> int:
    """What has been accepted since the last look is there, once; returns where to look from next."""
    entries = context.load.journal.since(mark)
    settled = [entry for entry in entries if entry.accepted]
    found = context.ask(lambda: invariants.lost_and_doubled(settled))
    if found is None:
        return mark
    lost, doubled = found
    row.lost, row.doubled = row.lost + len(lost), row.doubled + len(doubled)
    report.wrong += [f"{row.drill} lost {one}" for one in lost[:5]]
    report.wrong += [f"{row.drill} doubled {one}" for one in doubled[:5]]
    waiting = [n for n, entry in enumerate(entries) if not entry.accepted]
    return mark + (waiting[0] if waiting else len(entries))


def settle(context: Context, report: Report, most_moments: int) -> None:
    """No new requests: what is under way is seen through, then everything is looked at once more."""
    load = context.load
    load.pause()
    time.sleep(3)
    entries = load.journal.entries
    for entry in entries:
        if not (entry.accepted or entry.refused):
            load.see_through(entry, time.monotonic() + 20)
    try:
        context.until(is_quiet, "there is still work left", PATIENCE)
    except Stuck as error:
        report.wrong.append(str(error))
    lost, doubled = invariants.lost_and_doubled(entries)
    # What a look before has counted already is counted once.
    report.rows[-1].lost += max(0, len(lost) - sum(row.lost for row in report.rows))
    report.rows[-1].doubled += max(0, len(doubled) - sum(row.doubled for row in report.rows))
    report.wrong += [f"refused: {e.kind} {e.refused}" for e in entries if e.refused][:5]
    report.wrong += [f"lost at the end: {one}" for one in lost[:5]]
    report.unsettled = invariants.unsettled(0)
    report.requests = sum(len(entry.answers) for entry in entries)
    report.reads = len(load.reads.rows)
    report.scores_compared, wrong = invariants.differing_scores(most_moments, report.seed)
    report.scores_wrong = len(wrong)
    report.wrong += wrong[:10]
    say(f"  {context.watch.looks} looks and {context.watch.pages} pages held against versions")


def is_quiet() -> bool:
    row = FullScoring.row().get()
    return not (
        StaleCustomer.objects.exists()
        or row.requested > row.served
        or TrainingRun.objects.active().exists()
    )
