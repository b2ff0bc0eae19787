"""What a version says about value comes onto the customers, into their outlook and, once a month, into the ledger."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import CustomerScore, CustomerTotals, Outlook, Product, Recommendation
from insights.models import PredictionLedger
from insights.publishing import bring_to_customers, publish, roll_back

pytestmark = pytest.mark.django_db


def outlook(year=4280.0, **changes):
    day = timezone.localdate()
    said = {
        "spend_90": 930.0, "spend_90_low": 610.0, "spend_90_high": 1310.0,
        "spend_365": year, "spend_365_low": 3100.0, "spend_365_high": 5600.0,
        "stays_365": 0.92, "usual_gap": 24.0, "within_30": 0.71,
        "next_from": str(day + datetime.timedelta(days=2)),
        "next_on": str(day + datetime.timedelta(days=9)),
        "next_to": str(day + datetime.timedelta(days=30)),
    }  # fmt: skip
    return said | changes


def test_the_sum_stands_on_the_score_and_the_rest_beside_it(make_version, answer, customer):
    version = make_version("value")
    at = answer(version, {customer: outlook(usual_gap=None)})
    publish(version)
    score, told = CustomerScore.objects.get(pk=customer.pk), Outlook.objects.get(pk=customer.pk)
    assert (score.expected_value, score.value_version, score.value_scored_at) == (
        4280.0,
        version.pk,
        at,
    )
    assert (told.spend_90_high, told.stays_365, told.usual_gap) == (1310.0, 0.92, None)
    assert told.next_on == timezone.localdate() + datetime.timedelta(days=9)


def test_rolling_back_brings_the_old_outlook_back(make_version, answer, customer):
    old, new = make_version("value"), make_version("value")
    answer(old, {customer: outlook(100.0)})
    publish(old)
    answer(new, {customer: outlook(200.0, spend_90=1.0)})
    publish(new)
    assert CustomerScore.objects.get(pk=customer.pk).expected_value == 200
    roll_back(old)
    assert CustomerScore.objects.get(pk=customer.pk).expected_value == 100
    assert Outlook.objects.get(pk=customer.pk).spend_90 == 930


def test_who_is_told_nothing_any_more_keeps_nothing(make_version, answer, make_customer, customer):
    other, version = make_customer(), make_version("value", champion=True)
    answer(version, {customer: outlook(), other: outlook()}, days_ago=1)
    bring_to_customers("value", version.pk, None)
    answer(version, {customer: outlook()})
    version.scores.filter(customer=other).delete()
    bring_to_customers("value", version.pk, None)
    assert list(Outlook.objects.values_list("pk", flat=True)) == [customer.pk]
    score = CustomerScore.objects.get(pk=other.pk)
    assert (score.expected_value, score.value_scored_at, score.value_version) == (None, None, None)


def test_the_ledger_has_one_word_a_month(make_version, answer, customer):
    version = make_version("value", champion=True)
    for days_ago, spend in ((40, 1.0), (20, 2.0), (5, 3.0), (0, 4.0)):
        answer(version, {customer: outlook(spend_90=spend)}, days_ago)
        bring_to_customers("value", version.pk, [customer.pk])
    told = PredictionLedger.objects.filter(kind="value", customer=customer).order_by("day")
    assert [one.score for one in told] == [1.0, 3.0]


@pytest.fixture
def told(make_version, answer, make_customer, make_order, owner):
    """A customer who orders every 24 days and is overdue by six."""
    customer = make_customer(owner=owner)
    first, __, last = (make_order(customer, days_ago=days).occurred_at for days in (78, 54, 30))
    CustomerTotals.objects.filter(customer=customer).update(
        orders=3, first_order_at=first, last_order_at=last, usual_gap_days=24
    )
    version = make_version("value")
    answer(version, {customer: outlook()})
    publish(version)
    return customer


def test_the_customer_page_shows_value_range_and_next_order(client, owner, told):
    client.force_login(owner)
    page = client.get(told.get_absolute_url()).content.decode()
    assert "Value, next 12 months" in page and "4,280" in page
    for words in ("3,100", "5,600", "92% chance to order again", "71% chance within 30 days"):
        assert words in page
    assert "Overdue by 6 days" in page and "Next order about" in page


def test_what_is_due_again_stands_beside_the_next_order(client, owner, told):
    for rank, why in enumerate(("popular", "reorder", "reorder", "reorder"), start=1):
        product = Product.objects.create(sku=f"P{rank}", name=f"Roast {rank}")
        Recommendation.objects.create(
            customer=told,
            product=product,
            rank=rank,
            score=1 / rank,
            why=why,
            version=1,
        )
    client.force_login(owner)
    page = client.get(told.get_absolute_url()).content.decode()
    assert "Due again: Roast 2, Roast 3<" in page


def test_days_overdue_are_those_beyond_the_usual_gap_as_it_is_told(client, owner, told):
    CustomerTotals.objects.update(usual_gap_days=24.5)
    client.force_login(owner)
    assert "Overdue by 5 days" in client.get(told.get_absolute_url()).content.decode()


def test_who_will_hardly_come_back_is_told_no_day(client, owner, told):
    Outlook.objects.update(stays_365=0.04, within_30=0.01)
    client.force_login(owner)
    page = client.get(told.get_absolute_url()).content.decode()
    assert "No order to be expected, 1% chance within 30 days" in page
    assert "Next order about" not in page


def test_who_refused_profiling_is_told_nothing(client, owner, told):
    told.profiling_refused = True
    told.save()
    client.force_login(owner)
    assert "Value, next 12 months" not in client.get(told.get_absolute_url()).content.decode()


def test_the_list_is_sorted_and_filtered_by_what_is_expected(client, owner, told, make_customer):
    other = make_customer(name="Nobody knows", owner=owner)
    client.force_login(owner)
    address = reverse("customers")
    page = client.get(address, {"sort": "-expected"}).content.decode()
    assert page.index(f'id="c{told.pk}"') < page.index(f'id="c{other.pk}"')
    page = client.get(address, {"expected": "4000"}).content.decode()
    assert f'id="c{told.pk}"' in page and f'id="c{other.pk}"' not in page
    assert f'id="c{told.pk}"' not in client.get(address, {"expected": "5000"}).content.decode()
