"""Topics as each reader may see them: sales staff by their customers' messages alone; on the pages and by API."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import ChangeSet, CustomerScore, Interaction, MessageReading
from insights.models import MessageTopic, Topic, TopicMoney
from insights.talk import by_week, quote, told
from insights.topic_days import add_up
from tests.customers.pages import ago
from tests.tokens import api_of

pytestmark = pytest.mark.django_db
LIST = "/api/v1/topics/"


def about(topic, customer, text, days=3.0, label="negative"):
    talk = Interaction.objects.create(
        customer=customer, channel="email", text=text, occurred_at=ago(days)
    )
    MessageReading.objects.filter(pk=talk.pk).update(
        label=label, label_read=label, version="rules-1", read_at=timezone.now()
    )
    MessageTopic.objects.create(
        reading_id=talk.pk,
        topic=topic,
        occurred_at=talk.occurred_at,
        typical=0.5,
        changes=0,
        round=0,
    )
    return talk


@pytest.fixture
def lids(db):
    return Topic.objects.create(
        number=7, phrases={"en": ["cracked lid"], "zh": ["盖子裂"]}, emerged=True,
        rise={"weeks": 1, "count": 9, "expected": 2.0, "low": 2.1, "high": 5.4, "p": 1e-6},
        rising_since=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def prices(db):
    return Topic.objects.create(number=8, phrases={"en": ["dear prices"]})


@pytest.fixture
def said(lids, prices, customer, make_customer, teammate, stranger, team, other_team):
    """Of lids: three messages of the owner's customer, one of a team-mate's; of prices: one of a stranger's."""
    mates = make_customer("Mates", owner=teammate, team=team)
    theirs = make_customer("Theirs", owner=stranger, team=other_team)
    CustomerScore.objects.create(customer=customer, churn_risk=0.5, expected_value=800)
    for days in (1, 2, 3):
        about(lids, customer, f"The lid cracked on day {days}.", days)
    about(lids, customer, "The lid cracked long ago.", 200)
    about(lids, mates, "My lid, too.", 2, "neutral")
    about(prices, theirs, "Far too dear.")
    for days in (5, *range(60, 72)):
        about(None, customer, "Hello.", days, "neutral")
    add_up()


def test_sales_staff_are_told_of_their_customers_messages(said, owner, lids):
    [one] = told(owner)
    assert (one.topic, one.messages, one.negative, one.customers) == (lids, 3, 3, 1)
    assert one.value_at_risk == pytest.approx(400)
    assert one.is_rising
    assert sum(n for *_, n in by_week(owner, lids, 52)) == 4


def test_the_surest_rise_stands_first_and_what_rises_no_more_is_not_called_so(
    said, owner, lids, prices, customer
):
    """Two more topics that rise over all teams: one surely here too, one that is as usual among these customers."""
    rise = {"weeks": 4, "count": 40, "expected": 9.0, "low": 2.0, "high": 5.0, "p": 1e-9}
    usual, surer = (
        Topic.objects.create(number=n, phrases={"en": [f"t{n}"]}, rise=rise) for n in (20, 21)
    )
    for days in (*range(1, 28, 2), *range(30, 380, 3)):
        about(usual, customer, f"Usual {days}.", days, "neutral")
    for days in (*range(1, 28), *range(40, 380, 40)):
        about(surer, customer, f"Surer {days}.", days, "neutral")
    add_up()
    found = told(owner)
    names = [one.name for one in found]
    assert names[0] == "T21" and found[0].certainty > found[1].certainty
    assert found[0].ratio > 1.5
    [other] = [one for one in found if one.topic == usual]
    assert (
        other.ratio < 1.5
        and not other.is_rising
        and names.index("T20") > names.index("Cracked lid")
    )


def test_quotes_are_of_the_days_that_are_counted_the_newest_first(said, owner, lids, customer):
    MessageTopic.objects.filter(reading__interaction__text__contains="long ago").update(typical=1.0)
    about(lids, customer, "Nearly two weeks ago.", 12)
    [one] = told(owner, [lids.number])
    quote(owner, [one])
    since = timezone.now() - datetime.timedelta(days=one.days)
    assert one.quotes and all(talk.occurred_at >= since for talk in one.quotes)
    moments = [talk.occurred_at for talk in one.quotes]
    assert moments == sorted(moments, reverse=True)


def test_counted_sums_are_the_stored_ones_for_who_sees_the_same_messages(
    said, team, owner, teammate, manager
):
    """A team that shares shows its people what its manager sees."""
    team.shares_customers = True
    team.save()
    figures = ("messages", "negative", "customers", "value_at_risk", "ratio", "low", "high")

    def seen(user):
        return [[getattr(one, name) for name in figures] for one in told(user)]

    assert seen(owner) == seen(teammate) == seen(manager)
    assert TopicMoney.objects.visible_to(manager).exists()


