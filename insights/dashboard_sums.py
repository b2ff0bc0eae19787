"""Make the stored sums of the dashboards anew: of churn with every scoring, the slower ones every hour."""

import datetime
from collections import defaultdict
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from customers.models import (
    HIGH_RISK,
    Customer,
    Interaction,
    MessageReading,
    Order,
    Task,
)
from customers.product_sums import add_up_products
from insights.models import (
    ChurnTotals,
    CohortTotals,
    FullScoring,
    Kind,
    PersonDay,
    PredictionLedger,
    Rescue,
)

COHORTS = 12  # months, besides the current one
DAYS_KEPT = 92  # of what colleagues did
LATE = datetime.timedelta(days=8)  # orders may come in so late and still count as a rescue
HOURLY_UP_TO = (
    100_000  # customers; sums over all order lines of larger companies are made every night
)
EVERY = datetime.timedelta(hours=1)
HOUR = datetime.timedelta(hours=1)

# One row per owner, team and step of risk; reasons only where somebody should act on them.
CHURN_TOTALS = """
INSERT INTO insights_churntotals (owner_id, team_id, step, reason, customers, value, expected, risk_sum)
SELECT c.owner_id, c.team_id,
    CASE WHEN s.churn_risk >= 1 THEN %(last)s ELSE FLOOR(s.churn_risk * %(steps)s) END,
    CASE WHEN s.churn_risk >= %(high)s THEN s.churn_reason ELSE '' END,
    COUNT(*), COALESCE(SUM(t.value), 0), ROUND(CAST(COALESCE(SUM(s.expected_value), 0) AS NUMERIC), 2),
    SUM(s.churn_risk)
FROM customers_customerscore s
JOIN customers_customer c ON c.id = s.customer_id
LEFT JOIN customers_customertotals t ON t.customer_id = s.customer_id
WHERE s.churn_risk IS NOT NULL AND c.archived_at IS NULL
GROUP BY 1, 2, 3, 4
"""
COHORT_TOTALS = """
INSERT INTO insights_cohorttotals (owner_id, team_id, cohort, month, customers)
SELECT c.owner_id, c.team_id, {first_month}, m.month, COUNT(*)
FROM customers_customertotals t
JOIN customers_customer c ON c.id = t.customer_id
JOIN customers_customermonth m ON m.customer_id = t.customer_id
WHERE t.first_order_at >= %(since)s AND m.orders > 0 AND c.archived_at IS NULL
GROUP BY 1, 2, 3, 4
"""
FIRST_MONTH = {
    "sqlite": "date(t.first_order_at, 'start of month')",
    "postgresql": "CAST(date_trunc('month', t.first_order_at AT TIME ZONE 'UTC') AS DATE)",
}


def refresh_churn_totals() -> None:
    """In the transaction of the sums of the segments, whose figures they must agree with."""
    ChurnTotals.objects.all().delete()
    steps = ChurnTotals.STEPS
    with connection.cursor() as cursor:
        cursor.execute(CHURN_TOTALS, {"steps": steps, "last": steps - 1, "high": HIGH_RISK})


def refresh_dashboards_when_due() -> None:
    row = FullScoring.row().get()
    if row.dashboards_at is None or not abs(timezone.now() - row.dashboards_at) < EVERY:
        refresh_dashboards()
        if not Customer.objects.order_by("pk")[HOURLY_UP_TO : HOURLY_UP_TO + 1].exists():
            add_up_products()


def refresh_dashboards() -> None:
    """Cohorts, rescued customers, what colleagues did.

    What can be read before is: while this writes, nobody else writes on SQLite.
    """
    now = timezone.now()
    first = first_day_looked_at(now)
    rescued, done = rescues_since(first), what_was_done(first_day_kept(now))
    with transaction.atomic():
        # One at a time: two that add up side by side would each leave their own rows.
        FullScoring.row().select_for_update().get()
        refresh_cohorts(now)
        Rescue.objects.filter(day__gte=first).delete()
        Rescue.objects.bulk_create(rescued, batch_size=500, ignore_conflicts=True)
        add_rescues(done, first_day_kept(now))
        store_person_days(done)
        FullScoring.row().update(dashboards_at=now)


