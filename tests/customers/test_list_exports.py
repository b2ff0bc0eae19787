"""A list becomes a CSV or a workbook: short ones at once, long ones by a worker, with the rights of who asks."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from customers import list_exports, list_rows
from customers.list_exports import MOST, SILENT, request_export, see_to, write
from customers.models import Customer, ListExport
from customers.totalling import refresh_totals
from customers.views import export as views
from tests.customers.pages import score

Status = ListExport.Status
ALL = "all=1&columns=name,email"


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def people(make_customer, owner, team, stranger, other_team):
    made = [make_customer(f"Customer {i}", owner, team) for i in range(5)]
    made[0].name = "=HYPERLINK(1)"
    made[0].save()
    make_customer("Far", stranger, other_team)
    return made


@pytest.fixture
def sent(monkeypatch):
    """What workers were woken for."""
    asked: list[int] = []
    monkeypatch.setattr(list_exports, "send", lambda one: asked.append(one.pk))
    return asked


def test_a_short_list_is_a_workbook_at_once(client, owner, people):
    client.force_login(owner)
    response = client.get(reverse("customers-export"), {"all": "1", "as": "xlsx"})
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    texts = b"".join(
        book.read(name) for name in book.namelist() if "sheet" in name or "shared" in name
    )
    assert b"Customer 1" in texts
    assert b">=HYPERLINK(1)<" in texts  # a text: no spreadsheet works it out
    assert b"<f>" not in texts
    assert b"Far" not in texts


def exported(client, query: str) -> list[list[str]]:
    body = b"".join(client.get(f"{reverse('customers-export')}?{query}").streaming_content)
    return list(csv.reader(body.decode("utf-8-sig").splitlines()))


def test_a_file_has_the_order_of_the_list_and_units_in_its_head(
    client, owner, people, django_assert_max_num_queries
):
    for person, (value, risk) in zip(people, [(10, 0.5), (30, 0.25), (20, None)], strict=False):
        refresh_totals([person.pk])
        person.totals.value = Decimal(value)
        person.totals.save()
        if risk:
            score(person, risk)
    people[1].phone = "+49 (30) 123-45/6"
    people[1].save()
    client.force_login(owner)
    columns = "all=1&columns=name,risk,value,phone"
    with django_assert_max_num_queries(12):
        head, *rows = exported(client, columns)
    assert head == [
        "id", "Customer", "Churn risk, %", "Main reason of the risk", "Value so far, EUR", "Phone",
    ]  # fmt: skip
    assert [row[1] for row in rows][:3] == ["Customer 1", "Customer 2", "'=HYPERLINK(1)"]
    assert rows[0][2] == "25"
    assert rows[0][3]
    assert rows[0][4:] == ["30", "+49 (30) 123-45/6"]
    assert rows[1][2:5] == ["", "", "20"]
    names = [row[1] for row in exported(client, f"{columns}&sort=-name")[1:]]
    assert names == sorted(names, key=lambda name: name.lstrip("'"), reverse=True)


def test_a_long_list_is_asked_for_and_written_in_the_background(
    client, owner, people, sent, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(views, "AT_ONCE", 3)
    client.force_login(owner)
    response = client.get(f"{reverse('customers-export')}?{ALL}")
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert "Write the CSV file" in page.content.decode()
    assert not ListExport.objects.exists()  # asking to look asks for nothing yet
    with django_capture_on_commit_callbacks(execute=True):
        client.post(response["Location"])
        client.post(response["Location"])  # twice is once
    one = ListExport.objects.get()
    assert sent == [one.pk]
    file = reverse("list-export-file", args=[one.pk])
    assert client.get(file).status_code == 404
    write(one.pk)
    lines = b"".join(client.get(file).streaming_content).decode().splitlines()
    assert lines[0] == "\ufeffid,Customer,E-mail"
    assert len(lines) == 6
    assert "'=HYPERLINK(1)" in lines[1]
    page = client.get(reverse("list-exports")).content.decode()
    assert file in page
    assert "5 rows" in page


def test_the_worker_writes_what_its_person_may_see_then(owner, stranger, people):
    one = request_export(owner, ALL, "csv")
    Customer.objects.filter(pk=people[1].pk).update(owner=stranger)
    write(one.pk)
    text = one.path.read_text()
    assert "Customer 2" in text
    assert "Customer 1" not in text
    assert "Far" not in text


def test_the_file_speaks_the_language_of_who_asked(owner, people):
    one = ListExport.objects.create(
        user=owner, query=ALL, kind="csv", language="zh-hans", time_zone="Asia/Shanghai"
    )
    write(one.pk)
    assert one.path.read_text().splitlines()[0].startswith("\ufeffid,客户")


def test_nobody_else_gets_the_file(client, owner, manager, people):
    one = request_export(owner, ALL, "xlsx")
    write(one.pk)
    client.force_login(manager)
    assert client.get(reverse("list-export-file", args=[one.pk])).status_code == 404
    assert str(one.path) not in client.get(reverse("list-exports")).content.decode()


def test_progress_is_told_and_another_attempt_takes_over(owner, people, monkeypatch):
    monkeypatch.setattr(list_exports, "TOLD", 2)
    one = request_export(owner, ALL, "csv")
    seen = []
    update = ListExport.objects.filter(pk=one.pk).update

    def rows(selection, most):
        for number, row in enumerate(list_exports_rows(selection, most)):
            seen.append(ListExport.objects.get(pk=one.pk).rows)
            if number == 4:
                update(attempts=2)  # the sweep has given it to somebody else
            yield row
        yield row

    list_exports_rows = list_rows.rows_of
    monkeypatch.setattr(list_rows, "rows_of", rows)
    write(one.pk)
    assert seen == [0, 0, 2, 2, 4]
    one.refresh_from_db()
    assert one.status == Status.RUNNING  # theirs to end
    assert not one.path.exists()
    assert list(one.path.parent.iterdir()) == []


def test_what_fails_is_said_and_leaves_no_half_file(client, owner, people, monkeypatch):
    one = request_export(owner, ALL, "csv")

    def broken(selection, most):
        yield ["x"]
        raise OSError("No space left on device")

    monkeypatch.setattr(list_rows, "rows_of", broken)
    with pytest.raises(OSError, match="No space"):
        write(one.pk)
    one.refresh_from_db()
    assert one.status == Status.FAILED
    assert list(one.path.parent.iterdir()) == []
    client.force_login(owner)
    assert "could not be written" in client.get(reverse("list-exports")).content.decode()


def test_a_lost_message_is_sent_again_and_a_killed_worker_replaced_but_not_for_ever(
    owner, people, sent
):
    one = request_export(owner, ALL, "csv")
    now = timezone.now()
    see_to(now)
    assert sent == []  # it has just been asked for
    later = now + datetime.timedelta(minutes=1)
    see_to(later)
    see_to(later + datetime.timedelta(seconds=1))
    assert sent == [one.pk]
    ListExport.objects.update(status=Status.RUNNING, attempts=1, heartbeat_at=now - 2 * SILENT)
    see_to(now + datetime.timedelta(minutes=1))
    one.refresh_from_db()
    assert one.status == Status.QUEUED
    ListExport.objects.update(status=Status.RUNNING, attempts=3, heartbeat_at=now - 2 * SILENT)
    see_to(now)
    one.refresh_from_db()
    assert one.status == Status.FAILED


def test_a_file_is_kept_for_a_day(owner, people):
    one = request_export(owner, ALL, "csv")
    write(one.pk)
    one.refresh_from_db()
    see_to(one.ended_at + datetime.timedelta(hours=23))
    assert one.path.exists()
    see_to(one.ended_at + datetime.timedelta(hours=25))
    assert not one.path.exists()
    assert not ListExport.objects.exists()


def test_a_sheet_holds_the_most_rows_there_may_be():
    assert MOST < 2**20
