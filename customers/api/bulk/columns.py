"""Rows checked by column: one field goes down its column, and a text that comes again is looked at once.

A serializer takes a row at a time and makes each row anew, which costs several times what the checks do. What is
allowed, and what is said of the rest, the fields know themselves.
"""

from collections.abc import Callable, Mapping, Sequence, Set

from rest_framework.exceptions import ValidationError
from rest_framework.fields import Field, SkipField, empty

from customers.api.known import unknown_among

# So many different texts of one column are remembered.
REMEMBERED = 20_000
# What compares equal only to its like: 1, 1.0 and True would be taken for each other.
ALIKE = (str, type(None), type(empty))


def check_columns(
    fields: Mapping[str, Field],
    rows: Sequence[dict],
    refuse: Callable[[int, str, object], None],
) -> dict[str, list]:
    """The fields' values for each row; ``empty`` where a row says nothing, or something refused.

    ``refuse(place, name, detail)`` hears of what is wrong.
    """
    return {
        name: _column(field, name, [row.get(name, empty) for row in rows], refuse)
        for name, field in fields.items()
        if not field.read_only
    }


def refuse_unknown_names(rows: Sequence[dict], known: Set[str], refuse: Callable) -> None:
    """``refuse(place, name, detail)`` hears of names that are no field's."""
    for at, row in enumerate(rows):
        if not row.keys() <= known:
            for name, detail in unknown_among(row.keys() - known).items():
                refuse(at, name, detail)


def _column(field: Field, name: str, values: list, refuse) -> list:
    known: dict = {}
    column = []
    check = field.run_validation
    for at, value in enumerate(values):
        alike = value.__class__ in ALIKE
        if alike and value in known:
            column.append(known[value])
            continue
        try:
            checked = check(value)
        except SkipField:
            checked = empty
        except ValidationError as error:
            refuse(at, name, error.detail)
            column.append(empty)
            continue
        if alike and len(known) < REMEMBERED:
            known[value] = checked
        column.append(checked)
    return column


def said(columns: Mapping[str, list], at: int, names: Sequence[str]) -> dict:
    """Those of the named values that a row gives."""
    return {name: columns[name][at] for name in names if columns[name][at] is not empty}
