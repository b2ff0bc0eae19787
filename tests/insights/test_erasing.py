"""Who asks to be forgotten is: nothing of them is left in any table, file or model."""

import csv
import datetime
import json

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from customers import erasing
from customers.archiving import archive
from customers.assigning import assign
from customers.changing import open_change_set
from customers.correcting import correct
from customers.editing import edit_customer
from customers.erasing import erase, erase_in_steps, see_to, told
from customers.importing.rejecting import kept_path
from customers.models import (
    Attachment,
    Change,
    Customer,
    Deletion,
    Erasure,
    Event,
    ExternalId,
    Interaction,
    KeyedAnswer,
    ListExport,
    MessageReading,
    Notification,
    Order,
    OrderLine,
    SavedView,
    Tag,
    Task,
)
from customers.recording import record_interaction, record_log
from customers.undoing import undo
from insights.erasing import features_folder
from insights.models import (
    FullScoring,
    ModelVersion,
    OutdatedVoiceDay,
    PredictionLedger,
    SegmentMove,
    TopicSearch,
    TrainingRun,
    VersionScore,
)
from insights.requesting import request_scheduled_training
from tests.tokens import bearer

NAME, SAID, MAIL = "Zebulon Quarx", "my velociraptor squeaks", "zeb@quarx.example"
pytestmark = pytest.mark.django_db
# Not deleted with the customer: what stands there of it, and why.
KEPT = {("customers.Customer", "parent"): "people of an organisation stay, without the link"}


@pytest.fixture
def person(make_customer, owner, team):
    return make_customer(NAME, owner=owner, team=team, email=MAIL, phone="+44 20 7946 0999")


@pytest.fixture
def history(person, owner, admin, make_order, make_customer):
    """Something of theirs in every place where anything of a customer is kept."""
    now = timezone.now()
    ExternalId.objects.create(customer=person, source="shop", external_id="ZQ-77")
    person.tags.add(Tag.objects.create(name="VIP"))
    person.company = f"{NAME} & Sons"
    edit_customer(person, ["company"], owner)
    person.company = ""
    edit_customer(person, ["company"], owner)
    order = make_order(person, number="ZQ-1")
    OrderLine.objects.create(
        order=order, position=1, description=f"Engraved {NAME}", quantity=1, unit_price=5,
        amount=5, base_amount=5,
    )  # fmt: skip
    note = Interaction(customer=person, channel="review", text=SAID, rating=1, occurred_at=now)
    record_interaction(note, owner)
    MessageReading.objects.filter(pk=note.pk).update(label="negative", details={"quote": SAID})
    correct(note, owner, label="positive")
    assign(note, owner, admin, "page")
    Attachment.objects.create(interaction=note, name=f"{NAME}.txt", kind="text/plain", size=1)
    stray = Interaction.objects.create(order=order, channel="social", text=SAID, occurred_at=now)
    taken_back = record_interaction(
        Interaction(customer=person, channel="note", text=SAID, occurred_at=now), owner
    )
    undo(taken_back.recorded_in, owner)
    task = Task.objects.create(customer=person, title=f"Call {NAME}", note=SAID, assignee=owner)
    Notification.objects.create(
        user=owner, kind="mention", key="1", interaction=note, facts={"said": SAID}
    )
    Event.objects.create(customer=person, kind="search", subject=SAID, occurred_at=now)
    LogEntry.objects.create(
        user=admin, content_type=ContentType.objects.get_for_model(Customer), object_id=person.pk,
        object_repr=NAME, action_flag=CHANGE,
    )  # fmt: skip
    version = ModelVersion.objects.create(kind="churn", number=1, as_of=now, checksum="0" * 64)
    VersionScore.objects.create(
        version=version, customer=person, scored_at=now, values={"said": SAID}
    )
    PredictionLedger.objects.create(
        kind="churn", customer=person, day=now.date(), version=1, label="x"
    )
    SegmentMove.objects.create(customer=person, day=now.date(), segment_after="loyal")
    body = json.dumps({"id": 1, "customer": person.pk, "text": SAID}, separators=(",", ":"))
    KeyedAnswer.objects.create(user=owner, key="k", fingerprint="f", status=201, body=body)
    by_mail = {"all": [{"field": "email", "op": "is", "values": [MAIL.upper()]}]}
    SavedView.objects.create(name="By name", owner=owner, search=f" {NAME.lower()} ")
    SavedView.objects.create(name="By mail", owner=owner, filter=by_mail, deleted_at=now)
    return {"order": order, "note": note, "task": task, "stray": stray}


def found(*words: str) -> list[str]:
    """Every text column of every table of the database that holds one of the words."""
    places = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                told = [(c, str(v).casefold()) for c, v in zip(columns, row, strict=True)]
                places += [f"{table}.{c}" for c, v in told if any(w.casefold() in v for w in words)]
    return places


