"""Customers, with custom attributes."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import converting
from customers.importing.errors import MappingError
from customers.importing.kinds import base
from customers.importing.kinds.base import Kind, Run
from customers.importing.planning import Field
from customers.models import CustomAttribute, Customer
from customers.upserting import CustomerRow, upsert_customers

CONTACT = {
    "name": base.text(200),
    "kind": base.plain(converting.choice(*Customer.Kind.values)),
    "company": base.text(200),
    "email": base.plain(converting.email),
    "phone": base.text(40),
    "city": base.text(100),
    "country": base.text(60),
    "language": base.text(10),
}
MOMENTS = ("known_since",)
FLAGS = ("profiling_refused",)


def customer_fields(values: dict) -> dict:
    """Model fields out of staged values; what a file leaves blank is not touched."""
    fields = {name: value for name, value in values.items() if value is not None}
    fields |= {name: converting.at(fields[name]) for name in MOMENTS if name in fields}
    return fields | {name: bool(fields[name]) for name in FLAGS if name in fields}


def _names(cell: str) -> set[str]:
    """Tags between semicolons or commas, Chinese ones too."""
    return {name.strip()[:50] for name in re.split("[;,；，、]", cell)} - {""}


class Customers(Kind):
    name = "customers"
    key_field = "external_id"

    def __init__(self, mapping):
        super().__init__(mapping)
        self.fields: dict[str, Field] = {
            "external_id": base.text(100, gettext_lazy("no external id")),
            **CONTACT,
            "lifecycle": base.plain(converting.choice(*Customer.Lifecycle.values)),
            "known_since": base.when(),
            "profiling_refused": base.plain(converting.boolean),
            "owner_id": Field(lambda _settings: base.person()),
            "team_id": Field(lambda _settings: base.team()),
            "tags": base.text(1000),
            "valid_from": base.when(),
        }

    def key(self, values: tuple) -> str:
        return values[0]

    def write(self, run: Run) -> None:
        run.made["attributes"] = self._define_attributes()
        for chunk in base.chunks(run, self._rows):
            base.write_chunk(run, chunk, lambda rows: self._upsert(run, rows))

    def _upsert(self, run: Run, rows: list[CustomerRow]):
        options = run.options
        return upsert_customers(rows, run.change_set, options.owner, options.team)

    def _rows(self, records: list[tuple[int, tuple]]) -> list[tuple[int, CustomerRow]]:
        return [(number, self._row(values)) for number, values in records]

    def _row(self, values: tuple) -> CustomerRow:
        said = dict(zip(self.fields, values, strict=False))
        external_id, valid_from = said.pop("external_id"), said.pop("valid_from")
        tags = said.pop("tags")
        return CustomerRow(
            self.mapping.source,
            external_id,
            customer_fields(said),
            {
                attribute.name: converting.attribute_value(attribute.type, value)
                for attribute, value in zip(
                    self._attributes, values[len(self.fields) :], strict=True
                )
                if value is not None
            },
            None if valid_from is None else converting.at(valid_from),
            None if tags is None else frozenset(_names(tags)),
        )

    def _define_attributes(self) -> int:
        """Create those custom attributes that are new; one that has another type is a mistake in the mapping."""
        known = dict(CustomAttribute.objects.values_list("name", "type"))
        for said in self._attributes:
            if known.get(said.name, said.type) != said.type:
                raise MappingError(
                    _("The attribute “%(name)s” exists already with the type “%(type)s”.")
                    % {"name": said.name, "type": known[said.name]}
                )
        fresh = [
            CustomAttribute(name=a.name, label=a.label, type=a.type, position=len(known) + i)
            for i, a in enumerate(self._attributes)
            if a.name not in known
        ]
        CustomAttribute.objects.bulk_create(fresh)
        return len(fresh)

    @property
    def _attributes(self):
        return self.mapping.attributes
