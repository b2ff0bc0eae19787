"""An open page that could not fetch what has changed asks for it again, though nothing else changes."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Interaction, User
from insights.reading import read_unread

pytestmark = pytest.mark.django_db(transaction=True)
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
    home.clock.install()
    Interaction.objects.create(
        customer=customer, channel="email", text=ANGRY, occurred_at=timezone.now()
    )
    read_unread()
    home.clock.fast_forward(4_000)
    expect(home.locator(".c-toast-error")).to_be_visible()
    expect(home.locator("#home-feedback")).not_to_contain_text("terrible")
    open_page.complaints.clear()
    home.clock.fast_forward(20_000)
    expect(home.locator("#home-feedback")).to_contain_text("terrible")
    expect(home.locator("#home-first")).to_contain_text(customer.name)
    assert len(fetched) == 2 and home.evaluate("window.stillTheSamePage")
