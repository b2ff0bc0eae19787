"""A large demo company goes into bare tables on PostgreSQL, and the tables are whole again afterwards."""

import pytest
from django.db import connection

from customers.models import ChangeSet, Customer, CustomerTotals, Order
from insights.demo import bare, company
from insights.demo.company import build
from insights.demo.loading import reserve
from insights.demo.removing import unfinished
from tests.insights.demo_company import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone loads so"),
]


@pytest.fixture(autouse=True)
def small_is_large(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(bare, "WORTH_IT", 1)


def shape() -> list[tuple]:
    """Every index and constraint of the big tables."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in bare.BIG]
    with connection.cursor() as cursor:
        cursor.execute(bare.CONSTRAINTS, [names])
        constraints = cursor.fetchall()
        cursor.execute(bare.INDEXES, [names])
        return constraints + cursor.fetchall()


def test_indexes_and_foreign_keys_are_the_same_afterwards():
    before, inside = shape(), []
    build(30, seed=1, now=NOW, say=lambda line: inside.append(len(shape())))
    assert len(before) > 60
    assert 0 in inside  # they were gone while rows went in
    assert shape() == before
    assert Customer.objects.count() == CustomerTotals.objects.count() == 30


def test_the_story_is_the_same_as_in_dressed_tables(monkeypatch):
    build(30, seed=3, now=NOW)
    orders = list(Order.objects.order_by("number").values_list("number", "occurred_at", "amount"))
    company.remove_demo()
    monkeypatch.setattr(bare, "WORTH_IT", 1000)
    build(30, seed=3, now=NOW)
    again = list(Order.objects.order_by("number").values_list("number", "occurred_at", "amount"))
    assert again == orders and orders


def test_an_interruption_leaves_whole_and_empty_tables(monkeypatch):
    before = shape()

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(company, "record_outside_reviews", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(10, seed=1, now=NOW)
    assert shape() == before
    assert not Customer.objects.exists() and not ChangeSet.objects.exists() and not unfinished()


def test_tables_in_use_are_left_as_they_are(make_customer):
    make_customer()
    lines = []
    build(10, seed=1, now=NOW, add=True, say=lines.append)
    assert not [line for line in lines if "Indexes" in line]


def test_reserved_ids_are_one_run_that_nobody_else_gets():
    from django.db import transaction

    with transaction.atomic():
        first, second = reserve(Order, 5), reserve(Order, 3)
    assert list(first) == list(range(first[0], first[0] + 5))
    assert second[0] == first[-1] + 1
