"""Beside the horizon in the settings stands what the company's own orders suggest."""

import datetime

from django.urls import reverse
from django.utils import timezone

from customers.totalling import refresh_totals


def suggested(client, admin):
    client.force_login(admin)
    settings = client.get(reverse("settings")).content.decode()
    assert f'hx-get="{reverse("model-horizon")}"' in settings
    return " ".join(client.get(reverse("model-horizon")).content.decode().split())


def test_the_rhythm_of_the_orders_is_suggested(client, admin, make_customer, make_order):
    now = timezone.now()
    for number in range(9):
        customer = make_customer(f"Customer {number}")
        for back in range(0, 600, 40):
            make_order(customer, occurred_at=now - datetime.timedelta(days=back + 1))
    refresh_totals()
    page = suggested(client, admin)
    assert "Your orders suggest 40 days." in page
    assert "Of ten orders that were followed by another, nine were within that time." in page
    assert 'data-fills="company-churn_horizon_days" data-value="40"' in page


def test_without_returning_customers_nothing_is_suggested(client, admin, make_customer, make_order):
    make_order(make_customer("Once"))
    refresh_totals()
    assert "Too few customers have ordered again" in suggested(client, admin)
