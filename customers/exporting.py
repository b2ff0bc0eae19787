"""Tables as files for a spreadsheet: CSV line by line, XLSX out of a temporary file; text never becomes a formula."""

import csv
import datetime
import decimal
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation

Kind = Literal["csv", "xlsx"]
KINDS: tuple[Kind, ...] = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # characters that a cell of a spreadsheet holds
WIDEST, NARROWEST, MOMENT, DAY = 60, 8, 18, 12  # characters that a column is wide
LONGEST_SHEET = 31  # characters that the name of a sheet may have
DIGITS = 2  # behind the point
PHONE_OR_NUMBER = re.compile(r"[+-]?[\d ()./-]+")


def table_file(
    name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], kind: Kind
) -> HttpResponseBase:
    """The answer that a browser saves; ``name`` without day and ending, ``title`` is what the sheet is called."""
    response: HttpResponseBase
    if kind == "xlsx":
        response = FileResponse(written(title, head, rows), content_type=XLSX)
    else:
        zone, language = timezone.get_current_timezone(), translation.get_language()
        sent = as_asked(lines(head, rows), zone, language)
        response = StreamingHttpResponse(sent, content_type="text/csv; charset=utf-8")
    file = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def file_links(address: str, query: str = "") -> list[tuple[str, str]]:
    """Words and addresses of a table's files; ``query``: the wishes of the page it stands on."""
    start = f"{address}?{query}&" if query else f"{address}?"
    return [(kind.upper(), f"{start}as={kind}") for kind in KINDS]


def as_asked(made: Iterator[str], zone: datetime.tzinfo, language: str | None) -> Iterator[str]:
    """Written while it is sent, when the request's own time zone and language are no longer set."""
    with timezone.override(zone), translation.override(language):
        yield from made


def harmless(text: str) -> str:
    """A spreadsheet takes a cell of a CSV that begins like this for a formula; of digits alone it makes a number."""
    is_risky = text[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{text}" if is_risky and not PHONE_OR_NUMBER.fullmatch(text) else text


def plain(value: Any) -> str:
    """A cell of a CSV; only text can hold a formula, a number below zero is none."""
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return harmless(str(value))
    if isinstance(value, float | decimal.Decimal):
        rounded = round(value, DIGITS) + 0  # no "-0"
        return f"{rounded:.{DIGITS}f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


class Line:
    """What csv writes into: hands each line on."""

    def write(self, text: str) -> str:
        return text


def lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff" + str(writer.writerow(head))
    for row in rows:
        yield str(writer.writerow([plain(value) for value in row]))


def written(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]):
    """A temporary file with the workbook, at its beginning; gone when it is closed."""
    import xlsxwriter  # where it is asked for: no other page pays for it

    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    formats = {
        "head": book.add_format({"bold": True}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
    }
    sheet = book.add_worksheet(sheet_name(title))
    sheet.freeze_panes(1, 0)
    widths = [width_of(words) + 2 for words in head]  # bold
    for column, words in enumerate(head):
        sheet.write_string(0, column, words, formats["head"])
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            put(sheet, place, column, value, formats)
            widths[column] = max(widths[column], width_of(value))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, width)))
    book.close()
    file.seek(0)
    return file


def sheet_name(title: str) -> str:
    """As a spreadsheet allows it."""
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:LONGEST_SHEET]


def width_of(value: Any) -> int:
    """Of a cell, in characters of a Latin letter's width; those of Chinese are twice as wide."""
    match value:
        case None:
            return 0
        case bool():
            return NARROWEST
        case float() | decimal.Decimal():
            return len(f"{value:,.{DIGITS}f}") + 1
        case datetime.datetime():
            return MOMENT
        case datetime.date():
            return DAY
    text = str(value)[:WIDEST]
    return 1 + sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def put(sheet, row: int, column: int, value: Any, formats: dict) -> None:
    """Numbers and times as such, in the reader's zone; everything else is text, which is never read as a formula."""
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int():
            sheet.write_number(row, column, value)
        case float() | decimal.Decimal():
            sheet.write_number(row, column, round(value, DIGITS), formats["number"])
        case datetime.datetime():
            local = timezone.localtime(value).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, formats["moment"])
        case datetime.date():
            sheet.write_datetime(row, column, value, formats["day"])
        case _:
            sheet.write_string(row, column, str(value)[:LONGEST_CELL])
