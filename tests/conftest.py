"""The fixed cast of every access test, and the little company around it."""

import datetime
import os
import sys

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone, translation
from kombu.transport import memory

from customers.models import Customer, CustomerTotals, Order, Team, User


def pytest_report_header():
    if "PERENNIAL_DATA" not in os.environ:
        return "PERENNIAL_DATA is not set: tests marked realdata are left out"
    return f"public data sets: {os.environ['PERENNIAL_DATA']}"


# Folders whose files take longest: they come first, so that two processes end at the same time.
LONG = {"browser", "laws", "ml", "drills", "contract", "operations"}


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))
    for item in items:
        if "ml" in item.path.parts and not item.get_closest_marker("django_db"):
            item.add_marker("pure")
    if "PERENNIAL_DATA" in os.environ:
        return
    left_out = [item for item in items if item.get_closest_marker("realdata")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True, scope="session")
def uploads(tmp_path_factory):
    """What tests attach does not lie about."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads")):
        yield


@pytest.fixture(autouse=True)
def nothing_left_over():
    """What one test has cached, the messages it has sent, its language: none of it reaches the next one."""
    cache.clear()
    memory.Channel.queues.clear()
    if knowledge := sys.modules.get("insights.voice_knowledge"):
        knowledge._known = (0.0, None, None)
    translation.deactivate()


@pytest.fixture
def team(db):
    return Team.objects.create(name="North")


@pytest.fixture
def other_team(db):
    return Team.objects.create(name="South")


def make_user(username, role, *teams):
    user = User.objects.create_user(
        username, f"{username}@example.com", "a-long-password", role=role
    )
    user.teams.set(teams)
    return user


@pytest.fixture
def owner(team):
    """A salesperson, owner of ``customer``."""
    return make_user("owner", User.Role.SALES, team)


@pytest.fixture
def teammate(team):
    """A salesperson of the same team (which does not share, unless a test says so)."""
    return make_user("teammate", User.Role.SALES, team)


@pytest.fixture
def stranger(other_team):
    """A salesperson of another team."""
    return make_user("stranger", User.Role.SALES, other_team)


@pytest.fixture
def manager(team):
    return make_user("manager", User.Role.MANAGER, team)


@pytest.fixture
def other_manager(other_team):
    return make_user("other_manager", User.Role.MANAGER, other_team)


@pytest.fixture
def admin(db):
    return make_user("admin", User.Role.ADMIN)


@pytest.fixture
def make_customer(db):
    def make(name="Marta Lindqvist", owner=None, team=None, **fields):
        customer = Customer.objects.create(name=name, owner=owner, team=team, **fields)
        CustomerTotals.objects.create(customer=customer, updated_at=timezone.now())
        return customer

    return make


@pytest.fixture
def customer(make_customer, owner, team):
    return make_customer(owner=owner, team=team, email="marta@example.com")


@pytest.fixture
def make_order(db):
    def make(customer, days_ago=10, amount=50, kind="sale", **fields):
        number = fields.pop("number", f"T{Order.objects.count() + 1}")
        when = fields.pop("occurred_at", timezone.now() - datetime.timedelta(days=days_ago))
        return Order.objects.create(
            customer=customer,
            source="test",
            number=number,
            kind=kind,
            occurred_at=when,
            currency="EUR",
            amount=amount,
            base_amount=amount,
            **fields,
        )

    return make
