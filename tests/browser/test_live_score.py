"""The whole way: a system posts an order, a worker scores the customer, and the page that is open says so by itself."""

# ruff: noqa: F811  (fixtures of the loop's own tests are arguments here)

import json
import re
import time
import urllib.request

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Customer, User
from tests.insights.conftest import broker, models_dir, real_champions, risky, shop, worker  # noqa: F401
from tests.tokens import bearer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def boss(transactional_db):
    return User.objects.create_user("boss", password="a-long-password", role="admin")


def post_order(url, user, pk, number):
    order = {
        "customer": pk,
        "number": number,
        "occurred_at": timezone.now().isoformat(),
        "currency": "EUR",
        "lines": [{"product": "S1", "quantity": "2", "unit_price": "20.00"}],
    }
    request = urllib.request.Request(
        f"{url}/api/v1/orders/",
        json.dumps(order).encode(),
        {"Authorization": bearer(user), "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 201


def test_an_order_posted_by_api_changes_the_risk_on_the_open_page(
    open_page,
    live_server,
    boss,
    risky,
    worker,
):
    customer = Customer.objects.get(pk=risky.pk)
    page = open_page(customer.get_absolute_url(), user=boss)
    page.evaluate("window.stillTheSamePage = true")
    heading = page.locator("#why-title")
    before = heading.inner_text()
    assert re.search(r"\d+%", before)
    post_order(live_server.url, boss, risky.pk, "first")
    expect(heading).not_to_have_text(before, timeout=60_000)  # the worker may still be starting

    before, start = heading.inner_text(), time.monotonic()
    for number in ("second", "third", "fourth"):
        post_order(live_server.url, boss, risky.pk, number)
    expect(heading).not_to_have_text(before, timeout=15_000)
    seconds = time.monotonic() - start
    print(f"From post to page: {seconds:.1f} s")
    assert seconds < 10
    assert page.evaluate("window.stillTheSamePage")
