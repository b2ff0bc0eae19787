"""Whatever goes wrong under /api/v1/ is told in one shape, and never shows what is inside."""

import pytest
from django.db import OperationalError
from django.test import Client

from customers.api.middleware import VERSION
from customers.models import Customer, Product
from tests.tokens import api_of, bearer

HUGE = 10**30
ADDRESSES = ["customers", "products", "orders", "interactions", "events", "training-runs"]


@pytest.fixture
def api(admin):
    client = api_of(admin)
    client.raise_request_exception = False
    return client


def error_of(answer, status: int, code: str) -> dict:
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code), answer.content
    assert error["message"] and isinstance(error["fields"], list)
    assert all(f["code"] and f["message"] and "field" in f for f in error["fields"])
    assert answer["API-Version"] == VERSION and answer["X-Request-ID"]
    return error


@pytest.mark.parametrize("path", ["nothing/", "customers/1/nothing/", "customers/x/y/z"])
@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_an_unknown_address(api, db, path, who):
    client = api if who == "somebody" else Client()
    error_of(client.get(f"/api/v1/{path}"), 404, "not_found")


def test_a_post_to_an_address_without_its_slash_is_no_success(api):
    error_of(api.post("/api/v1/customers", {"name": "Anna"}), 404, "not_found")
    assert not Customer.objects.exists()


def test_a_method_that_is_not_there(api):
    error_of(api.delete("/api/v1/scores/"), 405, "method_not_allowed")


def test_an_answer_in_a_language_nobody_speaks_here(api):
    error_of(api.get("/api/v1/customers/", HTTP_ACCEPT="text/csv"), 406, "not_acceptable")


def test_a_body_of_another_kind(api):
    answer = api.post("/api/v1/customers/", b"name=Anna", content_type="text/plain")
    error_of(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"name": NaN}', b'{"name": -Infinity}', b'{"price": 1e999}', b"\xff\xfe", b'{"name": "\\ud800"}',
        b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["customers", "products", "events"])
def test_a_body_that_is_no_json_or_holds_what_is_no_number(api, path, body):
    answer = api.post(f"/api/v1/{path}/", body, content_type="application/json")
    error_of(answer, 400, "malformed")


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"1", b"[1, null]", b"{}"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_body_of_another_shape(api, path, body):
    answer = api.post(f"/api/v1/{path}/", body, content_type="application/json")
    if path == "events" and body.startswith(b"["):  # a list is answered row by row
        assert answer.status_code == (201 if body == b"[]" else 207)
    else:
        error_of(answer, 400, "invalid")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = api.post("/api/v1/customers/", {"name": "x" * 2000})
    error_of(answer, 413, "too_large")
    assert not Customer.objects.exists()


@pytest.mark.parametrize("pk", [HUGE, -1, 0, 2**63, "abc", "1.5", "%00", "१"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_an_id_that_cannot_be(api, path, pk):
    error_of(api.get(f"/api/v1/{path}/{pk}/"), 404, "not_found")


@pytest.mark.parametrize("pk", [HUGE, -1, 2**63, "abc", "1e400"])
def test_a_change_to_an_id_that_cannot_be(api, pk):
    error_of(api.patch(f"/api/v1/customers/{pk}/", {"name": "Anna"}), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("orders", f"customer={HUGE}", "customer"),
        ("orders", "customer=1.5", "customer"),
        ("orders", "customer=-1", "customer"),
        ("events", "customer=NaN", "customer"),
        ("events", "occurred_from=yesterday", "occurred_from"),
        ("customers", "risk_from=NaN", "risk_from"),
        ("customers", "risk_from=Infinity", "risk_from"),
        ("customers", "search=a%00b", "search"),
        ("customers", "owner=a%00b", "owner"),
        ("customers", "segment=nobles", "segment"),
        ("products", "sku=%00", "sku"),
        ("training-runs", "kind=weather", "kind"),
    ],
)
def test_a_filter_with_a_value_that_cannot_be(api, path, query, field):
    error = error_of(api.get(f"/api/v1/{path}/?{query}"), 400, "invalid")
    assert [f["field"] for f in error["fields"]] == [field]


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("model-versions", "is_champion=maybe", "invalid"),
        ("customers", "archived=2", "invalid"),
        ("orders", "customer=", "empty"),
        ("customers", "country=+", "empty"),
        ("customers", "format=json", "unknown_parameter"),
        ("customers", "format=xml", "unknown_parameter"),
    ],
)
def test_a_filter_that_says_nothing_returns_not_everything(api, path, query, code):
    error = error_of(api.get(f"/api/v1/{path}/?{query}"), 400, "invalid")
    assert error["fields"][0]["code"] == code


def test_a_flag_is_true_or_false(api, customer):
    for query, count in {"archived=false": 1, "archived=true": 0}.items():
        assert len(api.get(f"/api/v1/customers/?{query}").json()["results"]) == count


