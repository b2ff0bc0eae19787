"""The customers page: search, filter, order, columns, pages by key. The same view answers the page and its refresh."""

import datetime
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from customers import columns as cols
from customers import listing as lists
from customers.fact_listing import FactListing
from customers.filtering import (
    EVERYBODY,
    Fields,
    Problem,
    in_words,
    narrowing_of,
    options,
    sentence_of,
)
from customers.filtering.building import Draft
from customers.filtering.ready import still_ready
from customers.filtering.tree import ALL, Condition, Group
from customers.filters import near_to, teams_of
from customers.listing import Listing
from customers.models import (
    HIGH_RISK,
    Company,
    Customer,
    CustomerMonth,
    CustomerQuerySet,
    CustomerScore,
    SavedView,
)
from customers.paging import COUNT_CAP, Ids, Page, page_of
from customers.reasons import Words
from customers.reasons.in_brief import top_sentence
from customers.short_lists import in_order, page_among, whole_rows
from customers.striding import Narrowing
from customers.views.list_heads import heads_of, is_high_risk, orders_of, too_long
from customers.views.saved import my_views, query_of, tabs_context
from customers.wording import amount, capped_count, money

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


def counted(customers: CustomerQuerySet) -> dict:
    """How many, which, worth how much, how much of it at risk.

    Counted and added up to the cap, so that it costs the same for millions.
    """
    columns = customers.order_by().values("pk", "totals__value", "score__churn_risk")
    return columns[: COUNT_CAP + 1].aggregate(
        count=Count("pk"),
        ids=Ids("pk"),
        value=Sum("totals__value"),
        at_risk=Sum("totals__value", filter=Q(score__churn_risk__gte=HIGH_RISK)),
    )


def summary_of(sums: dict, currency: str) -> dict:
    """In words; of more than were counted there is no sum yet (see customers.views.list_sums)."""
    words = ngettext("%(n)s customer", "%(n)s customers", min(sums["count"], COUNT_CAP))
    customers = words % {"n": capped_count(sums["count"], COUNT_CAP)}
    if sums["count"] > COUNT_CAP:
        return {"customers": customers}
    return told(customers, sums, currency)


def told(customers: str, sums: dict, currency: str) -> dict:
    return {
        "customers": customers,
        "value": money(sums["value"], currency) if sums["value"] else None,
        "at_risk": money(sums["at_risk"], currency) if sums["at_risk"] else None,
    }


def chips_of(listing: Listing | FactListing, fields: Fields) -> list[dict]:
    """The filter as short sentences, each with the list without it; all of one that is joined by "or"."""
    group = listing.group
    if group.match != ALL and len(group.items) > 1:
        words = capfirst(in_words(group, fields))
        return [{"words": words, "title": words, "url": listing.address(group=EVERYBODY)}]
    chips = []
    for place, item in enumerate(group.items):
        words = capfirst(in_words(item, fields))
        url = listing.address(group=group.without(place))
        chips.append({"words": words, "title": titled(item, words, fields), "url": url})
    return chips


def titled(item: Condition | Group, words: str, fields: Fields) -> str:
    """With the SKUs of the products that a condition names: several may be called the same."""
    field = fields.get(item.field) if isinstance(item, Condition) else None
    if field is None or field.choices is not options.products:
        return words
    skus = pgettext("between two names", ", ").join(
        one.sku for one in options.chosen_products(item.values)
    )
    return f"{words} ({skus})" if skus else words


def is_too_early(group: Group, rows: list[Customer]) -> bool:
    """Whether nobody is found because there is no earlier risk of anybody to compare with."""
    if rows or not any(one.field == "risk_change" for one in group.conditions()):
        return False
    return not CustomerScore.objects.filter(churn_change__isnull=False).exists()


def narrowing_for(user, group: Group, fields: Fields, search: str) -> Narrowing:
    """What follows from who is reading and from the filter for the columns beside those that lists are sorted by."""
    near = {} if user.is_admin else near_to(user, list(teams_of(user)))
    hidden = not user.is_admin and not near
    asked, further = narrowing_of(group, fields)
    return Narrowing(near | asked, hidden or further or bool(search))


def page_of_list(
    request,
    listing: Listing,
    found: CustomerQuerySet,
    sums: dict,
    fields: Fields,
    size: int | None = None,
) -> Page:
    """The rows with all that stands in their cells. Where few match, they are known already: nothing is looked for
    once more along the order of the list."""
    narrowing = narrowing_for(request.user, listing.group, fields, listing.search)
    is_short = sums["count"] <= COUNT_CAP
    if narrowing.further and is_short:
        found = Customer.objects.visible_to(request.user).filter(pk__in=sums["ids"] or [])
        narrowing = Narrowing(further=False)
    rows, size = rows_of(found, listing), size or settings.CUSTOMER_PAGE_SIZE
    edges = request.GET.get("after", ""), request.GET.get("before", "")
    column, down = listing.ordering(fields)
    whole = in_order(rows, column, down) if column and is_short else None
    if whole is None:
        page = page_of(rows, listing.sort, size, *edges, narrowing)
    else:
        page = page_among(whole, size, *edges)
        page.rows = whole_rows(rows, page.rows)
    fill_in(page.rows, listing, fields)
    return page


