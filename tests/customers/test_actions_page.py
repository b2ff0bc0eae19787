"""Notes, calls, complaints and tasks written down on a page, and taken back."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Change, ChangeSet, Interaction, Task
from customers.signals import facts_changed

HTMX = {"HX-Request": "true"}


@pytest.fixture
def heard():
    """Whose facts were said to have changed."""
    ids = []

    def hear(customer_ids, **kwargs):
        ids.append(customer_ids)

    facts_changed.connect(hear)
    yield ids
    facts_changed.disconnect(hear)


@pytest.fixture
def talk(client, owner, customer):
    def talk(channel="note", text="Opens a second café", headers=HTMX, **said):
        client.force_login(owner)
        return client.post(
            reverse("talk-add", args=[customer.pk]),
            {"channel": channel, "text": text, **said},
            headers=headers,
        )

    return talk


@pytest.mark.parametrize(
    ("channel", "direction", "words"),
    [
        ("note", "internal", "Note saved"),
        ("call", "out", "Call logged"),
        ("complaint", "in", "Complaint recorded"),
    ],
)
def test_what_is_written_down_is_recorded_announced_and_shown(
    talk, customer, owner, heard, django_capture_on_commit_callbacks, channel, direction, words
):
    with django_capture_on_commit_callbacks(execute=True):
        response = talk(channel)
    note = Interaction.objects.get()
    assert (note.customer, note.channel, note.direction, note.author) == (
        customer,
        channel,
        direction,
        owner,
    )
    assert note.recorded_in.source == ChangeSet.Source.PAGE
    assert heard == [[customer.pk]]
    body = response.content.decode()
    assert "Opens a second café" in body
    assert words in body
    assert reverse("undo", args=[note.recorded_in_id]) in body


@pytest.mark.parametrize(
    ("channel", "said", "kept"),
    [
        ("call", "in", "in"),
        ("call", "out", "out"),
        ("note", "in", "internal"),
        ("meeting", "in", "out"),
    ],
)
def test_a_call_goes_either_way_and_only_a_call_is_asked(talk, channel, said, kept):
    body = talk(channel, direction=said).content.decode()
    assert Interaction.objects.get().direction == kept
    assert ("Call from the customer" in body) == (channel == "call" and said == "in")


def test_a_direction_nobody_knows_is_refused(talk):
    assert talk("call", direction="internal").status_code == 422
    assert not Interaction.objects.exists()


def test_an_empty_note_comes_back_with_its_error(talk):
    response = talk(text="  ")
    assert response.status_code == 422
    assert 'id="talk-text_error"' in response.content.decode()
    assert not Interaction.objects.exists()


def test_what_is_too_long_is_kept_in_the_field_and_said(talk):
    response = talk(text="é" * 10_001)
    body = response.content.decode()
    assert response.status_code == 422
    assert "This is too long: 10001 characters, 10000 at most." in body
    assert "é" * 10_001 in body
    assert "maxlength" not in body
    assert not Interaction.objects.exists()


def test_the_end_of_a_line_counts_once_and_is_stored_once(talk):
    assert talk(text="a\r\n" * 5000).status_code == 200
    assert Interaction.objects.get().text == "\n".join("a" * 5000)


@pytest.mark.parametrize(
    ("address", "field"), [("customer-add", "name"), ("task-add", "title"), ("settings", "name")]
)
def test_no_form_lets_the_browser_cut_off_what_is_pasted(client, admin, address, field):
    client.force_login(admin)
    page = client.get(reverse(address)).content.decode()
    assert "data-most" in page
    assert "maxlength" not in page
    response = client.post(reverse(address), {field: "x" * 301})
    assert response.status_code == 422
    assert "This is too long: 301 characters, 200 at most." in response.content.decode()


def test_after_a_complaint_the_next_thing_written_is_a_note_again(talk):
    body = talk("complaint").content.decode()
    assert 'value="note" id="talk-note" checked' in body
    assert 'id="talk-complaint" checked' not in body
    assert "recorded by owner" in body


def test_without_script_the_form_works_as_well(talk, customer):
    response = talk(headers={})
    assert response["Location"] == customer.get_absolute_url()
    assert Interaction.objects.count() == 1


@pytest.mark.parametrize("channel", ["review", "email", "bogus"])
def test_only_what_people_write_down_by_hand_is_accepted(talk, channel):
    assert talk(channel).status_code == 422


def test_a_note_is_taken_back_and_what_it_said_stays_known(
    talk, client, customer, owner, heard, django_capture_on_commit_callbacks
):
    talk()
    heard.clear()
    note = Interaction.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("undo", args=[note.recorded_in_id]), headers=HTMX)
    assert "Undone" in response.content.decode()
    assert response["HX-Trigger"] == "facts-changed"
    assert not Interaction.objects.exists()
    assert heard == [[customer.pk]]
    assert Change.objects.get(object_id=note.pk).previous["text"] == "Opens a second café"


def test_nobody_takes_back_what_another_did(talk, client, manager):
    talk()
    change_set = Interaction.objects.get().recorded_in
    client.force_login(manager)
    assert client.post(reverse("undo", args=[change_set.pk])).status_code == 404


def test_after_a_day_it_is_too_late(talk, client):
    talk()
    ChangeSet.objects.update(at=timezone.now() - datetime.timedelta(hours=25))
    response = client.post(
        reverse("undo", args=[Interaction.objects.get().recorded_in_id]), headers=HTMX
    )
    assert "This can no longer be undone" in response.content.decode()
    assert Interaction.objects.exists()


def test_a_task_is_added_done_opened_again_and_each_step_is_recorded(client, owner, customer):
    client.force_login(owner)
    fields = {"title": "Call back", "due_on": "2030-01-31", "assignee": owner.pk}
    response = client.post(reverse("customer-task-add", args=[customer.pk]), fields, headers=HTMX)
    task = Task.objects.get()
    assert (task.customer, task.assignee, task.created_by) == (customer, owner, owner)
    assert "Call back" in response.content.decode()
    done = reverse("task-done", args=[task.pk])
    client.post(done, {"done": "yes", "page": "customer"}, headers=HTMX)
    task.refresh_from_db()
    assert task.done_at
    change = Change.objects.get(model="task", object_id=task.pk)
    assert change.previous == {"done_at": None, "done_by_id": None}
    client.post(reverse("undo", args=[change.change_set_id]), headers=HTMX)
    task.refresh_from_db()
    assert task.done_at is None
    client.post(done, {"done": "yes"}, headers=HTMX)
    client.post(done, {"done": "yes"}, headers=HTMX)  # twice is once
    assert Change.objects.filter(model="task", object_id=task.pk).count() == 3


def test_what_was_changed_again_is_not_undone(client, owner, customer):
    client.force_login(owner)
    task = Task.objects.create(customer=customer, title="Call", assignee=owner)
    done = reverse("task-done", args=[task.pk])
    client.post(done, {"done": "yes"})
    first = Change.objects.get(model="task")
    client.post(done, {"done": "no"})
    response = client.post(reverse("undo", args=[first.change_set_id]), headers=HTMX)
    assert "It was changed again since then" in response.content.decode()


def test_a_task_needs_a_title_and_an_assignee_whom_one_knows(client, owner, stranger, customer):
    client.force_login(owner)
    address = reverse("customer-task-add", args=[customer.pk])
    response = client.post(address, {"title": "", "assignee": stranger.pk}, headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode().count("c-error") == 2


def test_a_task_of_ones_own_needs_no_customer(client, owner):
    client.force_login(owner)
    response = client.post(
        reverse("task-add"), {"title": "Order samples", "assignee": owner.pk}, headers=HTMX
    )
    assert response["HX-Redirect"] == reverse("tasks")
    assert Task.objects.get().customer is None
