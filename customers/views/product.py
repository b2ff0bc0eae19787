"""The products, and each: what it is, what of it is sold and to whom; what is said about it another app adds."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import DecimalField, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, NullIf
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.elsewhere import elsewhere
from customers.exporting import KINDS, Kind, table_file
from customers.inserting import CHUNK, chunked
from customers.models import Company, Product, ProductSum, ProductValue
from customers.paging import Sort, ordered, page_by
from customers.product_names import named
from customers.product_sums import sums_of, visible_sums
from customers.selling import buyers_of, sold_lately

CHANGES, PAGE, MOST_EXPORTED = 6, 50, 50_000
SORTS = {
    "name": Sort("name", False, ties_follow=True, nullable=False),
    "category": Sort("category", False, ties_follow=True, nullable=False),
    "price": Sort("price", True, Decimal),
    "sold": Sort("sold", True, Decimal),
    "returned": Sort("returned_share", True, float),
    "negative": Sort("negative_share", True, float),
}
DEFAULT = "-sold"
ORDERS: list[tuple[str, Any]] = [
    ("-sold", gettext_lazy("Most sold first")),
    ("name", gettext_lazy("By name")),
    ("price", gettext_lazy("Lowest price first")),
    ("-price", gettext_lazy("Highest price first")),
]
STOCKS = {"yes": gettext_lazy("In stock"), "no": gettext_lazy("Out of stock")}


@require_safe
def products(request):
    """The catalogue; figures are those of the customers one may see, added up every night."""
    wanted, text = wanted_of(request.GET), sort_text(request.GET)
    sort, descending = SORTS[text.removeprefix("-")], text.startswith("-")
    rows = with_figure(request.user, matching(wanted), sort.field)
    kind = request.GET.get("as")
    if kind in KINDS:
        return products_file(request.user, ordered(rows, sort, descending), kind)
    places = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_by(rows, sort, descending, PAGE, *places)
    sums_of(request.user, page.rows)
    voice = elsewhere("voice")
    for one in page.rows:
        one.voice_url = f"{voice}?{urlencode({'shown': 'yes', 'product': one.pk})}" if voice else ""
    here = {name: value for name, value in wanted.items() if value}

    def address(**more) -> str:
        return f"?{urlencode(here | {'sort': text} | more)}"

    context = {
        "page": page, "wanted": wanted, "is_narrowed": bool(here), "days": ProductSum.DAYS,
        "heads": heads_of(text, here), "sort": text, "orders": orders_with(text),
        "categories": categories(), "stocks": STOCKS.items(),
        "files": [(kind.upper(), address(**{"as": kind})) for kind in KINDS],
        "after_url": address(after=page.after) if page.after else "",
        "before_url": address(before=page.before) if page.before else "",
    }  # fmt: skip
    return render(request, "customers/products.html", context)


def wanted_of(query) -> dict[str, str]:
    names = ("q", "category", "stock")
    wanted = {name: query.get(name, "").replace("\x00", "").strip()[:100] for name in names}
    return wanted if wanted["stock"] in STOCKS else wanted | {"stock": ""}


def sort_text(query) -> str:
    text = query.get("sort", "")
    return text if text.removeprefix("-") in SORTS else DEFAULT


def orders_with(text: str) -> list[tuple[str, Any]]:
    """What the list can be sorted by without its heads, some of which a narrow screen hides."""
    if any(name == text for name, __ in ORDERS):
        return ORDERS
    return [*ORDERS, (text, words_of_heads()[text.removeprefix("-")])]


FILE_HEAD = [
    gettext_lazy("Product"), gettext_lazy("SKU"), gettext_lazy("Category"), gettext_lazy("In stock"),
    gettext_lazy("Price"), gettext_lazy("Currency"), gettext_lazy("Sold"), gettext_lazy("Sent back, %"),
    gettext_lazy("Messages"), gettext_lazy("Negative"),
]  # fmt: skip


def products_file(user, rows: QuerySet[Product], kind: Kind):
    """The whole list, in its order."""
    head = [str(words) for words in FILE_HEAD]
    return table_file("products", _("Products"), head, file_rows(user, rows), kind)


def file_rows(user, rows: QuerySet[Product]) -> Iterator[list]:
    for chunk in chunked(rows[:MOST_EXPORTED].iterator(CHUNK)):
        sums_of(user, chunk)
        for one in chunk:
            share = one.returned_share
            yield [
                one.name, one.sku, one.category, _("yes") if one.in_stock else _("no"), one.price,
                one.currency, one.sold, None if share is None else share * 100, one.messages, one.negative,
            ]  # fmt: skip


def matching(wanted: dict[str, str]) -> QuerySet[Product]:
    """Those that are still sold, by words of one of their names or of their number, category and stock."""
    rows = Product.objects.filter(archived_at=None)
    if wanted["q"]:
        rows = rows.filter(named(wanted["q"]) | Q(sku__icontains=wanted["q"]))
    if wanted["stock"]:
        rows = rows.filter(in_stock=wanted["stock"] == "yes")
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


def words_of_heads() -> dict[str, str]:
    return {
        "name": _("Product"), "category": _("Category"), "price": _("Price"), "sold": _("Sold"),
        "returned": _("Sent back"), "negative": _("Negative messages"),
    }  # fmt: skip


def heads_of(text: str, here: dict[str, str]) -> list[dict]:
    """The heads of the table; pressing the one it is sorted by turns it round."""
    words, found = words_of_heads(), []
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
