"""Columns that no field wants may become custom attributes; their types are guessed from the first rows."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from customers.importing import converting
from customers.importing.errors import BadValue
from customers.importing.mapping import AttributeColumn, Mapping, slug
from customers.importing.reading import Source
from customers.models import CustomAttribute

Type = CustomAttribute.Type
SAMPLE = 2000
# A column with this few different values, each seen often, is a choice.
CHOICES = 20


def with_unknown_columns(mapping: Mapping, kind: str, source: Source) -> Mapping:
    """The mapping with an attribute for each column it does not speak of, if it asks for that."""
    if mapping.unknown_columns != "attributes" or kind != "customers":
        return mapping
    spoken = {*mapping.columns.values(), *(a.column for a in mapping.attributes)}
    known = dict(CustomAttribute.objects.values_list("name", "type"))
    sample = [row for _n, row in islice(source.rows(), SAMPLE) if len(row) == len(source.header)]
    found = [
        AttributeColumn(
            column,
            known.get(slug(column)) or guess_type(row[at].strip() for row in sample),
            slug(column),
            column[:100],
        )
        for at, column in enumerate(source.header)
        if column not in spoken and slug(column)
    ]
    return replace(mapping, attributes=(*mapping.attributes, *found))


def guess_type(cells: Iterable[str]) -> str:
    """The narrowest type that takes every filled cell."""
    filled = [cell for cell in cells if cell]
    for type_ in (Type.BOOLEAN, Type.NUMBER, Type.DATE):
        if filled and _all_fit(converting.attribute(type_), filled):
            return type_
    different = len(set(filled))
    return Type.CHOICE if 0 < different <= CHOICES and len(filled) >= 5 * different else Type.TEXT


def _all_fit(convert: converting.Convert, cells: list[str]) -> bool:
    try:
        for cell in set(cells):
            convert(cell)
    except BadValue:
        return False
    return True
