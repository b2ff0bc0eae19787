"""Sorting by value shows everybody once, whatever fractions the database adds up in."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import Customer
from customers.paging import page_of
from customers.totalling import refresh_totals

pytestmark = pytest.mark.django_db


def test_every_customer_stands_on_one_page_only(make_customer, make_order):
    now = timezone.now()
    for number in range(30):
        customer = make_customer(f"Customer {number}")
        for cents in range(1 + number % 3, 12):
            amount = Decimal(cents * 10 + 7) / 100 * (1 + number // 6)
            make_order(customer, amount=amount, occurred_at=now - datetime.timedelta(days=cents))
    refresh_totals()
    for sort in ("value", "-value"):
        seen, after = [], ""
        while True:
            page = page_of(Customer.objects.select_related("totals"), sort, 4, after)
            seen += [customer.pk for customer in page.rows]
            if not page.after:
                break
            after = page.after
        assert len(seen) == len(set(seen)) == 30
