"""The database plans by how its tables look now, and by nothing that has never come to be."""

import pytest
from django.db import connection, transaction

from customers.models import Customer
from customers.plans import look_again

pytestmark = pytest.mark.django_db(transaction=True)


def rows_believed() -> int:
    """In the table of customers, by the database's own statistics."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE relname = 'customers_customer'"
            )
            return cursor.fetchone()[0]
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'customers_customer' LIMIT 1")
        row = cursor.fetchone()
        return int(row[0].split()[0]) if row else 0


def add(count):
    Customer.objects.bulk_create(Customer(name=f"Customer {i}") for i in range(count))


def test_what_has_been_put_in_is_seen():
    add(7)
    look_again(Customer)
    assert rows_believed() == 7
    add(5)
    look_again(Customer)
    assert rows_believed() == 12


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL soon counts again by itself")
def test_what_is_rolled_back_is_not_believed():
    add(7)
    look_again(Customer)
    with transaction.atomic():
        add(30)
        look_again(Customer)
        transaction.set_rollback(True)
    assert rows_believed() == 7
