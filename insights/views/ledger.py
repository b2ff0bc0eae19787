"""What was published about one customer month by month, beside what the customer really ordered."""

import datetime

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import HIGH_RISK, Company, Customer, CustomerMonth
from insights.models import Kind, PredictionLedger

MONTHS = 12
COLUMNS = ("month", "orders", "value")


def last_months(today: datetime.date, count: int = MONTHS) -> list[datetime.date]:
    """First days of the last months, the current one included, oldest first."""
    number = today.year * 12 + today.month - 1
    return [datetime.date(*divmod_month(n)) for n in range(number - count + 1, number + 1)]


def divmod_month(number: int) -> tuple[int, int, int]:
    return number // 12, number % 12 + 1, 1


def risk_by_month(customer: Customer, since: datetime.date) -> dict[datetime.date, float]:
    """The last risk published in each month, as a share."""
    published = PredictionLedger.objects.published().filter(
        kind=Kind.CHURN, customer=customer, day__gte=since, score__isnull=False
    )
    return {
        day.replace(day=1): score
        for day, score in published.order_by("day").values_list("day", "score")
    }


def rows_of(customer: Customer, months: list[datetime.date]) -> list[dict]:
    """Each month's risk, orders and their value; None and zeros where there is nothing."""
    risk = risk_by_month(customer, months[0])
    score = getattr(customer, "score", None)
    if risk and score and score.churn_risk is not None:
        # The ledger keeps the first word of a day; the page beside it shows the latest.
        risk[months[-1]] = score.churn_risk
    ordered = CustomerMonth.objects.filter(customer=customer, month__gte=months[0])
    orders = {month: (count, value) for month, count, value in ordered.values_list(*COLUMNS)}
    return [
        dict(zip(("orders", "value"), orders.get(month, (0, 0)), strict=True))
        | {"month": month, "risk": risk.get(month)}
        for month in months
    ]


def chart_of(rows: list[dict], currency: str) -> dict:
    """What the drawing script needs, its words included."""
    high = round(HIGH_RISK * 100)
    return {
        "months": [row["month"].isoformat() for row in rows],
        "risk": [None if row["risk"] is None else round(row["risk"] * 100) for row in rows],
        "value": [float(row["value"]) for row in rows],
        "high": high,
        "currency": currency,
        "words": {
            "risk": _("Churn risk"),
            "value": _("Order value"),
            "unknown": _("not published"),
            "none": _("No orders"),
            "high": _("High from %(percent)s%%") % {"percent": high},
        },
    }


@require_safe
def customer_ledger(request, pk):
    customers = Customer.objects.visible_to(request.user).select_related("score")
    customer = get_object_or_404(customers, pk=pk)
    rows = rows_of(customer, last_months(timezone.now().date()))
    currency = Company.current().base_currency
    told = [row["month"] for row in rows if row["risk"] is not None]
    context = {
        "customer": customer,
        "rows": rows,
        "currency": currency,
        "has_risk": bool(told),
        "has_orders": any(row["orders"] or row["value"] for row in rows),
        "first_risk": min(told, default=None),
        "chart": chart_of(rows, currency),
    }
    return render(request, "insights/_ledger.html", context)
