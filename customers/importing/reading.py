"""A CSV file as a stream of rows: gzip or plain, UTF-8 or GB 18030, never guessed any further.

latin-1 would accept anything and give rubbish, so it is not tried.
"""

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from customers.importing.errors import ImportFailed

BLOCK = 1 << 20
MAX_BYTES = 8 << 30
MAX_FIELD = 1_000_000
MAX_LINE = 16_000_000
MAX_COLUMNS = 1000
DELIMITERS = ",;\t|"
FORMULA = tuple("=+-@|%\t\r")  # what exported cells are guarded with an apostrophe for


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose encoding, delimiter and header are known; ``lines`` is for progress only."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    lines: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row numbers as a spreadsheet shows them (the header is row 1), and cells. Empty lines are no rows."""
        with _text(self.path, self.encoding) as text:
            reader = csv.reader(_lines(text), delimiter=self.delimiter)
            number = 1
            try:
                next(reader, None)
                for number, row in enumerate(reader, 2):  # noqa: B007 the number is needed when it breaks
                    if row:
                        yield number, [as_meant(cell) for cell in row]
            except csv.Error as error:
                raise ImportFailed(_broken(number, error)) from error


def open_source(path: str | Path, delimiter: str = "") -> Source:
    """Find out how to read the file; raises ImportFailed in words."""
    path = Path(path)
    if not path.is_file():
        raise ImportFailed(_("There is no file %(path)s.") % {"path": path})
    csv.field_size_limit(MAX_FIELD)
    encoding, lines = _survey(path)
    with _text(path, encoding) as text:
        first = text.readline(MAX_LINE)
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    source = Source(path, encoding, delimiter, [], lines)
    with _text(path, encoding) as text:
        header = next(csv.reader(_lines(text), delimiter=delimiter), [])
    header = [cell.strip() for cell in header]
    if not any(header):
        raise ImportFailed(_("The file has no header line."))
    if len(header) > MAX_COLUMNS:
        raise ImportFailed(_("The file has more than %(n)s columns.") % {"n": MAX_COLUMNS})
    return Source(path, encoding, source.delimiter, header, lines)


def as_meant(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking the cell for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _broken(row: int, error: csv.Error) -> str:
    if "field larger" in str(error):
        return _(
            "After row %(row)s a cell is longer than %(n)s characters. Perhaps a quotation mark is not closed."
        ) % {"row": row, "n": f"{MAX_FIELD:,}"}
    return _("After row %(row)s the file is no CSV: %(error)s.") % {"row": row, "error": error}


def _raw(path: Path) -> io.BufferedIOBase:
    with path.open("rb") as start:
        zipped = start.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _blocks(path: Path) -> Iterator[bytes]:
    total = 0
    try:
        with _raw(path) as file:
            while block := file.read(BLOCK):
                total += len(block)
                if total > MAX_BYTES:
                    raise ImportFailed(
                        _("The file is larger than %(n)s GB. Split it.") % {"n": MAX_BYTES >> 30}
                    )
                yield block
    except (EOFError, gzip.BadGzipFile) as error:
        raise ImportFailed(_("The compressed file is damaged or cut off.")) from error


def _survey(path: Path) -> tuple[str, int]:
    """Encoding and number of lines, from reading all of it once."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        lines = 0
        try:
            for block in _blocks(path):
                if not lines and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise ImportFailed(_("The file is UTF-16. Save it as “CSV UTF-8”."))
                lines += block.count(b"\n")
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding, lines
    raise ImportFailed(
        _("The file is neither UTF-8 nor GB 18030. Save it as “CSV UTF-8” and try again.")
    )


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    with _raw(path) as raw, io.TextIOWrapper(raw, encoding, "strict", newline="") as text:
        yield text


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines of bounded length: a file without line breaks must not fill the memory."""
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise ImportFailed(
                _("A line is longer than %(n)s characters.") % {"n": f"{MAX_LINE:,}"}
            )
        yield line
