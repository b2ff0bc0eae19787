"""Redis and PostgreSQL go away at once and come back."""

import time

from tests.drills.context import MOST_SECONDS, Context, Stuck


def redis_with_data(context: Context) -> float:
    return redis_away(context, wipe=False)


def redis_without_data(context: Context) -> float:
    return redis_away(context, wipe=True)


def redis_away(context: Context, wipe: bool) -> float:
    """Reads go on and writes are accepted meanwhile; what nobody was told of is found afterwards."""
    redis = context.instance.redis
    context.wait_a_moment()
    mark = len(context.load.journal.entries)
    redis.stop_at_once(wipe)
    down = time.monotonic()
    run = context.train() if context.rng.random() < 0.25 else None
    end = down + context.rng.uniform(3, 6)
    while time.monotonic() < end or not read_since(context, down):
        time.sleep(0.1)
        if time.monotonic() > down + MOST_SECONDS:
            break
    back = time.monotonic()
    redis.start()
    count, failed, p95 = context.load.reads.between(down, back)
    context.notes.append(f"{count} reads while down, {failed} failed, p95 {p95} ms")
    if failed or not count:
        raise Stuck(f"{failed} of {count} reads failed while Redis was down")
    if not any(entry.accepted for entry in context.load.journal.since(mark)):
        raise Stuck("no write was accepted while Redis was down")
    seconds = context.order_is_scored(back)
    if run:
        context.settled(run)
        seconds = time.monotonic() - back
    return seconds


def read_since(context: Context, down: float) -> int:
    """How many pages were asked for and answered meanwhile."""
    return context.load.reads.between(down, time.monotonic())[0]


def postgres_away(context: Context) -> float:
    postgres = context.instance.postgres
    run = context.train() if context.rng.random() < 0.5 else None
    context.wait_a_moment(3)
    began = time.monotonic()
    postgres.stop_at_once()
    time.sleep(context.rng.uniform(0, 3))
    postgres.start()
    seconds = context.order_is_scored(began)
    if run:
        last = context.settled(run)
        if last.status != "done":
            raise Stuck(f"{last} ended as {last.status} {last.facts} {last.error[-300:]}")
        seconds = max(seconds, time.monotonic() - began) if last.attempts > 1 else seconds
    return seconds
