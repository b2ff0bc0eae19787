"""All ids that a customer has in other systems, by key and in bulk, as by POST and PATCH."""

import pytest

from customers.models import Change, Customer, ExternalId
from tests.tokens import api_of

ADDRESS = "/api/v1/customers/by-external-id/shop/77/"
BULK = "/api/v1/customers/bulk/"
SHOP, MAIL = ({"source": s, "external_id": "77"} for s in ("shop", "mail"))


@pytest.fixture
def api(admin):
    return api_of(admin)


def ids_of(customer) -> list[tuple]:
    return list(customer.external_ids.order_by("pk").values_list("source", "external_id"))


def told(answer) -> list[tuple]:
    fields = answer.json()["error"]["fields"]
    return [(f["field"], f["code"]) for f in fields]


def test_a_customer_is_made_with_all_ids_and_known_by_each(api):
    answer = api.put(ADDRESS, {"name": "Ana", "external_ids": [SHOP, MAIL]})
    assert answer.status_code == 201, answer.content
    assert answer.json()["external_ids"] == [SHOP, MAIL]
    other = api.get("/api/v1/customers/by-external-id/mail/77/")
    assert other.json()["id"] == answer.json()["id"]
    again = api.put(ADDRESS, {"external_ids": [SHOP, MAIL]})
    assert again.headers["Upsert-Status"] == "unchanged"


def test_a_record_may_be_put_back_as_it_was_read(api):
    read = api.put(ADDRESS, {"name": "Ana", "external_ids": [MAIL]}).json()
    again = api.put(ADDRESS, read)
    assert (again.status_code, again.headers["Upsert-Status"]) == (200, "unchanged")


def test_the_id_of_the_address_stays_and_the_list_replaces_the_others(api):
    api.put(ADDRESS, {"external_ids": [MAIL]})
    answer = api.put(ADDRESS, {"external_ids": [{"source": "till", "external_id": 9}]})
    assert answer.headers["Upsert-Status"] == "updated"
    assert ids_of(Customer.objects.get()) == [("shop", "77"), ("till", "9")]
    change = Change.objects.get()
    assert change.previous == {"external_ids": [["mail", "77"], ["shop", "77"]]}


def test_without_the_list_ids_stay(api):
    api.put(ADDRESS, {"external_ids": [MAIL]})
    api.put(ADDRESS, {"name": "Bo"})
    assert len(ids_of(Customer.objects.get())) == 2


@pytest.mark.parametrize(
    ("ids", "status", "code"),
    [([MAIL], 409, "unique"), ([SHOP, SHOP], 400, "duplicate")],
    ids=["somebody else's", "twice"],
)
def test_what_cannot_be_is_refused_by_put(api, make_customer, ids, status, code):
    ExternalId.objects.create(customer=make_customer(), **MAIL)
    answer = api.put(ADDRESS, {"external_ids": ids})
    nth = len(ids) - 1
    assert answer.status_code == status
    assert told(answer) == [(f"external_ids.{nth}.external_id", code)]
    assert not Customer.objects.filter(external_ids__source="shop").exists()


def test_a_slip_inside_the_list_is_named(api):
    answer = api.put(ADDRESS, {"external_ids": [{"source": "mail", "nr": "1"}]})
    assert set(told(answer)) == {
        ("external_ids.0.external_id", "required"),
        ("external_ids.0.nr", "unknown_field"),
    }
    assert told(api.put(ADDRESS, {"external_ids": "mail"}))[0][0] == "external_ids"


def test_of_two_rows_that_claim_one_id_the_first_has_it(api):
    rows = [
        {**SHOP, "external_ids": [{"source": "till", "external_id": "1"}]},
        {"source": "shop", "external_id": "78", "external_ids": [{"source": "till", "external_id": "1"}]},
        {"source": "shop", "external_id": "79", "external_ids": [SHOP]},
        {"source": "shop", "external_id": "80", "external_ids": []},
    ]  # fmt: skip
    answer = api.post(BULK, rows)
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [row["status"] for row in results] == ["created", "rejected", "rejected", "created"]
    assert {row["errors"][0]["code"] for row in results[1:3]} == {"unique"}
    assert Customer.objects.count() == 2


def test_one_customer_may_come_under_two_keys(api):
    api.put(ADDRESS, {"external_ids": [MAIL]})
    rows = [{**SHOP, "external_ids": [MAIL]}, {**MAIL, "name": "Ana"}]
    answer = api.post(BULK, rows)
    assert answer.status_code == 200, answer.content
    assert Customer.objects.get().name == "Ana"


def test_many_ids_cost_no_query_each(api, django_assert_max_num_queries):
    rows = [
        {"source": "shop", "external_id": str(n),
         "external_ids": [{"source": "mail", "external_id": str(n)}]}
        for n in range(200)
    ]  # fmt: skip
    with django_assert_max_num_queries(60):
        assert api.post(BULK, rows).json()["counts"]["created"] == 200
    assert ExternalId.objects.count() == 400


def test_patch_says_in_the_history_what_the_ids_were(api, customer):
    api.patch(f"/api/v1/customers/{customer.pk}/", {"external_ids": [MAIL]})
    assert Change.objects.get().previous == {"external_ids": []}
    api.patch(f"/api/v1/customers/{customer.pk}/", {"external_ids": [MAIL]})
    assert Change.objects.count() == 1
