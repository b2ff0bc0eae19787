"""Messages are taken on and handed over: to who may see them, told on their home, taken back like any change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.assigning import CannotAssign, assign, colleagues_of
from customers.models import ChangeSet, Interaction, MessageAssignment, User
from customers.undoing import undo
from insights.reading import read_unread
from tests.customers.pages import ago
from tests.tokens import api_of, bearer

pytestmark = pytest.mark.django_db
LIST = "/api/v1/interactions/"


@pytest.fixture
def message(customer):
    one = Interaction.objects.create(
        customer=customer, channel="email", text="Terrible, it came broken.", occurred_at=ago(1.3)
    )
    read_unread()
    return one


def home(client, user, **query):
    client.force_login(user)
    answer = client.get(reverse("home"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_colleagues_are_those_whom_the_gate_lets_see_the_message(
    team, other_team, owner, teammate, stranger, manager, other_manager, admin, make_customer
):
    """The rule in Python says what the rule in the database says, for every person and customer."""
    people = [owner, teammate, stranger, manager, other_manager, admin]
    gone = User.objects.create_user("gone", role=User.Role.ADMIN, is_active=False)
    both = User.objects.create_user("both", role=User.Role.MANAGER)
    both.teams.set([team, other_team])
    whose = [(None, None), (owner, None), (owner, team), (None, team), (stranger, other_team)]
    talks = [Interaction.objects.create(channel="review", text="Bad", occurred_at=ago(1))]
    for who, its_team in whose:
        person = make_customer(owner=who, team=its_team)
        talks.append(Interaction.objects.create(customer=person, channel="chat", text="Bad"))
    for shares in (False, True):
        team.shares_customers = shares
        team.save()
        fresh = list(
            Interaction.objects.filter(pk__in=[t.pk for t in talks]).select_related("customer")
        )
        with CaptureQueriesContext(connection) as queries:
            found = colleagues_of(fresh)
        assert len(queries) == 1
        for talk in fresh:
            for user in (*people, both, gone):
                may = Interaction.objects.visible_to(user).filter(pk=talk.pk).exists()
                assert (user in found[talk.pk]) == may, (user, talk, shares)


def test_one_click_takes_it_on_and_undo_hands_it_back(client, owner, message):
    client.force_login(owner)
    address = reverse("message-assign", args=[message.pk])
    answer = client.post(address, {"assignee": owner.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "facts-changed"
    assert "You look after it now" in answer.content.decode()
    assert MessageAssignment.objects.get().assignee == owner
    undo(ChangeSet.objects.latest("pk"), owner)
    assert MessageAssignment.objects.get().assignee is None
    client.post(address, {"assignee": owner.pk})
    client.post(address, {"assignee": ""})
    assert MessageAssignment.objects.get().assignee is None


def test_saying_what_stands_already_records_nothing(owner, message):
    assert assign(message, owner, owner)
    assert assign(message, owner, owner) is None
    assert assign(message, None, owner)
    assert ChangeSet.objects.count() == 2


def test_nobody_is_handed_what_they_may_not_see(client, owner, stranger, message):
    with pytest.raises(CannotAssign):
        assign(message, stranger, owner)
    client.force_login(owner)
    answer = client.post(
        reverse("message-assign", args=[message.pk]), {"assignee": stranger.pk},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert not MessageAssignment.objects.exists()


@pytest.mark.parametrize("body", [{}, {"assignee": "x"}, {"assignee": 10**9}])
def test_nonsense_is_refused(client, owner, message, body):
    client.force_login(owner)
    address = reverse("message-assign", args=[message.pk])
    assert client.post(address, body, headers={"HX-Request": "true"}).status_code == 422
    Interaction.objects.filter(pk=message.pk).update(direction="out")
    read_unread()
    answer = client.post(address, {"assignee": owner.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 422


def test_who_is_handed_a_message_is_told_on_their_home_until_it_is_answered(
    client, owner, manager, customer, message
):
    old = Interaction.objects.create(
        customer=customer, channel="chat", text="When do you open?", occurred_at=ago(50)
    )
    read_unread()
    before = client_stamp(client, owner)
    assert "For you to answer" not in home(client, owner)
    assign(old, owner, manager)
    body = home(client, owner)
    assert "For you to answer" in body
    assert body.index(f'id="feedback-{old.pk}"') < body.index(f'id="feedback-{message.pk}"')
    assert "handed to you by manager" in body
    assert client_stamp(client, owner) != before
    assert f'id="feedback-{old.pk}"' not in home(client, manager)
    Interaction.objects.create(
        customer=customer, channel="chat", direction="out", text="At nine.", occurred_at=ago(49)
    )
    read_unread()
    assert f'id="feedback-{old.pk}"' not in home(client, owner)


def client_stamp(client, user):
    client.force_login(user)
    return client.get(reverse("home-stamp"))["ETag"]


def test_an_assignment_opens_nothing_to_who_has_lost_sight_of_the_customer(
    client, owner, stranger, other_team, customer, message
):
    assign(message, owner, owner)
    customer.owner, customer.team = stranger, other_team
    customer.save()
    assert f'id="feedback-{message.pk}"' not in home(client, owner)


def test_mine_my_teams_and_all(
    client, team, owner, manager, admin, make_customer, customer, message
):
    elsewhere = make_customer("Elsewhere")
    other = Interaction.objects.create(
        customer=elsewhere, channel="email", text="Awful, never again.", occurred_at=ago(2)
    )
    read_unread()

    def shown(user, whose):
        body = home(client, user, feedback=whose)
        return [one.pk for one in (message, other) if f'id="feedback-{one.pk}"' in body]

    assert shown(manager, "all") == [message.pk, other.pk]
    assert shown(manager, "team") == [message.pk]
    assert shown(manager, "mine") == []
    assert shown(owner, "mine") == [message.pk]  # of their own customer, and nobody has it
    assign(message, manager, owner)
    assert shown(manager, "mine") == [message.pk]
    assert shown(owner, "mine") == []
    assert shown(admin, "nonsense") == [message.pk, other.pk]


def test_how_many_wait_and_how_long_answers_took(client, owner, customer, message):
    other = Interaction.objects.create(
        customer=customer, channel="email", text="Awful, never again.", occurred_at=ago(9)
    )
    Interaction.objects.create(
        customer=customer, channel="email", direction="out", text="Sorry.", occurred_at=ago(8.75)
    )
    read_unread()
    body = home(client, owner)
    assert "1 waits for an answer. 1 has been answered, after 6 hours." in " ".join(body.split())
    assert body.index(f'id="feedback-{message.pk}"') < body.index(f'id="feedback-{other.pk}"')
    assert "unanswered for 31 hours" in body


def test_the_voice_page_narrows_to_who_looks_after_them(client, owner, message):
    client.force_login(owner)
    address = reverse("voice")

    def there(who):
        body = client.get(address, {"assigned": who, "label": "negative"}).content.decode()
        return f'id="feedback-{message.pk}"' in body

    assert (there("me"), there("nobody")) == (False, True)
    assign(message, owner, owner)
    assert (there("me"), there("nobody")) == (True, False)


def test_the_api_hands_over_tells_and_narrows(owner, manager, stranger, message):
    address = f"{LIST}{message.pk}/assignment/"
    answer = api_of(owner).post(address, {"assignee": "manager"})
    assert answer.status_code == 200
    assert answer.json()["assignee"] == "manager"
    assert api_of(owner).get(f"{LIST}{message.pk}/").json()["assignee"] == "manager"
    for query, found in (
        ({"assignee": "manager"}, 1), ({"assignee": "owner"}, 0), ({"assigned": "true"}, 1),
        ({"assigned": "false"}, 0),
    ):  # fmt: skip
        assert len(api_of(owner).get(LIST, query).json()["results"]) == found, query
    assert api_of(owner).post(address, {"assignee": None}).json()["assignee"] is None
    assert api_of(stranger).post(address, {"assignee": "stranger"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "required"), ({"assignee": "none"}, "does_not_exist"), ({"assignee": "stranger"}, "out_of_sight")],
)  # fmt: skip
def test_the_api_says_why_it_does_not(owner, stranger, message, body, code):
    answer = api_of(owner).post(f"{LIST}{message.pk}/assignment/", body)
    assert answer.status_code == 400
    [error] = answer.json()["error"]["fields"]
    assert (error["field"], error["code"]) == ("assignee", code)


def test_a_token_that_only_sends_facts_in_hands_over_nothing(client, owner, message):
    answer = client.post(
        f"{LIST}{message.pk}/assignment/", {"assignee": "owner"}, content_type="application/json",
        headers={"Authorization": bearer(owner, "ingest")},
    )  # fmt: skip
    assert answer.status_code == 403