def test_the_card_and_the_page_of_sales_staff(client, said, owner, stranger, lids, prices):
    client.force_login(owner)
    card = client.get(reverse("voice-topics"), headers={"HX-Request": "true"}).content.decode()
    assert "Cracked lid" in card and "Dear prices" not in card and "My lid, too" not in card
    page = client.get(reverse("voice-topic", args=[lids.number])).content.decode()
    assert "The lid cracked on day 1" in page and "My lid, too" not in page
    assert "c-rename" not in page
    assert client.get(reverse("voice-topic", args=[prices.number])).status_code == 404
    assert client.post(reverse("voice-topic-name", args=[lids.number])).status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("voice-topic", args=[lids.number])).status_code == 404


def test_the_api_tells_of_topics(said, owner, manager, stranger, admin, lids):
    body = api_of(owner).get(LIST).json()
    [one] = body["topics"]
    assert body["currency"] == "EUR"
    assert (one["number"], one["rising"], one["new"], one["p"]) == (7, True, True, 1e-6)
    assert (one["days"], one["messages"], one["negative_share"]) == (7, 3, 1.0)
    assert (one["customers"], one["value_at_risk"]) == (1, 400.0)
    assert one["quotes"][0]["text"].startswith("The lid cracked")
    assert api_of(manager).get(LIST).json()["topics"][0]["messages"] == 4
    assert [t["number"] for t in api_of(admin).get(LIST).json()["topics"]] == [7, 8]
    assert api_of(owner).get(f"{LIST}7/").json() == one
    assert api_of(stranger).get(f"{LIST}7/").status_code == 404
    assert api_of(admin).get(f"{LIST}99/").status_code == 404


def test_the_messages_of_a_topic_come_in_pages_of_those_one_may_see(said, owner, manager, stranger):
    address = f"{LIST}7/messages/"
    first = api_of(owner).get(address, {"page_size": 3}).json()
    assert [row["text"][:19] for row in first["results"]] == ["The lid cracked on "] * 3
    assert first["results"][0]["reading"]["label"] == "negative"
    rest = api_of(owner).get(first["next"]).json()["results"]
    assert [row["text"] for row in rest] == ["The lid cracked long ago."]
    assert len(api_of(manager).get(address).json()["results"]) == 5
    assert api_of(stranger).get(address).status_code == 404
    assert api_of(owner).get(address, {"label": "x"}).status_code == 400


def test_messages_are_asked_for_as_often_for_many_as_for_few(said, owner, manager, customer, lids):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert api_of(manager).get(f"{LIST}7/messages/").status_code == 200
        return len([q for q in queries if "customers_concern" not in q["sql"]])  # kept for seconds

    few = asked()
    for i in range(8):
        talk = about(lids, customer, f"Another {i}", 1)
        Interaction.objects.filter(pk=talk.pk).update(author=owner)
    assert asked() == few


def test_managers_name_a_topic_by_api(said, owner, manager, lids, prices):
    answer = api_of(manager).patch(f"{LIST}7/", {"name": "  Broken   lids "})
    assert (answer.status_code, answer.json()["name"]) == (200, "Broken lids")
    assert ChangeSet.objects.latest("pk").source == "api"
    assert api_of(owner).patch(f"{LIST}7/", {"name": "Mine"}).status_code == 403
    taken = api_of(manager).patch(f"{LIST}8/", {"name": "broken lids"})
    assert taken.json()["error"]["fields"][0]["code"] == "taken"
    old = api_of(manager).patch(f"{LIST}7/", {"name": "x"}, headers={"If-Match": '"old"'})
    assert old.status_code == 412
    found = api_of(manager).patch(f"{LIST}7/", {"name": ""}).json()
    assert found["name"] == found["found"] == "Cracked lid"


def addresses(pattern: str, body: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(pattern, body)]


def shown_by(client, address: str) -> int:
    return len(re.findall(r'id="feedback-\d+"', client.get(address).content.decode()))


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_every_bar_and_figure_opens_the_messages_it_counts(client, said, request, who, lids):
    client.force_login(request.getfixturevalue(who))
    body = client.get(reverse("voice-topic", args=[lids.number])).content.decode()
    bars = re.findall(r'<a href="([^"]*)#messages" tabindex="-1"><title>[^<]*: (\d+)</title>', body)
    counts = [(one.replace("&amp;", "&"), int(n)) for one, n in bars if int(n)]
    assert len(bars) == 52 and len(counts) == 2
    for address, n in counts:
        assert shown_by(client, address) == n
    card = client.get(reverse("voice-topics"), headers={"HX-Request": "true"}).content.decode()
    [figure] = addresses(r'c-topic-n" href="([^"]*)#messages"', card)
    assert shown_by(client, figure) == told(request.getfixturevalue(who))[0].messages


def test_a_quote_leads_to_its_place_on_the_customers_page(client, said, owner):
    client.force_login(owner)
    card = client.get(reverse("voice-topics"), headers={"HX-Request": "true"}).content.decode()
    [place] = addresses(r'<a href="(/customers/\d+/\?timeline=[^"]*)"', card)[:1]
    address, anchor = place.split("#")
    assert f'id="{anchor}"' in client.get(address).content.decode()
