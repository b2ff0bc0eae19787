"""Whose churn risk has risen most, by the money at stake: the first of a list, for the pages that show it."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from customers import listing as lists
from customers.columns import AFTER_CHANGE
from customers.exporting import file_links
from customers.filtering import Fields
from customers.filtering.ready import GOT_WORSE, MUCH
from customers.filtering.tree import ALL, Group
from customers.listing import Listing
from customers.models import Company, Customer
from customers.paging import COUNT_CAP
from customers.views.list import counted, is_too_early, page_of_list
from customers.views.saved import query_of
from customers.wording import capped_count

SHOWN = 6


def got_worse(query, fields: Fields) -> Listing:
    """The list of those of whom the filter of the address asks, as far as their risk has risen."""
    asked = lists.read(query, fields).group
    items = asked.items if asked.match == ALL else (asked,)
    group = Group(ALL, (GOT_WORSE, *(one for one in items if one != GOT_WORSE)))
    return Listing(group, columns=AFTER_CHANGE)


@require_safe
def worse(request):
    company = Company.current()
    fields = Fields(request.user, company.base_currency)
    listing = got_worse(request.GET, fields)
    found = listing.choose(Customer.objects.visible_to(request.user), fields)
    sums = counted(found)
    rows = page_of_list(request, listing, found, sums, fields, SHOWN).rows if sums["count"] else []
    query = f"{query_of(listing)}&all=1"
    context = {
        "rows": rows,
        "points": MUCH,
        "company": company,
        "count": sums["count"],
        "customers": capped_count(sums["count"], COUNT_CAP),
        "value": sums["value"] if sums["count"] <= COUNT_CAP else None,
        "too_early": is_too_early(listing.group, rows),
        "list_url": listing.address(),
        "by_change_url": listing.address(sort="-change"),
        "way_query": urlencode({"in": listing.address()}),
        "files": file_links(reverse("customers-export"), query),
    }
    return render(request, "customers/_worse.html", context)
