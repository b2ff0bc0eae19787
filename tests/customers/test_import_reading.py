"""Files as people have them: compressed, in Chinese encodings, with odd cells, and broken ones refused in words."""

import gzip

import pytest

from customers.importing import ImportFailed, preview
from customers.importing.rejecting import harmless
from customers.models import Customer, Order
from tests.customers.csvs import LINES, SHOP, bring, verdicts

__all__ = ["bring"]

NAMES = {"source": "crm", "columns": {"external_id": "id", "name": "name"}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_is_read_in_each_encoding(bring, encoding):
    bring("customers", "id,name\nA,欧阳娜娜\nB,㐀𠮷\n".encode(encoding), NAMES)
    assert {c.name for c in Customer.objects.all()} == {"欧阳娜娜", "㐀𠮷"}


def test_a_file_compressed_with_gzip_is_read_whatever_its_name(bring):
    assert verdicts(bring("orders", gzip.compress(LINES.encode()), SHOP))["created"] == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,name\nA,caf\xe9\xff\n", "neither UTF-8 nor GB 18030"),
        ("id,name\nA,x\n".encode("utf-16"), "UTF-16"),
        (gzip.compress(b"id,name\nA,x\n" * 999)[:-9], "cut off"),
        (b"", "no header"),
        (b'id,name\nA,"' + b"x" * 1_000_001 + b'"\n', "longer than 1,000,000 characters"),
        (b"name,other\nA,x\n", "no column “id”"),
        (b"id,id,name\nA,A,x\n", "two columns “id”"),
    ],
    ids=["latin-1", "utf-16", "cut", "empty", "huge", "column", "twice"],
)
def test_a_broken_file_is_refused_in_words_and_nothing_is_stored(bring, content, words):
    with pytest.raises(ImportFailed, match=words):
        bring("customers", content, NAMES)
    assert not Customer.objects.exists()


def test_a_missing_file_is_named(bring):
    with pytest.raises(ImportFailed, match=r"nowhere\.csv"):
        preview("nowhere.csv")


def test_a_long_cell_is_no_trouble_where_it_may_stand(bring):
    text = "好" * 150_000
    mapping = {"source": "s", "columns": {"text": "t"}, "constants": {"channel": "note"}}
    assert verdicts(bring("interactions", f"t\n{text}\n", mapping)) == {"created": 1, "total": 1}


def test_nul_bytes_short_rows_and_long_names_reject_only_their_rows(bring):
    content = f"id,name\nA,Ana\nB,a\0b\nC\nD,{'x' * 201}\n\nE,Eve\n"
    report = bring("customers", content, NAMES)
    assert verdicts(report) == {"created": 2, "rejected": 3, "total": 5}
    assert [(r["row"], r["column"], r["reason"]) for r in bring.rejected()] == [
        ("3", "name", "contains a NUL character"),
        ("4", "", "1 cells where the header has 2"),
        ("5", "name", "longer than 200 characters"),
    ]


def test_semicolons_and_commas_in_numbers_are_understood(bring):
    content = LINES.replace(",", ";").replace("40.00", "1.040,00").replace("2.50", "2,50")
    bring("orders", content, SHOP | {"decimal": ","})
    assert str(Order.objects.get(number="1").amount) == "1047.50"


def test_rejected_rows_can_be_mended_and_imported(bring):
    bring("orders", LINES.replace("2,B,", "2,,"), SHOP)
    mended = (bring.folder / "rejected.csv").read_text("utf-8-sig").replace(",2,,", ",2,B,")
    assert verdicts(bring("orders", mended, SHOP)) == {"created": 1, "total": 1}


def test_no_cell_of_the_rejected_rows_is_a_formula(bring):
    bring("customers", 'id,name\n,"=HYPERLINK(""http://x"")"\n', NAMES)
    assert bring.rejected()[0]["name"].startswith("'=")
    assert harmless("-12.50") == "-12.50" and harmless("-1+1") == "'-1+1"


def test_the_apostrophe_of_an_exported_cell_is_not_the_customers(bring):
    bring("customers", "id,name\n1,'=1+1\n2,'t Hart\n", NAMES)
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["'t Hart", "=1+1"]


def test_a_file_without_bad_rows_leaves_no_file_of_rejects(bring):
    report = bring("orders", LINES, SHOP)
    assert report.rejected_path is None and not (bring.folder / "rejected.csv").exists()


def test_a_preview_shows_how_the_file_will_be_read(bring):
    source, rows = preview(bring.file("编号;名字\n1;王\n", "gb18030"))
    assert (source.encoding, source.delimiter, source.header) == ("gb18030", ";", ["编号", "名字"])
    assert rows == [["1", "王"]]
