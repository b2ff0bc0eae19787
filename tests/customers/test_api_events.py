"""Events by API: one, thousands, as a list or line by line; each is stored once and each is answered."""

import datetime
import json
import uuid

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ChangeSet, Event, ExternalId, Product
from customers.signals import facts_changed

EVENTS = "/api/v1/events/"
NOW = "2026-05-01T10:00:00Z"


@pytest.fixture
def api(owner):
    client = APIClient()
    client.force_authenticate(owner)
    return client


@pytest.fixture
def beans(db):
    return Product.objects.create(sku="BEANS", name="House espresso, 1 kg")


def visit(of, **fields):
    return {"customer": of.pk, "kind": "page", "occurred_at": NOW} | fields


def wrong(answer, at=0) -> list[tuple[str, str]]:
    """Fields and codes of one row's errors."""
    result = answer.json()["results"][at]
    assert (result["index"], result["status"], result["id"]) == (at, "rejected", None)
    return [(error["field"], error["code"]) for error in result["errors"]]


def test_a_batch_is_stored_and_each_row_is_answered_in_its_place(api, customer, beans):
    rows = [visit(customer, product="BEANS", key=str(uuid.uuid4())) for _ in range(300)]
    answer = api.post(EVENTS, rows)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["accepted"], told["known_already"], told["rejected"]) == (300, 0, 0)
    by_key = dict(Event.objects.values_list("key", "pk"))
    assert [result["id"] for result in told["results"]] == [
        by_key[uuid.UUID(row["key"])] for row in rows
    ]
    assert set(Event.objects.values_list("product", flat=True)) == {beans.pk}


def test_sent_again_nothing_is_stored_and_the_ids_are_the_same(api, customer):
    rows = [visit(customer, key=str(uuid.uuid4())) for _ in range(3)]
    first, again = api.post(EVENTS, rows).json(), api.post(EVENTS, rows).json()
    assert (again["accepted"], again["known_already"]) == (0, 3)
    assert [r["status"] for r in again["results"]] == ["unchanged"] * 3
    assert [r["id"] for r in again["results"]] == [r["id"] for r in first["results"]]
    assert Event.objects.count() == 3
    assert ChangeSet.objects.filter(source="api").count() == 1


def test_a_key_twice_in_a_batch_is_stored_once(api, customer):
    key = str(uuid.uuid4())
    answer = api.post(EVENTS, [visit(customer, key=key), visit(customer, key=key, subject="x")])
    assert [r["status"] for r in answer.json()["results"]] == ["created", "duplicate"]
    assert Event.objects.get().subject == ""


def test_any_text_is_a_key_within_its_source(api, customer):
    rows = [
        visit(customer, key="visit/17", source=source) for source in ("site", "site", "app")
    ] + [visit(customer, key="visit/17"), visit(customer, key=17)]
    told = api.post(EVENTS, rows).json()
    verdicts = ["created", "duplicate", "created", "created", "created"]
    assert [r["status"] for r in told["results"]] == verdicts
    again = api.post(EVENTS, rows[0]).json()["results"][0]
    assert (again["status"], again["id"]) == ("unchanged", told["results"][0]["id"])
    answer = api.post(EVENTS, [visit(customer, key="x" * 256), visit(customer, key="")])
    assert (wrong(answer, 0), wrong(answer, 1)) == ([("key", "max_length")], [("key", "blank")])


def test_a_uuid_is_the_same_event_from_wherever(api, customer):
    key = str(uuid.uuid4())
    told = api.post(EVENTS, [visit(customer, key=key, source=s) for s in ("site", "app")]).json()
    assert [r["status"] for r in told["results"]] == ["created", "duplicate"]
    assert api.get(EVENTS).json()["results"][0]["key"] == key


def test_an_event_without_a_key_is_told_by_its_content(api, customer):
    row = visit(customer, subject="Sale")
    told = api.post(EVENTS, [row, row]).json()
    assert (told["accepted"], told["known_already"]) == (1, 1)
    told = api.post(EVENTS, row).json()
    assert (told["accepted"], told["known_already"]) == (0, 1)


