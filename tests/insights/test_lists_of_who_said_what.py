"""Customers by what they said: sums per customer follow what is read, and pages lead to the lists."""

import re

import pytest

from customers.models import Concern, Customer, CustomerSubject, CustomerVoice, Interaction, Product
from customers.saying import add_up_everybody
from insights.reading import read_unread
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db
BAD = "Terrible. The parcel arrived broken, I want a refund."


def write(customer, text, days, **more):
    Interaction.objects.create(
        customer=customer, channel="email", direction="in", text=text, occurred_at=ago(days), **more
    )


@pytest.fixture
def said(make_customer, owner, team):
    beans = Product.objects.create(sku="B", name="Beans")
    cross = make_customer("Cross", owner=owner, team=team)
    glad = make_customer("Glad", owner=owner, team=team)
    write(cross, BAD, 3, product=beans)
    write(cross, "Wonderful, thank you, delicious coffee!", 1)
    write(glad, "Wonderful coffee, thank you so much!", 2, product=beans)
    write(glad, BAD, 200)
    read_unread()
    return beans


def sums():
    voices = CustomerVoice.objects.order_by("pk").values_list(
        "customer__name", "label", "negative_at"
    )
    subjects = CustomerSubject.objects.order_by("kind", "code", "customer")
    return list(voices), list(
        subjects.values_list("customer__name", "kind", "code", "last_at", "negative_at")
    )


def listed(client, user, query):
    client.force_login(user)
    body = client.get(f"/customers/?{query}").content.decode()
    return {name for name in ("Cross", "Glad") if f">{name}<" in body}


def test_each_question_lists_whom_it_should(client, said, owner):
    concern = CustomerSubject.objects.filter(kind="concern", customer__name="Cross").exclude(
        negative_at=None
    )
    code = concern.first().code
    assert listed(client, owner, "feeling=positive") == {"Cross", "Glad"}
    assert listed(client, owner, "worst=negative") == {"Cross"}
    assert listed(client, owner, "worst=positive") == {"Glad"}
    assert listed(client, owner, f"concern_bad={code}") == {"Cross", "Glad"}
    assert listed(client, owner, f"product_bad={said.pk}") == {"Cross"}


def test_sums_of_those_read_are_the_sums_of_everybody(said):
    before = sums()
    assert before[0] and before[1]
    add_up_everybody()
    assert sums() == before


def test_what_a_changed_message_said_before_leaves_nothing_behind(said):
    Interaction.objects.filter(text=BAD, customer__name="Cross").update(
        text="Wonderful, thank you!"
    )
    read_unread()
    assert CustomerVoice.objects.get(customer__name="Cross").negative_at is None


def test_who_refuses_profiling_is_in_no_list(said):
    cross = Customer.objects.get(name="Cross")
    cross.profiling_refused = True
    cross.save()
    read_unread()
    assert not CustomerVoice.objects.filter(customer=cross).exists()
    assert not cross.subjects.exists()


def test_a_merged_concern_is_found_under_what_it_stands_for(said):
    row = (
        CustomerSubject.objects.filter(kind="concern", customer__name="Cross")
        .exclude(negative_at=None)
        .first()
    )
    other = Concern.objects.create(code="mishap", name_en="Mishap")
    Concern.objects.create(code=row.code, merged_into=other)
    codes = set(CustomerSubject.objects.filter(kind="concern").values_list("code", flat=True))
    assert "mishap" in codes and row.code not in codes


def test_the_voice_page_leads_to_those_who_were_unhappy(client, said, owner):
    client.force_login(owner)
    body = client.get(f"/voice/?shown=yes&product={said.pk}").content.decode()
    [address] = re.findall(r'href="(/customers/\?product_bad=\d+)"', body)
    assert ">Cross<" in client.get(address).content.decode()
