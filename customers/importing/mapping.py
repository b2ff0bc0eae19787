"""Which column means what: a small TOML or JSON file, or a form that says the same.

::

    kind = "orders"                      # optional: refuses to be used for anything else
    source = "web shop"                  # the system that the ids come from
    tz = "Europe/London"                 # of times without a zone; the company's, if not said
    currency = "GBP"                     # where no column says so; the company's base currency, if not said
    delimiter = ";"                      # found from the header, if not said
    decimal = ","                        # numbers like 1.234,50
    blank = ["NA", "NULL"]               # cells that mean "nothing", besides empty ones

    [columns]                            # field = "Column"
    number = "InvoiceNo"
    [constants]                          # field = "the same for every row"
    customer_kind = "organisation"
    [formats]                            # field = "how its dates are written" (strptime); ISO 8601, if not said
    occurred_at = "%d.%m.%Y %H:%M"
    [values.rating]                      # what the file writes = what is meant
    good = "5"
    [attributes]                         # custom attributes: Column = "text|number|date|boolean|choice"
    Contract = "choice"
    tenure = { type = "number", name = "tenure", label = "Months with us" }
    [[require]]                          # rows that do not fit are rejected
    column = "UnitPrice"
    op = ">"
    value = "0"
    reason = "price is not above zero"
    [[when]]                             # rows that fit get these values
    column = "InvoiceNo"
    op = "starts_with"
    value = "C"
    set = { kind = "cancellation" }
"""

import json
import re
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from customers.importing.errors import MappingError
from customers.models import CustomAttribute


def _compare(test: Callable[[Decimal, Decimal], bool]) -> Callable[[str, str], bool]:
    def holds(cell: str, value: str) -> bool:
        try:
            return test(Decimal(cell), Decimal(value))
        except InvalidOperation:
            return False

    return holds


OPS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda cell, value: cell == value,
    "!=": lambda cell, value: cell != value,
    "starts_with": lambda cell, value: cell.startswith(value),
    "in": lambda cell, value: cell in [v.strip() for v in value.split(",")],
    "filled": lambda cell, value: bool(cell),
    ">": _compare(lambda a, b: a > b),
    ">=": _compare(lambda a, b: a >= b),
    "<": _compare(lambda a, b: a < b),
    "<=": _compare(lambda a, b: a <= b),
    "number!=": _compare(lambda a, b: a != b),
}
TEXTS = ("kind", "source", "tz", "currency", "delimiter", "decimal", "unknown_columns")
TABLES = ("columns", "constants", "formats")
KEYS = {*TEXTS, *TABLES, "blank", "values", "attributes", "require", "when"}


