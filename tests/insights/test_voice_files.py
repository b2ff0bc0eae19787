"""The messages and tables of the voice pages as files for a spreadsheet: what one may see, and never a formula."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from customers.assigning import assign
from customers.exporting import KINDS, LONGEST_CELL, harmless, plain, written
from customers.models import Interaction, MessageReading, Product
from insights.models import MessageTopic, Topic
from insights.reading import read_unread
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(answer) -> list[list[str]]:
    """Rows of either kind of file, as text."""
    content = b"".join(answer.streaming_content)
    if "csv" in answer["Content-Type"]:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SHEET}f"))  # no formula anywhere
    assert not list(sheet.iter(f"{SHEET}hyperlink"))
    found = []
    for row in sheet.iter(f"{SHEET}row"):
        texts: dict[int, str] = {}
        for cell in row.iter(f"{SHEET}c"):
            letters = cell.attrib["r"].rstrip("0123456789")
            column = sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(letters))) - 1
            texts[column] = "".join(
                t.text or "" for t in (*cell.iter(f"{SHEET}t"), *cell.iter(f"{SHEET}v"))
            )
        found.append([texts.get(i, "") for i in range(max(texts, default=-1) + 1)])
    return found


@pytest.fixture
def said(customer, make_customer, stranger, other_team, owner, manager):
    theirs = make_customer("Theirs", owner=stranger, team=other_team)
    for whom, text in (
        (customer, "This is terrible, the parcel arrived broken."),
        (customer, "=HYPERLINK(1) terrible"),
        (theirs, "Awful service, never again."),
    ):
        Interaction.objects.create(customer=whom, channel="email", text=text, occurred_at=ago(2))
    read_unread()
    assign(Interaction.objects.get(text__startswith="This"), manager, owner)


@pytest.mark.parametrize("kind", KINDS)
def test_messages_one_may_see_with_who_looks_after_them(client, said, owner, kind):
    client.force_login(owner)
    answer = client.get(reverse(f"voice-export-{kind}"))
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    head, *rows = cells(answer)
    assert head[-1] == "Text"
    apostrophe = "'" if kind == "csv" else ""  # a text of a workbook is never worked out
    assert sorted(row[-1] for row in rows) == [
        f"{apostrophe}=HYPERLINK(1) terrible", "This is terrible, the parcel arrived broken.",
    ]  # fmt: skip
    assert {row[head.index("Looked after by")] for row in rows} == {"", "manager"}
    assert {row[head.index("Feeling")] for row in rows} == {"Negative"}
    assert all(float(row[head.index("Score")]) < 0 for row in rows)
    assert {row[head.index("Language")] for row in rows} == {"English"}
    assert {row[head.index("Urgency")] for row in rows} <= {
        "", "Slightly urgent", "Urgent", "Very urgent",
    }  # fmt: skip


def test_messages_in_a_csv_have_the_times_and_words_of_the_page(client, said, customer, owner):
    owner.language, owner.time_zone = "zh-hans", "Asia/Shanghai"
    owner.save()
    reading = MessageReading.objects.filter(interaction__customer=customer).first()
    at = ago(3).astimezone(datetime.UTC).replace(hour=20, minute=30, second=15)
    MessageReading.objects.filter(pk=reading.pk).update(occurred_at=at, urgency=3)
    Interaction.objects.filter(pk=reading.pk).update(occurred_at=at)
    client.force_login(owner)
    head, *rows = cells(client.get(reverse("voice-export-csv"), {"days": "30"}))
    next_day = (at + datetime.timedelta(days=1)).date().isoformat()
    [row] = [row for row in rows if row[0] == f"{next_day} 04:30"]
    assert row[head.index("语言")] == "英文" and row[head.index("紧急程度")] == "非常紧急"
    assert "已回复" in head


def test_a_sheet_is_named_and_its_columns_fit(client, said, manager):
    moment = datetime.datetime(2026, 5, 1, 12, 30, tzinfo=datetime.UTC)
    rows = [["x" * 500, moment, 0.126, "三" * 10], ["y", None, 12, ""]]
    with zipfile.ZipFile(written("A/B: [2026]", ["Text", "When", "No", "Chinese"], rows)) as book:
        names = ElementTree.fromstring(book.read("xl/workbook.xml"))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert [one.attrib["name"] for one in names.iter(f"{SHEET}sheet")] == ["A B   2026"]
    widths = [float(one.attrib["width"]) for one in sheet.iter(f"{SHEET}col")]
    assert [int(width) for width in widths] == [60, 18, 8, 21]
    assert "0.13" in [one.text for one in sheet.iter(f"{SHEET}v")]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_hold_what_the_page_shows(client, said, manager, admin, kind):
    client.force_login(manager)

    def table(name, **query):
        return cells(client.get(reverse("voice-table", args=[name]), {"as": kind, **query}))

    days = table("days")
    assert days[0][:3] == ["First day", "Last day", "Messages"]
    assert sum(int(row[2]) for row in days[1:]) == 2
    [north] = table("sides", by="team")[1:]
    assert north[:6] == ["North", "2", "2", "0", "0", "0"]
    client.force_login(admin)
    assert len(table("sides", by="team")) == 3
    concerns = {row[0]: row for row in table("concerns")[1:]}
    assert int(concerns["damaged"][4]) == 1
    assert table("topics")[0][1] == "Topic"


def test_the_page_of_a_product_as_files(client, said, owner, stranger, customer):
    product = Product.objects.create(sku="A", name="House Espresso")
    Interaction.objects.create(
        customer=customer, channel="email", text="The taste is terrible.", occurred_at=ago(2), product=product
    )  # fmt: skip
    read_unread()
    page = reverse("product-voice", args=[product.pk])
    for who, messages in ((owner, 1), (stranger, 0)):
        client.force_login(who)
        address = reverse("voice-table", args=["product-days"])
        assert address in client.get(page).content.decode() or not messages
        _head, *rows = cells(client.get(address, {"product": product.pk}))
        assert sum(int(row[2]) for row in rows) == messages
        _head, *sides = cells(
            client.get(reverse("voice-table", args=["product-aspects"]), {"product": product.pk})
        )
        assert [row[1:] for row in sides] == [["Taste", "0", "1", "0"]][:messages]
    assert client.get(reverse("voice-table", args=["product-days"])).status_code == 404


def test_the_weeks_of_a_topic_are_for_who_may_see_it(client, said, owner):
    topic = Topic.objects.create(number=7, name="Parcels")
    MessageTopic.objects.create(
        reading=MessageReading.objects.get(interaction__text__startswith="This"), topic=topic, changes=1, round=1
    )  # fmt: skip
    client.force_login(owner)
    head, *rows = cells(client.get(reverse("voice-table", args=["weeks"]), {"topic": topic.number}))
    assert head[0] == "Topic" and len(rows) == 52 and rows[0][0] == "Parcels"
    page = client.get(reverse("voice-topic", args=[topic.number])).content.decode()
    assert reverse("voice-table", args=["weeks"]) in page and reverse("voice-export-csv") in page
    assert client.get(reverse("voice-table", args=["weeks"])).status_code == 404


@pytest.mark.parametrize("table", ["days", "sides", "concerns"])
def test_sums_of_teams_are_for_who_sees_teams(client, said, owner, table):
    client.force_login(owner)
    assert client.get(reverse("voice-table", args=[table])).status_code == 403
    assert client.get(reverse("voice-table", args=["topics"])).status_code == 200
    assert client.get(reverse("voice-table", args=["secrets"])).status_code == 404


def test_text_is_harmless_and_numbers_stay_numbers():
    for text in ("=1+1", "+1x", "-a1", "+1*2", "@x", "\tx", "\rx"):
        assert harmless(text) == f"'{text}"
        assert plain(text) == f"'{text}"
    assert plain("+49 (0)30/12-34") == "+49 (0)30/12-34"
    assert [plain(x) for x in ("a=1", -0.5, -3, None, 0.256, -0.001, Decimal("935085.960000000"))] == [
        "a=1", "-0.5", "-3", "", "0.26", "0", "935085.96",
    ]  # fmt: skip
    assert plain(datetime.date(2026, 5, 1)) == "2026-05-01"


def test_a_very_long_message_fits_its_cell(client, owner, customer):
    Interaction.objects.create(
        customer=customer, channel="email", text="Terrible! " * 5_000, occurred_at=ago(1)
    )
    read_unread()
    client.force_login(owner)
    [_head, row] = cells(client.get(reverse("voice-export-xlsx")))
    assert len(row[-1]) == LONGEST_CELL
