"""Every message has a reading that waits, however it was written; and people set right what was read."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from customers.correcting import correct
from customers.feedback import ALL, Feedback, count_feedback
from customers.marking import marked
from customers.models import (
    Change,
    ChangeSet,
    Customer,
    Interaction,
    MessageCorrection,
    MessageReading,
)
from customers.undoing import undo
from customers.unread import fill, make_triggers
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(customer):
    return Interaction.objects.create(
        customer=customer, channel="email", subject="Late", text="It came late.", occurred_at=ago(1)
    )


def read(message, **fields):
    values = {"read_at": timezone.now(), "version": "rules-1", **fields}
    if "label" in values:
        values["label_read"] = values["label"]
    MessageReading.objects.filter(pk=message.pk).update(**values)
    return Interaction.objects.select_related("reading").get(pk=message.pk)


def reading(message) -> MessageReading:
    return MessageReading.objects.get(pk=message.pk)


@pytest.mark.parametrize("way", ["save", "bulk_create", "raw"])
def test_a_message_waits_to_be_read_however_it_was_stored(customer, way):
    one = Interaction(customer=customer, channel="chat", text="Hello", occurred_at=ago(2))
    if way == "save":
        one.save()
    elif way == "bulk_create":
        Interaction.objects.bulk_create([one])
    else:
        one.recorded_at = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers_interaction (customer_id, channel, direction, subject, text, language,"
                " source, occurred_at, recorded_at, updated_at)"
                " VALUES (%s, 'chat', 'in', '', 'Hello', '', '', %s, %s, %s)",
                [
                    customer.pk,
                    *map(connection.ops.adapt_datetimefield_value, (one.occurred_at, one.recorded_at, one.recorded_at)),
                ],
            )  # fmt: skip
    [waiting] = MessageReading.objects.unread()
    assert (waiting.customer, waiting.inbound, waiting.occurred_at) == (
        customer, True, one.occurred_at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "direction", "inbound"),
    [("email", "in", True), ("email", "out", False), ("note", "internal", False), ("note", "in", False)],
)  # fmt: skip
def test_only_the_customers_own_words_are_inbound(customer, channel, direction, inbound):
    one = Interaction.objects.create(customer=customer, channel=channel, direction=direction)
    assert reading(one).inbound == inbound


@pytest.mark.parametrize("change", [{"text": "Thanks"}, {"direction": "out"}, {"rating": 1}])
def test_a_message_that_changes_is_read_again(message, change):
    read(message, details={"evidence": [[0, 4, -1.0]]})
    Interaction.objects.filter(pk=message.pk).update(**change)
    again = reading(message)
    assert again.read_at is None
    assert again.changes == 1
    assert bool(again.details) == ("text" not in change), "marks of other words are forgotten"


def test_what_does_not_change_what_is_said_is_not_read_again(message, owner):
    read(message)
    Interaction.objects.filter(pk=message.pk).update(author=owner, language="en", text=message.text)
    assert reading(message).read_at is not None


def test_copies_follow_the_message(message, make_customer):
    other = make_customer("Other")
    when = ago(9)
    Interaction.objects.filter(pk=message.pk).update(customer=other, occurred_at=when)
    assert (reading(message).customer, reading(message).occurred_at) == (other, when)


def test_who_refuses_profiling_has_nothing_read_from_that_moment_on(message, customer):
    read(message, label="negative", sentiment=-0.5, intent="refund", details={"keywords": ["late"]})
    Customer.objects.filter(pk=customer.pk).update(profiling_refused=True)
    one = reading(message)
    assert (one.label, one.sentiment, one.intent, one.details) == ("", None, "", {})


def test_a_reply_that_is_taken_back_leaves_the_message_to_be_looked_at_again(message, customer):
    reply = Interaction.objects.create(
        customer=customer, channel="email", direction="out", occurred_at=ago(0)
    )
    read(message, answered_at=reply.occurred_at)
    reply.delete()
    assert reading(message).read_at is None


def test_messages_of_before_are_filled_in_and_triggers_may_be_made_again(message):
    MessageReading.objects.all().delete()
    make_triggers(connection)
    fill(connection)
    fill(connection)
    assert reading(message).inbound


def test_a_message_that_goes_takes_its_reading_and_its_correction_along(message, owner):
    correct(message, owner, label="positive")
    message.delete()
    assert not MessageReading.objects.exists()
    assert not MessageCorrection.objects.exists()


# What people set right ---------------------------------------------------------------------------------


def test_a_correction_holds_at_once_and_is_taken_back_by_undo(message, owner):
    read(message, label="negative")
    change_set = correct(message, owner, label="positive")
    assert reading(message).label == "positive"
    assert reading(message).label_read == "negative"
    assert reading(message).is_corrected
    [given] = MessageCorrection.objects.given()
    assert (given.label, given.by) == ("positive", owner)
    undo(change_set, owner)
    assert reading(message).label == "negative"
    assert not MessageCorrection.objects.given().exists()


def test_the_same_correction_twice_is_one(message, owner):
    read(message, label="negative")
    assert correct(message, owner, label="positive")
    assert correct(message, owner, label="positive") is None
    assert Change.objects.filter(model="messagecorrection").count() == 1


def test_one_click_on_the_page(client, message, owner, stranger):
    read(message, label="negative")
    address = reverse("message-correct", args=[message.pk])
    client.force_login(owner)
    answer = client.post(address, {"label": "neutral"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "facts-changed"
    assert "Feeling set to “Neutral”" in answer.content.decode()
    undo_address = reverse("undo", args=[ChangeSet.objects.first().pk])
    assert undo_address in answer.content.decode()
    client.post(undo_address, headers={"HX-Request": "true"})
    assert reading(message).label == "negative"
    client.force_login(stranger)
    assert client.post(address, {"label": "neutral"}).status_code == 404


@pytest.mark.parametrize("said", [{"label": "angry"}, {"intent": "made_up"}, {}])
def test_nonsense_is_refused(client, message, owner, said):
    read(message, label="negative")
    client.force_login(owner)
    address = reverse("message-correct", args=[message.pk])
    assert client.post(address, said, headers={"HX-Request": "true"}).status_code == 422
    assert not MessageCorrection.objects.given().exists()


def test_what_the_company_wrote_itself_carries_no_feeling(client, customer, owner):
    one = Interaction.objects.create(customer=customer, channel="email", direction="out", text="Hi")
    client.force_login(owner)
    address = reverse("message-correct", args=[one.pk])
    said = {"label": "negative"}
    assert client.post(address, said, headers={"HX-Request": "true"}).status_code == 422


# What is shown -----------------------------------------------------------------------------------------


def test_marks_stand_where_they_were_found_and_nothing_of_the_words_becomes_markup(
    client, customer, owner
):
    text = "<b>terrible</b> & late"
    one = Interaction.objects.create(
        customer=customer, channel="email", subject="<i>Hm</i>", text=text, occurred_at=ago(1)
    )
    start = len("<i>Hm</i>") + 1 + text.index("terrible")
    read(one, label="negative", details={"evidence": [[start, start + 8, -0.9]]})
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert '&lt;b&gt;<mark class="c-felt c-felt-neg">terrible</mark>&lt;/b&gt; &amp; late' in body
    assert "&lt;i&gt;Hm&lt;/i&gt;" in body
    assert "<b>terrible" not in body


def test_marks_may_overlap_and_all_words_stay(customer, make_order):
    order = make_order(customer, number="A-17")
    words = "Order A-17 is late"
    one = Interaction.objects.create(customer=customer, channel="email", text=words)
    details = {
        "evidence": [[6, 13, -0.2], [14, 18, -0.7]],
        "entities": [["order", 6, 10, order.pk, False], ["person", 0, 5, None, True]],
    }
    pieces = marked(read(one, label="negative", details=details)).text
    assert "".join(piece.text for piece in pieces) == words
    named = next(piece for piece in pieces if piece.text == "A-17")
    assert named.sign == -1
    assert named.url.endswith(f"#order-{order.pk}")
    assert next(piece for piece in pieces if piece.text == "Order").suggested


def test_a_long_text_is_shown_with_its_marks_in_the_excerpt_and_in_full(client, customer, owner):
    text = f"awful {'word ' * 120}awful"
    one = Interaction.objects.create(
        customer=customer, channel="email", text=text, occurred_at=ago(1)
    )
    last = len(text)
    read(one, label="negative", details={"evidence": [[0, 5, -1.0], [last - 5, last, -1.0]]})
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert body.count('<mark class="c-felt c-felt-neg">awful</mark>') == 3


def test_each_sentence_of_several_is_marked_and_told_on_demand(client, customer, owner):
    """Also to who sees neither colours nor shapes: the words and scores stand in a list that opens."""
    text = "The box is fine. It came very late. It is blue."
    one = Interaction.objects.create(
        customer=customer, channel="email", text=text, occurred_at=ago(1)
    )
    details = {
        "evidence": [[17 + 13, 17 + 17, -0.62]],
        "sentences": [[0, 16, 0.41], [17, 35, -0.62], [36, len(text), 0.04]],
    }
    read(one, label="negative", details=details)
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    words, told = body.split('class="c-beats"')
    told = told.split("</details>")[0]
    for mood, said in (
        ("positive", "Positive +0.41"),
        ("negative", "Negative −0.62"),
        ("neutral", "Neutral +0.04"),
    ):
        assert f'<i class="c-beat c-beat-{mood}" title="{said}" aria-hidden="true"></i>' in words
        assert told.count(said) == 1
    assert '<mark class="c-felt c-felt-neg">late</mark>' in told
    assert text.split(". ")[0] in told


def test_a_message_of_one_sentence_has_no_mark_beside_its_own_feeling(client, customer, owner):
    one = Interaction.objects.create(
        customer=customer, channel="email", text="So late.", occurred_at=ago(1)
    )
    read(one, label="negative", details={"sentences": [[0, 8, -0.6]]})
    client.force_login(owner)
    assert "c-beat" not in client.get(customer.get_absolute_url()).content.decode()


def test_key_phrases_lead_to_the_messages_with_them(client, customer, owner):
    """Of a year, and back to the message itself where that is older."""
    for days, since in ((1, ago(365)), (500, ago(500))):
        one = Interaction.objects.create(
            customer=customer, channel="email", text=f"late & box {days}", occurred_at=ago(days)
        )
        details = {"keywords": ["late & box"], "sentences": []}
        (link,) = marked(read(one, label="negative", details=details)).keywords
        assert f"since={since.date()}" in link["url"]
        client.force_login(owner)
        body = client.get(customer.get_absolute_url()).content.decode()
        assert escape(link["url"]) in body
        assert f'id="feedback-{one.pk}"' in client.get(link["url"]).content.decode()


def test_what_the_company_wrote_has_neither_marks_nor_phrases(customer):
    one = Interaction.objects.create(
        customer=customer, channel="email", direction="out", text="We are sorry. Truly.",
        occurred_at=ago(1),
    )  # fmt: skip
    details = {"sentences": [[0, 13, -0.5], [14, 20, 0.0]], "keywords": ["sorry"]}
    shown = marked(read(one, label="", details=details))
    assert shown.sentences == []
    assert shown.keywords == []
    assert not any(piece.opens for piece in shown.text)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("It was meant as a present. Very annoying.", "…It was meant as a present. Very annoying."),
        ("It was meant as a present" + " for her" * 8 + ". Very annoying.", "…Very annoying."),
    ],
)
def test_a_line_of_a_list_is_no_shorter_than_it_need_be(customer, before, line):
    """The sentence of the strongest words, and those before it as far as the words still stand on the line."""
    first = "Good morning, " + "the parcel came four days late. " * 3
    text = first + before
    one = Interaction.objects.create(customer=customer, channel="email", text=text)
    told = text.index("annoying")
    details = {
        "evidence": [[told, told + 8, -0.4]],
        "sentences": [
            [0, 45, 0.0],
            [len(first), len(first) + 25, 0.0],
            [told - 5, len(text), -0.4],
        ],
    }
    pieces = marked(read(one, label="negative", details=details)).line
    assert "".join(piece.text for piece in pieces) == line


def test_subject_and_text_stand_apart_on_one_line(customer):
    one = Interaction.objects.create(
        customer=customer, channel="email", subject="Late", text="It came\nlate."
    )
    pieces = marked(read(one, label="negative", details={"evidence": [[0, 4, -0.5]]})).line
    assert "".join(piece.text for piece in pieces) == "Late · It came late."


def test_a_message_nobody_has_read_yet_is_shown_as_it_is(client, message, owner, customer):
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert "It came late." in body
    assert "c-moods" not in body


def test_the_open_page_hears_of_a_reading(client, message, owner, customer):
    client.force_login(owner)
    address = reverse("customer-stamp", args=[customer.pk])
    before = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": before}).status_code == 304
    read(message, label="negative", changed_at=timezone.now())
    assert client.get(address, headers={"If-None-Match": before}).status_code == 200


# On the home page --------------------------------------------------------------------------------------


def said(customer, text, days, **fields):
    one = Interaction.objects.create(
        customer=customer, channel="email", text=text, occurred_at=ago(days)
    )
    return read(one, label="negative", **fields)


def test_home_begins_with_what_waits_for_an_answer(client, owner, customer):
    said(customer, "Answered one", 1, answered_at=ago(0.49))
    said(customer, "Waiting one", 2)
    said(customer, "Too long ago", 40)
    client.force_login(owner)
    body = client.get("/").content.decode()
    assert body.index("Waiting one") < body.index("Answered one")
    assert "unanswered for 2 days" in body
    assert "answered after 12 hours" in body
    assert "Too long ago" not in body


@pytest.mark.parametrize("whose", ["all", "mine", "team"])
def test_the_card_names_its_days_and_leads_to_all_that_were_never_answered(
    client, owner, customer, make_customer, whose
):
    said(customer, "Waiting one", 2)
    said(customer, "Waiting for long", 300)
    said(customer, "Answered one", 200, answered_at=ago(199))
    said(make_customer("Of others"), "Not to be seen", 200)
    client.force_login(owner)
    page = client.get("/", {"feedback": whose})
    assert "Of the last 30 days 1 waits for an answer." in page.content.decode()
    body = client.get(page.context["unanswered_url"]).content.decode()
    assert "Waiting one" in body and "Waiting for long" in body
    assert "Answered one" not in body and "Not to be seen" not in body


def test_what_is_sent_weeks_later_is_no_answer_anywhere(client, owner, customer):
    """On the dashboards it counts for none: neither is it shown as one here, nor does it wait any more."""
    said(customer, "Answered in time", 20, answered_at=ago(20 - 13.9))
    said(customer, "Written to much later", 25, answered_at=ago(25 - 20.5))
    client.force_login(owner)
    body = client.get("/").content.decode()
    assert "answered after 13 days" in body and "answered after 20 days" not in body
    assert "not answered, next contact 20 days later" in body
    assert "unanswered for" not in body
    found = Feedback(ALL)
    count_feedback(owner, found)
    assert (found.waiting, found.answered, found.usual.days) == (0, 1, 13)
    client.cookies["django_language"] = "zh-hans"
    assert "没有回复，20 天后才再次联系" in client.get("/").content.decode()


def test_home_shows_nothing_of_strangers_archived_customers_or_those_who_refuse(
    client, owner, stranger, customer, make_customer, team
):
    said(customer, "Mine", 1)
    gone = make_customer("Gone", owner=owner, team=team, archived_at=ago(1))
    said(gone, "Of an archived one", 1)
    shy = make_customer("Shy", owner=owner, team=team, profiling_refused=True)
    said(shy, "Of one who refuses", 1)
    client.force_login(owner)
    body = client.get("/").content.decode()
    assert "Mine" in body
    assert "Of an archived one" not in body
    assert "Of one who refuses" not in body
    client.force_login(stranger)
    assert "Mine" not in client.get("/").content.decode()


def test_the_open_home_page_hears_of_new_feedback(client, owner, customer):
    client.force_login(owner)
    before = client.get("/home/stamp/")["ETag"]
    assert client.get("/home/stamp/", headers={"If-None-Match": before}).status_code == 304
    said(customer, "New", 1)
    assert client.get("/home/stamp/", headers={"If-None-Match": before}).status_code == 200
