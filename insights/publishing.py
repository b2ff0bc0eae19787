"""Bring a version's stored scores onto the customers, into the ledger and into the sums of the dashboards.

Publishing, rolling back and the refresh of one customer are the same statements (insights.statements) over a
different scope. They run inside the database, from VersionScore, so a million customers need no more memory
here than one.
"""

import datetime
import json
import shutil
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from customers.models import (
    HIGH_RISK,
    Behaviour,
    Company,
    CustomerScore,
    Outlook,
    Recommendation,
    ScoreReasons,
)
from customers.plans import look_again
from insights import risk_statements, statements
from insights.dashboard_sums import refresh_churn_totals
from insights.listening import mark_stale
from insights.models import (
    OF_MESSAGES,
    FullScoring,
    Kind,
    ModelVersion,
    SegmentTotals,
    VersionScore,
)
from insights.requesting import request_full_scoring
from insights.rereading import request_rereading
from insights.statements import in_list
from insights.topic_days import add_up_money

Scope = range | Collection[int] | None  # a range of customer keys, some keys, or everyone

# Where a publishing brings the scores to.
PUBLISHED = (CustomerScore, ScoreReasons, Outlook, Behaviour, Recommendation)
# Files and scores are kept of the champion, of the versions it may be rolled back to, and of one challenger.
KEPT_BEFORE = 2
# More customers than this who are to be scored anew are scored with everyone.
MOST_BEHIND = 20_000


def store(version_id: int, part: tuple[Scope, dict[int, dict]], as_of: datetime.datetime) -> None:
    """Keep a version's answers about the customers of the scope; who got none has none any more.

    An answer as of an earlier moment never replaces one of a later moment, unless that moment is still to come: it
    was written under a clock that has since been put back.
    """
    scope, answers = part
    params = {
        "version": version_id,
        "at": connection.ops.adapt_datetimefield_value(as_of),
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
        "answers": json.dumps(answers, allow_nan=False, ensure_ascii=False),
    }
    _execute([statements.STORE, statements.FORGET], scope, params)


def bring_to_customers(kind: str, version_id: int, scope: Scope) -> None:
    """Make what VersionScore holds of this version the published scores of the scope."""
    params = {"version": version_id, "kind": kind}
    if kind == Kind.SEGMENTS:
        params |= {"today": _day(timezone.now()), "first_day": _day(first_published(kind))}
    _execute(statements.BRING[Kind(kind)], scope, params)


def first_published(kind: str) -> datetime.datetime | None:
    return ModelVersion.objects.filter(kind=kind).aggregate(first=Min("published_at"))["first"]


def forget_refused(scope: Scope) -> None:
    """Who refuses profiling leaves nothing behind, neither in stored scores nor in the ledger."""
    _execute(statements.FORGET_REFUSED, scope, {})


def is_champion(version_id: int) -> bool:
    """Whether this version is published; until the transaction ends it stays so (publishing waits for us)."""
    lock = "" if connection.vendor == "sqlite" else " FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT is_champion FROM insights_modelversion WHERE id = %s{lock}", [version_id]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@transaction.atomic
def publish(version: ModelVersion, catch_up: bool = True) -> None:
    """Make the version champion of its kind, with all its stored scores, in one transaction.

    ``catch_up``: customers about whom the champion before knew something newer are scored anew afterwards.
    A model of messages brings nothing along: what it says of each is read by the reader, from now on.
    """
    of_kind = ModelVersion.objects.filter(kind=version.kind)
    list(
        of_kind.select_for_update().order_by("pk").values_list("pk")
    )  # refreshes wait, or have ended
    if version.kind in OF_MESSAGES:
        crown(version)
        request_rereading()
        return
    behind = known_better(version) if catch_up else []
    crown(version)
    if version.kind == Kind.CHURN:
        note_shifts(version)
        note_horizon(version)
    bring_to_customers(version.kind, version.pk, None)
    if version.kind in (Kind.CHURN, Kind.VALUE):
        transaction.on_commit(add_up_money)
    transaction.on_commit(look_again_at_scores)
    # What others write too comes last: whoever records an order must not wait for a million scores.
    refresh_segment_totals()
    if len(behind) > MOST_BEHIND:
        request_full_scoring()
    else:
        mark_stale(behind)


