"""The list of conversations: whose it shows, what it is asked, the words that were searched for."""

import csv
import io

import pytest
from django.urls import reverse

from customers import striding
from customers.models import Attachment, Interaction, MessageReading
from customers.talk_listing import excerpt, pieces
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db
URL = "/interactions/"


def say(customer, text, days=1, **fields):
    when = None if days is None else ago(days)
    return Interaction.objects.create(
        customer=customer, text=text, occurred_at=when, **{"channel": "email"} | fields
    )


@pytest.fixture
def talks(customer, make_customer, owner, stranger, other_team):
    theirs = make_customer("Theo Theirs", owner=stranger, team=other_team)
    made = {
        "late": say(customer, "The parcel came late again", 1, subject="Delivery"),
        "note": say(customer, "Likes dark roast", 2, channel="note", author=owner, direction="internal"),
        "old": say(customer, "Thanks for the beans", 200, direction="out", author=owner),
        "theirs": say(theirs, "Late as well", 3, channel="complaint"),
        "nobody": say(None, "Late, and nobody known", 4),
        "undated": say(customer, "From an old file", None),
    }  # fmt: skip
    MessageReading.objects.filter(pk=made["late"].pk).update(
        label="negative", intent="late_delivery"
    )
    answered = MessageReading.objects.filter(pk=made["undated"].pk)
    answered.update(label="neutral", answered_at=ago(1))
    Attachment.objects.create(interaction=made["note"], name="x.txt", kind="text/plain", size=1)
    return made


def names(client, user, talks, **query) -> list[str]:
    client.force_login(user)
    by_pk = {one.pk: name for name, one in talks.items()}
    return [by_pk[one.pk] for one in client.get(URL, query).context["page"].rows]


def test_each_reader_sees_what_was_said_with_the_customers_they_may_see(
    client, talks, owner, teammate, manager, stranger, admin
):
    mine = ["late", "note", "old", "undated"]
    assert names(client, owner, talks) == mine
    assert names(client, stranger, talks) == ["theirs"]
    assert names(client, teammate, talks) == []
    assert names(client, manager, talks) == ["late", "note", "nobody", "old", "undated"]
    assert names(client, admin, talks)[:4] == ["late", "note", "theirs", "nobody"]


@pytest.mark.parametrize("stride", [1, striding.STRIDE])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "late"}, ["late", "theirs", "nobody"]),
        ({"q": "delivery parcel"}, ["late"]),
        ({"q": "late", "sort": "date"}, ["nobody", "theirs", "late"]),
        ({"channel": "note"}, ["note"]),
        ({"direction": "out"}, ["old"]),
        ({"feeling": "negative"}, ["late"]),
        ({"concern": "late_delivery"}, ["late"]),
        ({"unanswered": "yes"}, ["late", "theirs", "nobody"]),
        ({"files": "yes"}, ["note"]),
        ({"days": "7"}, ["late", "note", "theirs", "nobody"]),
        ({"by": "me"}, []),
        ({"feeling": "bored", "channel": "pigeon"}, ["late", "note", "theirs", "nobody", "old", "undated"]),
    ],
)  # fmt: skip
def test_search_and_filters(client, talks, admin, monkeypatch, query, expected, stride):
    """However long the stride along the index, and whether few match or many."""
    monkeypatch.setattr(striding, "STRIDE", stride)
    assert names(client, admin, talks, **query) == expected
    monkeypatch.setattr("customers.views.facts.COUNT_CAP", 0)
    assert names(client, admin, talks, **query) == expected


def test_what_one_has_logged(client, talks, owner):
    assert names(client, owner, talks, by="me") == ["note", "old"]
    assert names(client, owner, talks, owner="me") == ["late", "note", "old", "undated"]


def test_the_sentence_and_the_row(client, talks, owner):
    client.force_login(owner)
    response = client.get(URL)
    assert response.context["said"] == "4 conversations, 1 unanswered, 1 negative."
    late = response.context["page"].rows[0]
    assert (late.is_waiting, late.concern) == (True, "Late delivery")
    page = client.get(URL, {"q": "parcel"}).content.decode()
    assert '<mark class="c-found">parcel</mark>' in page
    opened = client.get(late.url.partition("#")[0]).content.decode()
    assert f'id="talk-{late.pk}"' in opened
    assert late.url.endswith(f"#talk-{late.pk}")


def test_words_are_text_and_not_markup(client, customer, owner):
    say(customer, "<script>x</script> late")
    client.force_login(owner)
    assert "<script>x" not in client.get(URL, {"q": "late"}).content.decode()


def test_the_line_begins_shortly_before_the_first_word_found():
    text = "a" * 300 + " needle " + "b" * 300
    line = excerpt(text, ["needle"])
    assert line.startswith("…a")
    assert line.endswith("b…")
    assert ("needle", True) in pieces(line, ["needle"])
    assert pieces("a.b", ["."]) == [("a", False), (".", True), ("b", False)]


def test_the_line_begins_with_a_whole_word():
    assert excerpt("weekend " * 30 + "needle", ["needle"]).startswith("…weekend ")


def test_the_file_holds_what_the_list_does(client, talks, owner):
    say(talks["late"].customer, "=1+1", 0.5)
    client.force_login(owner)
    response = client.get(reverse("interactions-export"))
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert "'=1+1" in {row["Text"] for row in rows}
    assert len(rows) == 5
    assert {row["Feeling"] for row in rows} == {"Negative", "Neutral", ""}


def test_without_conversations_the_page_says_what_to_do(client, owner):
    client.force_login(owner)
    assert "No conversations yet" in client.get(URL).content.decode()
