"""A mapping bound to a file's header: each row becomes the values of its fields, or is rejected."""

import hashlib
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.importing import converting
from customers.importing.converting import Convert
from customers.importing.errors import BadValue, MappingError, RowRejected, Words
from customers.importing.mapping import Mapping, Rule

CACHED = 20_000


@dataclass(frozen=True, slots=True)
class Field:
    """What a field takes. ``convert`` gets the file's settings and gives a converter."""

    convert: Callable[["Settings"], Convert]
    required: Words = ""  # the reason why a row without it is rejected


@dataclass(frozen=True, slots=True)
class Settings:
    """How the file writes times and numbers."""

    zone: zoneinfo.ZoneInfo
    decimal: str = "."
    pattern: str = ""


class Cell:
    """One field of every row: from a column or constant, translated, converted; each text only once."""

    def __init__(self, name: str, column: str, index: int | None, constant: str):
        self.name, self.column, self.index, self.constant = name, column or name, index, constant
        self.values: dict[str, str] = {}
        self.blank: frozenset[str] = frozenset()
        self.convert: Convert = str
        self.required: Words = ""
        self._known: dict[str, str | int | None] = {}

    def __call__(self, row: list[str]) -> str | int | None:
        raw = self.constant if self.index is None else row[self.index]
        try:
            return self._known[raw]
        except KeyError:
            return self._learn(raw)

    def _learn(self, raw: str) -> str | int | None:
        value = self.value(raw)
        if len(self._known) >= CACHED:
            self._known.clear()
        self._known[raw] = value
        return value

    def value(self, raw: str) -> str | int | None:
        text = raw.strip()
        text = self.values.get(text, text)
        if not text or text in self.blank:
            if self.required:
                raise RowRejected(self.column, self.required)
            return None
        try:
            return self.convert(text)
        except BadValue as error:
            raise RowRejected(self.column, error.reason) from None


class Check:
    """A rule on one column, remembered for each text."""

    def __init__(self, rule: Rule, index: int):
        self.rule, self.index = rule, index
        self._known: dict[str, bool] = {}

    def __call__(self, row: list[str]) -> bool:
        raw = row[self.index]
        if raw not in self._known:
            if len(self._known) >= CACHED:
                self._known.clear()
            self._known[raw] = self.rule.holds(raw.strip())
        return self._known[raw]


class Plan:
    """Made by :func:`bind`; ``names`` are the fields in the order of the values."""

    def __init__(self, header: list[str], cells: list[Cell], require: list[Check], when: list):
        self.header, self.cells, self.require, self.when = header, cells, require, when
        self.names = [cell.name for cell in cells]
        self.at = {name: i for i, name in enumerate(self.names)}
        # Most fields of most files have no column: their value is the same for every row.
        self.live = [(i, cell) for i, cell in enumerate(cells) if cell.index is not None]
        self.same = [None if cell.index is not None else cell([]) for cell in cells]

    def column(self, name: str) -> str:
        return self.cells[self.at[name]].column

    def values(self, row: list[str]) -> tuple[tuple, bytes, dict[str, str]]:
        """The fields' values, a digest of the whole row, and by column what cannot be used; raises RowRejected."""
        if len(row) != len(self.header):
            raise RowRejected(
                "",
                _("%(n)s cells where the header has %(expected)s")
                % {"n": len(row), "expected": len(self.header)},
            )
        whole = "\x1f".join(row)
        if "\0" in whole:
            column = next(h for h, c in zip(self.header, row, strict=True) if "\0" in c)
            raise RowRejected(column, _("contains a NUL character"))
        values = self.same.copy()
        wrong: dict[str, str] = {}
        for at, cell in self.live:
            try:
                values[at] = cell(row)
            except RowRejected as rejected:
                wrong.setdefault(rejected.column, rejected.reason)
        for check, settings in self.when:
            if check(row):
                for at, value in settings:
                    values[at] = value
        for check in self.require:
            if not check(row):
                wrong.setdefault(check.rule.column, check.rule.reason or _why(check.rule))
        return tuple(values), hashlib.blake2b(whole.encode(), digest_size=16).digest(), wrong


def _why(rule: Rule) -> str:
    return _("not %(op)s %(value)s") % {"op": rule.op, "value": rule.value}


def bind(mapping: Mapping, fields: dict[str, Field], header: list[str], zone) -> Plan:
    """Check the mapping against the kind's fields and the file's header; raises MappingError."""
    named = {*mapping.columns, *mapping.constants, *mapping.values, *mapping.formats}
    named |= {name for rule in mapping.when for name in rule.set}
    if unknown := sorted(named - fields.keys()):
        raise MappingError(
            _("There is no field %(names)s here. There are: %(fields)s.")
            % {"names": ", ".join(unknown), "fields": ", ".join(fields)}
        )
    cells = [_cell(name, field, mapping, header, zone) for name, field in fields.items()]
    for said in mapping.attributes:
        cell = Cell(f"attribute:{said.name}", said.column, _index(header, said.column), "")
        cell.convert = converting.attribute(said.type, mapping.decimal)
        cell.blank = mapping.blank
        cells.append(cell)
    plan = Plan(header, cells, [], [])
    plan.require = [Check(rule, _index(header, rule.column)) for rule in mapping.require]
    plan.when = [
        (
            Check(rule, _index(header, rule.column)),
            [(plan.at[name], _fixed(plan.cells[plan.at[name]], v)) for name, v in rule.set.items()],
        )
        for rule in mapping.when
    ]
    return plan


def _cell(name: str, field: Field, mapping: Mapping, header: list[str], zone) -> Cell:
    column, constant = mapping.columns.get(name, ""), mapping.constants.get(name, "")
    cell = Cell(name, column, _index(header, column) if column else None, constant)
    cell.values = mapping.values.get(name, {})
    cell.blank = mapping.blank
    settings = Settings(zone, mapping.decimal, mapping.formats.get(name, ""))
    cell.convert = field.convert(settings)
    cell.required = field.required
    if field.required and not column and not constant:
        raise MappingError(
            _("Say which column holds “%(name)s”: %(columns)s.")
            % {"name": name, "columns": ", ".join(header)}
        )
    if constant and not column:
        _fixed(cell, constant)
    return cell


def _fixed(cell: Cell, text: str) -> str | int | None:
    try:
        return cell.value(text)
    except RowRejected as error:
        raise MappingError(
            _("%(name)s: “%(text)s” is %(reason)s.")
            % {"name": cell.name, "text": text, "reason": error.reason}
        ) from error


def _index(header: list[str], column: str) -> int:
    if header.count(column) != 1:
        message = (
            _("There are two columns “%(column)s”.")
            if column in header
            else _("There is no column “%(column)s”. There are: %(columns)s.")
        )
        raise MappingError(message % {"column": column, "columns": ", ".join(header)})
    return header.index(column)
