"""ETags: a record already known is not sent again, and is changed only while it is what the caller has read."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import ExternalId, Tag
from customers.totalling import refresh_totals
from tests.tokens import api_of

CHANGES = {
    "customers": {"city": "Lund"},
    "products": {"price": "21.5"},
    "interactions": {"rating": 4},
}


def path_of(records, noun: str) -> str:
    return next(path for path in records if path.startswith(f"/api/v1/{noun}/"))


def test_every_single_record_has_a_strong_tag_and_is_sent_once(api, records):
    for path in records:
        first = api.get(path)
        assert first["ETag"].startswith('"'), path
        again = api.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert api.get(path, HTTP_IF_NONE_MATCH='"another"').status_code == 200


@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("customers", {"name": "Anna", "external_ids": [{"source": "s", "external_id": "1"}]}),
        ("products", {"sku": "NEW", "name": "New", "price": "7"}),
        ("orders", {"number": "1", "currency": "EUR", "amount": "5"}),
        ("interactions", {"channel": "note", "text": "Hello"}),
    ],
)
def test_who_makes_a_record_knows_its_tag_already(api, customer, noun, body):
    if noun in ("orders", "interactions"):
        body |= {"customer": customer.pk, "occurred_at": "2026-05-01T12:00:00.123456+02:00"}
    made = api.post(f"/api/v1/{noun}/", body)
    assert made["ETag"] == api.get(f"/api/v1/{noun}/{made.json()['id']}/")["ETag"]


def test_asking_with_a_tag_asks_the_database_no_more(api, records):
    for path in records:
        tag = api.get(path)["ETag"]
        with CaptureQueriesContext(connection) as plain:
            api.get(path)
        with CaptureQueriesContext(connection) as conditional:
            api.get(path, HTTP_IF_NONE_MATCH=tag)
        assert len(plain) == len(conditional), path


@pytest.mark.parametrize("change", ["tag", "external id", "order", "owner's name"])
def test_what_is_nested_changes_the_tag(api, records, customer, owner, make_order, change):
    path = path_of(records, "customers")
    before = api.get(path)["ETag"]
    match change:
        case "tag":
            customer.tags.add(Tag.objects.create(name="new"))
        case "external id":
            ExternalId.objects.create(customer=customer, source="mail", external_id="1")
        case "order":
            make_order(customer)
            refresh_totals([customer.pk])
        case "owner's name":
            owner.username = "renamed"
            owner.save()
    assert api.get(path, HTTP_IF_NONE_MATCH=before).status_code == 200


def test_the_tag_is_the_whole_records_whichever_fields_are_asked_for(api, records):
    for path in records:
        name = next(iter(api.get(path).json()))
        assert api.get(f"{path}?fields={name}")["ETag"] == api.get(path)["ETag"], path


@pytest.mark.parametrize("noun", CHANGES)
def test_a_change_with_the_present_tag_goes_through_and_gives_the_next(api, records, noun):
    path = path_of(records, noun)
    answer = api.patch(path, CHANGES[noun], HTTP_IF_MATCH=api.get(path)["ETag"])
    assert answer.status_code == 200, answer.content
    assert answer["ETag"] == api.get(path)["ETag"]


@pytest.mark.parametrize("noun", CHANGES)
def test_a_change_to_what_was_changed_meanwhile_is_refused(api, records, noun):
    path = path_of(records, noun)
    tag = api.get(path)["ETag"]
    api.patch(path, CHANGES[noun])
    before = api.get(path).json()
    second = dict.fromkeys(CHANGES[noun], "1")
    answer = api.patch(path, second, HTTP_IF_MATCH=tag)
    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "precondition_failed")
    assert api.get(path).json() == before


@pytest.mark.parametrize(
    ("header", "status"), [("*", 200), ('"other"', 412), ('"other", {}', 200), ("W/{}", 412)]
)
def test_the_header_is_read_as_the_standard_says(api, records, header, status):
    path = path_of(records, "customers")
    tag = api.get(path)["ETag"]
    answer = api.patch(path, {"city": "Lund"}, HTTP_IF_MATCH=header.format(tag))
    assert answer.status_code == status


@pytest.mark.parametrize("header", ["", "abc", "\xff", "'abc'"])
def test_a_tag_that_is_none_protects_all_the_same(api, records, header):
    path = path_of(records, "customers")
    answer = api.patch(path, {"city": "Lund"}, HTTP_IF_MATCH=header)
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["code"] == "invalid_etag"


def test_without_a_tag_a_change_goes_through(api, records):
    path = path_of(records, "customers")
    assert api.patch(path, {"city": "Lund"}).status_code == 200


def test_a_foreign_record_is_not_there_whatever_the_tag(records, stranger):
    path = path_of(records, "customers")
    assert api_of(stranger).patch(path, {}, HTTP_IF_MATCH="*").status_code == 404


@pytest.mark.parametrize("noun", CHANGES)
@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_with_one_tag_one_goes_through(admin, records, at_once, noun):
    path = path_of(records, noun)
    apis = [api_of(admin), api_of(admin)]
    names = list(CHANGES[noun])
    for number in range(5):
        tag = apis[0].get(path)["ETag"]
        bodies = [dict.fromkeys(names, str(1 + (2 * number + n) % 5)) for n in range(2)]
        answers = at_once(
            *(
                partial(api.patch, path, body, HTTP_IF_MATCH=tag)
                for api, body in zip(apis, bodies, strict=True)
            )
        )
        assert sorted(a.status_code for a in answers) == [200, 412], [a.content for a in answers]
        won = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
        kept = apis[0].get(path).json()[names[0]]
        assert float(kept) == float(bodies[won][names[0]])
