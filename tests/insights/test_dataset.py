"""The door between records and learners: what it lets through, and as of when."""

import datetime

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from customers.models import (
    CustomAttribute,
    Customer,
    CustomerTotals,
    CustomerValue,
    Event,
    ExchangeRate,
    Interaction,
    OrderLine,
    Product,
    ProductValue,
)
from customers.totalling import refresh_totals
from insights import columns
from insights.columns import _copy_rows
from insights.dataset import drawn, load_tables
from insights.ml.features import features
from insights.ml.tables import SCHEMAS, complete

pytestmark = pytest.mark.django_db


def days_ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def naive(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)


@pytest.fixture
def product(db):
    return Product.objects.create(sku="M1", name='Moka "pot",\nred', price="40.00", currency="EUR")


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ((9,), None),
        ((3, 3.01), None),  # one day
        ((3, 13), 10),
        ((3, 13, 33), 15),
        ((1, 11, 21, 31, 131), 10),
        ((2, 5, 5.001, 90), 44),
    ],
)
def test_the_usual_gap_of_the_pages_is_that_of_the_models(customer, make_order, days, usual):
    noon = timezone.now().replace(hour=12, minute=0)
    for back in days:
        make_order(customer, occurred_at=noon - datetime.timedelta(days=back))
    make_order(customer, amount=-5, kind="return", occurred_at=noon - datetime.timedelta(days=7))
    refresh_totals([customer.pk])
    stored = CustomerTotals.objects.get(customer=customer).usual_gap_days
    now = timezone.now()
    learnt = features(load_tables(now), [naive(now)])["gap_median"].iloc[0]
    assert stored == usual
    assert (None if learnt != learnt else learnt) == usual
    refresh_totals()
    assert CustomerTotals.objects.get(customer=customer).usual_gap_days == usual


def test_every_table_has_the_schema_that_learners_expect(customer, make_order, product):
    order = make_order(customer, amount="12.50")
    OrderLine.objects.create(
        order=order, position=1, product=product, quantity="2.5", unit_price=5, amount="12.5", base_amount="12.5",
    )  # fmt: skip
    tables = load_tables(timezone.now())
    assert {name: table.schema for name, table in tables.items()} == SCHEMAS
    assert complete(tables)["lines"].to_pylist() == [
        {
            "order_id": order.pk,
            "customer_id": customer.pk,
            "product_id": product.pk,
            "occurred_at": naive(order.occurred_at),
            "kind": "sale",
            "quantity": 2.5,
            "amount": 12.5,
        }
    ]


def test_a_discount_is_no_product_that_somebody_bought(customer, make_order, product):
    order = make_order(customer, amount="8")
    for position, price in enumerate((12, -4), 1):
        OrderLine.objects.create(
            order=order, position=position, product=product, quantity=1, unit_price=price, amount=price,
            base_amount=price,
        )  # fmt: skip
    assert load_tables(timezone.now())["lines"]["amount"].to_pylist() == [12.0]


def test_an_empty_company_gives_empty_tables(db):
    tables = load_tables(timezone.now())
    assert {name: table.schema for name, table in tables.items()} == SCHEMAS
    assert all(len(table) == 0 for table in tables.values())


def test_nothing_at_or_after_the_moment_is_read(customer, make_order):
    moment = days_ago(5)
    just = datetime.timedelta(microseconds=1)
    before, *_later = (
        make_order(customer, occurred_at=when) for when in (moment - just, moment, moment + just)
    )
    for order in (before, *_later):
        OrderLine.objects.create(
            order=order, position=1, quantity=1, unit_price=5, amount=5, base_amount=5
        )
    for when in (days_ago(6), days_ago(4)):
        Event.objects.create(customer=customer, kind="page", occurred_at=when, seconds=7)
        Interaction.objects.create(customer=customer, channel="call", occurred_at=when, rating=2)
    tables = load_tables(moment)
    assert tables["orders"]["order_id"].to_pylist() == [before.pk]
    assert tables["orders"]["occurred_at"].to_pylist() == [naive(before.occurred_at)]
    assert tables["lines"]["order_id"].to_pylist() == [before.pk]
    assert tables["events"]["seconds"].to_pylist() == [7.0]
    assert tables["interactions"]["rating"].to_pylist() == [2.0]


