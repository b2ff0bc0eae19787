"""A new installation gets its first data once; whatever its people do afterwards is left alone."""

import json
import stat

import pytest
from django.contrib.auth import authenticate

from crm.setup import inside
from customers.models import Customer, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setenv("DEMO", "no")
    return tmp_path


def test_without_a_demo_there_is_one_admin_who_can_sign_in(var):
    inside.fill_if_new()
    login = json.loads((var / "demo_logins.json").read_text())["admin"]
    user = authenticate(username=login["username"], password=login["password"])
    assert user.role == User.Role.ADMIN
    assert user.is_superuser
    assert not Customer.objects.exists()


def test_only_the_owner_of_the_installation_reads_the_logins(var):
    inside.fill_if_new()
    assert stat.S_IMODE((var / "demo_logins.json").stat().st_mode) == 0o600


def test_a_second_start_changes_nothing(var):
    inside.fill_if_new()
    before = (var / "demo_logins.json").read_text()
    inside.fill_if_new()
    assert (var / "demo_logins.json").read_text() == before
    assert User.objects.count() == 1


def test_an_installation_emptied_by_its_admin_stays_empty(admin, monkeypatch):
    monkeypatch.delenv("DEMO")
    inside.fill_if_new()
    assert not Customer.objects.exists()


def test_a_new_one_is_filled_with_a_demo_company_and_a_login_for_each_role(var, monkeypatch):
    monkeypatch.setenv("DEMO", "")
    monkeypatch.setenv("DEMO_CUSTOMERS", "30")
    inside.fill_if_new()
    assert Customer.objects.count() == 30
    logins = json.loads((var / "demo_logins.json").read_text())
    assert set(logins) == set(User.Role.values)
    for role, login in logins.items():
        user = authenticate(username=login["username"], password=login["password"])
        assert user.role == role


def test_the_welcome_names_the_address_and_every_login(var):
    inside.fill_if_new()
    login = json.loads((var / "demo_logins.json").read_text())["admin"]
    words = inside.welcome("http://127.0.0.1:8123")
    assert "http://127.0.0.1:8123" in words
    assert login["password"] in words