def first_cohort(now: datetime.datetime) -> datetime.date:
    """The month twelve before the current one."""
    month = now.astimezone(datetime.UTC).date().replace(day=1)
    return month.replace(year=month.year - COHORTS // 12)


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def refresh_cohorts(now: datetime.datetime) -> None:
    CohortTotals.objects.all().delete()
    since = connection.ops.adapt_datetimefield_value(midnight(first_cohort(now)))
    text = COHORT_TOTALS.format(first_month=FIRST_MONTH[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(text, {"since": since})


def first_day_kept(now: datetime.datetime) -> datetime.date:
    return now.astimezone(datetime.UTC).date() - datetime.timedelta(days=DAYS_KEPT - 1)


def first_day_looked_at(now: datetime.datetime) -> datetime.date:
    """Only the last days are looked at again, so that who looked after the rescued then keeps them; at first, all."""
    if Rescue.objects.exists():
        return (now - LATE).astimezone(datetime.UTC).date()
    return first_day_kept(now)


def rescues_since(first: datetime.date) -> list[Rescue]:
    """Who was at high risk, as last published before the day, and ordered on it."""
    published = PredictionLedger.objects.published().filter(kind=Kind.CHURN)
    if not published.exists():
        return []
    before = published.filter(customer=OuterRef("customer"), day__lt=OuterRef("day"))
    sales = Order.objects.filter(kind=Order.Kind.SALE, occurred_at__gte=midnight(first))
    sales = sales.annotate(day=TruncDate("occurred_at", tzinfo=datetime.UTC))
    sales = sales.annotate(before=Subquery(before.order_by("-day").values("score")[:1]))
    rows = sales.filter(before__gte=HIGH_RISK).order_by()
    rows = rows.values_list("customer", "customer__owner", "day")
    return [
        Rescue(
            customer_id=customer, owner_id=owner, day=day, risk_before=risk, value=round(value, 2)
        )
        for customer, owner, day, risk, value in rows.annotate(
            risk=Max("before"), sum=Sum("base_amount")
        ).iterator()
    ]


Sums = dict[tuple, dict[str, int | float | Decimal]]


def what_was_done(first: datetime.date) -> Sums:
    found: Sums = defaultdict(lambda: defaultdict(int))
    since = midnight(first)
    add_talks(found, since)
    add_tasks(found, since)
    add_answers(found, since)
    return found


def store_person_days(found: Sums) -> None:
    PersonDay.objects.all().delete()
    PersonDay.objects.bulk_create(
        [
            PersonDay(person_id=person, day=day, team_id=team, owned=owned, **figures)
            for (person, day, team, owned), figures in found.items()
        ],
        batch_size=500,
    )


def talks_of_colleagues(since: datetime.datetime) -> QuerySet[Interaction]:
    """What they said to customers and heard from them: a note is nobody's conversation."""
    written = Interaction.objects.filter(author__isnull=False, occurred_at__gte=since)
    return written.exclude(channel=Interaction.Channel.NOTE)


def finished_tasks(since: datetime.datetime) -> QuerySet[Task]:
    return Task.objects.filter(assignee__isnull=False, done_at__gte=since)


def in_time() -> Q:
    return Q(due_on=None) | Q(day__lte=F("due_on"))


def answers_of_colleagues(since: datetime.datetime) -> QuerySet[Interaction]:
    """What a colleague sent, once for each message of the customer that it was the first answer to."""
    sent = Interaction.objects.filter(author__isnull=False, occurred_at__gte=since)
    sent = sent.filter(direction=Interaction.Direction.OUT, customer__isnull=False)
    return sent.filter(
        customer__readings__inbound=True,
        customer__readings__answered_at=F("occurred_at"),
        customer__readings__occurred_at__gte=F("occurred_at") - MessageReading.ANSWERED_WITHIN,
    ).annotate(
        asked_at=F("customer__readings__occurred_at"),
        asked=F("customer__readings__interaction"),
        asked_by=F("customer__readings__interaction__channel"),
    )


def add_talks(found: Sums, since: datetime.datetime) -> None:
    rows = by_day(talks_of_colleagues(since), "author", "occurred_at").annotate(
        talks=Count("pk"), calls=Count("pk", filter=Q(channel=Interaction.Channel.CALL))
    )
    add(found, rows, "talks", "calls")


def add_tasks(found: Sums, since: datetime.datetime) -> None:
    rows = by_day(finished_tasks(since), "assignee", "done_at")
    rows = rows.annotate(tasks=Count("pk"), tasks_in_time=Count("pk", filter=in_time()))
    add(found, rows, "tasks", "tasks_in_time")


def add_answers(found: Sums, since: datetime.datetime) -> None:
    complaint = Q(asked_by=Interaction.Channel.COMPLAINT)
    wait = ExpressionWrapper(F("occurred_at") - F("asked_at"), DurationField())
    rows = by_day(answers_of_colleagues(since), "author", "occurred_at").annotate(
        answered=Count("asked"),
        waited=Sum(wait),
        complaints=Count("asked", filter=complaint),
        complaints_waited=Sum(wait, filter=complaint),
    )
    add(found, rows, "answered", "waited", "complaints", "complaints_waited")


def add_rescues(found: Sums, since: datetime.date) -> None:
    rows = Rescue.objects.filter(owner__isnull=False, day__gte=since).order_by()
    rows = rows.values(
        "day", who=F("owner"), team=F("customer__team"), owner_now=F("customer__owner")
    )
    add(
        found,
        rows.annotate(rescued=Count("pk"), rescued_value=Sum("value")),
        "rescued",
        "rescued_value",
    )


def by_day(rows: QuerySet, person: str, moment: str) -> QuerySet:
    dated = rows.annotate(day=TruncDate(moment, tzinfo=datetime.UTC)).order_by()
    return dated.values(
        "day", who=F(person), team=F("customer__team"), owner_now=F("customer__owner")
    )


HOURS = {"waited": "answer_hours", "complaints_waited": "complaint_hours"}


def add(found: Sums, rows: QuerySet, *names: str) -> None:
    for row in rows:
        figures = found[row["who"], row["day"], row["team"], row["owner_now"] is not None]
        for name in names:
            value = row[name] or 0
            if name in HOURS:
                value = value / HOUR if value else 0.0
            figures[HOURS.get(name, name)] += value
