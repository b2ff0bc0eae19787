"""A product: what it is, what of it is sold and to whom; what is said about it another app adds."""

from decimal import Decimal

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from customers.elsewhere import elsewhere
from customers.models import Company, Product, ProductValue
from customers.selling import buyers_of, sold_lately

CHANGES = 6


@require_safe
def product(request, pk):
    """Everybody sees the catalogue; sales are those to the customers one may see."""
    one = get_object_or_404(Product, pk=pk)
    sold = sold_lately(request.user, one)
    context = {
        "product": one,
        "sold": sold,
        "bars": [float(month.units) for month in sold.months],
        "buyers": buyers_of(request.user, one, sold.months[0].first),
        "changes": changes_of(one),
        "company": Company.current(),
        "voice_url": elsewhere("product-voice", one.pk),
    }
    return render(request, "customers/product.html", context)


def changes_of(product: Product) -> list[ProductValue]:
    """Earlier prices and stock, the newest first; a price as a number."""
    told = product.values.filter(field__in=["price", "in_stock"]).exclude(valid_from=None)
    found = list(told.order_by("-valid_from", "-pk")[:CHANGES])
    for one in found:
        if one.field == "price" and one.value is not None:
            one.price = Decimal(str(one.value))
    return found
