"""Products come in by SKU; changes of price and stock leave their past."""

from decimal import Decimal

from customers.models import Change, Product, ProductValue
from tests.customers.csvs import bring, verdicts

__all__ = ["bring"]

MAPPING = {
    "columns": {
        "sku": "sku",
        "name": "name",
        "category": "category",
        "price": "price",
        "in_stock": "stock",
    }
}
SHELF = "sku,name,category,price,stock\nK1,Kettle,Kitchen,40,yes\nF1,Filter,Coffee,2.50,yes\n"


def test_products_are_created_and_then_unchanged(bring):
    assert verdicts(bring("products", SHELF, MAPPING)) == {"created": 2, "total": 2}
    kettle = Product.objects.get(sku="K1")
    assert (kettle.price, kettle.currency, kettle.in_stock) == (Decimal(40), "EUR", True)
    assert verdicts(bring("products", SHELF, MAPPING)) == {"unchanged": 2, "total": 2}
    assert ProductValue.objects.count() == 4 and not Change.objects.exists()


def test_a_new_price_and_an_empty_shelf_leave_their_past(bring):
    bring("products", SHELF, MAPPING)
    report = bring("products", SHELF.replace("40,yes", "45,no"), MAPPING)
    assert verdicts(report) == {"updated": 1, "unchanged": 1, "total": 2}
    values = ProductValue.objects.filter(product__sku="K1").order_by("pk")
    assert [(v.field, v.value, v.valid_from is None) for v in values] == [
        ("price", "40.00", True),
        ("in_stock", True, True),
        ("price", "45.00", False),
        ("in_stock", False, False),
    ]
    change = Change.objects.get(change_set=report.change_set)
    assert change.previous == {"price": "40.00", "in_stock": True}


def test_a_product_made_elsewhere_keeps_its_first_price_too(bring):
    Product.objects.create(sku="K1", name="Kettle", category="Kitchen", price=30, currency="EUR")
    bring("products", SHELF, MAPPING)
    values = ProductValue.objects.filter(product__sku="K1", field="price").order_by("pk")
    assert [v.value for v in values] == ["30.00", "40.00"]
    assert values[0].valid_from is None


def test_a_price_below_zero_is_rejected(bring):
    report = bring("products", SHELF.replace(",40,", ",-40,"), MAPPING)
    assert verdicts(report) == {"created": 1, "rejected": 1, "total": 2}
    assert report.reasons == {("price", "below zero"): 1}


def test_a_row_without_a_sku_is_rejected(bring):
    report = bring("products", SHELF + ",Mug,Kitchen,9,yes\n", MAPPING)
    assert report.reasons == {("sku", "no SKU"): 1}
