"""What the first models of churn and segments of a demo company would have said of its customers before: invented
people have no past in which anything was published.

A real company's risks are compared with what was published of them within thirty days, and who moved between its
segments is told from the second day on, so a new one waits for it. Of the demo company the model that is about to be
published says what it sees as of a few earlier days: by the facts of before each of them alone, as everywhere (see
insights.dataset). The ledger keeps the risks as worked out afterwards; they are something to compare with, and no
prediction that was made. Of the segments the moves between these days are kept.
"""

import datetime

from django.db.models import Model
from django.utils import timezone

from customers.models import ChangeSet, Customer, CustomerScore
from insights.kept_features import facts_of
from insights.models import Kind, ModelVersion, PredictionLedger, SegmentMove, VersionScore
from insights.risk_statements import DAYS
from insights.scoring import answers_of

# The oldest takes part today, the next from tomorrow on; by the time the last is too old, there is a real one.
DAYS_AGO = (DAYS, 20, 10)
# A larger demo company is there to be measured.
MOST = 20_000
AT_ONCE = 2_000


def look_back(version: ModelVersion) -> list[Model]:
    """What to keep beside the version when it is published: nothing unless it is a demo company's first of its kind."""
    ways = {Kind.CHURN: _risks, Kind.SEGMENTS: _moves}
    if version.kind not in ways or not _is_demo() or _has_history(version.kind):
        return []
    ids = list(_customers().values_list("pk", flat=True)[: MOST + 1])
    return ways[version.kind](version, ids) if len(ids) <= MOST else []


def keep(rows: list[Model]) -> None:
    """In the transaction that publishes the version, of who is still there and has not refused meanwhile."""
    if not rows:
        return
    there = set(_customers().filter(profiling_refused=False).values_list("pk", flat=True))
    rows = [row for row in rows if row.customer_id in there]
    type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def note_where_from(rows: list[Model]) -> None:
    """After the publishing: which segment those who moved were in before, and since when they are where they are."""
    last = {row.customer_id: row for row in rows if isinstance(row, SegmentMove)}
    scores = list(CustomerScore.objects.filter(customer__in=last))
    for score in scores:
        move = last[score.customer_id]
        score.segment_before = move.segment_before
        if move.day < score.segments_scored_at.astimezone(datetime.UTC).date():
            noon = datetime.time(12, tzinfo=datetime.UTC)
            score.segment_since = datetime.datetime.combine(move.day, noon)
    CustomerScore.objects.bulk_update(
        scores, ["segment_before", "segment_since"], batch_size=AT_ONCE
    )


def _is_demo() -> bool:
    return ChangeSet.objects.filter(source=ChangeSet.Source.DEMO).exists()


def _has_history(kind: str) -> bool:
    return PredictionLedger.objects.filter(kind=kind).exists()


def _customers():
    return (
        Customer.objects.active().filter(recorded_in__source=ChangeSet.Source.DEMO).order_by("pk")
    )


def _risks(version: ModelVersion, ids: list[int]) -> list[Model]:
    return [
        PredictionLedger(
            kind=Kind.CHURN, customer_id=pk, day=_day(days), version=version.pk,
            score=answer["risk"], label=PredictionLedger.AFTERWARDS,
        )
        for days in DAYS_AGO
        for pk, answer in _as_of(version, ids, days).items()
    ]  # fmt: skip


def _moves(version: ModelVersion, ids: list[int]) -> list[Model]:
    """From each of the days to the next and to today, by the day each of them ends with."""
    stored = VersionScore.objects.filter(version=version, customer__in=_customers())
    now = {pk: values["segment"] for pk, values in stored.values_list("customer_id", "values")}
    known = [
        {pk: answer["segment"] for pk, answer in _as_of(version, ids, days).items()}
        for days in DAYS_AGO
    ]
    spans = zip(known, [*known[1:], now], [*DAYS_AGO[1:], 0], strict=True)
    return [
        SegmentMove(
            customer_id=pk, day=_day(days), segment_before=before.get(pk, ""),
            segment_after=after.get(pk, ""),
        )
        for before, after, days in spans
        for pk in sorted(before.keys() | after.keys())
        if before.get(pk, "") != after.get(pk, "")
    ]  # fmt: skip


def _as_of(version: ModelVersion, ids: list[int], days: int) -> dict[int, dict]:
    moment = timezone.now() - datetime.timedelta(days=days)
    return answers_of(version, facts_of(ids, moment), moment)


def _day(days_ago: int) -> datetime.date:
    moment = timezone.now() - datetime.timedelta(days=days_ago)
    return moment.astimezone(datetime.UTC).date()