@dataclass(frozen=True, slots=True)
class Rule:
    column: str
    op: str
    value: str = ""
    reason: str = ""
    set: dict[str, str] = field(default_factory=dict)

    def holds(self, cell: str) -> bool:
        return OPS[self.op](cell, self.value)


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    column: str
    type: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Mapping:
    kind: str = ""
    source: str = "import"
    tz: str = ""
    currency: str = ""
    delimiter: str = ""
    decimal: str = "."
    unknown_columns: str = "ignore"  # or "attributes": each becomes one, its type guessed
    blank: frozenset[str] = frozenset()
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    attributes: tuple[AttributeColumn, ...] = ()
    require: tuple[Rule, ...] = ()
    when: tuple[Rule, ...] = ()

    @classmethod
    def read(cls, path: str | Path) -> "Mapping":
        """From a .toml or .json file; raises MappingError."""
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
            data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        except OSError as error:
            raise MappingError(
                _("The mapping file cannot be read: %(error)s") % {"error": error}
            ) from error
        except ValueError as error:
            raise MappingError(
                _("%(name)s: %(error)s") % {"name": path.name, "error": error}
            ) from error
        return cls.from_dict(data)

    @classmethod
    def from_dict(cls, data: Any) -> "Mapping":
        """From what a mapping file says; raises MappingError."""
        data = _table(data, _("the mapping"))
        if unknown := sorted(set(data) - KEYS):
            raise MappingError(
                _("The mapping has unknown parts: %(parts)s.") % {"parts": ", ".join(unknown)}
            )
        fields: dict[str, Any] = {name: _text(data[name], name) for name in TEXTS if name in data}
        for name in TABLES:
            fields[name] = _texts(data.get(name, {}), name)
        if fields.get("decimal", ".") not in (".", ","):
            raise MappingError(_("“decimal” is either . or ,"))
        if fields.get("unknown_columns", "ignore") not in ("ignore", "attributes"):
            raise MappingError(_("“unknown_columns” is either ignore or attributes"))
        return cls(
            **fields,
            blank=frozenset(_text(v, "blank") for v in _list(data.get("blank", []), "blank")),
            values={
                name: _texts(v, f"values.{name}")
                for name, v in _table(data.get("values", {}), "values").items()
            },
            attributes=tuple(
                _attribute(column, said)
                for column, said in _table(data.get("attributes", {}), "attributes").items()
            ),
            require=tuple(_rule(r, "require") for r in _list(data.get("require", []), "require")),
            when=tuple(_rule(r, "when") for r in _list(data.get("when", []), "when")),
        )

    def with_flags(
        self, columns: Dict[str, str], constants: Dict[str, str], source: str = ""
    ) -> "Mapping":
        """The same with single fields said differently."""
        return replace(
            self,
            source=source or self.source,
            columns={k: v for k, v in self.columns.items() if k not in constants} | dict(columns),
            constants=self.constants | dict(constants),
        )


def slug(column: str) -> str:
    """A custom attribute's name made from a column's."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", column).strip("_")[:100]


def _attribute(column: str, said: Any) -> AttributeColumn:
    said = said if isinstance(said, dict) else {"type": said}
    said = _texts(said, f"attributes.{column}")
    type_ = said.pop("type", "text")
    if type_ not in CustomAttribute.Type.values:
        raise MappingError(
            _("%(column)s: there is no attribute type “%(type)s”.")
            % {"column": column, "type": type_}
        )
    name = said.pop("name", slug(column))
    if name != slug(name) or not name:
        raise MappingError(
            _("%(column)s: give the attribute a name of letters, digits, - and _.")
            % {"column": column}
        )
    label = said.pop("label", column)[:100]
    if said:
        raise MappingError(
            _("The mapping has unknown parts: %(parts)s.") % {"parts": ", ".join(said)}
        )
    return AttributeColumn(column, type_, name, label)


def _rule(said: Any, name: str) -> Rule:
    said = dict(_table(said, name))
    sets = _texts(said.pop("set", {}), f"{name}.set")
    said = _texts(said, name)
    if unknown := set(said) - {"column", "op", "value", "reason"}:
        raise MappingError(
            _("The mapping has unknown parts: %(parts)s.") % {"parts": ", ".join(sorted(unknown))}
        )
    if "column" not in said or said.get("op") not in OPS:
        raise MappingError(
            _("Each rule under “%(name)s” needs a column and an op out of: %(ops)s.")
            % {"name": name, "ops": ", ".join(OPS)}
        )
    return Rule(**said, set=sets)


def _table(value: Any, name: str) -> dict:
    if not isinstance(value, dict):
        raise MappingError(_("“%(name)s” must be a table.") % {"name": name})
    return value


def _list(value: Any, name: str) -> list:
    if not isinstance(value, list):
        raise MappingError(_("“%(name)s” must be a list.") % {"name": name})
    return value


def _text(value: Any, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MappingError(_("“%(name)s” must be a text.") % {"name": name})
    return str(value)


def _texts(value: Any, name: str) -> dict[str, str]:
    return {str(k): _text(v, f"{name}.{k}") for k, v in _table(value, name).items()}
