"""An open page that could not fetch what has changed asks for it again, though nothing else changes."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Interaction, User
from insights.reading import read_unread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WAIT = 45_000  # milliseconds; it is asked for again after a quarter of a minute
ANGRY = "This is terrible. The parcel arrived broken."


@pytest.fixture
def boss(transactional_db):
    return User.objects.create_user("boss", password="a-long-password", role="admin")


def test_home_shows_a_message_though_the_first_fetch_of_it_failed(open_page, boss, customer):
    home = open_page("/", user=boss)
    home.evaluate("window.stillTheSamePage = true")
    fetched = []

    def fail_once(route):
        fetched.append(route.request.url)
        if len(fetched) == 1:
            route.abort()
        else:
            route.continue_()

    home.route("**/?feedback=*", fail_once)
    Interaction.objects.create(
        customer=customer, channel="email", text=ANGRY, occurred_at=timezone.now()
    )
    with home.expect_event("requestfailed", timeout=WAIT):
        read_unread()
    expect(home.locator("#home-feedback")).not_to_contain_text("terrible")
    expect(home.locator("#home-feedback")).to_contain_text("terrible", timeout=WAIT)
    expect(home.locator("#home-first")).to_contain_text(customer.name)
    open_page.complaints.clear()  # of the fetch that failed
    assert len(fetched) > 1 and home.evaluate("window.stillTheSamePage")
