"""Which drills there are, and how often each is repeated."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.drills import clocks, disks, doubles, kills, outages
from tests.drills.context import Context


@dataclass(frozen=True)
class Drill:
    run: Callable[[Context], float]
    times: int
    short: int = 1
    postgres_only: bool = False
    needs_small_disks: bool = False


DRILLS = {
    "child": Drill(kills.workers_child, 50, 2),
    "worker": Drill(kills.worker, 50, 1),
    "web-worker": Drill(kills.web_worker, 50, 1),
    "web": Drill(kills.web_master, 50, 1),
    "beat": Drill(kills.beat, 50, 1),
    "training": Drill(kills.training, 50, 1),
    "trainer": Drill(kills.trainer, 50, 1),
    "poison": Drill(kills.poison, 5, 1),
    "poison-trainer": Drill(kills.poison_for_the_trainer, 2, 0),
    "redis": Drill(outages.redis_with_data, 20, 0),
    "redis-empty": Drill(outages.redis_without_data, 20, 1),
    "postgres": Drill(outages.postgres_away, 20, 1, postgres_only=True),
    "disk-models": Drill(disks.models, 5, 1, needs_small_disks=True),
    "disk-imports": Drill(disks.imports, 3, 0, needs_small_disks=True),
    "two-beats": Drill(doubles.two_beats, 5, 0),
    "two-trainings": Drill(doubles.two_trainings, 10, 1),
    "twice": Drill(doubles.every_task_twice, 10, 1),
    "clock": Drill(clocks.moved, 5, 0),
}
