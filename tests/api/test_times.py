"""A time without an offset means the same however it is sent."""

import pytest
from rest_framework.test import APIClient

from customers.models import Interaction, Order
from tests.tokens import api_of

NAIVE = "2026-03-05T12:00:00"


@pytest.fixture(params=["token", "session"])
def client(request, admin):
    """Somebody who reads the pages in Shanghai."""
    admin.time_zone = "Asia/Shanghai"
    admin.save()
    if request.param == "token":
        return api_of(admin)
    client = APIClient()
    client.force_login(admin)
    return client


def test_a_time_without_an_offset_is_utc(client, customer):
    note = {"customer": customer.pk, "channel": "note", "text": "x", "occurred_at": NAIVE}
    order = {
        "customer": customer.pk, "source": "shop", "number": "1", "occurred_at": NAIVE,
        "currency": "EUR", "amount": "5",
    }  # fmt: skip
    for path, sent in (("interactions/", note), ("orders/", order)):
        answer = client.post(f"/api/v1/{path}", sent, format="json")
        assert answer.status_code == 201, answer.json()
        assert answer.json()["occurred_at"].startswith(NAIVE)
    bulk = client.post("/api/v1/orders/bulk/", [order | {"number": "2"}], format="json")
    assert bulk.status_code == 200, bulk.json()
    for model in (Interaction, Order):
        assert {str(row.occurred_at) for row in model.objects.all()} == {
            "2026-03-05 12:00:00+00:00"
        }
