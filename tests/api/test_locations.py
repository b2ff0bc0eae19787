"""Whatever is created says where it can be read."""

import pytest

from tests.tokens import api_of

NOW = "2026-05-01T10:00:00Z"
BODIES = {
    "customers/": {"name": "Ana"},
    "products/": {"sku": "B", "name": "Beans"},
    "orders/": {"number": "1", "currency": "EUR", "amount": "5", "occurred_at": NOW},
    "interactions/": {"channel": "note"},
    "events/": {"kind": "page", "occurred_at": NOW},
    "tasks/": {"title": "Call"},
    "attributes/": {"name": "plan", "label": "Plan"},
    "tags/": {"name": "vip"},
    "exchange-rates/": {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.9"},
}
OF_CUSTOMERS = ("orders/", "interactions/", "events/", "tasks/")
KEYED = {
    "customers/by-external-id/shop/1/": {},
    "products/by-sku/A%2FB/": {},
    "orders/by-number/shop/1/": BODIES["orders/"],
    "interactions/by-external-id/mailbox/1/": BODIES["interactions/"],
}


@pytest.fixture
def api(admin):
    return api_of(admin)


@pytest.mark.parametrize("noun", BODIES)
def test_what_is_posted_says_where_it_is(api, customer, noun):
    more = {"customer": customer.pk} if noun in OF_CUSTOMERS else {}
    answer = api.post(f"/api/v1/{noun}", BODIES[noun] | more, HTTP_IDEMPOTENCY_KEY="1")
    assert answer.status_code == 201, answer.content
    again = api.post(f"/api/v1/{noun}", BODIES[noun] | more, HTTP_IDEMPOTENCY_KEY="1")
    assert again["Location"] == answer["Location"]
    shown = api.get(answer["Location"])
    assert shown.status_code == 200
    if noun != "events/":
        assert shown.json() == answer.json()


@pytest.mark.parametrize("address", KEYED)
def test_what_is_put_for_the_first_time_says_where_it_is_by_our_own_id(api, customer, address):
    more = {"customer": customer.pk} if address.startswith(("orders", "interactions")) else {}
    body = {name: value for name, value in (KEYED[address] | more).items() if name != "number"}
    answer = api.put(f"/api/v1/{address}", body)
    assert answer.status_code == 201, answer.content
    assert api.get(answer["Location"]).json() == answer.json()
    assert answer["Location"].endswith(f"/{answer.json()['id']}/")
    assert "Location" not in api.put(f"/api/v1/{address}", body)


def test_the_description_says_so(api):
    paths = api.get("/api/v1/schema/?format=json").json()["paths"]
    told = {
        (path, method)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if "Location" in operation["responses"].get("201", {}).get("headers", {})
    }
    assert told >= {(f"/api/v1/{noun}", "post") for noun in BODIES}
    assert sum(method == "put" for _path, method in told) == len(KEYED)
