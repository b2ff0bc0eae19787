"""The public data sets come in as their descriptions count them."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from customers.importing import Mapping, run_import
from customers.models import (
    Company,
    Customer,
    CustomerTotals,
    CustomerValue,
    ExchangeRate,
    Interaction,
    Order,
    OrderLine,
    Product,
)
from tests.customers.csvs import verdicts

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def bring(kind, file, mapping):
    path = Path(os.environ["PERENNIAL_DATA"]) / file
    return run_import(kind, path, Mapping.read(EXAMPLES / mapping))


def test_online_retail():
    Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})
    report = bring("orders", "online_retail.csv.gz", "online_retail.toml")
    assert verdicts(report) == {
        "created": 401_564,
        "duplicate": 5_225,
        "rejected": 135_120,
        "total": 541_909,
    }
    assert report.reasons == {
        ("CustomerID", "no customer"): 135_080,
        ("UnitPrice", "the price is not above zero"): 40 + 2_477,  # as many have neither
    }
    sales = Order.objects.filter(kind="sale")
    assert (sales.count(), sales.values("customer").distinct().count()) == (18_532, 4_338)
    assert OrderLine.objects.filter(order__kind="sale").count() == 392_692
    assert OrderLine.objects.filter(order__kind="cancellation").count() == 8_872
    assert not Order.objects.filter(kind="return").exists()
    assert (Customer.objects.count(), Product.objects.count()) == (4_371, 3_684)
    value = OrderLine.objects.aggregate(sum=Sum("amount"))["sum"]
    assert round(value, 2) == round(CustomerTotals.objects.aggregate(sum=Sum("value"))["sum"], 2)
    first = Order.objects.order_by("occurred_at").first()
    assert first.occurred_at.isoformat() == "2010-12-01T08:26:00+00:00"
    with report.rejected_path.open(encoding="utf-8-sig") as rejected:
        assert sum(1 for _line in rejected) == 1 + 135_120
    report.rejected_path.unlink()
    report = bring("orders", "online_retail.csv.gz", "online_retail.toml")
    assert report.counts["unchanged"] == 401_564 and OrderLine.objects.count() == 401_564
    report.rejected_path.unlink()


def test_telco():
    report = bring("customers", "telco_churn.csv.gz", "telco_churn.toml")
    assert verdicts(report) == {"created": 7_043, "total": 7_043}
    assert Customer.objects.filter(attributes__Churn=True).count() == 1_869
    customer = Customer.objects.get(external_ids__external_id="7590-VHVEG")
    assert len(customer.attributes) == 20
    assert customer.attributes["MonthlyCharges"] == 29.85
    assert customer.attributes["SeniorCitizen"] is False
    # Eleven customers of no tenure have no total yet.
    assert CustomerValue.objects.count() == 7_043 * 20 - 11
    assert not CustomerValue.objects.exclude(valid_from=None).exists()
    again = bring("customers", "telco_churn.csv.gz", "telco_churn.toml")
    assert verdicts(again) == {"unchanged": 7_043, "total": 7_043}


def test_cdnow():
    Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})
    ExchangeRate.objects.create(currency="USD", valid_from="1990-01-01", rate="0.62")
    report = bring("orders", "cdnow_master.csv.gz", "cdnow_master.toml")
    assert verdicts(report) == {"created": 69_659, "total": 69_659}
    assert Customer.objects.count() == 23_570 and not OrderLine.objects.exists()
    total = Order.objects.aggregate(sum=Sum("amount"))["sum"]
    assert round(Decimal(total), 2) == Decimal("2500315.63")
    again = bring("orders", "cdnow_master.csv.gz", "cdnow_master.toml")
    assert verdicts(again) == {"unchanged": 69_659, "total": 69_659}


def test_hotel_reviews():
    report = bring("interactions", "text_zh_hotel_reviews.csv.gz", "hotel_reviews.toml")
    assert verdicts(report) == {"created": 7_765, "total": 7_765}
    reviews = Interaction.objects.filter(customer=None, occurred_at=None, channel="review")
    assert reviews.count() == 7_765
    again = bring("interactions", "text_zh_hotel_reviews.csv.gz", "hotel_reviews.toml")
    assert verdicts(again) == {"unchanged": 7_765, "total": 7_765}
