"""How often each page asks the database: pinned, and the same for few rows as for many."""

import json
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import striding
from customers.models import Customer, Interaction, MessageReading, Task, Team, User
from tests.conftest import make_user
from tests.customers.pages import ago, history, score

PINNED = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text())


@pytest.fixture(scope="module", params=[2, 8])
def company(request, django_db_setup, django_db_blocker):
    """A salesperson and the customer whose page is opened, beside ``count`` others, each with that many of all."""
    with django_db_blocker.unblock(), transaction.atomic():
        team = Team.objects.create(name="North")
        owner = make_user("owner", User.Role.SALES, team)
        yield owner, fill(owner, team, request.param)
        transaction.set_rollback(True)


def fill(owner: User, team: Team, count: int) -> Customer:
    def customer_with_a_past(name: str, risk: float, **fields) -> Customer:
        customer = Customer.objects.create(name=name, owner=owner, team=team, **fields)
        history(customer, orders=count, talks=count, visits=count, tasks=count)
        score(customer, risk)
        return customer

    for i in range(count):
        customer = customer_with_a_past(f"Customer {i}", 0.8, country=f"Country {i}")
        Task.objects.create(customer=customer, title="Call", assignee=owner)
        Interaction.objects.create(
            customer=customer, channel="complaint", text="x", occurred_at=ago(1)
        )
    MessageReading.objects.filter(interaction__channel="complaint").update(label="negative")
    return customer_with_a_past("Marta Lindqvist", 0.78, email="marta@example.com")


@pytest.mark.parametrize("name", sorted(n for n in PINNED if not n.startswith("api-")))
def test_a_page_asks_as_often_as_it_is_pinned(client, db, company, name):
    owner, customer = company
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


@pytest.mark.parametrize("search", ["Marta", "marta@example.com", "Customer", "nobody at all"])
@pytest.mark.parametrize("sort", ["-value", "-risk", "name"])
def test_a_search_among_many_asks_a_dozen_times_at_most(
    client, db, company, monkeypatch, search, sort
):
    """Longer than a stride along the index; whatever is found there, and in whichever order."""
    monkeypatch.setattr(striding, "STRIDE", 1)
    client.force_login(company[0])
    client.get(reverse("customers"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("customers"), {"q": search, "sort": sort}).content.decode()
    assert ("Marta Lindqvist" in page) == (search.lower().startswith("marta"))
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("PRAGMA", "BEGIN", "COMMIT"))]
    assert len(asked) <= 12, f"{len(asked)}:\n" + "\n".join(asked)
