"""The way somebody came to a customer: the list it stands in, and who comes before and after."""

from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from customers import listing as lists
from customers.filtering import Fields
from customers.listing import Listing
from customers.models import Company, Customer, SavedView
from customers.paging import page_of, place_of, sort_of
from customers.short_lists import in_order, neighbours
from customers.views.list import narrowing_for

WAY = "in"  # the parameter that names the list
LONGEST = 4000


def list_at(user, address: str, fields: Fields) -> Listing | None:
    """The list of an address of ours."""
    try:
        parts = urlsplit(address[:LONGEST])
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    if parts.scheme or parts.netloc or match.url_name not in ("customers", "view"):
        return None
    view = None
    if match.url_name == "view":
        kept = SavedView.objects.visible_to(user).filter(page=SavedView.Page.CUSTOMERS)
        view = kept.filter(pk=match.kwargs["pk"]).first()
        if view is None:
            return None
    return lists.read(QueryDict(parts.query), fields, view)


def way_of(request, person: Customer) -> dict:
    """The list named in the address, and the addresses of the neighbours there."""
    address = request.GET.get(WAY, "")
    if not address:
        return {}
    fields = Fields(request.user, Company.current().base_currency)
    listing = list_at(request.user, address, fields)
    if listing is None:
        return {}
    found = listing.choose(Customer.objects.visible_to(request.user), fields).with_scores()
    here = listing.address()
    kept = urlencode({WAY: here})
    named = {
        "list_url": here,
        "list_name": str(listing.view) if listing.view else _("Customers"),
        "kept": kept,
    }
    column, down = listing.ordering(fields)
    whole = in_order(found, column, down) if column else None
    if whole is not None:
        one_before, one_after = neighbours(whole, person.pk)
        return named | {
            "previous_url": url_of(one_before, kept),
            "next_url": url_of(one_after, kept),
        }
    narrowing = narrowing_for(request.user, listing.group, fields, listing.search)
    place = place_of(person, sort_of(listing.sort)[1])

    def neighbour(**step) -> str:
        rows = page_of(found, listing.sort, 1, narrowing=narrowing, **step).rows
        return url_of(rows[0] if rows else None, kept)

    steps = {"previous_url": neighbour(before=place), "next_url": neighbour(after=place)}
    return named | steps


def url_of(person: Customer | None, kept: str) -> str:
    return f"{person.get_absolute_url()}?{kept}" if person else ""
