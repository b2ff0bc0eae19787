"""The settings page says what is invented, takes it out at a press, and shows how far that is."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import ChangeSet, Customer
from insights.tasks import remove_demo_data


@pytest.fixture
def sent(monkeypatch):
    sent = []
    monkeypatch.setattr("insights.views.demo.wake", lambda task: sent.append(task.name))
    return sent


@pytest.fixture
def demo(db, make_customer, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    load = ChangeSet.objects.create(source=ChangeSet.Source.DEMO, counts={"finished": True})
    return [make_customer(f"Invented {i}", recorded_in=load) for i in range(3)]


def shown(client, admin) -> str:
    client.force_login(admin)
    page = client.get(reverse("demo-status")).content.decode()
    return re.sub(r"\s+", " ", page)


def test_it_says_how_many_customers_are_invented(client, admin, demo):
    page = shown(client, admin)
    assert "3 customers are invented" in page and "Remove demo data" in page
    assert "every 2s" not in page


def test_the_settings_page_asks_for_it_only_where_there_is_demo_data(client, admin, customer, demo):
    client.force_login(admin)
    address = f'hx-get="{reverse("demo-status")}"'
    assert address in client.get(reverse("settings")).content.decode()
    ChangeSet.objects.all().delete()
    assert address not in client.get(reverse("settings")).content.decode()


def test_a_press_is_noted_wakes_a_worker_and_is_watched_until_all_is_gone(
    client, admin, customer, demo, sent, django_capture_on_commit_callbacks
):
    client.force_login(admin)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("demo-remove"))
    assert response["Location"] == reverse("settings")
    assert sent == ["insights.tasks.remove_demo_data"]
    page = shown(client, admin)
    assert "The demo data is being removed: 3 customers left." in page and "every 2s" in page
    remove_demo_data()
    page = shown(client, admin)
    assert "There is no demo data here." in page and "every 2s" not in page
    assert list(Customer.objects.all()) == [customer]  # what was not invented stays


def test_a_removal_that_nobody_finished_is_offered_again(client, admin, demo):
    long_ago = timezone.now() - datetime.timedelta(minutes=11)
    ChangeSet.objects.update(counts={"finished": True, "removal_asked": long_ago.isoformat()})
    page = shown(client, admin)
    assert "Remove demo data" in page and "is being removed" not in page
