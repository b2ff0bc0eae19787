"""The demo company's records are sound: money adds up, nothing lies in the future, people are invented."""

import datetime
import json
import re
import stat
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count, F, Q, Sum

from customers.models import (
    ChangeSet,
    Company,
    CustomAttribute,
    Customer,
    CustomerTotals,
    CustomerValue,
    Event,
    ExchangeRate,
    Interaction,
    Order,
    OrderLine,
    Product,
    Task,
    Team,
    User,
)
from customers.money import Rates
from customers.searching import words_of
from tests.insights.demo_company import NOW

pytestmark = pytest.mark.django_db


def test_base_amounts_are_at_the_rate_of_their_day(demo):
    rates = Rates()
    assert Order.objects.filter(currency="CNY").count() > 100
    for line in OrderLine.objects.select_related("order").order_by("pk")[:3000:3]:
        order = line.order
        expected = rates.to_base(line.amount, order.currency, order.occurred_at.date())
        assert abs(line.base_amount - expected) <= Decimal("0.01")


def test_orders_are_the_sum_of_their_lines(demo):
    orders = Order.objects.annotate(
        of_lines=Sum("lines__amount"), base=Sum("lines__base_amount"), n=Count("lines")
    )
    assert not orders.filter(n=0).exists()
    for order in orders:
        assert order.of_lines == order.amount
        assert order.base == order.base_amount


def test_what_comes_back_is_negative_and_later_than_its_order(demo):
    back = Order.objects.exclude(kind="sale")
    assert back.filter(kind="return").exists()
    assert back.filter(kind="cancellation").exists()
    assert not back.filter(Q(returns=None) | Q(occurred_at__lte=F("returns__occurred_at"))).exists()
    assert not OrderLine.objects.filter(order__in=back, quantity__gte=0).exists()


def test_nothing_lies_in_the_future_or_before_the_customer_was_known(demo):
    for model in (Order, Event, Interaction):
        facts = model.objects.exclude(occurred_at=None)
        assert not facts.filter(occurred_at__gt=NOW).exists()
    assert not Order.objects.filter(occurred_at__lt=F("customer__known_since")).exists()


def test_stored_totals_are_those_of_the_orders(demo):
    assert CustomerTotals.objects.count() == 300
    totals = CustomerTotals.objects.aggregate(Sum("value"), Sum("orders"))
    spent = Order.objects.aggregate(s=Sum("base_amount"))["s"]
    assert round(totals["value__sum"], 2) == round(spent, 2)
    assert totals["orders__sum"] == Order.objects.filter(kind="sale").count()


def test_all_of_it_carries_the_change_set(demo):
    change_set = ChangeSet.objects.get()
    assert change_set.source == ChangeSet.Source.DEMO
    for model in (Customer, Product, Order, Event, Interaction, Task):
        assert not model.objects.exclude(recorded_in=change_set).exists()
    for model in (User, Team, CustomAttribute, ExchangeRate):
        assert not model.objects.filter(is_demo=False).exists()


def test_nobody_can_be_written_to_or_called(demo):
    for customer in Customer.objects.all():
        assert re.search(r"@(\w+\.)*(example\.(com|org|net)|\w+\.example)$", customer.email)
        assert re.match(
            r"^$|\+44 |\+49 |\+33 [1-6] |\+46 8 465 004 |\+353 20 91|\+86 129 ", customer.phone
        )
    assert Customer.objects.values("email").distinct().count() == 300


def test_chinese_customers_are_chinese_through_and_through(demo):
    chinese = Customer.objects.filter(country="China")
    assert 60 < chinese.count() < 160
    han = re.compile(r"[\u4e00-\u9fff]")
    for customer in chinese.prefetch_related("interactions", "orders"):
        assert han.search(customer.name)
        assert customer.language == "zh-hans"
        assert all(han.search(i.text) for i in customer.interactions.all())
        assert {o.currency for o in customer.orders.all()} <= {"CNY"}
    for text in Interaction.objects.filter(language="en").values_list("text", flat=True):
        assert not han.search(text.replace("王思远", "").replace("陈佳怡", ""))


def test_messages_are_filled_in_and_varied(demo):
    texts = list(Interaction.objects.values_list("text", flat=True))
    assert not any("{" in t or "  " in t or not t.strip() for t in texts)
    assert len(set(texts)) > 0.5 * len(texts)


def test_ratings_say_what_the_words_say(demo):
    reviews = Interaction.objects.filter(channel="review", language="en")
    bad = [r.text for r in reviews.filter(rating__lte=2)]
    assert bad
    assert not any("Love it" in t or "Excellent" in t for t in bad)


def test_the_shop_has_gaps_and_news(demo):
    assert 100 < Product.objects.count() < 140
    assert Product.objects.values("category").distinct().count() >= 10
    assert Product.objects.filter(in_stock=False).exists()
    assert Product.objects.filter(in_stock=True, archived_at=None, lines=None).count() >= 5
    gone = OrderLine.objects.filter(order__kind="sale", product__in_stock=False)
    assert gone.exists()
    assert not gone.filter(order__occurred_at__gt=NOW - datetime.timedelta(days=3)).exists()


def test_some_are_leads_some_archived_some_refuse_profiling(demo):
    assert Customer.objects.filter(orders=None, lifecycle__in=["lead", "prospect"]).exists()
    assert Customer.objects.exclude(archived_at=None).exists()
    assert 0 < Customer.objects.filter(profiling_refused=True).count() < 20


def test_the_current_value_is_the_last_of_its_history(demo):
    history = CustomerValue.objects.select_related("customer")
    last = {}
    for value in history.order_by(F("valid_from").asc(nulls_first=True), "pk"):
        last[value.customer, value.field] = value.value
    assert len(last) > 100
    for (customer, field), value in last.items():
        if field == "lifecycle":
            assert customer.lifecycle == value
        else:
            assert customer.attributes[field.removeprefix("attribute:")] == value


def test_staff_have_their_customers_and_something_to_do(demo):
    assert User.objects.filter(role="sales").count() == 6
    assert User.objects.filter(role="manager").count() == 2
    assert Team.objects.filter(shares_customers=True).count() == 1
    today = NOW.date()
    for user in User.objects.filter(role="sales"):
        assert user.customers.exists()
        todo = user.tasks.open()
        assert todo.filter(due_on__lt=today).exists()
        assert todo.filter(due_on=today).exists()
        assert todo.filter(due_on=today + datetime.timedelta(days=1)).exists()
    assert Task.objects.exclude(done_at=None).exists()


def test_three_of_them_can_sign_in_and_only_the_owner_of_the_file_reads_how(demo):
    path = demo.folder / "demo_logins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for role, login in json.loads(path.read_text()).items():
        user = authenticate(username=login["username"], password=login["password"])
        assert user.role == role
        assert len(login["password"]) > 14


def test_the_company_has_a_name_and_a_base_currency(demo):
    company = Company.current()
    assert (company.name, company.base_currency) == ("Northbean", "EUR")


def test_customers_are_found_as_their_names_are_typed(demo):
    known = Customer.objects.values_list("search_words", "name", "company", "phone")
    assert all(words == words_of(*rest) for words, *rest in known)
    assert Customer.objects.exclude(search_words="").count() > 100
