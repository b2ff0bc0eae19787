"""What customers say: sums of one's teams, every mark leading to the messages behind it, and their export."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Interaction, Product
from insights.reading import read_unread
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(customer, make_customer, stranger, other_team):
    """Two messages of the team's customer, one of a stranger's."""
    theirs = make_customer("Theirs", owner=stranger, team=other_team)
    for whom, channel, text in (
        (customer, "email", "This is terrible, the parcel arrived broken."),
        (customer, "chat", "Wonderful, thank you!"),
        (theirs, "email", "Awful service, never again."),
    ):
        Interaction.objects.create(customer=whom, channel=channel, text=text, occurred_at=ago(2))
    read_unread()


def page(client, user, **query):
    client.force_login(user)
    answer = client.get(reverse("voice"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_sales_staff_see_the_messages_of_their_customers_and_no_sums(client, said, owner):
    body = page(client, owner)
    assert "the parcel arrived" in body
    assert "Awful service" not in body
    assert "c-band" not in body.replace("c-band-keys", "")


def test_a_manager_sees_the_sums_of_their_teams(client, said, manager, other_manager, admin):
    assert "2 messages from customers, 50% of them negative" in page(client, manager)
    assert "1 message from customers, 100% of them negative" in page(client, other_manager)
    assert "3 messages from customers, 67% of them negative" in page(client, admin)


def test_each_mark_of_the_band_opens_the_messages_it_counts(client, said, manager):
    body = page(client, manager)
    marks = re.findall(
        r'<a href="(/voice/\?[^"#]*)#messages" tabindex="-1"><title>[^<]*: (\d+) ', body
    )
    assert len(marks) == 2
    for address, count in marks:
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'id="feedback-\d+"', shown)) == int(count)


@pytest.mark.parametrize("by", ["channel", "country", "team", "product", "intent"])
def test_sums_by_each_side_lead_to_their_messages(client, said, manager, customer, by):
    product = Product.objects.create(sku="H", name="House")
    customer.country = "Sweden"
    customer.save()
    Interaction.objects.update(product=product)
    read_unread()
    body = page(client, manager, by=by)
    [side] = re.findall(
        rf'class="c-link c-clip" href="(/voice/\?[^"#]*{by}=[^"#]*)#messages">', body
    )[:1]
    shown = client.get(side.replace("&amp;", "&")).content.decode()
    assert re.search(r'id="feedback-\d+"', shown)


def test_words_are_searched_for(client, said, owner, customer):
    Interaction.objects.create(
        customer=customer, channel="chat", text="物流太慢了，很失望", occurred_at=ago(1)
    )
    read_unread()
    for text, found in (("PARCEL", "arrived"), ("物流", "失望")):
        body = page(client, owner, q=text, shown="yes")
        assert found in body
        assert len(re.findall(r'id="feedback-\d+"', body)) == 1
    assert "No message fits." in page(client, owner, q="nothing like it")


def test_an_address_that_means_nothing_is_passed_over(client, said, owner):
    body = page(client, owner, label="angry", product="x", since="yesterday", after="~~", days="7")
    assert "the parcel arrived" in body
    assert "the parcel arrived" in page(client, owner, since="0001-01-01", until="9999-12-31")


def test_export_holds_what_one_may_see_and_no_formula(client, said, owner, customer):
    Interaction.objects.create(
        customer=customer, channel="email", text="=HYPERLINK(1) terrible", occurred_at=ago(1)
    )
    read_unread()
    client.force_login(owner)
    answer = client.get(reverse("voice-export-csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[-1] for row in rows[1:]] == [
        "'=HYPERLINK(1) terrible", "This is terrible, the parcel arrived broken.",
    ]  # fmt: skip


def test_pages_follow_each_other(client, owner, customer):
    for n in range(30):
        Interaction.objects.create(
            customer=customer, channel="email", text=f"Terrible {n}.", occurred_at=ago(n + 1)
        )
    read_unread()
    body = page(client, owner)
    [older] = re.findall(r'rel="next" href="([^"#]*)#messages"', body)
    shown = client.get(older.replace("&amp;", "&")).content.decode()
    first, second = (set(re.findall(r'id="(feedback-\d+)"', text)) for text in (body, shown))
    assert (len(first), len(second), first & second) == (25, 5, set())


def test_the_customer_page_shows_how_their_messages_felt(client, said, owner, stranger, customer):
    address = reverse("customer-voice", args=[customer.pk])
    client.force_login(owner)
    body = client.get(address).content.decode()
    assert body.count("c-bar-negative") == body.count("c-bar-positive") == 1
    [link] = re.findall(r'href="([^"]*)" tabindex="-1"><title>[^<]*Negative', body)
    shown = client.get(link.split("#")[0].replace("&amp;", "&")).content.decode()
    assert f'id="{link.split("#")[1]}"' in shown
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_the_span_of_their_messages_names_both_years_and_a_single_day_once(client, owner, customer):
    def span() -> str:
        body = client.get(reverse("customer-voice", args=[customer.pk])).content.decode()
        return re.search(r"<figcaption[^>]*><span>([^<]*)</span>", body)[1]

    client.force_login(owner)
    new = {"customer": customer, "channel": "email", "text": "Terrible."}
    Interaction.objects.create(occurred_at=ago(1), **new)
    read_unread()
    assert " to " not in span()
    Interaction.objects.create(occurred_at=ago(400), **new)
    read_unread()
    assert re.search(r" \d{4} to .* \d{4}$", span())


def test_the_page_asks_the_database_as_often_for_many_messages_as_for_few(
    client, manager, customer
):
    counts = []
    for many in (3, 20):
        for n in range(many):
            Interaction.objects.create(
                customer=customer, channel="email", text=f"Terrible {n}.", occurred_at=ago(n + 1)
            )
        read_unread()
        page(client, manager)
        with CaptureQueriesContext(connection) as queries:
            page(client, manager)
        counts.append(
            len(
                [
                    q
                    for q in queries
                    if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))
                    and "customers_concern" not in q["sql"]
                ]
            )
        )
    assert counts[0] == counts[1] <= 24


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, 2),
        ({"channel": "email"}, 1),
        ({"channel": "email", "country": "Norway"}, 0),
        ({"channel": "email", "label": "positive"}, 1),  # the picture shows all feelings
        ({"q": "broken parcel"}, 1),
        ({"q": "broken coffee"}, 0),
        ({"language": "en", "unanswered": "yes"}, 2),
        ({"urgent": "yes", "channel": "chat"}, 0),
    ],
)
def test_the_picture_counts_what_the_page_is_narrowed_to(client, said, manager, narrowed, found):
    body = page(client, manager, by="channel", shown="yes", **narrowed)
    marks = re.findall(
        r'<a href="(/voice/\?[^"#]*)#messages" tabindex="-1"><title>[^<]*: (\d+) ', body
    )
    cells = re.findall(
        r'<td class="c-right c-num"><a class="c-link" href="([^"#]*)#messages">(\d+)<', body
    )
    assert sum(int(n) for _url, n in marks) == found
    sides = re.findall(
        r'class="c-link c-clip" href="([^"#]*)#messages">.*?of (\d+) message', body, re.S
    )
    assert len(sides) == 2  # what is beside it is of all messages
    for address, count in (*sides, *marks, *cells):
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'id="feedback-\d+"', shown)) == int(count)


def test_words_looked_for_are_marked(client, said, owner):
    body = page(client, owner, q="PARCEL broken", shown="yes")
    assert re.findall(r'<mark class="[^"]*c-sought">([^<]*)</mark>', body)[:2] == [
        "parcel",
        "broken",
    ]
    assert "c-sought" not in page(client, owner, shown="yes")


def test_a_long_span_is_drawn_from_its_first_message_on(client, said, manager):
    body = page(client, manager, since="1900-01-01", until="2999-12-31", shown="yes")
    assert "2 messages from customers" in body


def test_while_messages_are_read_the_picture_says_so(client, customer, manager):
    Interaction.objects.create(
        customer=customer, channel="email", text="Hello.", occurred_at=ago(2)
    )
    assert "Messages are being read just now" in page(client, manager)


def test_what_the_page_is_narrowed_to_stands_there_and_is_taken_away(client, said, manager):
    product = Product.objects.create(sku="H", name="House")
    body = page(
        client, manager, product=product.pk, country="Sweden", shown="yes", aspect="quality"
    )
    chips = re.findall(r'<a class="c-chip c-chip-accent" href="([^"]*)">([^<]*)<svg', body)
    assert [words for _url, words in chips] == ["House", "Quality", "Sweden"]
    assert "product=" not in chips[0][0] and "aspect=quality" in chips[0][0]
