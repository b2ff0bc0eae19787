"""The customer page, its live refresh and its timeline."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, IntegerField, OuterRef, TextField, Value
from django.db.models.functions import Cast, TruncDate
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.elsewhere import elsewhere
from customers.explaining import explain
from customers.feeling import feeling_of, read_of
from customers.log_form import LogForm
from customers.marking import marked
from customers.models import (
    Company,
    CustomAttribute,
    Customer,
    ExternalId,
    Follow,
    MessageReading,
    Tag,
)
from customers.models.overdue import DaysSince
from customers.moments import days_ago
from customers.money import CENT
from customers.reasons import Words, recommendation, said
from customers.stamp import COLUMNS, STAMPS, stamp_of, stamp_of_customer, with_stamp
from customers.timeline import timeline, wanted_of, with_undated
from customers.views.stepping import WAY, way_of
from customers.wording import date_of, day, day_of_week, whole_days

PRODUCTS = 5
AGAIN = 2  # of them that are due to be bought again, beside the next order
# Who orders again within a year with less than this chance is told no day for it.
LEAST_LIKELY = 0.1
TABS = [
    ("everything", gettext_lazy("Everything")),
    ("conversations", gettext_lazy("Conversations")),
    ("notes", gettext_lazy("Notes")),
    ("complaints", gettext_lazy("Complaints")),
    ("orders", gettext_lazy("Orders")),
    ("browsing", gettext_lazy("Browsing")),
    ("tasks", gettext_lazy("Tasks")),
    ("changes", gettext_lazy("Changes")),
]


def open_customer(request, pk: int) -> Customer:
    """The customer with scores and totals, if this person may see it; else it does not exist."""
    customers = with_undated(Customer.objects.visible_to(request.user).with_scores())
    followed = Exists(Follow.objects.filter(customer=OuterRef("pk"), user=request.user))
    customers = with_stamp(customers).annotate(is_followed=followed)
    return get_object_or_404(customers.select_related("owner", "team", "parent"), pk=pk)


def no_score(customer: Customer) -> str:
    """Why there is no churn risk."""
    if customer.profiling_refused:
        return _("This customer has refused profiling, so nothing is predicted.")
    if customer.archived_at:
        return _("Archived customers are not scored.")
    totals = getattr(customer, "totals", None)
    if not totals or not totals.orders:
        return _("No score yet: needs 1 order, has 0.")
    return _(
        "Not scored yet. Scores come with the nightly run, once there is enough to learn from and what is learnt beats"
        " the plain rule."
    )


@dataclass(frozen=True)
class Annex:
    """``ids`` and ``labels`` by source and by the custom attribute's name; ``feelings``: how many days ago each
    message felt so, the newest first."""

    tags: list[str]
    ids: list[tuple[str, str]]
    labels: list[tuple[str, str]]
    feelings: list[tuple[str, int]]


def annex(customer: Customer) -> Annex:
    """Tags, external ids, the company's custom attributes, how the latest messages felt: in one query."""
    nothing = Value("", output_field=TextField())

    def rows(objects, kind, name, value, position):
        return objects.order_by().values_list(
            Value(kind, output_field=TextField()),
            Cast(name, TextField()),
            Cast(value, TextField()) if value else nothing,
            Cast(position, IntegerField()) if position else Value(0, output_field=IntegerField()),
        )

    latest = MessageReading.objects.filter(pk__in=read_of(customer).values("pk"))
    found = rows(Tag.objects.filter(customers=customer), "tag", "name", None, None).union(
        rows(ExternalId.objects.filter(customer=customer), "id", "source", "external_id", None),
        rows(CustomAttribute.objects.all(), "attribute", "name", "label", "position"),
        rows(latest, "feeling", "label", "occurred_at", DaysSince(TruncDate("occurred_at"))),
        all=True,
    )
    found = sorted(found, key=lambda row: (row[3], row[1]))
    feelings = sorted((row for row in found if row[0] == "feeling"), key=lambda row: row[2])
    return Annex(
        tags=[name for kind, name, __, __ in found if kind == "tag"],
        ids=[(name, value) for kind, name, value, __ in found if kind == "id"],
        labels=[(name, value) for kind, name, value, __ in found if kind == "attribute"],
        feelings=[(label, days) for __, label, __, days in reversed(feelings)],
    )


