"""Who belongs to which organisation, by API: the rules of the page, one by one and in rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Change, Customer, ExternalId
from tests.tokens import api_of

BULK = "/api/v1/customers/bulk/"


@pytest.fixture
def api(owner):
    return api_of(owner)


@pytest.fixture
def company(make_customer, owner, team):
    made = make_customer("Beans Ltd", owner=owner, team=team, kind="organisation")
    ExternalId.objects.create(customer=made, source="shop", external_id="beans")
    return made


@pytest.fixture
def hidden(make_customer, stranger):
    return make_customer("Theirs Ltd", owner=stranger, kind="organisation")


def address(customer) -> str:
    return f"/api/v1/customers/{customer.pk}/"


def wrong(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    return [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]]


def wrong_row(answer, at=0) -> list[tuple[str, str]]:
    return [(e["field"], e["code"]) for e in answer.json()["results"][at]["errors"]]


def statuses(answer) -> list[str]:
    return [result["status"] for result in answer.json()["results"]]


def row(external_id, **fields):
    return {"source": "shop", "external_id": external_id} | fields


def test_by_id_or_by_the_senders_own_key_and_away_again(api, customer, company):
    for named in (company.pk, {"source": "shop", "external_id": "beans"}):
        answer = api.patch(address(customer), {"parent": named})
        assert answer.json()["parent"] == company.pk
        assert api.get(address(customer)).json() == answer.json()
        assert api.patch(address(customer), {"parent": None}).json()["parent"] is None
    assert Change.objects.filter(object_id=customer.pk).first().previous.keys() == {"parent"}
    made = api.post("/api/v1/customers/", {"name": "Bo", "parent": company.pk})
    assert (made.status_code, made.json()["parent"]) == (201, company.pk)


def test_not_to_a_person_not_in_a_circle_and_not_to_whom_one_cannot_see(
    api, customer, company, hidden, make_customer, owner
):
    branch = make_customer("Branch", owner=owner, kind="organisation", parent=company)
    for who, parent, code in (
        (company, customer.pk, "not_an_organisation"),
        (company, branch.pk, "circular"),
        (company, company.pk, "circular"),
        (customer, hidden.pk, "does_not_exist"),
        (customer, 0, "does_not_exist"),
    ):
        assert wrong(api.patch(address(who), {"parent": parent})) == [("parent", code)]
    assert not Customer.objects.filter(parent__isnull=False).exclude(pk=branch.pk).exists()


def test_an_organisation_out_of_sight_is_not_shown_and_not_taken_away(
    api, admin, customer, hidden, company
):
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    Customer.objects.filter(pk=customer.pk).update(parent=hidden)
    keyed = "/api/v1/customers/by-external-id/shop/77/"
    shown = api.get(address(customer)).json()
    assert shown["parent"] is None and api.get(keyed).json() == shown
    assert api_of(admin).get(address(customer)).json()["parent"] == hidden.pk
    assert api.patch(address(customer), shown).status_code == 200
    put = api.put(keyed, {**shown, "external_ids": [], "name": "Marta L."})
    assert put.status_code == 200, put.content
    customer.refresh_from_db()
    assert (customer.parent, customer.name) == (hidden, "Marta L.")
    assert api.patch(address(customer), {"parent": company.pk}).json()["parent"] == company.pk


def test_rows_name_what_is_stored_or_comes_with_them_in_any_order(api, company, owner):
    beans = {"source": "shop", "external_id": "beans"}
    new = {"source": "shop", "external_id": "new"}
    rows = [
        row("1", parent=beans),
        row("2", parent=new),
        row("new", kind="organisation", parent=company.pk),
        row("3", parent=None),
    ]
    answer = api.post(BULK, rows)
    assert statuses(answer) == ["created"] * 4, answer.content
    ids = [result["id"] for result in answer.json()["results"]]
    parents = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "parent_id"))
    assert [parents[pk] for pk in ids] == [company.pk, ids[2], company.pk, None]
    assert statuses(api.post(BULK, rows)) == ["unchanged"] * 4
    assert statuses(api.post(BULK, [row("1")])) == ["unchanged"]
    assert statuses(api.post(BULK, [row("1", parent=None)])) == ["updated"]
    assert Customer.objects.get(pk=ids[0]).parent is None


def test_a_row_that_cannot_belong_there_is_refused_and_the_others_stored(api, company, hidden):
    new, other = ({"source": "shop", "external_id": name} for name in ("new", "other"))
    answer = api.post(
        BULK,
        [
            row("beans", parent=new),
            row("new", kind="organisation", parent=other),
            row("other", kind="organisation", parent=company.pk),
            row("1", parent=hidden.pk),
            row("person"),
            row("2", parent={"source": "shop", "external_id": "person"}),
            row("bad", email="?", kind="organisation"),
            row("3", parent={"source": "shop", "external_id": "bad"}),
            row("4", parent=company.pk),
        ],
    )
    told = [wrong_row(answer, at) for at in range(9)]
    assert told == [
        [("parent", "circular")],
        [],  # without it there is no circle
        [],
        [("parent", "does_not_exist")],
        [],
        [("parent", "not_an_organisation")],
        [("email", "invalid")],
        [("parent", "does_not_exist")],
        [],
    ]


def test_however_long_a_circle_of_new_rows_ends(api):
    size = 40
    rows = [
        row(str(n), kind="organisation", parent={"source": "shop", "external_id": str((n + 1) % size)})
        for n in range(size)
    ]  # fmt: skip
    answer = api.post(BULK, rows)
    assert answer.json()["counts"]["rejected"] == size
    assert not Customer.objects.exists()


def test_a_list_of_members_costs_one_query_more_than_one_of_others(
    api, company, make_customer, owner, django_assert_max_num_queries
):
    for n in range(30):
        make_customer(str(n), owner=owner, parent=company)
    with django_assert_max_num_queries(8):
        answer = api.get("/api/v1/customers/?page_size=100")
    assert sum(one["parent"] == company.pk for one in answer.json()["results"]) == 30


def test_rows_cost_the_same_queries_whatever_their_number(api, company):
    beans = {"source": "shop", "external_id": "beans"}
    person = {"source": "shop", "external_id": "person"}
    api.post(BULK, [row("person")])
    counts = []
    for size in (5, 60):
        new = {"source": "shop", "external_id": f"{size}/new"}
        rows = [row(f"{size}/new", kind="organisation", parent=beans)]
        rows += [row(f"{size}/{n}", parent=new if n % 2 else beans) for n in range(size)]
        rows += [row(f"x{n}", parent=person) for n in range(size)]
        rows += [row("beans", parent=beans)]
        with CaptureQueriesContext(connection) as queries:
            answer = api.post(BULK, rows)
        assert answer.json()["counts"]["created"] == size + 1, answer.content
        counts.append(len(queries))
    assert counts[0] == counts[1]
