"""Who went from which segment or behaviour group to which between two days."""

import datetime
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Case, F, IntegerField, Max, Min, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from customers.models import Segment
from customers.models.overdue import DaysSince
from insights.models import GroupMove, SegmentMove

MOST_DAYS = 731
# A place (a segment, a group) is a number below this, so that a day and a place are one number that sorts by the day.
PLACES = 100_000
SEGMENTS = ["", *Segment.values]
# From so many movers on what was counted is kept for a while: of a million customers it takes a second.
MANY, KEPT = 10_000, 600  # customers, seconds

# Nobody who came back to where they were has moved.
COUNT = """
SELECT came_from, went_to, COUNT(*), SUM(by_new_model) FROM ({ends}) ends
WHERE came_from <> went_to GROUP BY came_from, went_to
"""


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: datetime.date
    last: datetime.date


def last_days(days: int) -> Span:
    """The last so many days, today included; days are those of UTC, as the moves'."""
    today = timezone.now().astimezone(datetime.UTC).date()
    return Span(today - datetime.timedelta(days=days - 1), today)


def since_start(first: datetime.datetime | None) -> Span:
    """From the first publishing on, or the first move where a demo company's go further back; as far back as may be
    asked for."""
    longest = last_days(MOST_DAYS)
    day = first.astimezone(datetime.UTC).date() if first else longest.last
    move = SegmentMove.objects.order_by("day", "id").values_list("day", flat=True).first()
    return Span(max(min(day, move or day), longest.first), longest.last)


def flows_between(user, span: Span, new_models: bool = True) -> list[dict]:
    """How many customers were in one segment when the span began and are in another one when it ends.

    Each customer counts once, however many steps they took, and not at all once they are back; customers that are gone
    are counted no more. ``new_models``: False leaves out changes on days of another version;
    ``moved_by_new_model``: who had such a change on the way. One query, over the changes within the span alone.
    """

    def place(side: str) -> Case:
        known = [When(**{side: name}, then=number) for number, name in enumerate(SEGMENTS)]
        return Case(*known, default=0)

    return _between(SegmentMove, place, SEGMENTS.__getitem__, user, span, new_models)


def group_flows_between(user, span: Span, new_models: bool = True) -> list[dict]:
    """The same of behaviour groups, by their numbers; nothing before is newly scored, nothing after scored no more."""

    def place(side: str) -> Coalesce:
        return Coalesce(F(side) + 1, 0)

    return _between(GroupMove, place, lambda n: n - 1 if n else None, user, span, new_models)


def _between(moves, place, named, user, span: Span, new_models: bool) -> list[dict]:
    """``place`` makes a number of a column of the moves, ``named`` makes of it what it stands for."""
    if not (user.is_admin or user.is_manager):
        return []  # as the sums of the same pages (see PerTeamQuerySet)
    before, after = f"{moves.what}_before", f"{moves.what}_after"
    key = f"moves:{moves.what}:{'' if user.is_admin else user.pk}:{span.first}:{span.last}:{new_models}"
    rows = cache.get(key)
    if rows is None:
        rows = _counted(moves, before, after, place, user, span, new_models)
        if sum(row[2] for row in rows) >= MANY:
            cache.set(key, rows, KEPT)
    return [
        {before: named(came), after: named(went), "moved": moved, "moved_by_new_model": by_new_model}
        for came, went, moved, by_new_model in rows
    ]  # fmt: skip


def _counted(moves, before, after, place, user, span: Span, new_models: bool) -> list[tuple]:
    """(came from, went to, customers, of them with a change by a new model) by the number of customers."""
    steps = moves.objects.visible_to(user).filter(day__gte=span.first, day__lte=span.last)
    if not new_models:
        steps = steps.filter(by_new_model=False)
    # The earliest step says where from, the latest where to.
    ago = DaysSince("day", until=span.last) * Value(PLACES)
    ends = steps.real().order_by().values("customer").annotate(
        came_from=Max(ago + place(before)) % Value(PLACES),
        went_to=Min(ago + place(after)) % Value(PLACES),
        by_new_model=Max(Cast("by_new_model", IntegerField())),
    )  # fmt: skip
    sql, params = ends.values("came_from", "went_to", "by_new_model").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(ends=sql), params)
        return sorted(cursor.fetchall(), key=lambda row: (-row[2], row[0], row[1]))
