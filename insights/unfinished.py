"""What a training has learnt so far, kept until its run is settled: an attempt that was cut off is gone on with.

A folder per run, beside the models. In it the moment that the first attempt learnt as of, which makes the next one
learn from the same data, and what the networks have learnt (see insights.ml.checkpoints). Weights only: nobody's
words, nobody's records. Nothing depends on it: without it everything is learnt from the beginning.
"""

import contextlib
import datetime
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from insights.models import TrainingRun

# What was begun longer ago would be learnt from a company that is no longer this one.
LONGEST = datetime.timedelta(days=1)
AS_OF = "as_of"


def folders() -> Path:
    return Path(settings.MODELS_DIR) / "unfinished"


def folder(run_id: int) -> Path:
    return folders() / str(run_id)


def begun(run: TrainingRun) -> datetime.datetime:
    """The moment that the run learns as of: that of the attempt before, where there is one to go on with."""
    place, now = folder(run.pk), timezone.now()
    with contextlib.suppress(OSError, ValueError):
        as_of = datetime.datetime.fromisoformat((place / AS_OF).read_text())
        if now - LONGEST <= as_of <= now:
            return as_of
    shutil.rmtree(place, ignore_errors=True)
    with contextlib.suppress(
        OSError
    ):  # without room for it an attempt that is cut off was for nothing, no more
        place.mkdir(parents=True)
        (place / AS_OF).write_text(now.isoformat())
    return now


@contextlib.contextmanager
def gone_on_with(run: TrainingRun) -> Iterator[datetime.datetime]:
    """What is learnt meanwhile is kept, and what has been learnt before is not learnt again."""
    from insights.ml.checkpoints import kept_in  # numbers: for the process that learns only

    as_of = begun(run)
    with kept_in(folder(run.pk)):
        yield as_of


def hand_on(lost: TrainingRun, to: TrainingRun) -> None:
    """A run that takes the place of a lost one goes on with what that one had learnt."""
    with contextlib.suppress(OSError):  # nothing was begun, or not on this machine
        os.rename(folder(lost.pk), folder(to.pk))


def forget_settled() -> None:
    """Remove what runs that have ended, one way or another, have left."""
    there = [place for place in folders().glob("*") if place.name.isdecimal()]
    if there:
        active = set(TrainingRun.objects.active().values_list("pk", flat=True))
        for place in there:
            if int(place.name) not in active:
                shutil.rmtree(place, ignore_errors=True)
