"""Orders come in from a file of lines: grouped by number, replaced as a whole, each row counted once."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.db.models import F

from customers.models import (
    Change,
    ChangeSet,
    Company,
    Customer,
    CustomerTotals,
    ExchangeRate,
    Order,
    OrderLine,
    Product,
    ProductValue,
)
from tests.customers.csvs import LINES, SHOP, bring, verdicts

__all__ = ["bring"]


def shop(**more):
    return SHOP | more


def test_lines_become_orders_customers_and_products(bring):
    report = bring("orders", LINES, SHOP)
    assert verdicts(report) == {"created": 3, "total": 3}
    assert report.made == {"customers": 2, "products": 2, "orders_created": 2}
    order = Order.objects.get(source="shop", number="1")
    assert (order.amount, order.kind, order.currency) == (Decimal("47.50"), "sale", "EUR")
    assert order.customer.external_ids.get().external_id == "A"
    assert [str(line) for line in order.lines.all()] == ["1 × Kettle", "3 × Filter"]


def test_a_second_run_changes_nothing(bring):
    bring("orders", LINES, SHOP)
    before = list(OrderLine.objects.order_by("pk").values())
    report = bring("orders", LINES, SHOP)
    assert verdicts(report) == {"unchanged": 3, "total": 3}
    assert list(OrderLine.objects.order_by("pk").values()) == before
    assert not Change.objects.exists()


def test_the_order_of_the_lines_in_the_file_does_not_matter(bring):
    bring("orders", LINES, SHOP)
    head, *rows = LINES.splitlines()
    shuffled = "\n".join([head, *reversed(rows)])
    assert verdicts(bring("orders", shuffled, SHOP)) == {"unchanged": 3, "total": 3}


def test_lines_of_one_order_need_not_stand_together(bring):
    more = LINES + "1,A,2026-01-05 10:01:00,M1,Mug,1,9.00\n"
    bring("orders", more, SHOP)
    order = Order.objects.get(number="1")
    assert order.amount == Decimal("56.50")
    assert order.occurred_at == datetime.datetime(2026, 1, 5, 10, 0, tzinfo=datetime.UTC)


def test_an_order_that_changed_is_replaced_as_a_whole(bring):
    bring("orders", LINES, SHOP)
    report = bring("orders", LINES.replace("F1,Filter,3,2.50", "M1,Mug,2,9.00"), SHOP)
    assert verdicts(report) == {"updated": 2, "unchanged": 1, "total": 3}
    order = Order.objects.get(number="1")
    assert order.amount == Decimal("58.00")
    assert [line.product.sku for line in order.lines.all()] == ["K1", "M1"]
    assert order.customer.totals.value == Decimal("58.00")


def test_what_an_order_was_before_is_kept(bring):
    bring("orders", LINES, SHOP)
    report = bring("orders", LINES.replace("40.00", "45.00"), SHOP)
    change = Change.objects.get(change_set=report.change_set)
    assert (change.model, change.previous["amount"]) == ("order", "47.50")
    assert [line["unit_price"] for line in change.previous["lines"]] == ["40.0000", "2.5000"]


def test_exact_duplicates_are_counted_and_not_bought_twice(bring):
    report = bring("orders", LINES + LINES.splitlines()[1] + "\n", SHOP)
    assert verdicts(report) == {"created": 3, "duplicate": 1, "total": 4}
    assert Order.objects.get(number="1").lines.count() == 2


def test_rows_without_a_customer_are_reported_and_not_invented(bring):
    report = bring("orders", LINES + "3,,2026-01-07,K1,Kettle,1,40.00\n", SHOP)
    assert verdicts(report) == {"created": 3, "rejected": 1, "total": 4}
    assert report.reasons == {("who", "no customer"): 1}
    [row] = bring.rejected()
    assert (row["row"], row["column"], row["reason"]) == ("5", "who", "no customer")
    assert (row["order"], row["price"]) == ("3", "40.00")
    assert Customer.objects.count() == 2


def test_rules_reject_rows_and_mark_cancellations(bring):
    rules = {
        "require": [{"column": "price", "op": ">", "value": "0", "reason": "it was free"}],
        "when": [
            {
                "column": "order",
                "op": "starts_with",
                "value": "C",
                "set": {"kind": "cancellation"},
            }
        ],
    }
    content = LINES + "C2,B,2026-01-08,F1,Filter,-2,2.50\n4,B,2026-01-08,G1,Gift,1,0.00\n"
    report = bring("orders", content, shop(**rules))
    assert report.reasons == {("price", "it was free"): 1}
    cancelled = Order.objects.get(number="C2")
    assert (cancelled.kind, cancelled.amount) == ("cancellation", Decimal("-5.00"))
    assert not Order.objects.filter(number="4").exists()


def test_a_return_may_be_written_with_or_without_its_sign(bring):
    constants = {"constants": {"kind": "return"}}
    bring(
        "orders",
        "order,who,when,sku,what,n,price\n7,A,2026-01-09,K1,Kettle,1,40\n",
        SHOP | constants,
    )
    bring(
        "orders",
        "order,who,when,sku,what,n,price\n8,A,2026-01-09,K1,Kettle,-1,40\n",
        SHOP | constants,
    )
    assert [o.amount for o in Order.objects.order_by("number")] == [Decimal(-40), Decimal(-40)]
    assert {line.quantity for line in OrderLine.objects.all()} == {Decimal(-1)}


def test_money_that_went_back_makes_a_return_where_nothing_says_so(bring):
    bring("orders", LINES + "9,A,2026-01-09,K1,Kettle,-1,40\n", SHOP)
    assert Order.objects.get(number="9").kind == "return"


def test_rows_of_another_customer_under_the_same_number_are_rejected(bring):
    report = bring("orders", LINES + "1,B,2026-01-05 10:00:00,M1,Mug,1,9.00\n", SHOP)
    assert verdicts(report) == {"created": 3, "rejected": 1, "total": 4}
    assert report.reasons == {("who", "the order belongs to another customer"): 1}


def test_amounts_are_converted_at_the_rate_of_the_day(bring):
    Company.objects.update_or_create(pk=1, defaults={"base_currency": "EUR"})
    ExchangeRate.objects.create(currency="CNY", valid_from="2026-01-01", rate="0.125")
    ExchangeRate.objects.create(currency="CNY", valid_from="2026-01-06", rate="0.130")
    bring("orders", LINES, SHOP, currency="CNY")
    assert [(o.currency, o.base_amount) for o in Order.objects.order_by("number")] == [
        ("CNY", Decimal("5.94")),
        ("CNY", Decimal("0.65")),
    ]


def test_the_first_file_says_what_the_books_are_kept_in(bring):
    report = bring("orders", LINES, shop(currency="GBP"))
    assert verdicts(report) == {"created": 3, "total": 3} and report.books_in == "GBP"
    assert Company.current().base_currency == "GBP"
    assert Order.objects.filter(base_amount=F("amount")).count() == 2
    later = bring("orders", LINES.replace("A,", "C,"), shop(currency="USD", source="second"))
    assert verdicts(later)["rejected"] == 3 and not later.books_in
    assert Company.current().base_currency == "GBP"


def test_a_rate_says_that_the_books_are_kept_otherwise(bring):
    ExchangeRate.objects.create(currency="GBP", valid_from="2020-01-01", rate="1.2")
    assert not bring("orders", LINES, shop(currency="GBP")).books_in
    assert Company.current().base_currency == "EUR"


def test_a_missing_rate_rejects_the_row_and_names_the_currency(bring):
    Product.objects.create(sku="A", name="Priced in euros")
    report = bring("orders", LINES, SHOP, currency="USD")
    assert verdicts(report) == {"rejected": 3, "total": 3}
    assert all("USD" in row["reason"] for row in bring.rejected())
    assert not Customer.objects.exists()


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-inf", "1e400", "1_0", "4O.00", "9" * 15])
def test_numbers_that_are_none_are_rejected(bring, price):
    report = bring("orders", LINES + f"3,A,2026-01-07,K1,Kettle,1,{price}\n", SHOP)
    assert verdicts(report) == {"created": 3, "rejected": 1, "total": 4}
    assert bring.rejected()[0]["column"] == "price"


def test_orders_of_an_amount_and_no_lines_are_numbered_by_content_and_occurrence(bring):
    mapping = {
        "source": "cd",
        "columns": {"customer": "id", "occurred_at": "date", "amount": "dollars"},
    }
    content = "id,date,dollars\n1,2026-01-05,11.77\n1,2026-01-05,11.77\n1,2026-01-05,0.00\n"
    assert verdicts(bring("orders", content, mapping)) == {"created": 3, "total": 3}
    assert Order.objects.count() == 3 and not OrderLine.objects.exists()
    assert verdicts(bring("orders", content, mapping)) == {"unchanged": 3, "total": 3}
    more = content + "1,2026-01-05,11.77\n"
    assert verdicts(bring("orders", more, mapping)) == {"created": 1, "unchanged": 3, "total": 4}


def test_owner_and_team_are_given_to_customers_that_are_created(bring, owner, team):
    bring("orders", LINES, SHOP, owner=owner, team=team)
    assert {(c.owner, c.team) for c in Customer.objects.all()} == {(owner, team)}


def test_customers_and_products_that_are_known_stay_as_they_are(bring, owner):
    bring("orders", LINES, SHOP)
    Product.objects.filter(sku="F1").update(name="Paper filter", price="3.00")
    bring("orders", LINES.replace("order,", "order,").replace("\n1,", "\n11,"), SHOP, owner=owner)
    assert not Customer.objects.filter(owner=owner).exists()
    assert Product.objects.get(sku="F1").name == "Paper filter"


def test_a_new_customer_is_one_since_the_first_order_and_a_new_product_has_its_last_price(bring):
    content = LINES + "3,A,2025-06-01 09:00:00,F1,Filter,1,2.00\n"
    bring("orders", content, SHOP)
    customer = Customer.objects.get(external_ids__external_id="A")
    assert customer.known_since == datetime.datetime(2025, 6, 1, 9, tzinfo=datetime.UTC)
    product = Product.objects.get(sku="F1")
    assert product.price == Decimal("2.50")
    [value] = ProductValue.objects.filter(product=product)
    assert (value.value, value.valid_from.date()) == ("2.50", datetime.date(2026, 1, 6))


def test_totals_and_change_set_are_written(bring, admin):
    report = bring("orders", LINES, SHOP, actor=admin)
    totals = CustomerTotals.objects.get(customer__external_ids__external_id="A")
    assert (totals.orders, totals.value) == (1, Decimal("47.50"))
    change_set = ChangeSet.objects.get()
    assert (change_set.source, change_set.actor) == ("import", admin)
    assert change_set.counts["created"] == 3
    assert set(Order.objects.values_list("recorded_in", flat=True)) == {report.change_set.pk}
    assert set(Customer.objects.values_list("recorded_in", flat=True)) == {report.change_set.pk}


def test_a_failure_on_the_way_leaves_nothing(bring, monkeypatch):
    def crash(*_arguments, **_options):
        raise IntegrityError("the power went")

    monkeypatch.setattr("customers.upserting.orders._insert_lines", crash)
    with pytest.raises(IntegrityError):
        bring("orders", LINES + "3,,2026-01-07,K1,Kettle,1,1\n", SHOP)
    for model in (Order, Customer, Product, ChangeSet, CustomerTotals):
        assert not model.objects.exists()
    assert not list(bring.folder.glob("rejected*"))


def test_listeners_hear_of_it_once(bring):
    from customers.signals import facts_changed

    heard = []

    def listener(sender, customer_ids, **_more):
        heard.append(customer_ids)

    facts_changed.connect(listener)
    try:
        bring("orders", LINES, SHOP)
        bring("orders", LINES, SHOP)
    finally:
        facts_changed.disconnect(listener)
    assert heard == [sorted(Customer.objects.values_list("pk", flat=True))]


def test_progress_is_told_step_by_step(bring):
    steps = []
    bring(
        "orders", LINES, SHOP, progress=lambda step, fraction, rows: steps.append((step, fraction))
    )
    assert list(dict.fromkeys(step for step, _f in steps)) == [
        "reading",
        "writing",
        "totals",
        "rejects",
    ]
    assert all(0 <= fraction <= 1 for _step, fraction in steps)


def test_many_orders_cross_the_chunks_without_loss(bring):
    rows = [
        f"{n},C{n % 700},2026-01-{n % 28 + 1:02} 12:00,P{n % 3000},Thing {n % 3000},1,{n % 90 + 1}.10"
        for n in range(4500)
    ]
    content = "\n".join(["order,who,when,sku,what,n,price", *rows])
    assert verdicts(bring("orders", content, SHOP)) == {"created": 4500, "total": 4500}
    assert (Order.objects.count(), Customer.objects.count(), Product.objects.count()) == (
        4500,
        700,
        3000,
    )
    assert CustomerTotals.objects.count() == 700
    assert verdicts(bring("orders", content, SHOP)) == {"unchanged": 4500, "total": 4500}
