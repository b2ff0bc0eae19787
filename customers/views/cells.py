"""One cell of the list of customers, edited in its place. The answer is the whole row: other cells may show it too."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import columns as cols
from customers.cell_forms import form_of
from customers.columns import Column
from customers.filtering import Fields
from customers.listing import Listing
from customers.models import HIGH_RISK, Company, Customer
from customers.views.actions import INVALID
from customers.views.list import fill_in, rows_of
from customers.views.list_heads import is_high_risk
from customers.views.stepping import WAY, list_at
from customers.views.toasts import say
from customers.wording import spaced


@require_http_methods(["GET", "POST"])
@transaction.atomic
def customer_cell(request, pk):
    """The row as it is; with a ``column`` its cell is open, or saved: nobody else saves between look and writing."""
    visible = Customer.objects.visible_to(request.user)
    if request.method == "POST":
        visible = visible.select_for_update(of=("self",), no_key=True)
    person = get_object_or_404(visible, pk=pk)
    fields = Fields(request.user, Company.current().base_currency)
    if "column" not in request.GET:
        return row(request, pk, fields)
    column = column_of(request, fields)
    form = form_of(
        column.field,
        request.POST or None,
        instance=person,
        user=request.user,
        auto_id=f"cell{pk}-%s",
    )
    if request.method == "POST" and form.is_valid():
        if change_set := form.keep(request.user):
            words = {"field": column.edited, "name": person.name}
            say(request, spaced(_("%(name)s: %(field)s changed") % words), change_set)
        return row(request, pk, fields)
    status = INVALID if request.method == "POST" else 200
    return row(request, pk, fields, status, form=form, open_column=column.key)


def column_of(request, fields: Fields) -> Column:
    column = cols.available(fields.attributes).get(request.GET["column"])
    if column is None or not column.is_open_to(request.user):
        raise PermissionDenied
    return column


def row(request, pk: int, fields: Fields, status: int = 200, **context) -> HttpResponse:
    """The customer in the columns of the list that the address names."""
    listing = list_at(request.user, request.GET.get(WAY, ""), fields) or Listing()
    found = rows_of(Customer.objects.visible_to(request.user), listing)
    customer = get_object_or_404(found, pk=pk)
    fill_in([customer], listing, fields)
    context |= {
        "customer": customer,
        "company": Company.current(),
        "way_query": urlencode({WAY: listing.address()}),
        "bar_start": HIGH_RISK if is_high_risk(listing.group) else 0,
    }
    return render(request, "customers/_row_alone.html", context, status=status)
