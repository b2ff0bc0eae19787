"""The cast, what each of them has, and their sessions: made once per file, rolled back after it.

A test's own changes are rolled back with the test, as everywhere.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from customers.calendars import renew_key
from customers.changing import open_change_set
from customers.models import (
    ApiToken,
    Attachment,
    ChangeSet,
    CustomAttribute,
    Customer,
    CustomerTotals,
    Event,
    ExchangeRate,
    ExternalId,
    Interaction,
    ListExport,
    MessageReading,
    Order,
    Product,
    SavedView,
    Tag,
    Task,
    Team,
    User,
)
from insights.models import MessageTopic, ModelVersion, PublishRequest, Topic, TrainingRun
from tests.conftest import make_user


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Whose -> parameter of a route -> what it names; and username -> key of a session."""
    with django_db_blocker.unblock(), transaction.atomic():
        people, north, south = cast()
        shared = of_all()
        things = {
            name: of(people[name], team) | shared
            for name, team in (("owner", north), ("teammate", north), ("stranger", south))
        }
        yield things, {name: session_of(person) for name, person in people.items()}
        transaction.set_rollback(True)


def cast() -> tuple[dict[str, User], Team, Team]:
    """As in tests/conftest.py."""
    north, south = (Team.objects.create(name=name) for name in ("North", "South"))
    sales, manager = User.Role.SALES, User.Role.MANAGER
    made = (
        make_user("owner", sales, north),
        make_user("teammate", sales, north),
        make_user("stranger", sales, south),
        make_user("manager", manager, north),
        make_user("other_manager", manager, south),
        make_user("admin", User.Role.ADMIN),
    )
    return {person.username: person for person in made}, north, south


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def of(person: User, its_team: Team) -> dict:
    """One record of each kind; the source's name and the key there are the person's."""
    now, key = timezone.now(), person.username
    customer = Customer.objects.create(name=f"Customer of {person}", owner=person, team=its_team)
    CustomerTotals.objects.create(customer=customer, updated_at=now)
    ExternalId.objects.create(customer=customer, source=key, external_id=key)
    order = Order.objects.create(
        customer=customer, source=key, number=key, kind="sale", occurred_at=now, currency="EUR",
        amount=50, base_amount=50,
    )  # fmt: skip
    note = Interaction.objects.create(
        customer=customer, channel="note", text="x", occurred_at=now, source=key, external_id=key
    )
    # A message of each: sales staff see a topic by theirs.
    MessageReading.objects.filter(pk=note.pk).update(label="neutral")
    MessageTopic.objects.create(
        reading_id=note.pk, topic=Topic.objects.get(), occurred_at=now, changes=0, round=0
    )
    attachment = Attachment.objects.create(
        interaction=note, name="x.txt", kind="text/plain", size=1
    )
    attachment.path.parent.mkdir(parents=True, exist_ok=True)
    attachment.path.write_bytes(b"x")
    event = Event.objects.create(customer=customer, kind="page", occurred_at=now)
    task = Task.objects.create(customer=customer, title="Call", assignee=person)
    change_set = open_change_set(ChangeSet.Source.PAGE, person)
    token, __ = ApiToken.objects.issue(person, "Shop", ["read"])
    view = SavedView.objects.create(name="My list", owner=person)
    export = ListExport.objects.create(user=person, kind="csv", status="done", ended_at=now)
    export.path.parent.mkdir(parents=True, exist_ok=True)
    export.path.write_text("id")
    return {
        "customer": customer.pk, "order": order.pk, "interaction": note.pk, "event": event.pk,
        "task": task.pk, "change": change_set.pk, "token": token.pk, "key": key,
        "view": view.pk, "attachment": attachment.pk, "team": its_team.pk, "person": person.pk,
        "calendar": renew_key(person), "list_export": export.pk,
    }  # fmt: skip


def of_all() -> dict:
    run = TrainingRun.objects.create(kind="churn", origin="command", status="done")
    now = timezone.now()
    version = ModelVersion.objects.create(kind="churn", number=1, as_of=now, checksum="0" * 64)
    ModelVersion.objects.create(
        kind="segments", number=1, as_of=now, checksum="0" * 64, is_champion=True,
        summary={"clusters": [{"cluster": 3, "n": 0, "traits": []}]},
    )  # fmt: skip
    attribute = CustomAttribute.objects.create(name="plan", label="Plan")
    rate = ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate="0.9")
    publishing = PublishRequest.objects.create(
        kind="churn", version=version, origin="button", status="done"
    )
    return {
        "run": run.pk, "publishing": publishing.pk,
        "version_pk": version.pk, "version": version.number, "kind": "churn",
        "group": 3, "segment": "loyal", "concern": "refund",
        "attribute": attribute.pk, "attribute_name": attribute.name, "rate": rate.pk,
        "tag": Tag.objects.create(name="VIP").pk,
        "table": "topics", "churn_table": "steps", "segment_table": "who",
        "topic": Topic.objects.create(number=3).number,
        "sku": "A", "product": Product.objects.create(sku="A", name="A").pk,
    }  # fmt: skip


@pytest.fixture
def objects(db, world):
    """What the routes' parameters name, once for each of whose it is."""
    return world[0]


@pytest.fixture
def people(db, world):
    """By username, the weakest first: what one may write then belongs to them."""
    known = User.objects.in_bulk(field_name="username")
    return {name: known[name] for name in world[1]}


@pytest.fixture
def team(db, world):
    return Team.objects.get(name="North")


@pytest.fixture
def visitors(db, world):
    """Username -> a browser in which they are signed in."""

    def signed_in(key: str) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        return client

    return {name: signed_in(key) for name, key in world[1].items()}
