"""The clock of all processes moves by an hour, forward and back, and then stands right again."""

import time

from tests.drills.context import Context
from tests.drills.kills import swept

HOUR = 3600


def moved(context: Context) -> float:
    """The slowest of four moves: ahead, right, behind, right."""
    slowest = 0.0
    for seconds in (HOUR, 0, -HOUR, 0):
        context.wait_a_moment()
        began = time.monotonic()
        context.instance.set_clock(seconds)
        time.sleep(1.1)  # the processes look at it once a second
        context.order_is_scored(began)
        context.settled(context.train())
        swept(context)
        slowest = max(slowest, time.monotonic() - began)
    return slowest
