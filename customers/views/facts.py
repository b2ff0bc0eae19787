"""The lists of orders and of conversations: one page for both, the same view for the page and its refresh."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from customers import columns as cols
from customers import order_listing, talk_listing
from customers.fact_listing import FactListing, Kind, of_view, read, view_of
from customers.filtering import EVERYBODY, Fields, sentence_of
from customers.filtering.building import Draft
from customers.filtering.ready import still_ready
from customers.list_tables import LISTS, OF
from customers.models import Company, SavedView
from customers.order_listing import ORDERS
from customers.paging import COUNT_CAP, Page, page_by
from customers.striding import Narrowing
from customers.talk_listing import INTERACTIONS
from customers.views.bulk import fact_actions
from customers.views.list import chips_of, place_in, pushed
from customers.views.saved import may_change, my_views, said_of
from customers.wording import amount, money, spaced


@require_safe
def orders(request):
    listing, fields = asked(request, ORDERS)
    found = listing.choose(request.user, fields)
    sums = order_listing.counted(found)
    page = page_of(request, listing, found, sums, order_listing.with_rows)
    order_listing.fill_in(page.rows)
    said = orders_said(sums, fields.currency)
    return answer(request, listing, fields, page, said, sums["count"])


@require_safe
def interactions(request):
    listing, fields = asked(request, INTERACTIONS)
    found = listing.choose(request.user, fields)
    sums = talk_listing.counted(found)
    page = page_of(request, listing, found, sums, talk_listing.with_rows)
    talk_listing.fill_in(page.rows, listing.search)
    return answer(request, listing, fields, page, talks_said(sums), sums["count"])


def asked(request, kind: Kind) -> tuple[FactListing, Fields]:
    view = view_of(kind, request.user, request.GET)
    fields = kind.fields(request.user, Company.current().base_currency)
    return read(kind, request.GET, fields, view), fields


def page_of(request, listing: FactListing, found: QuerySet, sums: dict, with_rows) -> Page:
    """Where few match, they are known already: nothing is looked for once more along the order of the list."""
    user = request.user
    narrowing = Narrowing(further=not user.is_admin or listing.is_narrowed)
    sort = listing.kind.sorts[listing.order.removeprefix("-")]
    if not is_capped(sums["count"]):
        found = listing.kind.rows().visible_to(user).filter(pk__in=sums["ids"] or [])
        narrowing = Narrowing(further=False)
        sort = replace(sort, nullable=bool(sums.get("undated")))
    return page_by(
        with_rows(found, listing.shown),
        sort,
        listing.order.startswith("-"),
        settings.CUSTOMER_PAGE_SIZE,
        request.GET.get("after", ""),
        request.GET.get("before", ""),
        narrowing,
    )


def is_capped(count: int) -> bool:
    """There may be more: no more are counted and added up."""
    return count >= COUNT_CAP


def orders_said(sums: dict, currency: str) -> str:
    """How many, worth how much, what of it went back; beyond the cap the sums are those of so many."""
    sales, backs = sums["sales"], sums["backs"]
    sold = ngettext("%(n)s order worth %(value)s", "%(n)s orders worth %(value)s", sales)
    back = ngettext(
        "%(n)s return or cancellation of %(value)s",
        "%(n)s returns and cancellations of %(value)s",
        backs,
    )
    parts = []
    if sales or not backs:
        parts.append(sold % {"n": amount(sales), "value": money(sums["sold"] or 0, currency)})
    if backs:
        value = money(abs(sums["returned"] or 0), currency)
        parts.append(back % {"n": amount(backs), "value": value})
    return said_of_all(sums["count"], _("%(n)s orders and returns"), parts)


def talks_said(sums: dict) -> str:
    """How many, how many of them wait for an answer, how many are negative."""
    words = ngettext("%(n)s conversation", "%(n)s conversations", sums["count"])
    parts = [] if is_capped(sums["count"]) else [words % {"n": amount(sums["count"])}]
    if sums["waiting"]:
        parts.append(_("%(n)s unanswered") % {"n": amount(sums["waiting"])})
    if sums["negative"]:
        parts.append(_("%(n)s negative") % {"n": amount(sums["negative"])})
    return said_of_all(sums["count"], words, parts)


def said_of_all(count: int, many: str, parts: list[str]) -> str:
    said = pgettext("between two clauses", ", ").join(parts)
    if is_capped(count):
        facts = {"many": many % {"n": f"{amount(count)}+"}, "part": amount(count)}
        whole = _("%(many)s. In %(part)s of them: %(said)s.") if parts else _("%(many)s.")
        return spaced(whole % (facts | {"said": said}))
    return spaced(_("%(many)s.") % {"many": said})


ICONS = {
    "answered": "check", "look-after": "user", "task": "checkbox", "tag": "tag", "assign": "users",
}  # fmt: skip


def answer(request, listing: FactListing, fields: Fields, page: Page, said: str, count: int):
    kind, user = listing.kind, request.user
    steps = (place_in(n, request.GET[n]) for n in ("after", "before") if request.GET.get(n))
    address = listing.address(next(steps, ""))
    query = listing.query()
    draft = listing.draft or Draft(listing.group)
    columns = [kind.columns[key] for key in listing.shown]
    cols.lay_out(page.rows, columns, user)
    for one in page.rows:
        one.called = LISTS[kind.page].in_brief(one)
    count_said = LISTS[kind.page].how_many(count, is_capped(count))
    context = {
        "listing": listing,
        "page": page,
        "said": said,
        "summary": {"customers": said},
        "currency": fields.currency,
        "table": TABLES[kind.page],
        "tabs": tabs_of(listing, my_views(user, kind.page)),
        "heads": heads_of(listing, columns),
        "room": cols.room_of(columns),
        "chips": chips_of(listing, fields),
        "box": draft.box(fields),
        "draft": draft,
        "field_groups": fields.grouped(),
        "none_chosen": fields.none_chosen,
        "ready": still_ready(draft.group, fields),
        "sentence": sentence_of(listing.group, fields),
        "orders": kind.orders,
        **cols.menu_of(
            listing.shown, kind.columns, lambda keys: listing.address(columns=keys), kind.usual
        ),
        "address": address,
        **urls_of(listing, page, query),
        "bulk_actions": [
            (name, ICONS[name], words) for name, words in fact_actions(user, kind.page).items()
        ],
        "bulk_query": parse_qsl(query),
        "count_said": count_said,
    }
    if listing.view:
        context["view_said"] = said_of(listing.view)
        context["may_change_view"] = may_change(user, listing.view)
        context["view_save_url"] = f"{reverse('view-save', args=[listing.view.pk])}?{query}"
    part = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"customers/{'_facts' if part else 'facts'}.html", context)
    if part:
        response["HX-Push-Url"] = pushed(request, address)
    return response


def urls_of(listing: FactListing, page: Page, query: str) -> dict:
    """Where the page's links, forms and files lead; ``query`` is the listing's own."""
    name = listing.kind.page
    export = reverse(f"{name}-export")
    return {
        "after_url": page.after and listing.address(place_in("after", page.after)),
        "before_url": page.before and listing.address(place_in("before", page.before)),
        "clear_url": listing.address(group=EVERYBODY, search=""),
        "form_url": reverse(name),
        "bulk_url": reverse(f"{name}-bulk"),
        "plain_export_url": export,
        "export_url": export + (f"?{query}" if query else ""),
        "save_url": f"{reverse('view-add')}?{OF}={name}&{listing.query(in_view=False)}",
    }


TABLES = {
    "orders": {"css": "o", "cell": "customers/_order_cell.html"},
    "interactions": {"css": "t", "cell": "customers/_talk_cell.html"},
}


def tabs_of(listing: FactListing, views: list[SavedView]) -> list[dict[str, Any]]:
    """The saved views, then the ready-made lists; the one that is open is marked."""
    kind = listing.kind
    tabs = [
        {
            "label": view.name,
            "url": of_view(kind, view).address(),
            "current": view == listing.view,
            "key": f"v{view.pk}",
        }
        for view in views
    ]
    for number, (label, group) in enumerate(kind.ready()):
        here = listing.view is None and not listing.search and listing.group == group
        url = FactListing(kind, group).address()
        tabs.append({"label": label, "url": url, "current": here, "key": f"r{number}"})
    return tabs


def heads_of(listing: FactListing, columns: list[cols.Column]) -> list[dict[str, Any]]:
    """Of each column: the address that a press leads to, which order there is now, where it fits."""
    here, down = listing.order.removeprefix("-"), listing.order.startswith("-")
    heads = []
    for column, fit in zip(columns, cols.fitting(columns), strict=True):
        name, url, is_sorted = column.sort, "", ""
        if name:
            descending = not down if name == here else listing.kind.sorts[name].descending
            url = listing.address(sort=f"-{name}" if descending else name)
            is_sorted = ("descending" if down else "ascending") if name == here else ""
        heads.append({"column": column, "fit": fit, "url": url, "sorted": is_sorted})
    return heads
