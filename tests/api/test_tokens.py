"""Tokens: several a person, hashed, with scopes; never more than their person may see."""

import datetime
import importlib
import threading
import time
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ApiToken, Customer
from tests.tokens import api_of, bearer

CUSTOMERS = "/api/v1/customers/"
EVENT = {"kind": "page", "occurred_at": "2026-05-01T10:00:00Z"}


def asked_with(header: str):
    return APIClient().get(CUSTOMERS, HTTP_AUTHORIZATION=header)


def test_the_secret_is_nowhere_in_the_database(owner):
    token, secret = ApiToken.objects.issue(owner, "Shop", ["read"])
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret.startswith(row["prefix"]) and len(row["prefix"]) == 10
    assert secret not in str(row)


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer"])
def test_both_usual_words_before_a_token_open_the_door(owner, scheme):
    secret = bearer(owner).split()[1]
    assert asked_with(f"{scheme} {secret}").status_code == 200


def test_a_person_has_several_at_once_and_they_end_one_by_one(owner):
    first, second = bearer(owner), bearer(owner)
    ApiToken.objects.filter(pk=owner.api_tokens.earliest("pk").pk).update(revoked_at=timezone.now())
    assert [asked_with(t).status_code for t in (first, second)] == [401, 200]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revoked_at": timezone.now()}, "token_revoked"),
        ({"expires_at": timezone.now() - datetime.timedelta(seconds=1)}, "token_expired"),
    ],
)
def test_a_token_that_has_ended_is_told_why(owner, change, code):
    header = bearer(owner)
    ApiToken.objects.update(**change)
    answer = asked_with(header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer prn_nonsense", "Bearer \xff"])
def test_what_is_no_token_is_refused(db, header):
    answer = asked_with(header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_token")


def test_the_token_of_an_inactive_account_is_refused(owner):
    header = bearer(owner)
    owner.is_active = False
    owner.save()
    answer = asked_with(header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "user_inactive")


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["read"], {"list"}),
        (["write"], {"change", "add"}),
        (["ingest"], {"add"}),
        (["train"], {"train"}),
        (["read", "ingest"], {"list", "add"}),
    ],
)
def test_a_token_does_what_its_scopes_name(admin, customer, scopes, allowed):
    api = api_of(admin, *scopes)
    answers = {
        "list": api.get(CUSTOMERS),
        "change": api.patch(f"{CUSTOMERS}{customer.pk}/", {"city": "Lund"}),
        "add": api.post("/api/v1/events/", {**EVENT, "customer": customer.pk}),
        "train": api.post("/api/v1/training-runs/", {"kind": "churn"}),
    }
    assert {what for what, answer in answers.items() if answer.status_code < 300} == allowed
    for what in answers.keys() - allowed:
        assert answers[what].status_code == 403


def test_the_missing_scope_is_named(owner, customer):
    answer = api_of(owner, "read").patch(f"{CUSTOMERS}{customer.pk}/", {"city": "Lund"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (403, "insufficient_scope")
    assert [(f["field"], f["code"]) for f in error["fields"]] == [("scope", "write")]


def test_scopes_give_nobody_more_than_their_role(owner, stranger, make_customer):
    theirs = make_customer("Theirs", owner=stranger)
    api = api_of(owner)
    assert api.get(f"{CUSTOMERS}{theirs.pk}/").status_code == 404
    assert api.post("/api/v1/training-runs/", {"kind": "churn"}).status_code == 403
    assert api.get(CUSTOMERS).json()["results"] == []


def test_somebody_signed_in_on_the_pages_is_bound_by_no_scope(owner, customer, client):
    client.force_login(owner)
    assert client.get(CUSTOMERS).status_code == 200


def test_the_use_is_noted_once_a_minute(owner):
    header = bearer(owner)
    asked_with(header)
    first = ApiToken.objects.get().last_used_at
    with CaptureQueriesContext(connection) as queries:
        asked_with(header)
    assert ApiToken.objects.get().last_used_at == first
    assert not [q for q in queries if q["sql"].startswith("UPDATE")]
    ApiToken.objects.update(last_used_at=first - datetime.timedelta(minutes=2))
    asked_with(header)
    assert ApiToken.objects.get().last_used_at >= first


@pytest.mark.django_db(transaction=True)
def test_who_reads_does_not_wait_for_who_writes(owner):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    header, writing, read = bearer(owner), threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            writing.set()
            read.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writing.wait(10)
    started = time.monotonic()
    answer = asked_with(header)
    took = time.monotonic() - started
    read.set()
    writer.join()
    assert answer.status_code == 200 and took < 2
    assert ApiToken.objects.get().last_used_at is None
    asked_with(header)
    assert ApiToken.objects.get().last_used_at


def sign_in(**more):
    body = {"username": "owner", "password": "a-long-password", **more}
    return APIClient().post("/api/v1/token/", body)


def test_name_and_password_make_a_token_of_the_scopes_asked_for(owner, customer):
    answer = sign_in(name="Shop", scopes=["ingest"], days=7)
    assert answer.status_code == 200, answer.data
    assert (answer.data["name"], answer.data["scopes"]) == ("Shop", ["ingest"])
    left = ApiToken.objects.get().expires_at - timezone.now()
    assert datetime.timedelta(days=6.9) < left < datetime.timedelta(days=7)
    assert answer["Cache-Control"] == "no-store"
    header = f"Bearer {answer.data['token']}"
    assert asked_with(header).status_code == 403
    event = {**EVENT, "customer": customer.pk}
    assert APIClient().post("/api/v1/events/", event, HTTP_AUTHORIZATION=header).status_code == 201


def test_a_wrong_password_is_an_error_in_the_one_shape(owner):
    answer = sign_in(password="wrong")
    assert answer.status_code == 400
    assert answer.data["error"]["fields"][0]["code"] == "authorization"


def test_an_inactive_account_gets_no_token(owner):
    owner.is_active = False
    owner.save()
    assert sign_in().status_code == 400
    assert not ApiToken.objects.exists()


def test_nobody_piles_up_tokens_without_end(owner):
    ApiToken.objects.bulk_create(
        ApiToken(user=owner, name="x", prefix="x", digest=str(n)) for n in range(100)
    )
    assert sign_in().data["error"]["fields"][0]["code"] == "too_many_tokens"


def test_tokens_of_the_earlier_kind_go_on_working_and_their_table_is_gone(owner, customer):
    key = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created varchar(40), user_id bigint)"
        )
        cursor.execute("INSERT INTO authtoken_token VALUES (%s, 'then', %s)", [key, owner.pk])
    move = importlib.import_module("customers.migrations.0007_tokens_of_before").move
    with connection.cursor() as cursor:
        move(apps, SimpleNamespace(connection=connection, execute=cursor.execute))
    assert "authtoken_token" not in connection.introspection.table_names()
    answer = asked_with(f"Token {key}")
    assert [row["id"] for row in answer.json()["results"]] == [customer.pk]
    assert Customer.objects.count() == 1
