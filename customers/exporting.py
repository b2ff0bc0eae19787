"""Tables as files for a spreadsheet: CSV line by line, XLSX out of a temporary file; text never becomes a formula."""

import csv
import datetime
import decimal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

Kind = Literal["csv", "xlsx"]
KINDS: tuple[Kind, ...] = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # characters that a cell of a spreadsheet holds
WIDEST, NARROWEST = 60, 8


def table_file(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], kind: Kind
) -> HttpResponseBase:
    """The answer that a browser saves; ``name`` without day and ending."""
    response: HttpResponseBase
    if kind == "xlsx":
        response = FileResponse(written(head, rows), content_type=XLSX)
    else:
        response = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    file = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def harmless(text: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def plain(value: Any) -> str:
    """A cell of a CSV; only text can hold a formula, a number below zero is none."""
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return harmless(str(value))
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
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


def written(head: Sequence[str], rows: Iterable[Sequence[Any]]):
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
    }
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, words in enumerate(head):
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, 2 * len(words))))
        sheet.write_string(0, column, words, formats["head"])
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            put(sheet, place, column, value, formats)
    book.close()
    file.seek(0)
    return file


def put(sheet, row: int, column: int, value: Any, formats: dict) -> None:
    """Numbers and times as such, in the reader's zone; everything else is text."""
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float() | decimal.Decimal():
            sheet.write_number(row, column, value)
        case datetime.datetime():
            local = timezone.localtime(value).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, formats["moment"])
        case datetime.date():
            sheet.write_datetime(row, column, value, formats["day"])
        case _:
            sheet.write_string(row, column, harmless(str(value))[:LONGEST_CELL])
