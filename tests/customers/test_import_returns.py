"""What goes back by a file is judged by the rule that the API has, and a coupon in it is no product."""

import pytest

from customers.models import Order, OrderLine, Product
from tests.customers.csvs import SHOP, bring, verdicts

__all__ = ["bring"]

HEAD = "order,who,when,sku,what,n,price,kind,of\n"
SALE = "1,A,2026-01-05 10:00:00,K1,Kettle,3,40.00,sale,\n"
MAP = SHOP | {"columns": SHOP["columns"] | {"kind": "kind", "returns": "of"}}


def back(number="0R", of="1", who="A", pieces=1, sku="K1", kind="return"):
    return f"{number},{who},2026-01-09 10:00:00,{sku},,{pieces},40.00,{kind},{of}\n"


def test_a_return_names_its_order_wherever_that_stands_in_the_file(bring):
    report = bring("orders", HEAD + back() + SALE, MAP)
    assert verdicts(report) == {"created": 2, "total": 2}
    stored = Order.objects.get(number="0R")
    assert (stored.returns.number, str(stored.amount)) == ("1", "-40.00")
    assert verdicts(bring("orders", HEAD + back() + SALE, MAP)) == {"unchanged": 2, "total": 2}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (back(pieces=4), "n", "More of this would go back"),
        (back(of="9"), "of", "There is no order"),
        (back(who="B"), "of", "another customer"),
        (back(kind="sale"), "of", "Only a return"),
        (back("1R", of="1R"), "of", "cannot send itself back"),
    ],
)
def test_what_cannot_go_back_is_rejected(bring, row, column, words):
    report = bring("orders", HEAD + SALE + row, MAP)
    assert verdicts(report) == {"created": 1, "rejected": 1, "total": 2}
    [told] = bring.rejected()
    assert told["column"] == column and words in told["reason"]
    assert not Order.objects.exclude(number="1").exists()


def test_an_order_keeps_what_has_come_back_of_it(bring):
    bring("orders", HEAD + SALE + back(pieces=2), MAP)
    fewer = HEAD + SALE.replace(",3,", ",1,") + SALE.replace("K1,Kettle", "F1,Filter")
    report = bring("orders", fewer, MAP)
    assert verdicts(report) == {"rejected": 2, "total": 2}
    assert ["come back already" in row["reason"] for row in bring.rejected()] == [True, False]
    assert OrderLine.objects.get(order__number="1").quantity == 3
    report = bring("orders", HEAD + SALE.replace("1,A", "1,B"), MAP)
    assert "same customer" in bring.rejected()[0]["reason"]


def test_a_file_without_such_a_column_is_judged_too(bring):
    bring("orders", HEAD + SALE + back(pieces=2), MAP)
    report = bring("orders", HEAD + SALE.replace(",3,", ",1,"), SHOP)
    assert verdicts(report) == {"rejected": 1, "total": 1}


def test_a_coupon_makes_no_product(bring):
    coupon = "1,A,2026-01-05 10:00:00,TEN,Ten off,1,-10.00,sale,\n"
    later = "2,A,2026-01-07 10:00:00,K1,Kettle,1,-5.00,sale,\n" + SALE.replace("1,A", "2,A", 1)
    report = bring("orders", HEAD + SALE + coupon + later, MAP)
    assert verdicts(report) == {"created": 4, "total": 4}
    assert [(p.sku, str(p.price)) for p in Product.objects.all()] == [("K1", "40.00")]
    shown = Order.objects.get(number="1").lines.get(amount__lt=0)
    assert (shown.product, shown.description) == (None, "TEN")
    assert str(Order.objects.get(number="1").amount) == "110.00"