def test_nothing_of_them_is_left_in_any_column(person, history, admin, make_customer):
    other = make_customer("Somebody else")
    Interaction.objects.create(customer=other, channel="note", text="stays")
    view = SavedView.objects.create(name="In Berlin", owner=admin, search="Berlin")
    Change.objects.create(
        change_set=open_change_set("page", admin), model="savedview", object_id=view.pk,
        previous={"search": NAME},
    )  # fmt: skip
    assert {"customers_change.previous", "django_admin_log.object_repr"} <= set(found(NAME, SAID))
    assert erase(person, admin)
    assert found(NAME, SAID, MAIL, "7946 0999", "ZQ-77") == []
    assert Interaction.objects.get().text == "stays"
    assert SavedView.objects.get() == view


def test_only_which_one_it_was_when_and_by_whom_is_kept(person, admin):
    pk = person.pk
    erase(person, admin)
    change = Change.objects.get(model="customer", object_id=pk)
    assert (change.previous, change.change_set.actor) == ({"id": pk}, admin)
    assert Deletion.objects.filter(kind="customer", object_id=pk).exists()


@pytest.mark.parametrize("model", [Customer, Interaction, Order, Task, MessageReading])
def test_whatever_points_to_a_customer_goes_or_is_named_as_kept(model):
    for field in model._meta.get_fields(include_hidden=True):
        if not field.auto_created or field.concrete or field.many_to_many:
            continue
        place = (field.related_model._meta.label, field.field.name)
        own = model is not Customer  # a row beside it that is theirs too, and goes by itself
        emptied = field.on_delete is models.SET_NULL and (own or place in KEPT)
        assert field.on_delete is models.CASCADE or emptied, f"{place}: say what becomes of it"


def test_no_column_names_a_customer_without_a_key():
    """Such a table would be forgotten by the deletion: customers.erasing has to see to it."""
    told = {"customers.Deletion", "customers.Change"}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if "customer" in field.name and not field.is_relation and model._meta.label not in told:
                counted = isinstance(field, models.PositiveIntegerField | models.BooleanField)
                assert counted, f"{model._meta.label}.{field.name}"


def test_people_of_an_organisation_stay(make_customer, admin):
    firm = make_customer("Quarx Ltd", kind="organisation")
    employee = make_customer("Ann", parent=firm)
    assert told(firm)["people"] == 1
    erase(firm, admin)
    employee.refresh_from_db()
    assert employee.parent is None


def test_files_go_after_the_commit(person, history, admin, django_capture_on_commit_callbacks):
    upload = Attachment.objects.get().path
    upload.parent.mkdir(parents=True, exist_ok=True)
    upload.write_text("x")
    ready = ListExport.objects.create(
        user=admin, kind="csv", status="done", ended_at=timezone.now()
    )
    running = ListExport.objects.create(user=admin, kind="csv", query="a", status="running")
    features = features_folder() / "0-9.arrow"
    rejected = kept_path(open_change_set("import").pk)
    for path in (ready.path, features, rejected):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    rows = [["row", "email", "name"], ["2", MAIL.upper(), "Z"], ["3", "b@example.com", "B"]]
    with rejected.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    with django_capture_on_commit_callbacks(execute=True):
        erase(person, admin)
        assert upload.exists()
    assert not any(path.exists() for path in (upload, ready.path, features))
    left = list(csv.reader(rejected.open(encoding="utf-8-sig", newline="")))
    assert left == [rows[0], rows[2]]
    running.refresh_from_db()
    assert running.status == "queued"
    rejected.unlink()


def test_models_of_messages_learn_anew_where_they_had_learnt_from_them(person, history, admin):
    for kind in ("sentiment", "intent"):
        ModelVersion.objects.create(kind=kind, number=1, as_of=timezone.now(), checksum="0" * 64)
    TopicSearch.row().update(learnt_at=timezone.now())
    FullScoring.row().update(totals_outdated=False)
    erase(person, admin)
    assert list(TrainingRun.objects.values_list("kind", flat=True)) == ["sentiment"]
    assert TopicSearch.objects.get().afresh and FullScoring.objects.get().totals_outdated
    assert OutdatedVoiceDay.objects.filter(day=timezone.now().date()).exists()


def test_a_training_that_was_under_way_is_followed_by_another_at_night(person, history, admin):
    now = timezone.now()
    TrainingRun.objects.create(
        kind="sentiment", origin="schedule", status="done", summary={"learnt_from": {"stars": 9}},
        started_at=now + datetime.timedelta(seconds=1),
    )  # fmt: skip
    assert request_scheduled_training("sentiment") is None
    TrainingRun.objects.update(started_at=now - datetime.timedelta(minutes=5))
    erase(person, admin)
    assert request_scheduled_training("sentiment")


# ---- the page and the API -------------------------------------------------------------------------------