def rows_of(found: CustomerQuerySet, listing: Listing) -> CustomerQuerySet:
    """With what the cells of the list's columns read."""
    rows = found.with_scores().select_related("owner", "team")
    return rows.prefetch_related("tags") if "tags" in listing.columns else rows


def fill_in(customers: list[Customer], listing: Listing, fields: Fields) -> None:
    """Cells for the rows, and what some of them show beside a value."""
    known = cols.available(fields.attributes)
    cols.lay_out(customers, [known[key] for key in listing.columns], fields.user)
    if "ord" in listing.columns:
        add_sparklines(customers)
    words = Words(fields.currency)
    for customer in customers:
        customer.why = top_sentence(customer, words, listing.got_worse)


@require_safe
def customers(request):
    """The list of an address that names no saved view; where it says nothing at all, the first page of one's role."""
    views = my_views(request.user)
    first = next((view for view in views if view.is_first_page), None)
    if first and not request.GET and not request.htmx:
        return redirect(first)
    return list_page(request, None, views)


@require_safe
def view(request, pk):
    """A saved view, with whatever the address changes in it."""
    views = my_views(request.user)
    here = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if here.page != SavedView.Page.CUSTOMERS:
        return redirect(here)
    return list_page(request, here, views)


def list_page(request, here: SavedView | None, views: list[SavedView]):
    company = Company.current()
    fields = Fields(request.user, company.base_currency)
    listing = lists.read(request.GET, fields, here)
    visible = Customer.objects.visible_to(request.user)
    found = listing.choose(visible, fields)
    sums = counted(found)
    column, __ = listing.ordering(fields)
    if column and sums["count"] > COUNT_CAP:
        unsorted = Problem("", too_long(column))
        listing = replace(listing, problems=(*listing.problems, unsorted))
    page = page_of_list(request, listing, found, sums, fields)
    context = context_of(request, listing, fields, views, page, sums["count"])
    context |= {"summary": summary_of(sums, company.base_currency), "company": company}
    if sums["count"] > COUNT_CAP:
        context["sums_url"] = f"{reverse('list-sums')}?{query_of(listing, in_view=True)}&all=1"
    part = request.htmx and not request.htmx.history_restore_request
    response = render(request, "customers/_list.html" if part else "customers/list.html", context)
    if part:
        response["HX-Push-Url"] = pushed(request, context["address"])
    return response


def pushed(request, address: str) -> str:
    """The address for the bar: none where only an unfinished condition has changed."""
    here = request.htmx.current_url_abs_path or ""
    return "false" if here == address else address


def context_of(request, listing: Listing, fields: Fields, views, page: Page, count: int) -> dict:
    known = cols.available(fields.attributes)
    columns = [known[key] for key in listing.columns]
    draft = listing.draft or Draft(listing.group)
    steps = (place_in(n, request.GET[n]) for n in ("after", "before") if request.GET.get(n))
    place = next(steps, "")
    return {
        "listing": listing,
        "page": page,
        "too_early": is_too_early(listing.group, page.rows),
        "heads": heads_of(listing, columns, count <= COUNT_CAP),
        "room": cols.room_of(columns),
        "box": draft.box(fields),
        "draft": draft,
        "field_groups": fields.grouped(),
        "none_chosen": fields.none_chosen,
        "ready": still_ready(draft.group, fields),
        "chips": chips_of(listing, fields),
        "sentence": sentence_of(listing.group, fields),
        **cols.menu_of(listing.columns, known, lambda keys: listing.address(columns=keys)),
        **tabs_context(request, listing, views, fields, count),
        "orders": orders_of(listing, columns, count <= COUNT_CAP),
        "after_url": page.after and listing.address(place_in("after", page.after)),
        "before_url": page.before and listing.address(place_in("before", page.before)),
        "address": listing.address(place),
        "way_query": urlencode({"in": listing.address()}),
        "clear_url": listing.address(group=EVERYBODY, search=""),
        "form_url": listing.view.get_absolute_url() if listing.view else reverse("customers"),
        "export_url": f"{reverse('customers-export')}?{query_of(listing, in_view=True)}&all=1",
        "bulk_query": parse_qsl(query_of(listing, in_view=True)),
        "bulk_actions": bulk_actions_of(request.user),
        "bar_start": HIGH_RISK if is_high_risk(listing.group) else 0,
    }


def bulk_actions_of(user) -> list[tuple[str, str, str]]:
    """What to do with a selection: name, picture, words."""
    found = [
        ("edit", "pencil", _("Edit")),
        ("tag", "tag", pgettext("verb", "Tag")),
        ("task", "checkbox", _("Create tasks")),
    ]
    return [("assign", "user", _("Assign")), *found] if user.is_manager or user.is_admin else found


def place_in(name: str, place: str) -> str:
    return urlencode({name: place})
