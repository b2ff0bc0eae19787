"""Words in messages are found in traditional characters by simplified ones, and the other way round, and marked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.han import MOST, spelt
from customers.models import Interaction, MessageReading
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db
HANT, HANS = "發貨太慢，頭髮用品的包裝也破損。", "发货太慢，头发用品的包装也破损。"


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("发货", {"發貨"}),
        ("發貨", {"发货"}),
        ("头发", {"頭髮", "頭發"}),
        ("里面", {"裏面", "裡面"}),
        ("裡面", {"里面", "裏面"}),
        ("为什么", {"爲什麼", "為什麼"}),
        ("台湾", {"臺灣", "台灣"}),
        ("后来", {"後來"}),
    ],
)
def test_a_word_is_spelt_in_both_scripts(word, found):
    assert spelt(word)[0] == word
    assert found <= set(spelt(word))


def test_what_is_written_alike_is_looked_up_once_and_nothing_too_often():
    assert spelt("parcel") == ["parcel"]
    assert spelt("物流") == ["物流"]
    assert len(spelt("后面里台发" * 20)) <= MOST


@pytest.fixture
def said(customer):
    for number, text in enumerate((HANT, HANS, "The parcel is late.")):
        one = Interaction.objects.create(
            customer=customer,
            channel="email",
            subject=f"No. {number}",
            text=text,
            occurred_at=ago(1),
        )
        MessageReading.objects.filter(pk=one.pk).update(
            label="negative", label_read="negative", read_at=timezone.now(), version="rules-1"
        )


@pytest.mark.parametrize("script", ["发货 头发", "發貨 頭髮"])
@pytest.mark.parametrize("page", ["voice", "interactions"])
def test_both_are_found_and_marked_on_the_pages(client, said, owner, page, script):
    client.force_login(owner)
    body = client.get(reverse(page), {"q": script, "shown": "yes"}).content.decode()
    for word in ("发货", "發貨", "头发", "頭髮"):
        assert f">{word}</mark>" in body
    assert "parcel" not in body


@pytest.mark.parametrize("script", ["包装", "包裝"])
def test_a_customers_timeline_is_searched_alike(client, said, owner, customer, script):
    client.force_login(owner)
    address = f"{customer.get_absolute_url()}?timeline=conversations&words={script}"
    body = client.get(address).content.decode()
    assert '<mark class=" c-sought">包装</mark>' in body
    assert '<mark class=" c-sought">包裝</mark>' in body
    assert "The parcel is late." not in body
