"""A product is found in messages by each of its names, also in those that were read before it had the name."""

import pytest

from customers.editing import edit_product
from customers.models import ChangeSet, Interaction, MessageReading, Product
from customers.upserting import ProductRow, upsert_products
from insights import listening
from insights.reading import read_unread
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def beans(db):
    return Product.objects.create(sku="NB-1001", name="House Espresso, 250 g")


@pytest.fixture
def said(customer, beans):
    """A message in Chinese, one that names the SKU and one about something else; all of them read."""
    texts = ["招牌意式咖啡豆很香，下次再买。", "Please send NB-1001 again.", "Where is my parcel?"]
    rows = [
        Interaction.objects.create(
            customer=customer, channel="email", text=text, occurred_at=ago(1)
        )
        for text in texts
    ]
    read_unread()
    return rows


def linked(message) -> list[int]:
    details = MessageReading.objects.get(pk=message.pk).details
    return [e[3] for e in details.get("entities", ()) if e[0] == "product"]


def unread() -> set[int]:
    return set(MessageReading.objects.unread().values_list("pk", flat=True))


def test_an_sku_is_a_name_unless_it_is_a_word(said, beans):
    assert [linked(one) for one in said] == [[], [beans.pk], []]


def test_another_name_is_found_in_what_was_read_before(said, beans):
    beans.also_called = "招牌意式咖啡豆 250 克"
    edit_product(beans, ["also_called"])
    assert unread() == {said[0].pk}
    read_unread()
    assert linked(said[0]) == [beans.pk]
    beans.also_called = ""
    edit_product(beans, ["also_called"])
    assert unread() == {said[0].pk}
    read_unread()
    assert linked(said[0]) == []


def test_a_new_name_of_its_own_as_well(said, beans):
    beans.name = "Parcel"
    edit_product(beans, ["name"])
    assert unread() == {said[2].pk}


def test_another_price_has_nothing_read_again(said, beans):
    beans.price = 12
    edit_product(beans, ["price"])
    assert not unread()


def test_rows_have_it_read_again_too_and_many_of_them_everything(said, beans, monkeypatch):
    rows = [ProductRow("NB-1001", {"also_called": "招牌意式咖啡豆"})]
    change_set = ChangeSet.objects.create(source=ChangeSet.Source.API)
    upsert_products(rows, change_set)
    assert unread() == {said[0].pk}
    upsert_products(rows, change_set)
    read_unread()
    monkeypatch.setattr(listening, "MANY_NAMES", 1)
    upsert_products([ProductRow("NB-1001", {"name": "Beans", "also_called": "豆"})], change_set)
    assert unread() == {one.pk for one in said}
