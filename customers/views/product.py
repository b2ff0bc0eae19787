"""The products, and each: what it is, what of it is sold and to whom; what is said about it another app adds."""

from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import DecimalField, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, NullIf
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.elsewhere import elsewhere
from customers.models import Company, Product, ProductSum, ProductValue
from customers.paging import Sort, page_by
from customers.product_names import named
from customers.product_sums import sums_of, visible_sums
from customers.selling import buyers_of, sold_lately

CHANGES, PAGE = 6, 50
SORTS = {
    "name": Sort("name", False, ties_follow=True, nullable=False),
    "category": Sort("category", False, ties_follow=True, nullable=False),
    "price": Sort("price", True, Decimal),
    "sold": Sort("sold", True, Decimal),
    "returned": Sort("returned_share", True, float),
    "negative": Sort("negative_share", True, float),
}
DEFAULT = "-sold"


@require_safe
def products(request):
    """The catalogue; figures are those of the customers one may see, added up every night."""
    wanted = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:100]
        for name in ("q", "category")
    }
    text = request.GET.get("sort", "")
    text = text if text.removeprefix("-") in SORTS else DEFAULT
    sort = SORTS[text.removeprefix("-")]
    rows = with_figure(request.user, matching(wanted), sort.field)
    page = page_by(
        rows,
        sort,
        text.startswith("-"),
        PAGE,
        request.GET.get("after", ""),
        request.GET.get("before", ""),
    )
    sums_of(request.user, page.rows)
    voice = elsewhere("voice")
    for one in page.rows:
        one.voice_url = f"{voice}?{urlencode({'shown': 'yes', 'product': one.pk})}" if voice else ""
    here = {name: value for name, value in wanted.items() if value}
    context = {
        "page": page, "wanted": wanted, "days": ProductSum.DAYS, "heads": heads_of(text, here),
        "sort": text, "categories": categories(),
        "after_url": f"?{urlencode(here | {'sort': text, 'after': page.after})}" if page.after else "",
        "before_url": f"?{urlencode(here | {'sort': text, 'before': page.before})}" if page.before else "",
    }  # fmt: skip
    return render(request, "customers/products.html", context)


def matching(wanted: dict[str, str]) -> QuerySet[Product]:
    """Those that are still sold, by words of one of their names or of their number."""
    rows = Product.objects.filter(archived_at=None)
    if wanted["q"]:
        rows = rows.filter(named(wanted["q"]) | Q(sku__icontains=wanted["q"]))
    return rows.filter(category=wanted["category"]) if wanted["category"] else rows


def with_figure(user, rows: QuerySet[Product], field: str) -> QuerySet[Product]:
    """With the figure that the list is sorted by, over the customers somebody may see."""
    share = {"returned_share": ("returned", "sold"), "negative_share": ("negative", "messages")}
    if field not in ("sold", *share):
        return rows
    mine = visible_sums(user).filter(product=OuterRef("pk")).order_by().values("product")
    if field == "sold":
        one = mine.annotate(figure=Sum("sold")).values("figure")
        return rows.annotate(sold=Subquery(one, output_field=DecimalField()))
    part, whole = (Cast(Sum(name), FloatField()) for name in share[field])
    one = mine.annotate(figure=part / NullIf(whole, 0.0)).values("figure")
    return rows.annotate(**{field: Subquery(one, output_field=FloatField())})


def categories() -> list[str]:
    rows = Product.objects.filter(archived_at=None).exclude(category="").order_by("category")
    return list(rows.values_list("category", flat=True).distinct()[:200])


def heads_of(text: str, here: dict[str, str]) -> list[dict]:
    """The heads of the table; pressing the one it is sorted by turns it round."""
    words = {
        "name": _("Product"), "category": _("Category"), "price": _("Price"), "sold": _("Sold"),
        "returned": _("Sent back"), "negative": _("Negative messages"),
    }  # fmt: skip
    found = []
    for name, sort in SORTS.items():
        descending = text.startswith("-")
        is_here = text.removeprefix("-") == name
        turned = (not descending) if is_here else sort.descending
        found.append({
            "name": name, "words": words[name], "is_number": name not in ("name", "category"),
            "sorted": ("descending" if descending else "ascending") if is_here else "",
            "url": f"?{urlencode(here | {'sort': ('-' if turned else '') + name})}",
        })  # fmt: skip
    return found


@require_safe
def product(request, pk):
    """Everybody sees the catalogue; sales are those to the customers one may see."""
    one = get_object_or_404(Product, pk=pk)
    sold = sold_lately(request.user, one)
    context = {
        "product": one,
        "sold": sold,
        "bars": [float(month.units) for month in sold.months],
        "buyers": buyers_of(request.user, one),
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
