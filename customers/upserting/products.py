"""Products by SKU, with their earlier prices and stock."""

from django.utils import timezone

from customers.changing import plain, record_changes
from customers.inserting import insert_objects, update_rows
from customers.models import ChangeSet, Product, ProductValue
from customers.product_names import changed_names
from customers.signals import announce_product_names
from customers.upserting.rows import (
    CREATED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    ProductRow,
    Written,
    differs,
)

KEPT = ("price", "in_stock")


def known_products(skus: set[str]) -> dict[str, int]:
    """Product ids by SKU."""
    return dict(Product.objects.filter(sku__in=skus).values_list("sku", "pk"))


def upsert_products(rows: list[ProductRow], change_set: ChangeSet) -> Written:
    """Create or update; only the fields that a row names are touched."""
    skus = {row.sku for row in rows}
    locked = Product.objects.select_for_update(no_key=True).filter(sku__in=skus).order_by("pk")
    products = {p.sku: p for p in locked}
    written, seen = Written(), set()
    fresh: list[tuple[ProductRow, Product]] = []
    changed: list[tuple[ProductRow, Product, dict]] = []
    for row in rows:
        if row.sku in seen:
            written.verdicts.append(DUPLICATE)
        elif row.sku not in products:
            fields = {"name": row.sku} | row.fields
            products[row.sku] = Product(sku=row.sku, recorded_in=change_set, **fields)
            fresh.append((row, products[row.sku]))
            written.verdicts.append(CREATED)
        elif before := _apply(row, products[row.sku]):
            changed.append((row, products[row.sku], before))
            written.verdicts.append(UPDATED)
        else:
            written.verdicts.append(UNCHANGED)
        seen.add(row.sku)
    _create(fresh)
    _update(changed, change_set)
    written.ids = [products[row.sku].pk for row in rows]
    return written


def _create(fresh: list[tuple[ProductRow, Product]]) -> None:
    insert_objects([product for _row, product in fresh])
    ProductValue.objects.bulk_create(
        ProductValue(
            product=product,
            field=field,
            value=plain(row.fields[field]),
            valid_from=row.valid_from,
        )
        for row, product in fresh
        for field in KEPT
        if row.fields.get(field) is not None
    )


def _apply(row: ProductRow, product: Product) -> dict:
    before = {}
    for name, value in row.fields.items():
        if differs(name, getattr(product, name), value):
            before[name] = getattr(product, name)
            setattr(product, name, value)
    return before


def _update(changed: list[tuple[ProductRow, Product, dict]], change_set: ChangeSet) -> None:
    if not changed:
        return
    now = timezone.now()
    names: set[str] = set()
    for _row, _product, before in changed:
        names |= before.keys()
    _keep_values(changed, now)
    update_rows(
        Product,
        [*sorted(names), "updated_at"],
        ((*(getattr(p, name) for name in sorted(names)), now, p.pk) for _row, p, _b in changed),
    )
    previous = {p.pk: {k: plain(v) for k, v in before.items()} for _row, p, before in changed}
    record_changes(change_set, Product, previous)
    announce_product_names(
        name for _row, product, before in changed for name in changed_names(before, product)
    )


def _keep_values(changed: list[tuple[ProductRow, Product, dict]], now) -> None:
    """Append new prices and stock; where no earlier value was kept, the one before held since ever."""
    ids = [product.pk for _row, product, _before in changed]
    known = set(ProductValue.objects.filter(product__in=ids).values_list("product_id", "field"))
    rows: list[ProductValue] = []
    for row, product, before in changed:
        for field in KEPT:
            if field not in before:
                continue
            if (product.pk, field) not in known and before[field] is not None:
                was = plain(before[field])
                rows.append(ProductValue(product=product, field=field, value=was))
            rows.append(
                ProductValue(
                    product=product,
                    field=field,
                    value=plain(getattr(product, field)),
                    valid_from=row.valid_from or now,
                )
            )
    ProductValue.objects.bulk_create(rows, batch_size=2000)