def test_the_page_counts_what_goes_and_wants_the_name(person, history, admin, client):
    client.force_login(admin)
    address = reverse("customer-erase", args=[person.pk])
    assert address in client.get(person.get_absolute_url()).content.decode()
    page = client.get(address)
    assert page.context["told"] == {
        "orders": 1, "messages": 2, "files": 1, "visits": 1, "tasks": 1, "people": 0,
    }  # fmt: skip
    refused = client.post(address, {"name": "Zebulon"})
    assert refused.status_code == 422 and Customer.objects.filter(pk=person.pk).exists()
    done = client.post(address, {"name": " zebulon  quarx "}, follow=True)
    assert done.redirect_chain == [(reverse("customers"), 302)]
    assert "Erased for good" in done.content.decode()
    assert not Customer.objects.filter(pk=person.pk).exists()
    assert client.get(address).status_code == 404


def test_nobody_but_admins_is_shown_the_way(person, owner, client):
    client.force_login(owner)
    assert "/erase/" not in client.get(person.get_absolute_url()).content.decode()
    for answer in (client.get, client.post):
        assert answer(reverse("customer-erase", args=[person.pk])).status_code == 403


def test_the_api_erases_again_and_again_and_takes_nothing_for_them(person, admin, client):
    pk = person.pk
    client.defaults["HTTP_AUTHORIZATION"] = bearer(admin)
    address = reverse("api-customer-erase", args=[pk])
    empty = {"data": {}, "content_type": "application/json"}
    assert [client.post(address, **empty).status_code for __ in range(2)] == [204, 204]
    assert client.post(reverse("api-customer-erase", args=[pk + 99]), **empty).status_code == 404
    message = {"customer": pk, "channel": "chat", "text": "hello"}
    late = client.post(reverse("api-interaction-list"), message, content_type="application/json")
    assert late.status_code == 400 and late.json()["error"]["fields"][0]["field"] == "customer"
    assert client.get(reverse("api-customer-detail", args=[pk])).status_code == 404
    assert not Interaction.objects.exists()


def test_a_request_that_is_sent_again_is_not_done_again_and_told_nothing(admin, client):
    client.defaults["HTTP_AUTHORIZATION"] = bearer(admin)
    new = {"data": {"name": NAME}, "content_type": "application/json"}
    address, key = reverse("api-customer-list"), {"Idempotency-Key": "one"}
    pk = client.post(address, headers=key, **new).json()["id"]
    erase(Customer.objects.get(pk=pk), admin)
    again = client.post(address, headers=key, **new)
    assert (again.status_code, again.content) == (201, b"")
    assert not Customer.objects.exists() and found(NAME) == []


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_they_are_erased_is_told_and_leaves_nothing(
    person, admin, client, monkeypatch
):
    from customers.api.views import interactions

    def late(*args):
        erase(person, admin)
        return record_interaction(*args)

    monkeypatch.setattr(interactions, "record_interaction", late)
    client.defaults["HTTP_AUTHORIZATION"] = bearer(admin)
    message = {"customer": person.pk, "channel": "chat", "text": SAID}
    answer = client.post(reverse("api-interaction-list"), message, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "deleted")
    assert found(SAID) == []


@pytest.mark.django_db(transaction=True)
def test_a_note_that_is_saved_while_they_are_erased_is_about_nobody(
    person, admin, client, monkeypatch
):
    from customers.views import actions

    def late(*args, **kwargs):
        erase(person, admin)
        return record_log(*args, **kwargs)

    monkeypatch.setattr(actions, "record_log", late)
    client.force_login(admin)
    client.raise_request_exception = False
    note = {"channel": "note", "text": SAID}
    assert client.post(reverse("talk-add", args=[person.pk]), note).status_code == 404
    assert found(SAID) == []


# ---- very much of it ------------------------------------------------------------------------------------


@pytest.fixture
def large(person, monkeypatch):
    monkeypatch.setattr(erasing, "AT_ONCE", 5)
    monkeypatch.setattr(erasing, "STEP", 3)
    now = timezone.now()
    Event.objects.bulk_create(
        [Event(customer=person, kind="page", occurred_at=now) for __ in range(8)]
    )
    return person


def test_very_much_is_a_workers_work(large, admin, client):
    client.force_login(admin)
    address = reverse("customer-erase", args=[large.pk])
    assert client.post(address, {"name": NAME})["Location"] == address
    assert Erasure.objects.get().visits == 8
    Event.objects.first().delete()
    assert "7 of 8" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    api = client.post(
        reverse("api-customer-erase", args=[large.pk]), {}, content_type="application/json"
    )
    assert api.status_code == 202 and Erasure.objects.count() == 1
    erase_in_steps(large.pk)
    assert not Customer.objects.filter(pk=large.pk).exists() and not Erasure.objects.exists()
    assert Change.objects.get(model="customer", object_id=large.pk).change_set.actor == admin
    over = client.get(address, headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == reverse("customers")
    erase_in_steps(large.pk)  # a second message


def test_a_worker_that_was_killed_is_followed_by_another(large, admin, monkeypatch):
    sent = []
    monkeypatch.setattr(erasing, "send", sent.append)
    erase(large, admin)
    sent.clear()
    see_to(timezone.now())
    assert sent == []
    see_to(timezone.now() + 2 * erasing.SILENT)
    assert sent == [large.pk]


def test_an_archived_customer_is_erased_like_any_other(person, admin):
    archive(person, admin)
    assert erase(person, admin)
