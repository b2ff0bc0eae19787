"""The customers page: search, filters, sorting, pages by key. The same view answers the whole page and its refresh."""

import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from customers.filters import CustomerFilter
from customers.models import HIGH_RISK, Company, Customer, CustomerMonth, CustomerQuerySet
from customers.paging import COUNT_CAP, DEFAULT, SORTS, page_of, sort_of
from customers.reasons import Words
from customers.reasons.in_brief import top_sentence
from customers.wording import amount, money

MONTHS = 12


def last_months(today: datetime.date) -> list[datetime.date]:
    months, month = [], today.replace(day=1)
    for __ in range(MONTHS):
        months.append(month)
        month = (month - datetime.timedelta(days=1)).replace(day=1)
    return months[::-1]


def add_sparklines(customers: list[Customer]) -> None:
    """Orders per month of the last twelve, for all rows in one query."""
    months = last_months(timezone.now().date())
    place = {month: i for i, month in enumerate(months)}
    by_id = {c.pk: [0] * MONTHS for c in customers}
    rows = CustomerMonth.objects.filter(customer__in=list(by_id), month__gte=months[0])
    for pk, month, orders in rows.values_list("customer_id", "month", "orders"):
        if month in place:
            by_id[pk][place[month]] = orders
    for customer in customers:
        counts = by_id[customer.pk]
        customer.monthly_orders = counts
        text = ngettext("%(n)s order in 12 months", "%(n)s orders in 12 months", sum(counts))
        customer.monthly_words = text % {"n": amount(sum(counts))}


def summary_of(customers: CustomerQuerySet, currency: str) -> dict:
    """How many, worth how much, how much of it at risk. Counted up to a cap, so that it costs the same for millions."""
    capped = customers.order_by().values("pk", "totals__value", "score__churn_risk")[
        : COUNT_CAP + 1
    ]
    sums = capped.aggregate(
        count=Count("pk"),
        value=Sum("totals__value"),
        at_risk=Sum("totals__value", filter=Q(score__churn_risk__gte=HIGH_RISK)),
    )
    more = sums["count"] > COUNT_CAP
    count = COUNT_CAP if more else sums["count"]
    words = ngettext("%(n)s customer", "%(n)s customers", count)
    return {
        "customers": words % {"n": f"{amount(count)}{'+' if more else ''}"},
        "value": None if more or not sums["value"] else money(sums["value"], currency),
        "at_risk": None if more or not sums["at_risk"] else money(sums["at_risk"], currency),
    }


def address(query, **changes) -> str:
    """The address of this list with some parameters changed (None takes one out); back to the first page."""
    changed = {k: v for k, v in query.lists() if k not in ("after", "before", "focus", *changes)}
    changed |= {k: [v] for k, v in changes.items() if v is not None}
    kept = {k: v for k, v in changed.items() if any(v)}
    return reverse("customers") + (f"?{urlencode(kept, doseq=True)}" if kept else "")


def columns_of(query, sort: str) -> list[dict]:
    labels = {
        "name": _("Customer"),
        "risk": _("Churn risk, bars from 60%")
        if query.get("risk") == "high"
        else _("Churn risk and main reason"),
        "value": _("Value so far"),
        "last": _("Last order"),
        "expected": _("Next 12 months"),
    }
    current, __, descending = sort_of(sort)
    columns = {}
    for name, column in SORTS.items():
        here = name == current
        down = not descending if here else column.descending
        columns[name] = {
            "label": labels[name],
            "url": address(query, sort=f"-{name}" if down else name),
            "sorted": ("descending" if descending else "ascending") if here else "",
            "value": f"-{name}" if column.descending else name,
        }
    return columns


def orders_of() -> list[tuple[str, str]]:
    """Every order of the list in words, for where no column heads stand."""
    return [
        ("-value", _("Value so far, highest first")),
        ("value", _("Value so far, lowest first")),
        ("-expected", _("Value of the next 12 months, highest first")),
        ("expected", _("Value of the next 12 months, lowest first")),
        ("-risk", _("Churn risk, highest first")),
        ("risk", _("Churn risk, lowest first")),
        ("-last", _("Last order, newest first")),
        ("last", _("Last order, oldest first")),
        ("name", _("Name, A to Z")),
        ("-name", _("Name, Z to A")),
    ]


def views_of(user, query) -> list[dict]:
    """Ready-made lists: the address is all there is to them."""
    base = reverse("customers")
    offered = [(_("All"), ""), (_("Mine"), "owner=me"), (_("High risk"), "risk=high")]
    offered.insert(2, (_("My high risk"), "owner=me&risk=high"))
    offered += [(_("Champions"), "segment=champions"), (_("New"), "segment=new")]
    here = {
        (k, v)
        for k, vs in query.lists()
        for v in vs
        if v and k not in ("after", "before", "sort", "focus")
    }
    return [
        {
            "label": label,
            "url": f"{base}?{text}" if text else base,
            "current": here == {tuple(pair.split("=")) for pair in text.split("&") if pair},
        }
        for label, text in offered
    ]


@require_safe
def customers(request):
    query = request.GET
    company = Company.current()
    visible = Customer.objects.visible_to(request.user)
    filter_ = CustomerFilter(query, queryset=visible, user=request.user)
    found = filter_.qs
    sort = query.get("sort") or DEFAULT
    page = page_of(
        found.with_scores().select_related("owner"),
        sort,
        settings.CUSTOMER_PAGE_SIZE,
        query.get("after", ""),
        query.get("before", ""),
        filter_.narrowing(),
    )
    add_sparklines(page.rows)
    words = Words(company.base_currency)
    for customer in page.rows:
        customer.why = top_sentence(customer, words)
    chips = filter_.chips()
    for chip in chips:
        chip["url"] = address(query, **{chip["name"]: None})
    context = {
        "filter": filter_,
        "page": page,
        "chips": chips,
        "summary": summary_of(found, company.base_currency),
        "columns": columns_of(query, sort),
        "views": views_of(request.user, query),
        "sort": sort if sort in dict(orders_of()) else DEFAULT,
        "orders": orders_of(),
        "after_url": page.after and _place(query, after=page.after),
        "before_url": page.before and _place(query, before=page.before),
        "clear_url": reverse("customers"),
        "company": company,
        "filtered": bool(chips or query.get("q")),
        "bar_start": HIGH_RISK if query.get("risk") == "high" else 0,
        "left_out": not filter_.is_valid(),
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "customers/_list.html" if part else "customers/list.html", context)


def _place(query, **place) -> str:
    base = address(query)
    return f"{base}{'&' if '?' in base else '?'}{urlencode(place)}"
