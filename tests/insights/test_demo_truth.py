"""What happens in the demo company has the causes that its hidden truth names."""

import datetime
import statistics
from collections import defaultdict

import pytest

from customers.models import Customer, Interaction, Order, OrderLine
from tests.insights.demo_company import NOW

pytestmark = pytest.mark.django_db


def share(rows, condition) -> float:
    rows = list(rows)
    return sum(map(condition, rows)) / len(rows)


def test_every_customer_has_a_truth_that_no_record_tells(demo):
    assert set(demo.truth) == set(Customer.objects.values_list("pk", flat=True))
    kinds = {t["kind"] for t in demo.truth.values()}
    assert kinds == {
        "home_barista", "cafe_owner", "office", "gift_buyer", "bargain_hunter", "tea_lover", "curious",
    }  # fmt: skip
    for customer in Customer.objects.all()[:50]:
        assert not {"kind", "satisfaction", "hazard"} & set(customer.attributes)


def test_late_deliveries_raise_complaints(demo):
    late = [t for t in demo.truth.values() if int(t["late_deliveries"]) > 0]
    fine = [t for t in demo.truth.values() if t not in late and int(t["sales"]) > 0]
    with_complaint = set(
        Interaction.objects.filter(channel="complaint").values_list("customer", flat=True)
    )

    def complained(truth):
        return int(truth["customer_id"]) in with_complaint

    assert share(late, complained) > 3 * share(fine, complained)


def test_complaints_come_after_the_order_they_are_about(demo):
    complaints = Interaction.objects.filter(channel="complaint")
    assert complaints.count() > 20
    for complaint in complaints.select_related("order"):
        assert complaint.order.customer_id == complaint.customer_id
        assert complaint.occurred_at > complaint.order.occurred_at


def test_unanswered_complaints_make_customers_leave(demo):
    def left(truth):
        return bool(truth["churned_at"])

    ignored = [
        t for t in demo.truth.values() if int(t["complaints"]) > int(t["complaints_handled"])
    ]
    content = [t for t in demo.truth.values() if int(t["sales"]) > 2 and t["complaints"] == "0"]
    assert share(ignored, left) > share(content, left) + 0.1


def test_satisfaction_lowers_and_raises_orders(demo):
    """Among home baristas the discontent order less often than what they buy would last."""
    pace = {True: [], False: []}
    for truth in demo.where(kind="home_barista", trend="constant"):
        days = list(
            Order.objects.filter(customer=truth["customer_id"], kind="sale")
            .order_by("occurred_at")
            .values_list("occurred_at", flat=True)
        )
        if len(days) >= 5:
            gap = (days[-1] - days[0]).total_seconds() / 86400 / (len(days) - 1)
            content = float(truth["satisfaction"]) >= 0.7
            pace[content].append(gap / float(truth["gap_days"]))
    assert statistics.median(pace[False]) > statistics.median(pace[True])


def test_what_is_used_up_is_bought_again_at_its_interval(demo):
    ratios = []
    for truth in demo.where(kind="home_barista"):
        days = list(
            OrderLine.objects.filter(
                order__customer=truth["customer_id"],
                order__kind="sale",
                product__sku=truth["second_sku"],
            )
            .order_by("order__occurred_at")
            .values_list("order__occurred_at", flat=True)
        )
        lasts = float(truth["second_days"])
        ratios += [
            (b - a).total_seconds() / 86400 / lasts for a, b in zip(days, days[1:], strict=False)
        ]
    assert len(ratios) > 50
    assert 0.8 < statistics.median(ratios) < 1.8


def test_who_has_left_orders_no_more_and_hardly_visits(demo):
    gone = [t for t in demo.truth.values() if t["churned_at"]]
    assert 0.1 < len(gone) / len(demo.truth) < 0.5
    for truth in gone:
        customer = Customer.objects.get(pk=truth["customer_id"])
        assert not customer.orders.filter(kind="sale", occurred_at__gt=truth["churned_at"]).exists()
    late = sum(
        Customer.objects.get(pk=t["customer_id"])
        .events.filter(occurred_at__gt=t["churned_at"])
        .count()
        for t in gone
    )
    assert late < 5 * len(gone)


def test_people_look_before_they_buy(demo):
    def looked(order, days_earlier):
        until = order.occurred_at - datetime.timedelta(days=days_earlier)
        return order.customer.events.filter(
            kind__in=["product_view", "cart"],
            occurred_at__range=(until - datetime.timedelta(hours=3), until),
        ).exists()

    orders = Order.objects.filter(kind="sale").select_related("customer")[:300]
    assert share(orders, lambda o: looked(o, 0)) > 0.3
    assert share(orders, lambda o: looked(o, 0)) > 5 * share(orders, lambda o: looked(o, 45))


def test_equipment_follows_equipment(demo):
    """Of those who bought both, most bought the machine first."""
    first = defaultdict(dict)
    lines = OrderLine.objects.filter(order__kind="sale").order_by("order__occurred_at")
    for customer, category, at in lines.values_list(
        "order__customer", "product__category", "order__occurred_at"
    ):
        first[customer].setdefault(category, at)
    pairs = [
        first[int(t["customer_id"])]
        for t in demo.where(world="espresso")
        if {"Espresso machines", "Grinders"} <= set(first[int(t["customer_id"])])
    ]
    assert share(pairs, lambda c: c["Espresso machines"] <= c["Grinders"]) > 0.6


def test_the_dashboards_are_alive_today(demo):
    newest = Order.objects.order_by("-occurred_at").first()
    assert (NOW - newest.occurred_at).days < 2
    assert Interaction.objects.filter(
        channel="complaint", occurred_at__gte=NOW.replace(day=1)
    ).exists()
