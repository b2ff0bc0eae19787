"""Many facts at once, without a file: what the API's lists and imports share."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from customers.changing import open_change_set
from customers.models import (
    Change,
    CustomerTotals,
    CustomerValue,
    Event,
    ExchangeRate,
    ExternalId,
    Interaction,
    Order,
)
from customers.money import Rates
from customers.signals import facts_changed
from customers.upserting import (
    BadOrder,
    CustomerRow,
    EventRow,
    InteractionRow,
    LineRow,
    OrderRow,
    add_events,
    add_interactions,
    finish,
    price_order,
    replace_orders,
    upsert_customers,
)
from customers.upserting.finishing import MANY

pytestmark = pytest.mark.django_db
MORNING = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)


@pytest.fixture
def change_set(db):
    return open_change_set("api")


def order(customer, **fields):
    lines = [LineRow(None, Decimal(2), Decimal("2.505"), "Filter")]
    said = {"kind": None, "lines": lines} | fields
    return OrderRow("api", said.pop("number", "1"), customer.pk, MORNING, "EUR", **said)


def test_orders_are_priced_stored_and_totalled(customer, change_set):
    written = replace_orders([price_order(order(customer), Rates())], change_set)
    finish(change_set, written.touched, written.counts())
    stored = Order.objects.get(pk=written.ids[0])
    assert (stored.amount, stored.base_amount, stored.kind) == (
        Decimal("5.01"),
        Decimal("5.01"),
        "sale",
    )
    assert written.touched == {customer.pk}
    assert CustomerTotals.objects.get(customer=customer).value == Decimal("5.01")
    assert change_set.counts == {"created": 1}


def test_one_number_twice_in_a_list_is_stored_once(customer, change_set):
    rows = [price_order(order(customer), Rates()) for _time in range(2)]
    written = replace_orders(rows, change_set)
    assert written.verdicts == ["created", "duplicate"]
    assert written.ids[0] == written.ids[1]


def test_an_order_that_moves_to_another_customer_touches_both(customer, make_customer, change_set):
    replace_orders([price_order(order(customer), Rates())], change_set)
    other = make_customer("Other")
    written = replace_orders([price_order(order(other), Rates())], change_set)
    assert written.verdicts == ["updated"]
    assert written.touched == {customer.pk, other.pk}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "sale", "amount": Decimal(-1), "lines": []}, "amount"),
        ({"amount": Decimal(10) ** 11, "lines": []}, "amount"),
    ],
)
def test_an_order_that_cannot_be_stored_names_its_field(customer, fields, field):
    with pytest.raises(BadOrder) as caught:
        price_order(order(customer, **fields), Rates())
    assert caught.value.field == field


def test_a_currency_without_a_rate_is_named(customer):
    row = order(customer)
    row.currency = "JPY"
    with pytest.raises(BadOrder, match="JPY"):
        price_order(row, Rates())


def test_an_amount_that_is_too_large_in_base_currency_is_refused(customer):
    ExchangeRate.objects.create(currency="BTC", valid_from="2020-01-01", rate="90000")
    row = order(customer, amount=Decimal(10) ** 8, lines=[])
    row.currency = "BTC"
    with pytest.raises(BadOrder, match="too large"):
        price_order(row, Rates())


def test_an_undone_transaction_leaves_no_trace_of_reserved_ids(customer, change_set):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        replace_orders([price_order(order(customer), Rates())], change_set)
        _ = 1 / 0
    written = replace_orders([price_order(order(customer, number="2"), Rates())], change_set)
    assert list(Order.objects.values_list("pk", "number")) == [(written.ids[0], "2")]


def test_ids_given_by_the_database_and_reserved_ones_do_not_meet(customer, change_set, make_order):
    first = make_order(customer)
    [bulk] = replace_orders([price_order(order(customer), Rates())], change_set).ids
    last = make_order(customer)
    assert len({first.pk, bulk, last.pk}) == 3


def test_the_same_event_is_stored_once(customer, change_set):
    rows = [EventRow(customer.pk, "page", MORNING, "/kettles") for _time in range(2)]
    assert add_events(rows, change_set).verdicts == ["created", "duplicate"]
    written = add_events(rows[:1], change_set)
    assert written.verdicts == ["unchanged"] and written.touched == set()
    assert Event.objects.get().pk == written.ids[0]


def test_interactions_without_an_external_id_are_always_new(customer, change_set):
    rows = [InteractionRow("note", customer.pk, text="Called") for _time in range(2)]
    written = add_interactions(rows, change_set)
    assert written.verdicts == ["created", "created"] and len(set(written.ids)) == 2
    assert Interaction.objects.count() == 2


def test_a_customer_known_from_two_systems_is_changed_once(change_set):
    [pk] = upsert_customers([CustomerRow("a", "1", {"name": "Ana"})], change_set).ids
    ExternalId.objects.create(customer_id=pk, source="b", external_id="9")
    rows = [CustomerRow("a", "1", {"city": "Porto"}), CustomerRow("b", "9", {"phone": "12"})]
    written = upsert_customers(rows, change_set)
    assert written.verdicts == ["updated", "updated"] and written.ids == [pk, pk]
    assert Change.objects.get().previous == {"city": "", "phone": ""}


def test_a_later_value_says_since_when_it_holds(change_set):
    row = CustomerRow("a", "1", attributes={"plan": "gold"})
    upsert_customers([row], change_set)
    since = timezone.now() - datetime.timedelta(days=9)
    [pk] = upsert_customers(
        [CustomerRow("a", "1", attributes={"plan": "basic"}, valid_from=since)], change_set
    ).ids
    values = CustomerValue.objects.filter(customer=pk).order_by("pk")
    assert [(v.value, v.valid_from) for v in values] == [("gold", None), ("basic", since)]


def test_very_many_changes_are_announced_as_everyones(
    change_set, django_capture_on_commit_callbacks
):
    heard = []

    def listener(sender, customer_ids, **_more):
        heard.append(customer_ids)

    facts_changed.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            finish(change_set, set(range(1, MANY + 2)), {})
    finally:
        facts_changed.disconnect(listener)
    assert heard == [None]
