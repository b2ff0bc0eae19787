"""What came of those who spoke of a topic: per team, where enough did, in words that claim no cause."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Company, Customer, CustomerTotals, Order
from insights.models import Topic
from insights.outcomes import outcomes_of
from insights.topic_days import add_up
from insights.topic_effects import measure_effects
from tests.customers.pages import ago
from tests.insights.test_topics_for_everybody import about
from tests.tokens import api_of

pytestmark = pytest.mark.django_db
HORIZON, SPEAKERS, OTHERS = 90, 30, 60
NO_CAUSE = "This compares, it proves no cause"


@pytest.fixture
def lids(db):
    return Topic.objects.create(number=7, phrases={"en": ["cracked lid"]})


def shoppers(team, owner, topic, count=SPEAKERS, others=OTHERS):
    """All bought alike before; of those who spoke, one in five came back, of the others four in five."""
    names = [Customer(name=f"{team} {n}", team=team, owner=owner) for n in range(count + others)]
    everybody = Customer.objects.bulk_create(names)
    CustomerTotals.objects.bulk_create(
        [CustomerTotals(customer=one, updated_at=timezone.now()) for one in everybody]
    )
    orders = []
    for place, one in enumerate(everybody):
        bought = [HORIZON + 20 + place % 7]
        spoke = place < count
        if (place % 5 == 0) if spoke else (place % 5 != 0):
            bought.append(HORIZON - 30)
        for days in bought:
            orders.append(
                Order(
                    customer=one, source="test", number=f"{one.pk}-{days}", kind="sale", occurred_at=ago(days),
                    currency="EUR", amount=50, base_amount=50,
                )
            )  # fmt: skip
        if spoke:
            about(topic, one, f"The lid cracked, number {place}.", HORIZON + 5)
    Order.objects.bulk_create(orders)


@pytest.fixture
def bought(lids, team, other_team, owner, stranger):
    Company.objects.update_or_create(pk=1, defaults={"churn_horizon_days": HORIZON})
    shoppers(team, owner, lids)
    shoppers(other_team, stranger, lids, count=5)
    about(lids, None, "Nobody's lid cracked.", 2)
    measure_effects(timezone.now())
    lids.refresh_from_db()


def test_those_who_spoke_of_it_left_and_spent_less_than_others_alike(bought, lids, admin):
    found = outcomes_of(admin, [lids])[lids.pk]
    assert (found.customers, found.days) == (SPEAKERS + 5, HORIZON)
    assert found.left.mine == pytest.approx(0.8)
    assert found.left.others == pytest.approx(0.2, abs=0.05)
    assert found.left.low > 0.3
    assert found.spent.mine == pytest.approx(10)
    assert found.spent.difference == pytest.approx(-30, abs=3)
    assert found.spent.high < -15


def test_each_reader_is_told_of_their_teams_where_enough_spoke(
    bought, lids, manager, other_manager, owner
):
    assert outcomes_of(manager, [lids])[lids.pk].customers == SPEAKERS
    assert outcomes_of(other_manager, [lids]) == {}
    assert outcomes_of(owner, [lids]) == {}


def test_managers_are_shown_the_comparison_and_that_it_is_no_more(
    client, bought, lids, manager, other_manager, owner
):
    page = reverse("voice-topic", args=[lids.number])
    client.force_login(manager)
    body = client.get(page).content.decode()
    assert NO_CAUSE in body
    assert (
        f"{SPEAKERS} customers who spoke of it in the 90 days that ended {HORIZON} days ago" in body
    )
    client.force_login(other_manager)
    body = client.get(page).content.decode()
    assert NO_CAUSE not in body
    assert "Too few customers spoke of it long enough ago" in body
    client.force_login(owner)
    assert "What came of those" not in client.get(page).content.decode()


def test_the_card_tells_of_topics_that_clearly_go_with_it(client, bought, lids, admin):
    about(lids, Customer.objects.order_by("pk").first(), "The lid cracked again.", 2)
    add_up()
    client.force_login(admin)
    card = reverse("voice-topics")
    body = client.get(card, headers={"HX-Request": "true"}).content.decode()
    assert f"No order in {HORIZON} days: +" in body
    assert f"Spent in {HORIZON} days: −€" in body
    file = client.get(reverse("voice-table", args=["topics"]))
    assert "Left, against similar customers" in b"".join(file.streaming_content).decode()
    told = api_of(admin).get("/api/v1/topics/").json()["topics"][0]["outcomes"]
    assert told["customers"] == SPEAKERS + 5
    assert told["left"]["low"] > 0.3


def test_an_effect_stored_before_there_were_teams_is_not_told(lids, admin):
    lids.effect = {
        "customers": 40,
        "share": 0.4,
        "others": 0.2,
        "low": 0.1,
        "high": 0.3,
        "days": 90,
    }
    assert outcomes_of(admin, [lids]) == {}
