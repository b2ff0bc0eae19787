"""What has been worked out about a range of customers, kept for the other models of the same night.

Reading a million customers and working out their features takes longer than asking a model about them, and several
models ask. So whoever scores everyone leaves the features of each range behind, with their moment, where another
kind is due soon; a training then scores its new version as of that moment. Nothing depends on them: what is missing,
of another release, too old or overtaken is worked out again.

Kept are numbers and names that many customers share (country, language), no custom attribute: those are read
again as of the moment. The files lie beside the models, so that a restored backup takes them away too.
"""

import contextlib
import datetime
import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
from django.conf import settings
from django.utils import timezone

from customers.models import CustomerScore
from insights.dataset import Unread
from insights.ml import features
from insights.ml.tables import Facts
from insights.models import FullScoring, Kind, ModelVersion, TrainingRun
from insights.schedules import next_trainings

# As long as a night's trainings follow on each other.
LONGEST = datetime.timedelta(hours=4)
# The kinds that look at features.
ASKING = (Kind.CHURN, Kind.SEGMENTS, Kind.VALUE)
# Where more customers than this share of a range are known better since, it is worked out anew: whom a new version
# knows worse than the champion did is scored once more after the publishing.
OVERTAKEN = 0.01
AS_OF, REQUESTED, DEFINITION = b"as_of", b"requested", b"definition"


def folder() -> Path:
    return Path(settings.MODELS_DIR) / "features"


def facts_of(keys: range | list[int], as_of: datetime.datetime) -> Facts:
    """These customers as of the moment; every model that asks about them is handed the same."""
    return Facts(Unread(as_of, keys), as_of)


def known(
    kind: str, keys: range, since: datetime.datetime
) -> tuple[datetime.datetime, Facts] | None:
    """What is kept about the range from that moment on, if it can still be scored by, and the moment it is of."""
    table = _read(keys)
    if table is None:
        return None
    told = table.schema.metadata
    as_of = datetime.datetime.fromisoformat(told[AS_OF].decode())
    same = told[DEFINITION].decode() == definition() and told[REQUESTED].decode() == requested()
    if not same or not max(since, timezone.now() - LONGEST) <= as_of <= timezone.now():
        return None
    better = CustomerScore.objects.filter(pk__gte=keys.start, pk__lt=keys.stop)
    if better.filter(**{f"{kind}_scored_at__gt": as_of}).count() > OVERTAKEN * len(table):
        return None
    frame = features.from_arrow(table)
    return as_of, Facts(Unread(as_of, keys), as_of, frame)


def since(run: TrainingRun) -> datetime.datetime:
    """From which moment on a new version may be scored by what is kept.

    Whoever changes after it has been scored by the champion since, and is seen to when the new version is
    published. Where there is no champion nobody is, so nothing older will do than the training itself.
    """
    if ModelVersion.objects.filter(kind=run.kind, is_champion=True).exists():
        return timezone.now() - LONGEST
    return run.created_at


def keep(keys: range, facts: Facts, as_of: datetime.datetime, requested: str) -> None:
    """Leave behind what has been worked out about the range. A disk that is full is no reason to end."""
    if facts.frame is None or not len(facts.frame):
        return
    table = pa.Table.from_pandas(facts.frame, preserve_index=False)
    told = {AS_OF: as_of.isoformat(), REQUESTED: requested, DEFINITION: definition()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **told})
    with contextlib.suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder(), prefix=".", delete=False) as file:
            try:
                pyarrow.feather.write_feather(table, file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, _path(keys))
            except BaseException:
                os.unlink(file.name)
                raise


def forget_old(now: datetime.datetime) -> None:
    """Remove what nobody will score by any more; a time still to come is of a clock that has since been put back."""
    for path in folder().glob("*"):
        with contextlib.suppress(FileNotFoundError):
            age = now.timestamp() - path.stat().st_mtime
            if not -60 < age < LONGEST.total_seconds():
                path.unlink()


def others_are_due(kind: str = "") -> bool:
    """Whether another kind that looks at features is being trained, or will be before what is kept is too old."""
    others = [one for one in ASKING if one != kind]
    if TrainingRun.objects.active().filter(kind__in=others).exists():
        return True
    now = timezone.now()
    due = next_trainings(now)
    return any(one in due and due[one] <= now + LONGEST for one in others)


def requested() -> str:
    """How often everyone was asked to be scored anew: a bulk import, that tells of no single customer, does so."""
    return str(FullScoring.objects.values_list("requested", flat=True).first() or 0)


@cache
def definition() -> str:
    """What the features are: others of the same name are of another release."""
    said = "\n".join([features.query("features"), *features.NUMBERS, *features.CATEGORIES])
    return hashlib.sha256(said.encode()).hexdigest()


def _path(keys: range) -> Path:
    return folder() / f"{keys.start}-{keys.stop}.arrow"


def _read(keys: range) -> pa.Table | None:
    try:
        table = pyarrow.feather.read_table(_path(keys), memory_map=False)
    except (OSError, pa.ArrowInvalid):  # not there, or half of it after a power cut
        return None
    return table if AS_OF in (table.schema.metadata or {}) else None
