"""A product's page: what it is, what is sold of it and to whom, what is said about it; of customers one may see."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import (
    Interaction,
    MessageReading,
    OrderLine,
    Product,
    ProductSum,
    ProductValue,
    Recommendation,
)
from customers.product_sums import add_up_products, first_of_months
from customers.selling import buyers_of, sold_lately
from insights.models import MessageTopic, Topic, VoiceDay
from insights.reading import read_unread
from insights.voice import messages_of
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def beans(db):
    return Product.objects.create(
        sku="B1", name="House Espresso", category="Beans", price="9.90", currency="EUR",
        description="Cocoa and hazelnut.",
    )  # fmt: skip


@pytest.fixture
def sell(make_order, beans):
    def sold(customer, days, units=2, kind="sale"):
        sign = 1 if kind == "sale" else -1
        order = make_order(customer, days_ago=days, amount=10 * units * sign, kind=kind)
        OrderLine.objects.create(
            order=order, position=1, product=beans, quantity=units * sign, unit_price=10,
            amount=10 * units * sign, base_amount=10 * units * sign,
        )  # fmt: skip
        return order

    return sold


@pytest.fixture
def theirs(make_customer, stranger, other_team):
    return make_customer("Theirs", owner=stranger, team=other_team)


def test_messages_that_name_it_count_where_they_are_said_to_be_about_none(
    client, owner, stranger, customer, theirs, beans
):
    tea = Product.objects.create(sku="T1", name="Ceylon Tea")

    def say(text, whom=customer, **fields):
        fields = {"customer": whom, "channel": "email", "occurred_at": ago(2)} | fields
        return Interaction.objects.create(text=text, **fields)

    named = say("The House Espresso is terrible.")
    own = say("It is wonderful.", product=beans)
    say("The House Espresso is lovely, and so is this.", product=tea)
    say("My House Espresso never came.", whom=theirs)
    read_unread()
    assert MessageReading.objects.get(pk=named.pk).named_product == beans
    found = messages_of(owner, {"product": beans.pk})
    assert {one.pk for one in found} == {named.pk, own.pk}
    page = body_of(client, owner, "product-voice", beans)
    assert "terrible" in page and "wonderful" in page and "lovely" not in page
    assert "never came" not in page
    add_up_products()
    sums = ProductSum.objects.filter(product=beans)
    assert sum(one.messages for one in sums) == 3
    assert sum(one.messages for one in ProductSum.objects.filter(product=tea)) == 1
    days = VoiceDay.objects.filter(by=VoiceDay.By.PRODUCT, value=str(beans.pk))
    assert sum(one.messages for one in days) == 3
    assert customer.subjects.filter(kind="product").count() == 2


def body_of(client, user, name, product):
    client.force_login(user)
    answer = client.get(reverse(name, args=[product.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_sales_are_those_to_the_customers_one_may_see(
    client, sell, beans, customer, theirs, owner, stranger, admin
):
    sell(customer, 1)
    sell(customer, 40, units=3)
    sell(customer, 500)
    sell(customer, 2, units=1, kind="return")
    sell(theirs, 3)
    add_up_products()
    of_owner, of_admin = sold_lately(owner, beans), sold_lately(admin, beans)
    assert (of_owner.orders, of_owner.units, of_owner.customers) == (2, 5, 1)
    assert (of_owner.amount, of_owner.returned_share) == (50, pytest.approx(0.2))
    assert (of_admin.orders, of_admin.customers) == (3, 2)
    assert [one.name for one in buyers_of(stranger, beans)] == ["Theirs"]
    body = body_of(client, owner, "product", beans)
    assert customer.name in body and "Theirs" not in body
    for text in ("House Espresso", "€9.90", "In stock", "Cocoa and hazelnut.", "5 sold for €50"):
        assert text in body, text


def test_who_buys_it_most_often_stands_first(sell, beans, admin, customer, theirs):
    sell(customer, 5, units=9)
    for days in (3, 9):
        sell(theirs, days)
    add_up_products()
    found = buyers_of(admin, beans)
    assert [(one.name, one.bought, one.spent) for one in found] == [
        ("Theirs", 2, 40), (customer.name, 1, 90),
    ]  # fmt: skip


def test_twelve_months_end_with_this_one():
    months = first_of_months(datetime.date(2026, 2, 28))
    assert (months[0], months[-1], len(months)) == (
        datetime.date(2025, 3, 1), datetime.date(2026, 2, 1), 12,
    )  # fmt: skip


def test_earlier_prices_and_an_empty_product(client, beans, owner):
    ProductValue.objects.create(product=beans, field="price", value="8.50", valid_from=ago(90))
    ProductValue.objects.create(product=beans, field="in_stock", value=False, valid_from=ago(30))
    Product.objects.filter(pk=beans.pk).update(in_stock=False, price=None)
    body = body_of(client, owner, "product", beans)
    assert "price €8.50" in body and "Out of stock" in body
    assert "None of the customers you may see bought it" in body
    assert "No message about it" in body_of(client, owner, "product-voice", beans)


def write(customer, product, text, days):
    return Interaction.objects.create(
        customer=customer, product=product, channel="review", text=text, occurred_at=ago(days)
    )


@pytest.fixture
def said(beans, customer, theirs):
    for days, text in (
        (1, "Fine, thanks."),
        (3, "The quality is terrible, awful taste!"),
        (5, "Delicious, wonderful quality."),
        (9, "Worst coffee ever, disgusting, I hate it!"),
        (40, "It is all right."),
    ):
        write(customer, beans, text, days)
    write(theirs, beans, "Somebody else's opinion is bad.", 2)
    read_unread()


def test_what_is_said_newest_and_worst_with_their_evidence(client, said, beans, owner, stranger):
    body = body_of(client, owner, "product-voice", beans)
    assert "Somebody else" not in re.sub("</?mark[^>]*>", "", body)
    newest, worst = body.split("Worst of 12 months")
    assert newest.count('id="feedback-') == 3
    assert "disgusting" in worst
    assert "c-felt-neg" in worst
    theirs = re.sub("</?mark[^>]*>", "", body_of(client, stranger, "product-voice", beans))
    assert "Somebody else" in theirs and "Delicious" not in theirs


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_every_mark_opens_the_messages_it_counts(client, said, beans, request, who):
    body = body_of(client, request.getfixturevalue(who), "product-voice", beans)
    marks = re.findall(
        r'<a href="(/voice/\?[^"#]*)#messages" tabindex="-1"><title>[^<]*: (\d+) ', body
    )
    assert sum(int(n) for _address, n in marks) == 5
    sides = re.findall(r'clip" href="(/voice/\?[^"#]*aspect=[^"#]*)#messages">', body)
    assert sides
    for address, n in [*marks, *((one, None) for one in sides)]:
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        found = len(re.findall(r'id="feedback-\d+"', shown))
        assert found == int(n) if n else found > 0


def test_topics_of_a_product_open_its_messages_of_them(client, said, beans, owner):
    topic = Topic.objects.create(number=4, phrases={"en": ["bad taste"]})
    talk = Interaction.objects.get(text__startswith="Worst")
    MessageTopic.objects.create(
        reading_id=talk.pk, topic=topic, occurred_at=talk.occurred_at, changes=0, round=0
    )
    body = body_of(client, owner, "product-voice", beans)
    [address] = re.findall(r'class="c-chip" href="(/voice/\?[^"#]*topic=4[^"#]*)#messages"', body)
    shown = client.get(address.replace("&amp;", "&")).content.decode()
    assert re.findall(r'id="feedback-(\d+)"', shown) == [str(talk.pk)]


def test_orders_recommendations_and_messages_lead_there(client, sell, beans, customer, owner):
    sell(customer, 3)
    Recommendation.objects.create(
        customer=customer, rank=1, product=beans, score=0.5, why="popular", version=1,
        facts={"buyers_recent": 42, "days": 90},
    )  # fmt: skip
    talk = write(customer, None, "The House Espresso is terrible.", 2)
    read_unread()
    assert MessageReading.objects.get(pk=talk.pk).details["entities"]
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert body.count(f'href="{reverse("product", args=[beans.pk])}"') == 3


def test_the_page_asks_as_often_for_many_as_for_few(
    client, sell, said, beans, customer, owner, make_customer, team
):
    def asked():
        client.force_login(owner)
        with CaptureQueriesContext(connection) as queries:
            for name in ("product", "product-voice"):
                assert client.get(reverse(name, args=[beans.pk])).status_code == 200
        return len([q for q in queries if "customers_concern" not in q["sql"]])  # kept for seconds

    sell(customer, 3)
    asked()
    few = asked()
    for i in range(6):
        one = make_customer(f"Customer {i}", owner=owner, team=team)
        sell(one, 2 + i)
        write(one, beans, f"Terrible taste {i}", 4)
    read_unread()
    assert asked() == few <= 22
