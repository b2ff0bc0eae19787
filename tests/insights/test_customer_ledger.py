"""Risk as it was published beside what was ordered, month by month, for those who may see the customer."""

import datetime
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Company, CustomerMonth
from insights.models import PredictionLedger
from insights.views.ledger import last_months
from tests.customers.pages import score


@pytest.fixture
def months():
    return last_months(timezone.now().date())


def publish(customer, day, score):
    PredictionLedger.objects.create(
        kind="churn", customer=customer, day=day, version=1, score=score
    )


def chart(client, user, customer) -> dict:
    client.force_login(user)
    page = client.get(reverse("customer-ledger", args=[customer.pk])).content.decode()
    return json.loads(re.search(r'id="ledger-data"[^>]*>(.*?)</script>', page, re.S)[1])


def test_months_end_with_the_present_one():
    assert last_months(datetime.date(2026, 2, 10), 4) == [
        datetime.date(2025, 11, 1), datetime.date(2025, 12, 1),
        datetime.date(2026, 1, 1), datetime.date(2026, 2, 1),
    ]  # fmt: skip


def test_each_month_shows_the_last_risk_published_in_it_and_gaps_stay_gaps(
    client, owner, customer, months
):
    publish(customer, months[-4].replace(day=3), 0.2)
    publish(customer, months[-4].replace(day=20), 0.314)
    publish(customer, months[-1], 0.78)
    PredictionLedger.objects.create(
        kind="segments", customer=customer, day=months[-2], version=1, label="at_risk"
    )
    assert chart(client, owner, customer)["risk"][-4:] == [31, None, None, 78]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "No risk has been published for this customer yet."),
        ({"profiling_refused": True}, "This customer has refused profiling"),
        ({"archived_at": timezone.now()}, "Archived customers are not scored."),
    ],
)
def test_where_there_is_no_risk_it_says_why(client, owner, customer, months, state, words):
    for name, value in state.items():
        setattr(customer, name, value)
    customer.save()
    CustomerMonth.objects.create(customer=customer, month=months[-1], orders=1, value=9)
    client.force_login(owner)
    assert words in client.get(reverse("customer-ledger", args=[customer.pk])).content.decode()


def test_the_present_month_shows_the_risk_that_stands_beside_it(client, owner, customer, months):
    publish(customer, months[-1], 0.78)
    score(customer, risk=0.41)
    assert chart(client, owner, customer)["risk"][-1] == 41


def test_months_without_an_order_are_there_with_nothing_in_them(client, owner, customer, months):
    CustomerMonth.objects.create(
        customer=customer, month=months[-3], orders=2, value=Decimal("84.50")
    )
    data = chart(client, owner, customer)
    assert data["value"][-3:] == [84.5, 0, 0]
    assert data["risk"] == [None] * 12
    assert len(data["months"]) == 12


def test_the_table_holds_what_the_chart_shows(client, owner, customer, months):
    publish(customer, months[-1], 0.78)
    CustomerMonth.objects.create(customer=customer, month=months[-1], orders=3, value=Decimal(1204))
    client.force_login(owner)
    page = client.get(reverse("customer-ledger", args=[customer.pk])).content.decode()
    newest = re.findall(r"<tr>.*?</tr>", page, re.S)[-1]
    assert all(f">{figure}<" in newest for figure in ("78%", "3", "€1,204"))


def test_with_nothing_to_show_it_says_so(client, owner, customer):
    client.force_login(owner)
    page = client.get(reverse("customer-ledger", args=[customer.pk])).content.decode()
    assert "No orders and no published risk in the last twelve months." in page
    assert "data-chart" not in page


def test_a_year_without_an_order_is_said_and_not_drawn(client, owner, customer, months):
    publish(customer, months[-1], 0.78)
    client.force_login(owner)
    page = client.get(reverse("customer-ledger", args=[customer.pk])).content.decode()
    assert "No orders in the last twelve months." in page and "order value per month" not in page
    assert "c-chart-risk" in page and "c-chart-trend" not in page


def test_nobody_sees_a_foreign_customers_ledger(
    client, teammate, stranger, other_manager, customer
):
    for user in (teammate, stranger, other_manager):
        client.force_login(user)
        assert client.get(reverse("customer-ledger", args=[customer.pk])).status_code == 404


def test_it_takes_the_same_few_queries_however_long_the_history(
    client, owner, customer, months, django_assert_num_queries
):
    Company.current()
    client.force_login(owner)
    for month in months:
        publish(customer, month, 0.5)
        CustomerMonth.objects.create(customer=customer, month=month, orders=1, value=10)
    address = reverse("customer-ledger", args=[customer.pk])
    client.get(address)  # caches the company's time zone
    with django_assert_num_queries(6):
        client.get(address)
