"""How often each page asks the database: pinned, and the same for few rows as for many."""

import json
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Interaction, MessageReading, Task
from tests.customers.pages import ago, history, score

PINNED = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text())


def fill(make_customer, owner, team, count: int) -> None:
    for i in range(count):
        customer = make_customer(f"Customer {i}", owner=owner, team=team, country=f"Country {i}")
        history(customer, orders=count, talks=count, visits=count, tasks=count)
        score(customer, 0.8)
        Task.objects.create(customer=customer, title="Call", assignee=owner)
        Interaction.objects.create(
            customer=customer, channel="complaint", text="x", occurred_at=ago(1)
        )
    MessageReading.objects.filter(interaction__channel="complaint").update(label="negative")


@pytest.mark.parametrize("count", [2, 8])
@pytest.mark.parametrize("name", sorted(n for n in PINNED if not n.startswith("api-")))
def test_a_page_asks_as_often_as_it_is_pinned(
    client, owner, team, customer, make_customer, name, count
):
    history(customer, orders=count, talks=count, visits=count, tasks=count)
    score(customer)
    fill(make_customer, owner, team, count)
    client.force_login(owner)
    address = reverse(
        name, args=[customer.pk] if name.startswith("customer-") or name == "customer" else []
    )
    client.get(address)
    cache.delete(f"countries:{owner.pk}")  # kept for minutes, counted here
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("PRAGMA", "BEGIN", "COMMIT"))]
    assert len(asked) == PINNED[name], f"{len(asked)}:\n" + "\n".join(asked)
    assert PINNED[name] <= 12
