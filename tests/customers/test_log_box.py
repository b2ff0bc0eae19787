"""The one box: reminders, colleagues named by @, files; all one change that is taken back whole."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from customers.attaching import kind_of, plain_name
from customers.mentioning import meant_in
from customers.models import Attachment, Interaction, Task, User
from tests.conftest import make_user

HTMX = {"HX-Request": "true"}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def upload(name, content):
    return SimpleUploadedFile(name, content)


def document(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.fixture
def log(client, owner, customer):
    def log(text="Called about the grinder", channel="call", **said):
        client.force_login(owner)
        address = reverse("talk-add", args=[customer.pk])
        return client.post(address, {"channel": channel, "text": text, **said}, headers=HTMX)

    return log


def test_a_message_can_be_logged_in_either_direction(log):
    assert log("Asked on WeChat", "chat", direction="in").status_code == 200
    assert Interaction.objects.values_list("channel", "direction").get() == ("chat", "in")


def test_a_reminder_becomes_a_task_and_both_are_taken_back_together(log, client, owner, customer):
    day = timezone.localdate() + datetime.timedelta(days=3)
    assert log(remind_on=day.isoformat()).status_code == 200
    task = Task.objects.get()
    assert (task.customer, task.assignee, task.due_on) == (customer, owner, day)
    assert task.title == "Follow up: Called about the grinder"
    client.post(reverse("undo", args=[task.recorded_in_id]), headers=HTMX)
    assert not Task.objects.exists() and not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"remind_on": "2020-01-01"}, "This day is over."),
        ({"remind_of": "Send the offer"}, "Choose the day of the reminder."),
    ],
)
def test_a_reminder_that_cannot_be_is_told_and_nothing_is_lost(log, said, words):
    response = log(**said)
    body = response.content.decode()
    assert response.status_code == 422 and words in body and "Called about the grinder" in body
    assert not Interaction.objects.exists()


@pytest.fixture
def ana(team):
    ana = make_user("ana", User.Role.MANAGER, team)
    ana.first_name, ana.last_name = "Ana", "Ruiz"
    ana.save()
    return ana


@pytest.fixture
def fang(team):
    fang = make_user("wangfang", User.Role.MANAGER, team)
    fang.first_name, fang.last_name = "芳", "王"
    fang.save()
    return fang


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ana Ruiz please look", ["ana"]),
        ("please @ana, look", ["ana"]),
        ("请@王芳看一下，@ana也看", ["wangfang", "ana"]),
        ("mail ana@ana.example", []),
        ("@anabel", []),
        ("@", []),
        ("@stranger", []),
    ],
)
def test_colleagues_are_meant_by_their_name_behind_an_at(owner, ana, fang, stranger, text, names):
    assert [one.username for one in meant_in(text, owner)] == names


def test_who_is_named_is_kept_and_shown(log, ana):
    body = log("@Ana Ruiz, can we do better?", "note").content.decode()
    assert list(Interaction.objects.get().mentions.all()) == [ana]
    assert ">@Ana Ruiz</span>" in body


def test_a_colleague_who_does_not_see_the_customer_cannot_be_named(log, teammate):
    response = log("@teammate have a look", "note")
    assert response.status_code == 422
    assert "teammate does not see this customer" in response.content.decode()
    assert not Interaction.objects.exists()


def test_only_colleagues_who_see_the_customer_are_offered(client, owner, customer, ana, teammate):
    client.force_login(owner)
    address = reverse("customer-colleagues", args=[customer.pk])
    body = client.get(address, {"q": "a"}).content.decode()
    assert 'data-name="Ana Ruiz"' in body
    body = client.get(address, {"q": ""}).content.decode()
    assert "teammate" not in body and "owner" not in body


def test_a_file_is_kept_outside_of_what_the_web_serves_and_saved_not_shown(log, client, customer):
    assert log(files=[upload("../../Offer “A”.png", PNG)]).status_code == 200
    kept = Attachment.objects.get()
    assert (kept.name, kept.kind, kept.size) == ("Offer “A”.png", "image/png", len(PNG))
    assert kept.path.read_bytes() == PNG and kept.name not in str(kept.path)
    response = client.get(kept.get_absolute_url())
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response["Content-Security-Policy"]
    assert kept.name in client.get(customer.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "page.html",
            b"<script>alert(1)</script>",
            "is of a type that is not taken. These are: PDF, PNG",
        ),
        ("offer.pdf", b"Dear all", "does not hold what its ending says. It should end in .txt"),
        ("photo.png", b"%PDF-1.7 x", "It should end in .pdf"),
        ("tool.exe", b"MZ\x00\x00", "is of a type that is not taken"),
        ("empty.txt", b"", "is empty"),
        ("many.zip", document("a.txt"), "is of a type that is not taken"),
        ("m.docx", document("word/document.xml", "word/vbaProject.bin"), "is of a type"),
        ("big.txt", b"x" * (10 * 1024 * 1024 + 1), "is larger than 10 MB"),
    ],
)
def test_what_is_not_taken_is_said_and_the_text_stays(log, name, content, words):
    response = log(files=[upload("fine.txt", b"fine"), upload(name, content)])
    body = response.content.decode()
    assert response.status_code == 422 and words in body and "Called about the grinder" in body
    assert not Interaction.objects.exists() and not Attachment.objects.exists()


def test_more_files_than_five_are_too_many(log):
    assert (
        "At most 5 files"
        in log(files=[upload(f"{i}.txt", b"x") for i in range(6)]).content.decode()
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (document("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("客户,金额\n".encode("gb18030"), "text/plain"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"PK\x03\x04 broken", ""),
    ],
)  # fmt: skip
def test_the_type_is_that_of_the_content(content, kind):
    assert kind_of(upload("x", content))[0] == kind


def test_names_of_files_break_nothing():
    assert plain_name("C:\\a\\b\r\n.pdf") == "b.pdf"
    assert plain_name("\u202egpj.exe") == "gpj.exe"
    assert len(plain_name("x" * 500 + ".pdf")) <= 200 and plain_name("x" * 500 + ".pdf").endswith(
        ".pdf"
    )
    assert plain_name("///") == "file"


def test_a_file_goes_with_the_note_and_with_the_person(
    log, client, customer, django_capture_on_commit_callbacks
):
    log(files=[upload("a.txt", b"a")])
    log(files=[upload("b.txt", b"b")])
    first, second = Attachment.objects.all()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("undo", args=[first.recorded_in_id]), headers=HTMX)
    assert not first.path.exists() and second.path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        customer.delete()
    assert not second.path.exists() and not Attachment.objects.exists()


def test_a_file_whose_record_cannot_be_stored_is_not_left_behind(log, settings, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Attachment, "save", refuse)
    with pytest.raises(RuntimeError):
        log(files=[upload("lost.txt", b"lost")])
    kept = settings.MEDIA_ROOT / "attachments"
    assert not any(b"lost" in path.read_bytes() for path in kept.rglob("*") if path.is_file())
