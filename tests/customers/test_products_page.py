"""The list of products: sums of the customers one may see, sorted, searched, page by page."""

import csv
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Interaction, MessageReading, Order, OrderLine, Product, ProductSum
from customers.product_sums import add_up_products
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    names = [("A", "Beans", "Coffee"), ("B", "Filters", "Paper"), ("C", "Mug", "Cups")]
    return [
        Product.objects.create(sku=s, name=n, category=c, price=5, currency="EUR")
        for s, n, c in names
    ]


def sell(customer, product, units, kind="sale", days=3):
    order = Order.objects.create(
        customer=customer, source="t", number=str(Order.objects.count()), kind=kind, occurred_at=ago(days),
        currency="EUR", amount=units, base_amount=units,
    )  # fmt: skip
    OrderLine.objects.create(
        order=order,
        position=1,
        product=product,
        quantity=units,
        unit_price=1,
        amount=units,
        base_amount=units,
    )


def say(customer, product, label, days=3):
    talk = Interaction.objects.create(
        customer=customer, channel="email", text="x", occurred_at=ago(days), product=product
    )
    MessageReading.objects.filter(pk=talk.pk).update(label=label)


@pytest.fixture
def summed(catalogue, make_customer, owner, teammate, team, other_team):
    beans, filters, _mug = catalogue
    mine = make_customer("Mine", owner=owner, team=team)
    theirs = make_customer("Theirs", owner=teammate, team=other_team)
    sell(mine, beans, 10)
    sell(mine, beans, -2, "return")
    sell(mine, beans, 50, days=200)
    sell(theirs, filters, 30)
    say(mine, beans, "negative")
    say(mine, beans, "positive")
    say(theirs, beans, "negative")
    add_up_products()
    return catalogue


def rows_of(client, user, query=""):
    client.force_login(user)
    body = client.get(f"/products/{query}").content.decode()
    return [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip()
        for row in re.findall(r"<tr data-row>(.*?)</tr>", body, re.S)
    ]


def test_figures_are_those_of_the_customers_one_may_see(client, summed, owner, admin):
    mine, everybody = rows_of(client, owner), rows_of(client, admin)
    assert mine[0].startswith("Beans") and "20%" in mine[0] and "1 of 2 messages" in mine[0]
    assert everybody[0].startswith("Filters") and "2 of 3 messages" in everybody[1]
    assert not any("30" in row for row in mine)


def test_it_is_sorted_searched_and_narrowed(client, summed, admin):
    first = {
        query: rows_of(client, admin, query)[0].split()[0]
        for query in ("?sort=name", "?sort=-name", "?sort=-negative", "?sort=-returned", "?q=fil", "?category=Cups")
    }  # fmt: skip
    assert first == {
        "?sort=name": "Beans", "?sort=-name": "Mug", "?sort=-negative": "Beans", "?sort=-returned": "Beans",
        "?q=fil": "Filters", "?category=Cups": "Mug",
    }  # fmt: skip
    assert rows_of(client, admin, "?q=nothing") == []
    assert rows_of(client, admin, "?sort=bogus&after=rubbish&q=%00") != []


@pytest.mark.parametrize("sort", ["name", "-sold", "sold", "-price", "negative"])
def test_pages_hold_every_product_once(client, summed, admin, monkeypatch, sort):
    monkeypatch.setattr("customers.views.product.PAGE", 1)
    client.force_login(admin)
    address, seen = f"/products/?sort={sort}", []
    while address:
        body = client.get(address).content.decode()
        seen += re.findall(r'c-medium c-break" href="/products/(\d+)/"', body)
        found = re.search(r'rel="next" href="([^"]+)"', body)
        address = f"/products/{found[1].replace('&amp;', '&')}" if found else ""
    assert sorted(seen) == sorted(str(one.pk) for one in summed)


def test_adding_up_again_changes_nothing_and_archived_customers_are_left_out(summed, owner):
    before = list(
        ProductSum.objects.order_by("product", "owner").values(
            "product", "owner", "sold", "negative"
        )
    )
    add_up_products()
    after = ProductSum.objects.order_by("product", "owner").values(
        "product", "owner", "sold", "negative"
    )
    assert list(after) == before
    assert ProductSum.objects.get(product=summed[0], owner=owner).sold == Decimal(10)


def test_many_products_are_asked_for_as_often_as_few(client, summed, admin):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/products/")
        return len(queries)

    client.force_login(admin)
    client.get("/products/")
    few = asked()
    Product.objects.bulk_create([Product(sku=f"N{i}", name=f"N{i}") for i in range(30)])
    assert asked() == few


def test_what_is_in_stock_and_what_is_not(client, summed, owner):
    summed[2].in_stock = False
    summed[2].save()
    assert [row.split()[0] for row in rows_of(client, owner, "?stock=no")] == ["Mug"]
    assert len(rows_of(client, owner, "?stock=yes")) == 2
    assert len(rows_of(client, owner, "?stock=bogus")) == 3
    assert "No product fits." in client.get("/products/?stock=no&category=Coffee").content.decode()
    page = client.get("/products/?stock=yes&sort=price").content.decode()
    assert "?stock=yes&amp;sort=price&amp;as=csv" in page
    assert '<option value="price" selected>' in page
    assert (
        '<option value="returned" selected>Sent back'
        in client.get("/products/?sort=returned").content.decode()
    )


def test_the_list_becomes_a_file_in_its_order_of_the_readers_sums(
    client, summed, owner, django_assert_max_num_queries
):
    def rows(**query) -> list[list[str]]:
        body = b"".join(client.get("/products/", {"as": "csv"} | query).streaming_content)
        return list(csv.reader(body.decode("utf-8-sig").splitlines()))

    client.force_login(owner)
    with django_assert_max_num_queries(8):
        head, *found = rows(sort="-name")
    assert head == [
        "Product", "SKU", "Category", "In stock", "Price", "Currency", "Sold", "Sent back, %",
        "Messages", "Negative",
    ]  # fmt: skip
    assert [row[0] for row in found] == ["Mug", "Filters", "Beans"]
    assert found[2] == ["Beans", "A", "Coffee", "yes", "5", "EUR", "10", "20", "2", "1"]
    assert found[1][6] in ("", "0")  # sold to customers of somebody else
    assert len(rows(category="Paper")) == 2
    book = client.get("/products/", {"as": "xlsx", "q": "beans"})
    assert b"".join(book.streaming_content).startswith(b"PK")