def attributes_of(customer: Customer, labels: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Label and value as people say them: defined ones in their order, then what else came with an import."""
    known = dict(labels)
    names = [*known, *(n for n in customer.attributes if n not in known)]
    return [
        (known.get(name, name), said(customer.attributes[name]))
        for name in names
        if customer.attributes.get(name) not in (None, "")
    ]


def details_of(customer: Customer, beside: Annex) -> dict:
    """What the card of details shows beside the customer's own fields."""
    return {
        "tags": beside.tags,
        "external_ids": beside.ids,
        "attributes": attributes_of(customer, beside.labels),
    }


def gap_of(customer: Customer) -> dict | None:
    """Days since the last order against the usual gap, with the places of bar and marker."""
    totals = getattr(customer, "totals", None)
    if not totals or not totals.last_order_at:
        return None
    days = max(0, days_ago(totals.last_order_at))
    usual = totals.usual_gap_days
    over = 0 if usual is None or customer.profiling_refused else days - whole_days(usual)
    span = max(days * 1.15, (usual or 0) * 2, 1)
    months = round((totals.last_order_at - totals.first_order_at).days / 30.4)
    return {
        "days": days,
        "usual": None if usual is None else whole_days(usual),
        "overdue": max(0, over),  # as models.overdue has it of many
        "share": days / span,
        "mark": None if usual is None else usual / span,
        "months": months,
    }


def outlook_of(customer: Customer, gap: dict | None) -> dict | None:
    """What to expect of the customer: amounts with their ranges, the next order with its days and how overdue it is."""
    score, outlook = (getattr(customer, name, None) for name in ("score", "outlook"))
    if customer.profiling_refused or not outlook or not score or score.expected_value is None:
        return None
    return {
        "year": score.expected_value,
        "low": outlook.spend_365_low,
        "high": outlook.spend_365_high,
        "near": outlook.spend_90,
        "near_low": outlook.spend_90_low,
        "near_high": outlook.spend_90_high,
        "stays": outlook.stays_365,
        "comes": outlook.stays_365 >= LEAST_LIKELY,
        "soonest": outlook.next_from,
        "next": max(outlook.next_on, timezone.localdate()),
        "latest": outlook.next_to,
        "soon": outlook.within_30,
        "overdue": gap["overdue"] if gap else 0,
    }


def scores_of(customer: Customer, company: Company, beside: Annex) -> dict:
    """What the score cards, the reasons and the recommended products show."""
    words = Words(company.base_currency, dict(beside.labels))
    score = getattr(customer, "score", None)
    risk = None if score is None or customer.profiling_refused else score.churn_risk
    reasons = getattr(customer, "reasons", None)
    products, gap = [], gap_of(customer)
    if not customer.profiling_refused:
        offers = customer.recommendations.select_related("product", "because").order_by("rank")
        products = list(offers[:PRODUCTS])
        for offer in products:
            offer.text = recommendation(offer, words)
    return {
        "customer": customer,
        "company": company,
        "score": score,
        "risk": risk,
        "no_score": no_score(customer) if risk is None else "",
        "change": _change(score, risk),
        "per_order": _per_order(customer),
        "why": explain(risk, reasons.churn, words) if risk is not None and reasons else None,
        "gap": gap,
        "feeling": None if customer.profiling_refused else feeling_of(beside.feelings),
        "outlook": outlook_of(customer, gap),
        "products": products,
        "again": [one.product for one in products if one.why == "reorder"][:AGAIN],
        "only_reorders": bool(products) and all(offer.why == "reorder" for offer in products),
        "stamp": stamp_of_customer(customer),
        "today": timezone.localdate(),
        "open_tasks": customer.tasks.open().select_related("assignee").order_by("due_on", "pk"),
    }


def _change(score, risk: float | None) -> float | None:
    """Points since the score before, from the figures as they are shown, so that a reader's sum is right."""
    if risk is None or score.churn_risk_before is None or not score.churn_before_at:
        return None
    return round(risk * 100) - round(score.churn_risk_before * 100)


def _per_order(customer: Customer):
    totals = getattr(customer, "totals", None)
    if not totals or not totals.orders:
        return None
    # To the cent, as reasons keep it: what is rounded once here and twice there would be told as two figures.
    return (totals.value / totals.orders).quantize(CENT)


def timeline_of(customer: Customer, query) -> dict:
    wanted = wanted_of(query)
    found = timeline(customer, wanted, query.get("after", ""), query.get("until", ""))
    shown = query.get("day", "") if query.get("after") else ""
    for item in found.items:
        here = str(date_of(item.when)) if item.when else "none"
        if item.kind == "talk":
            item.thing.marked = marked(item.thing, wanted.words)
        item.heading = day_of_week(item.when) if here != shown else ""
        shown = here
    tabs = [(kind, label, urlencode(wanted.query | {"timeline": kind})) for kind, label in TABS]
    return {
        "timeline": found,
        "wanted": wanted,
        "wanted_query": urlencode(wanted.query),
        "kinds": tabs,
        "last_day": shown,
    }


@require_safe
def customer(request, pk):
    person = open_customer(request, pk)
    company = Company.current()
    beside = annex(person)
    context = scores_of(person, company, beside) | timeline_of(person, request.GET)
    context |= way_of(request, person)
    context |= {
        **details_of(person, beside),
        "talk_form": LogForm(auto_id="talk-%s"),
        "was": _was(person),
        "people_url": reverse("customer-colleagues", args=[person.pk]),
        "ledger_url": _elsewhere("customer-ledger", person),
        "alike_url": _elsewhere("customer-alike", person),
        "voice_url": _elsewhere("customer-voice", person),
    }
    return render(request, "customers/customer.html", context)


def _elsewhere(name: str, customer: Customer) -> str:
    """Where a part comes from (the chart of risk and orders, who is alike, what they say)."""
    return elsewhere(name, customer.pk)


def _was(customer: Customer) -> str:
    """ "was Loyal until 12 Oct", where the segment changed."""
    score = getattr(customer, "score", None)
    if not score or not score.segment_before or not score.segment_since:
        return ""
    facts = {"segment": score.get_segment_before_display(), "day": day(score.segment_since)}
    return _("was %(segment)s until %(day)s") % facts


@require_safe
def customer_live(request, pk):
    """The changed parts of an open page."""
    person = open_customer(request, pk)
    beside = annex(person)
    context = scores_of(person, Company.current(), beside) | timeline_of(person, request.GET)
    return render(request, "customers/_live.html", context | {"was": _was(person)})


@require_safe
def customer_timeline(request, pk):
    person = open_customer(request, pk)
    context = timeline_of(person, request.GET) | {"customer": person}
    if way := request.GET.get(WAY):
        context |= {"list_url": way, "kept": urlencode({WAY: way})}
    if request.GET.get("after"):
        return render(request, "customers/_timeline_older.html", context)
    response = render(request, "customers/_timeline.html", context)
    query = "&".join(filter(None, [context["wanted_query"], context.get("kept")]))
    response["HX-Replace-Url"] = f"{person.get_absolute_url()}?{query}"
    return response


@require_safe
def customer_stamp(request, pk):
    """304 while nothing has changed; asked every few seconds, so it is one query and no page."""
    customers = with_stamp(Customer.objects.visible_to(request.user).filter(pk=pk))
    values = customers.values(*COLUMNS, *STAMPS).first()
    if values is None:
        raise Http404
    etag = f'"{stamp_of(values)}"'
    same = request.headers.get("If-None-Match") == etag
    response = HttpResponseNotModified() if same else HttpResponse(status=200)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