def test_facts_without_a_customer_or_a_time_are_left_out(customer):
    Interaction.objects.create(channel="review", rating=1, occurred_at=days_ago(3))
    Interaction.objects.create(customer=customer, channel="review", rating=1)
    assert len(load_tables(timezone.now())["interactions"]) == 0


def test_who_refused_profiling_is_in_no_table(make_customer, make_order, product):
    refuses = make_customer("Nobody's business", profiling_refused=True, attributes={"plan": "a"})
    CustomAttribute.objects.create(name="plan", label="Plan")
    order = make_order(refuses)
    OrderLine.objects.create(
        order=order, position=1, product=product, quantity=1, unit_price=1, amount=1, base_amount=1
    )
    Event.objects.create(customer=refuses, kind="page", occurred_at=days_ago(1))
    Interaction.objects.create(customer=refuses, channel="call", occurred_at=days_ago(1))
    tables = load_tables(timezone.now(), archived=True)
    assert {
        name: len(table) for name, table in tables.items() if name != "products"
    } == dict.fromkeys(SCHEMAS.keys() - {"products"}, 0)


def test_archived_customers_are_experience_but_not_scored(make_customer, make_order):
    left = make_customer("Left long ago", archived_at=days_ago(100))
    make_order(left)
    assert len(load_tables(timezone.now())["orders"]) == 0
    assert len(load_tables(timezone.now(), archived=True)["orders"]) == 1


def test_only_the_customers_asked_for_are_read(make_customer, make_order):
    customers = [make_customer(f"Customer {i}") for i in range(4)]
    for one in customers:
        make_order(one)
    wanted = [customers[0].pk, customers[2].pk]
    assert load_tables(timezone.now(), wanted)["orders"]["customer_id"].to_pylist() == wanted
    keys = range(customers[1].pk, customers[3].pk)
    assert load_tables(timezone.now(), keys)["customers"]["customer_id"].to_pylist() == list(
        range(customers[1].pk, customers[3].pk)
    )
    assert set(load_tables(timezone.now(), wanted, ["orders"])) == {"orders"}


def test_attributes_come_typed_with_what_they_were_before(make_customer):
    for name, type_ in [
        ("plan", "choice"),
        ("seats", "number"),
        ("vip", "boolean"),
        ("since", "date"),
    ]:
        CustomAttribute.objects.create(name=name, label=name, type=type_)
    customer = make_customer(
        attributes={
            "plan": "gold",
            "seats": 12.5,
            "vip": True,
            "since": "1970-01-03",
            "undefined": "x",
        }
    )
    changed, later = days_ago(10), days_ago(1)
    for value, since in [("silver", None), ("gold", changed), ("platinum", later)]:
        CustomerValue.objects.create(
            customer=customer, field="attribute:plan", value=value, valid_from=since
        )
    rows = load_tables(days_ago(5))["attributes"].to_pylist()
    values = [(r["name"], r["text"], r["number"], r["valid_from"]) for r in rows]
    assert sorted(values, key=str) == sorted(
        [
            ("plan", "silver", None, None),
            ("plan", "gold", None, naive(changed)),
            ("seats", None, 12.5, None),
            ("vip", None, 1.0, None),
            ("since", None, 2.0, None),
        ],
        key=str,
    )


def test_attribute_values_that_do_not_fit_their_type_are_unknown(make_customer):
    CustomAttribute.objects.create(name="seats", label="Seats", type="number")
    CustomAttribute.objects.create(name="note", label="Note", type="text")
    make_customer(attributes={"seats": "a dozen", "note": 'a "quoted",\nlong note'})
    rows = {r["name"]: r for r in load_tables(timezone.now())["attributes"].to_pylist()}
    assert rows["seats"]["number"] is None
    assert rows["note"]["text"] == 'a "quoted",\nlong note'


