"""How many days a customer's next order is overdue: the one meaning of it, for pages, lists, filters and the API."""

import datetime

from django.db.models import Case, DateField, F, Func, IntegerField, Value, When
from django.db.models.functions import Cast, Coalesce, Floor, Greatest, TruncDate
from django.utils import timezone


class DaysSince(Func):
    """Whole days from a day until another one: today, unless it is said."""

    output_field = IntegerField()
    arg_joiner = " - "
    template = "(%(expressions)s)"

    def __init__(self, day, until: datetime.date | None = None) -> None:
        super().__init__(Value(until or timezone.localdate(), DateField()), day)

    def as_sqlite(self, compiler, connection, **extra):
        words = {"arg_joiner": ") - JULIANDAY(", "template": "CAST(JULIANDAY(%(expressions)s) AS INTEGER)"}  # fmt: skip
        return self.as_sql(compiler, connection, **words, **extra)


def days_overdue() -> Case:
    """Of a customer: the days since the last order, on the reader's calendar, beyond their usual gap in whole days.

    0 where the gap has not passed or is not known, and of those who refused profiling. What is expected from today on
    (the outlook) never lies in the past, so it cannot say that something is late.
    """
    usual = Cast(Floor(F("totals__usual_gap_days") + 0.5), IntegerField())  # as wording.whole_days
    late = Greatest(DaysSince(TruncDate("totals__last_order_at")) - usual, Value(0))
    return Case(When(profiling_refused=False, then=Coalesce(late, Value(0))), default=Value(0))
