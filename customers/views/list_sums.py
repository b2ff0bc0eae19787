"""What a long list is worth and how much of it is at risk: too much to add up before the page is there."""

import hashlib

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from customers.models import HIGH_RISK, Company, CustomerQuerySet
from customers.selecting import selection_of
from customers.views.list import told
from customers.wording import amount

KEPT = 600  # seconds; a million customers take a second or two


@require_safe
def list_sums(request):
    """The sentence above the list once more, with sums; asked for by a page whose list is too long to have them."""
    customers = selection_of(request.user, request.GET).customers
    sums = cache.get_or_set(key_of(request), lambda: sums_of(customers), KEPT)
    words = ngettext("%(n)s customer", "%(n)s customers", sums["count"])
    summary = told(words % {"n": amount(sums["count"])}, sums, Company.current().base_currency)
    return render(request, "customers/_list_summary.html", {"summary": summary})


def sums_of(customers: CustomerQuerySet) -> dict:
    return customers.order_by().aggregate(
        count=Count("pk"),
        value=Sum("totals__value"),
        at_risk=Sum("totals__value", filter=Q(score__churn_risk__gte=HIGH_RISK)),
    )


def key_of(request) -> str:
    """Of one reader and one list."""
    asked = hashlib.sha256(request.GET.urlencode().encode()).hexdigest()
    return f"list-sums-{request.user.pk}-{asked}"