def test_products_have_the_price_and_stock_of_that_moment_in_base_currency(product):
    changed = days_ago(3)
    for field, was, became in [("price", "30.00", "40.00"), ("in_stock", False, True)]:
        ProductValue.objects.create(product=product, field=field, value=was)
        ProductValue.objects.create(product=product, field=field, value=became, valid_from=changed)
    foreign = Product.objects.create(sku="T1", name="Tea", price="100.00", currency="CNY")
    unknown = Product.objects.create(sku="U1", name="Unknown", price="1.00", currency="USD")
    ExchangeRate.objects.create(currency="CNY", valid_from=days_ago(400).date(), rate="0.125")
    ExchangeRate.objects.create(currency="CNY", valid_from=timezone.now().date(), rate="0.5")
    then, now = (
        {r["product_id"]: r for r in load_tables(moment)["products"].to_pylist()}
        for moment in (days_ago(5), timezone.now())
    )
    assert (then[product.pk]["price"], then[product.pk]["in_stock"]) == (30.0, False)
    assert (now[product.pk]["price"], now[product.pk]["in_stock"]) == (40.0, True)
    assert then[product.pk]["name"] == 'Moka "pot",\nred'
    assert (then[foreign.pk]["price"], now[foreign.pk]["price"]) == (12.5, 50.0)
    assert now[unknown.pk]["price"] is None


def test_an_archived_product_was_on_sale_before(product):
    product.archived_at = days_ago(3)
    product.save()
    assert load_tables(days_ago(5))["products"]["archived"].to_pylist() == [False]
    assert load_tables(timezone.now())["products"]["archived"].to_pylist() == [True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY is PostgreSQL's")
def test_a_copy_that_breaks_off_or_is_abandoned_leaves_a_usable_connection(monkeypatch):
    monkeypatch.setattr(columns, "BLOCK_BYTES", 1_000)
    for numbers in ("3, 2, 1, 0", "no number"):
        with pytest.raises(DatabaseError):
            list(_copy_rows(f"SELECT 6 / n FROM unnest(ARRAY[{numbers}]) n", {}))
        assert Customer.objects.count() == 0
    rows = _copy_rows("SELECT n FROM generate_series(1, 100000) n", {})
    assert bytes(next(rows)[0]) == b"1\n" and len(next(rows)) < 1_000
    rows.close()
    assert Customer.objects.count() == 0


def test_a_small_company_is_learnt_from_whole(make_customer):
    for number in range(4):
        make_customer(f"Customer {number}")
    assert drawn(4) is None


def test_of_a_large_company_some_buyers_are_drawn_always_the_same(make_customer):
    people = [make_customer(f"Customer {number}") for number in range(30)]
    buyers = {one.pk for one in people[:20]}
    CustomerTotals.objects.filter(customer__in=buyers).update(orders=2)
    Customer.objects.filter(pk=people[0].pk).update(profiling_refused=True)
    ids = drawn(8)
    assert len(ids) == 8 and set(ids) <= buyers - {people[0].pk}
    assert drawn(8) == ids == sorted(ids) and ids != sorted(buyers)[1:9]
    assert drawn(19) == sorted(buyers - {people[0].pk})


def test_where_a_label_says_who_left_those_who_carry_it_are_drawn(make_customer):
    people = [make_customer(f"Customer {number}") for number in range(9)]
    for one in people[:3]:
        Customer.objects.filter(pk=one.pk).update(attributes={"left": "yes"})
    assert drawn(5, "left") == [one.pk for one in people[:3]]


def test_of_two_values_since_the_same_moment_the_one_noted_last_holds(customer):
    CustomAttribute.objects.create(name="plan", label="Plan", type="text")
    since = days_ago(30)
    for value in ("silver", "gold", "platinum"):
        CustomerValue.objects.create(
            customer=customer, field="attribute:plan", value=value, valid_from=since
        )
    CustomerValue.objects.filter(value="silver").update(value="bronze")  # written anew, read later
    rows = load_tables(timezone.now())["attributes"].to_pylist()
    assert [row["text"] for row in rows] == ["platinum"]