def test_good_rows_are_kept_and_bad_ones_are_named(api, customer):
    rows = [visit(customer, subject=str(n)) for n in range(3)]
    rows[1]["customer"] = 999_999
    answer = api.post(EVENTS, rows)
    assert answer.status_code == 207
    assert answer.json()["counts"] == {
        "created": 2, "updated": 0, "unchanged": 0, "duplicate": 0, "rejected": 1,
    }  # fmt: skip
    assert wrong(answer, 1) == [("customer", "does_not_exist")]
    assert set(Event.objects.values_list("subject", flat=True)) == {"0", "2"}


def test_all_or_nothing_stores_nothing_and_names_each_wrong_field_by_its_path(api, customer):
    rows = [visit(customer), visit(customer, product="NONE"), visit(customer, seconds=-1)]
    answer = api.post(EVENTS + "?atomic=true", rows)
    assert answer.status_code == 400
    told = answer.json()["error"]
    assert told["code"] == "invalid"
    assert [f["field"] for f in told["fields"]] == ["1.product", "2.seconds"]
    answer = api.post(EVENTS + "?atomic=true", rows[:2])
    assert [f["field"] for f in answer.json()["error"]["fields"]] == ["1.product"]
    assert not Event.objects.exists() and not ChangeSet.objects.exists()
    assert api.post(EVENTS + "?atomic=true", rows[:1]).status_code == 201


def test_one_object_on_each_line_is_a_batch_and_a_broken_line_spoils_no_other(api, customer):
    lines = [json.dumps(visit(customer, subject=str(n))) for n in range(3)]
    lines[1] = lines[1][:-5]
    lines.insert(2, '{"seconds": NaN}')
    body = "\n".join(lines) + "\n\n"
    answer = api.generic("POST", EVENTS, body, content_type="application/x-ndjson")
    assert answer.status_code == 207
    assert wrong(answer, 1) == [("", "malformed")]
    assert wrong(answer, 2) == [("", "malformed")]
    assert set(Event.objects.values_list("subject", flat=True)) == {"0", "2"}


def test_a_line_that_is_nested_without_end_is_no_error_of_ours(api, customer):
    body = "[" * 200_000 + "\n" + json.dumps(visit(customer))
    answer = api.generic("POST", EVENTS, body, content_type="application/x-ndjson")
    assert wrong(answer, 0) == [("", "malformed")]
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"customer": None}, "customer", "null"),
        ({"customer": True}, "customer", "incorrect_type"),
        ({"customer": 10**30}, "customer", "does_not_exist"),
        ({"customer": -1}, "customer", "does_not_exist"),
        ({"customer": {"source": "shop"}}, "customer.external_id", "required"),
        ({"customer": {"source": "shop", "external_id": "?"}}, "customer", "does_not_exist"),
        ({"kind": ""}, "kind", "blank"),
        ({"kind": "k" * 31}, "kind", "max_length"),
        ({"kind": ["page"]}, "kind", "invalid"),
        ({"subject": "nul\x00byte"}, "subject", "null_characters_not_allowed"),
        ({"seconds": 2**31}, "seconds", "max_value"),
        ({"seconds": 1.5}, "seconds", "invalid"),
        ({"seconds": True}, "seconds", "invalid"),
        ({"product": "NONE"}, "product", "does_not_exist"),
        ({"occurred_at": "yesterday"}, "occurred_at", "invalid"),
        ({"occurred_at": 5}, "occurred_at", "invalid"),
        ({"occurred_at": "1899-12-31T00:00:00Z"}, "occurred_at", "too_early"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "overflow"),
        ({"key": 1.5}, "key", "invalid"),
        ({"key": ["x"]}, "key", "invalid"),
    ],
)
def test_a_wrong_field_is_named_with_a_code(api, customer, fields, field, code):
    answer = api.post(EVENTS, [visit(customer, **fields), visit(customer)])
    assert answer.status_code == 207
    assert wrong(answer) == [(field, code)]
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"subject": "\ud800"}, {"customer": {"source": "\udfff", "external_id": "1"}}, {"\ud800": 1}],
    ids=ascii,
)
def test_half_a_character_spoils_its_line_and_no_other(api, customer, fields):
    lines = [
        json.dumps(visit(customer, **fields)),
        json.dumps(visit(customer, subject="\U0001f44d")),
    ]
    answer = api.generic("POST", EVENTS, "\n".join(lines), content_type="application/x-ndjson")
    assert wrong(answer) == [("", "malformed")]
    assert Event.objects.get().subject == "\U0001f44d"