def crown(version: ModelVersion) -> None:
    of_kind = ModelVersion.objects.filter(kind=version.kind)
    of_kind.filter(is_champion=True).update(is_champion=False)
    of_kind.filter(pk=version.pk).update(is_champion=True, published_at=timezone.now())
    version.refresh_from_db()


def note_shifts(version: ModelVersion) -> None:
    """By how much this model alone moves whom the one before has scored."""
    oldest = timezone.now() - datetime.timedelta(days=risk_statements.DAYS + 1)
    params = {"version": version.pk, "oldest": _day(oldest)}
    _execute(risk_statements.SHIFTS, None, params)


def note_horizon(version: ModelVersion) -> None:
    """What the risks on the pages are about from now on, whatever the company asks of the next training."""
    windows = version.summary.get("windows", {})
    days = 0 if windows.get("form") == "label" else windows.get("horizon_days")
    Company.current()  # there is a row
    Company.objects.update(published_horizon_days=days)


def look_again_at_scores() -> None:
    """A publishing leaves the rows of the one before behind, in every index."""
    look_again(VersionScore, *PUBLISHED, tidy=True)


def known_better(version: ModelVersion) -> list[int]:
    """Customers whose published score is newer than what this version says; one more than MOST_BEHIND at most."""
    with connection.cursor() as cursor:
        params = {"version": version.pk, "most": MOST_BEHIND + 1}
        cursor.execute(statements.KNOWN_BETTER[Kind(version.kind)], params)
        return [pk for (pk,) in cursor.fetchall()]


@transaction.atomic
def roll_back(version: ModelVersion) -> None:
    """Publish an earlier version again, with the scores it had; a full scoring then brings them up to date.

    After a model of messages, everyone is scored when the last message has been read anew.
    """
    if not version.kept:
        raise ValueError(
            f"{version} was pruned: neither its files nor its scores are there any more"
        )
    publish(version, catch_up=False)
    if version.kind not in OF_MESSAGES:
        request_full_scoring()


def refresh_segment_totals() -> None:
    """Add up customers, value and risk anew per segment, risk and team."""
    with transaction.atomic():
        # One at a time: two that add up side by side would each leave their own rows.
        FullScoring.row().select_for_update().get()
        SegmentTotals.objects.all().delete()
        _execute([statements.SEGMENT_TOTALS], None, {"high": HIGH_RISK})
        refresh_churn_totals()
        FullScoring.row().update(totals_outdated=False)


def prune(kind: str) -> None:
    """Remove files and scores of versions nobody will go back to; what they were judged to be stays known."""
    of_kind = ModelVersion.objects.filter(kind=kind)
    whole = of_kind.filter(kept=True)
    published = whole.exclude(published_at=None).order_by("-is_champion", "-published_at")
    keep = [*published[: 1 + KEPT_BEFORE], *whole.filter(published_at=None).order_by("-pk")[:1]]
    for version in of_kind.exclude(pk__in=[one.pk for one in keep]):
        if not of_kind.filter(pk=version.pk, is_champion=False).update(kept=False):
            continue  # published again since we looked
        scores = VersionScore.objects.filter(version=version)
        while some := list(scores.values_list("pk", flat=True)[:10_000]):
            VersionScore.objects.filter(pk__in=some).delete()
        shutil.rmtree(version.directory, ignore_errors=True)


def _day(moment: datetime.datetime | None):
    """The day in UTC, as the database takes it."""
    day = moment.astimezone(datetime.UTC).date() if moment else None
    return connection.ops.adapt_datefield_value(day)


def _execute(texts: list[str], scope: Scope, params: dict) -> None:
    condition = "customer_id > 0"
    if isinstance(scope, range):
        condition = "customer_id BETWEEN %(low)s AND %(last)s"
        params = params | {"low": scope.start, "last": scope.stop - 1}
    elif scope is not None:
        condition = f"customer_id {in_list('ids')}"
        ids = sorted(scope)
        params = params | {"ids": json.dumps(ids) if connection.vendor == "sqlite" else ids}
    words = {"scope": condition, **statements.WORDS[connection.vendor]}
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute(text.format(**words), params)