def test_a_precondition_on_reading(api, customer):
    answer = api.get(f"/api/v1/customers/{customer.pk}/", HTTP_IF_MATCH='"x"')
    error_of(answer, 412, "precondition_failed")
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("path", [*ADDRESSES, "scores", "model-versions"])
def test_a_parameter_nobody_knows_is_named(api, path):
    error = error_of(api.get(f"/api/v1/{path}/?pag_size=10"), 400, "invalid")
    assert error["fields"][0]["field"] == "pag_size"
    assert error["fields"][0]["code"] == "unknown_parameter"


def test_a_single_record_takes_no_filters(api, customer):
    for way in (api.get, api.patch):
        error = error_of(way(f"/api/v1/customers/{customer.pk}/?country=SE"), 400, "invalid")
        assert error["fields"][0]["field"] == "country"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer", HUGE),
        ("returns", HUGE),
        ("customer", 1.5),
        ("returns", 1.5),
        ("amount", "1e30"),
        ("amount", "NaN"),
    ],
)
def test_a_field_with_a_value_the_database_cannot_hold(api, customer, field, value):
    order = {
        "customer": customer.pk, "number": "1", "occurred_at": "2026-05-01T10:00:00Z", "currency": "EUR",
        "amount": "1", field: value,
    }  # fmt: skip
    error = error_of(api.post("/api/v1/orders/", order), 400, "invalid")
    assert [f["field"] for f in error["fields"]] == [field]


@pytest.mark.parametrize("seconds", [HUGE, 2**63, -1])
def test_an_event_of_impossible_length(api, customer, seconds):
    event = {"customer": customer.pk, "kind": "page", "seconds": seconds}
    event["occurred_at"] = "2026-05-01T10:00:00Z"
    error = error_of(api.post("/api/v1/events/", event), 400, "invalid")
    assert [f["field"] for f in error["fields"]] == ["seconds"]


def test_what_breaks_says_its_request_id_and_nothing_of_the_inside(api, monkeypatch):
    def break_it(*args):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("customers.models.customers.CustomerQuerySet.visible_to", break_it)
    answer = api.get("/api/v1/customers/", HTTP_X_REQUEST_ID="shop-4711-x")
    error = error_of(answer, 500, "error")
    assert error["request_id"] == answer["X-Request-ID"] == "shop-4711-x"
    assert b"secret" not in answer.content


def test_a_database_that_is_away_is_no_fault_of_the_caller(api, monkeypatch):
    def away(*args):
        raise OperationalError("connection refused by 10.0.0.1")

    monkeypatch.setattr("customers.models.customers.CustomerQuerySet.visible_to", away)
    answer = api.get("/api/v1/customers/")
    error_of(answer, 503, "unavailable")
    assert answer["Retry-After"] == "5"
    assert b"10.0.0.1" not in answer.content


def test_a_request_without_its_proof_of_origin(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post("/api/v1/customers/", {"name": "x"}, content_type="application/json")
    error_of(answer, 403, "permission_denied")


def test_errors_speak_the_callers_language(owner):
    answer = Client().get(
        "/api/v1/nothing/", HTTP_AUTHORIZATION=bearer(owner), HTTP_ACCEPT_LANGUAGE="zh-hans"
    )
    assert answer.json()["error"]["message"] == "这个地址上什么也没有；全部地址见 /api/v1/docs/。"


def test_every_answer_says_which_version_spoke(api):
    answer = api.get("/api/v1/customers/")
    assert answer["API-Version"] == "1" and len(answer["X-Request-ID"]) == 32
    assert api.get("/login/").get("API-Version") is None


def test_whoever_opens_the_documentation_in_a_browser_is_led_to_the_sign_in(db):
    address = "/api/v1/docs/"
    page = Client().get(address, headers={"accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page["Location"]) == (302, f"/login/?next={address}")
    error_of(Client().get(address), 401, "not_authenticated")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("products", {"sku": "BEANS", "name": "Beans"}, "sku"),
        (
            "customers",
            {"name": "New", "external_ids": [{"source": "shop", "external_id": "1"}]},
            "external_ids",
        ),
    ],
)
def test_a_name_that_is_taken_is_a_conflict(api, customer, path, body, field):
    Product.objects.create(sku="BEANS", name="Beans")
    customer.external_ids.create(source="shop", external_id="1")
    error = error_of(api.post(f"/api/v1/{path}/", body), 409, "conflict")
    [told] = error["fields"]
    assert told["field"].startswith(field) and told["code"] == "unique"


def test_a_taken_name_among_other_faults_is_one_of_them(api, db):
    Product.objects.create(sku="BEANS", name="Beans")
    body = {"sku": "BEANS", "name": "Beans", "price": "much"}
    error = error_of(api.post("/api/v1/products/", body), 400, "invalid")
    assert {f["code"] for f in error["fields"]} == {"unique", "invalid"}