def test_what_lies_in_the_future_is_refused(api, customer):
    later = (timezone.now() + datetime.timedelta(days=2)).isoformat()
    assert wrong(api.post(EVENTS, [visit(customer, occurred_at=later)])) == [
        ("occurred_at", "in_the_future")
    ]


def test_what_is_no_object_is_a_rejected_row(api, customer):
    answer = api.post(EVENTS, [visit(customer), 7, None, "x", []])
    assert [r["status"] for r in answer.json()["results"]] == ["created"] + ["rejected"] * 4
    assert wrong(answer, 1) == [("", "invalid")]


def test_a_single_event_is_refused_in_the_shape_of_any_other_error(api, customer):
    answer = api.post(EVENTS, visit(customer, seconds="x"))
    assert answer.status_code == 400
    assert [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]] == [
        ("seconds", "invalid")
    ]


@pytest.mark.parametrize(
    ("body", "code"), [("text", "not_a_list"), ([{}] * 5001, "max_length")], ids=str
)
def test_what_is_no_list_or_too_long_is_refused_as_a_whole(api, body, code):
    answer = api.post(EVENTS, body)
    assert answer.status_code == 400
    assert [f["code"] for f in answer.json()["error"]["fields"]] == [code]


def test_an_empty_list_changes_nothing(api):
    answer = api.post(EVENTS, [])
    assert (answer.status_code, answer.json()["results"]) == (201, [])
    assert not ChangeSet.objects.exists()


def test_a_shop_names_customers_by_its_own_ids(api, customer):
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    who = {"source": "shop", "external_id": 77}
    assert api.post(EVENTS, [visit(customer, customer=who)]).json()["accepted"] == 1
    assert Event.objects.get().customer == customer


def test_a_strangers_customer_does_not_exist_by_either_name(api, make_customer, stranger):
    theirs = make_customer(owner=stranger)
    ExternalId.objects.create(customer=theirs, source="shop", external_id="9")
    who = {"source": "shop", "external_id": "9"}
    answer = api.post(EVENTS, [visit(theirs), visit(theirs, customer=who)])
    assert wrong(answer, 0) == wrong(answer, 1) == [("customer", "does_not_exist")]
    assert not Event.objects.exists()


def test_a_batch_costs_the_same_queries_whatever_its_length(
    api, customer, make_customer, owner, beans, django_assert_num_queries
):
    ExternalId.objects.create(customer=customer, source="shop", external_id="1")
    who = {"source": "shop", "external_id": "1"}
    others = [make_customer(str(n), owner=owner) for n in range(20)]

    def batch(size):
        return [
            visit(others[n % 20], product="BEANS", subject=f"{size}/{n}", customer=who)
            if n % 3
            else visit(others[n % 20], subject=f"{size}/{n}")
            for n in range(size)
        ]

    # The savepoint twice; external ids, customers, products; the change set, its counts, the scores to make anew,
    # whether anything is to be read. On SQLite the known keys, the ids and the rows; on PostgreSQL one statement
    # past Django's counting.
    for size in (3, 400):
        with django_assert_num_queries(9 + 3 * (connection.vendor == "sqlite")):
            assert api.post(EVENTS, batch(size)).status_code == 201


def test_whose_events_came_in_is_announced_once(
    api, customer, make_customer, owner, django_capture_on_commit_callbacks
):
    other = make_customer("Other", owner=owner)
    heard = []

    def listen(customer_ids, **_more):
        heard.append(customer_ids)

    facts_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            api.post(EVENTS, [visit(other), visit(customer), visit(customer, subject="x")])
    finally:
        facts_changed.disconnect(listen)
    assert heard == [sorted([customer.pk, other.pk])]
    change_set = ChangeSet.objects.get()
    assert (change_set.source, change_set.counts["created"]) == ("api", 3)
    assert set(Event.objects.values_list("recorded_in", flat=True)) == {change_set.pk}
