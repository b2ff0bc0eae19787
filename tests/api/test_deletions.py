"""Which records were deleted: told to systems that keep a copy, whatever way they went."""

import datetime

import pytest
from django.utils import timezone

from customers.models import Deletion, ExternalId, Interaction, Order, Product
from customers.recording import record_interaction
from customers.undoing import undo
from tests.tokens import api_of

DELETIONS = "/api/v1/deletions/"


@pytest.fixture(autouse=True)
def nothing_deleted_yet(db):
    """On SQLite the triggers also see how tables are emptied after a test with transactions of its own."""
    Deletion.objects.all().delete()


@pytest.fixture
def api(admin):
    return api_of(admin)


def rows(client, query: str = "") -> list[dict]:
    answer = client.get(f"{DELETIONS}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def told(client, query: str = "") -> set[tuple]:
    return {(one["kind"], one["id"]) for one in rows(client, query)}


def test_whatever_way_a_record_goes_it_is_told(api, customer, make_order):
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    product = Product.objects.create(sku="BEANS")
    orders = [make_order(customer, number=str(n)) for n in range(3)]
    note = Interaction.objects.create(customer=customer, channel="note", text="Secret")
    pks, note_id = [order.pk for order in orders], note.pk
    Order.objects.filter(pk=pks[0]).delete()
    rest = Order.objects.filter(pk__in=pks[1:])
    rest._raw_delete(rest.db)
    note.delete()
    assert api.delete(f"/api/v1/products/{product.pk}/").status_code == 204
    assert api.delete(f"/api/v1/customers/{customer.pk}/").status_code == 204
    found = {(one["kind"], one["id"]): one for one in rows(api)}
    assert found.keys() == {
        *(("order", pk) for pk in pks),
        ("interaction", note_id),
        ("product", product.pk),
        ("customer", customer.pk),
    }
    keys = {name: (one["source"], one["key"]) for name, one in found.items()}
    assert keys["order", pks[2]] == ("test", "2")
    assert keys["product", product.pk] == ("", "BEANS")
    assert keys["customer", customer.pk] == keys["interaction", note_id] == ("", "")
    when = datetime.datetime.fromisoformat(found["customer", customer.pk]["deleted_at"])
    assert abs(timezone.now() - when) < datetime.timedelta(minutes=1)


def test_of_what_one_did_not_see_one_is_not_told(
    api, owner, teammate, stranger, manager, other_manager, customer, make_customer, team
):
    shared = Interaction.objects.create(customer=customer, channel="note")
    nobodys = Interaction.objects.create(channel="email")
    loose = make_customer()
    product = Product.objects.create(sku="BEANS")
    names = {
        ("interaction", shared.pk): "theirs",
        ("interaction", nobodys.pk): "nobody's",
        ("customer", loose.pk): "loose",
        ("product", product.pk): "product",
    }
    for one in (shared, nobodys, loose, product):
        one.delete()

    def seen(person) -> set[str]:
        return {names[one] for one in told(api_of(person))}

    assert seen(owner) == {"theirs", "product"}
    assert seen(teammate) == seen(stranger) == {"product"}
    assert seen(manager) == {"theirs", "nobody's", "loose", "product"}
    assert seen(other_manager) == {"nobody's", "loose", "product"}
    team.shares_customers = True
    team.save()
    assert seen(teammate) == {"theirs", "product"}


def test_a_copy_asks_for_what_went_since_it_last_asked(api):
    for sku in "ABCDE":
        Product.objects.create(sku=sku).delete()
    first = api.get(f"{DELETIONS}?page_size=2")
    keys, answer = [], first
    while True:
        keys += [one["key"] for one in answer.json()["results"]]
        if not answer.json()["next"]:
            break
        answer = api.get(answer.json()["next"])
    assert keys == list("EDCBA")
    ago = timezone.now() - datetime.timedelta(days=3)
    Deletion.objects.filter(key__in="AB").update(deleted_at=ago)
    since = api.get(DELETIONS, {"recorded_from": first["Sync-From"]}).json()["results"]
    assert [one["key"] for one in since] == list("CDE")
    before = api.get(DELETIONS, {"recorded_before": first["Sync-From"]}).json()["results"]
    assert {one["key"] for one in before} == set("AB")
    assert told(api, "?kind=order") == set()


def test_what_is_forgotten_is_not_left_out_without_a_word(api, settings):
    for sku in "AB":
        Product.objects.create(sku=sku).delete()
    settings.DELETIONS_DAYS = 30
    old = timezone.now() - datetime.timedelta(days=31)
    Deletion.objects.filter(key="A").update(deleted_at=old)
    refused = api.get(DELETIONS, {"recorded_from": old.isoformat()})
    [problem] = refused.json()["error"]["fields"]
    assert (problem["field"], problem["code"]) == ("recorded_from", "too_early")
    assert "30" in problem["message"]
    Deletion.objects.forget_old()
    assert [one["key"] for one in rows(api)] == ["B"]


def test_a_note_that_its_writer_takes_back_is_told(owner, customer):
    note = record_interaction(Interaction(customer=customer, channel="note", text="x"), owner)
    undo(note.recorded_in, owner)
    assert not Interaction.objects.exists()
    assert told(api_of(owner)) == {("interaction", note.pk)}
