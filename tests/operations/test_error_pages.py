"""A database that is away is said so, and a page that was looked at asks again by itself."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse


@pytest.fixture
def browser(owner):
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_pages_say_that_the_database_is_away(browser, error):
    def away(*_):
        raise error("server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        looked, sent = browser.get(reverse("customers")), browser.post(reverse("customers"))
    assert looked.status_code == sent.status_code == 503
    assert looked["Retry-After"] == "5"
    assert 'http-equiv="refresh"' in looked.content.decode()
    assert "does not answer" in sent.content.decode()
    assert 'http-equiv="refresh"' not in sent.content.decode()  # nothing is sent twice


def test_any_other_fault_is_one_of_the_server(browser):
    def broken(*_):
        raise RuntimeError

    with connection.execute_wrapper(broken):
        assert browser.get(reverse("customers")).status_code == 500
