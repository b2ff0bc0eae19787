"""What was published about one customer month by month, beside what the customer really ordered."""

import datetime

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import HIGH_RISK, Company, Customer, CustomerMonth
from insights.models import Kind, PredictionLedger

MONTHS = 12


def last_months(today: datetime.date, count: int = MONTHS) -> list[datetime.date]:
    """First days of the last months, the current one included, oldest first."""
    number = today.year * 12 + today.month - 1
    return [datetime.date(*divmod_month(n)) for n in range(number - count + 1, number + 1)]


def divmod_month(number: int) -> tuple[int, int, int]:
    return number // 12, number % 12 + 1, 1


def risk_by_month(customer: Customer, since: datetime.date) -> dict[datetime.date, float]:
    """The last risk published in each month, as a share."""
    published = PredictionLedger.objects.filter(
        kind=Kind.CHURN, customer=customer, day__gte=since, score__isnull=False
    )
    return {
        day.replace(day=1): score
        for day, score in published.order_by("day").values_list("day", "score")
    }


@require_safe
def customer_ledger(request, pk):
    customer = get_object_or_404(
        Customer.objects.visible_to(request.user).select_related("score"), pk=pk
    )
    months = last_months(timezone.now().date())
    risk = risk_by_month(customer, months[0])
    score = getattr(customer, "score", None)
    if risk and score and score.churn_risk is not None:
        # The ledger keeps the first word of a day; the page beside it shows the latest.
        risk[months[-1]] = score.churn_risk
    orders = {
        row.month: row
        for row in CustomerMonth.objects.filter(customer=customer, month__gte=months[0])
    }
    rows = [
        {
            "month": month,
            "risk": risk.get(month),
            "orders": orders[month].orders if month in orders else 0,
            "value": orders[month].value if month in orders else 0,
        }
        for month in months
    ]
    currency = Company.current().base_currency
    context = {
        "customer": customer,
        "rows": rows,
        "currency": currency,
        "has_risk": bool(risk),
        "has_orders": bool(orders),
        "first_risk": min(risk, default=None),
        "chart": {
            "months": [month.isoformat() for month in months],
            "risk": [None if row["risk"] is None else round(row["risk"] * 100) for row in rows],
            "value": [float(row["value"]) for row in rows],
            "high": round(HIGH_RISK * 100),
            "currency": currency,
            "words": {
                "risk": _("Churn risk"),
                "value": _("Order value"),
                "unknown": _("not published"),
                "none": _("No orders"),
                "high": _("High from %(percent)s%%") % {"percent": round(HIGH_RISK * 100)},
            },
        },
    }
    return render(request, "insights/_ledger.html", context)
