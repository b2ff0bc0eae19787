"""What was changed of a customer's details: by whom, when, and from what to what."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.countries import country_name
from customers.models import Change, ChangeSet, CustomAttribute, Customer
from customers.wording import DASH, day

# The newest ones; of a customer's details not more are ever looked for.
MOST = 500
TOLD = (
    "name", "kind", "company", "lifecycle", "owner", "team", "email", "phone", "parent", "city", "country",
    "language", "tags", "attributes", "profiling_refused", "known_since", "archived_at",
)  # fmt: skip
Value = tuple[str, str, Any, Any]  # field, custom attribute, before, after


@dataclass
class Told:
    """One field; without values where they are another customer, whom the reader may not see."""

    label: str
    before: str = ""
    after: str = ""


@dataclass
class Edited:
    """What one change set did to the customer."""

    pk: int
    change_set: ChangeSet
    told: list[Told] = field(default_factory=list)

    @property
    def by(self) -> str:
        return str(self.change_set.actor or self.change_set.get_source_display())

    def says(self, words: str) -> bool:
        said = [
            self.by,
            *(text for one in self.told for text in (one.label, one.before, one.after)),
        ]
        return any(words.casefold() in text.casefold() for text in said)


def changes_of(customer: Customer) -> list[Edited]:
    """Newest first. A change keeps what was before it: what came of it is what the next one found, or what is now."""
    found: list[tuple[Edited, list[Value]]] = []
    rows = Change.objects.filter(model="customer", object_id=customer.pk).order_by("-pk")
    now = current(customer)
    for row in rows.select_related("change_set__actor")[:MOST]:
        before = {key.removesuffix("_id"): value for key, value in row.previous.items()}
        values = list(differences(before, now))
        now |= before
        if values:
            found.append((Edited(row.pk, row.change_set), values))
    known = Names(value for _edited, values in found for value in values)
    for edited, values in found:
        edited.told = [known.told(value) for value in values]
    return [edited for edited, _values in found]


def current(customer: Customer) -> dict[str, Any]:
    plain = [Customer._meta.get_field(name) for name in TOLD if name != "tags"]
    tags = sorted(tag.pk for tag in customer.tags.all())
    return {one.name: getattr(customer, one.attname) for one in plain} | {"tags": tags}


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Value]:
    """The told fields that differ; custom attributes one by one."""
    for name in TOLD:
        if name not in before or same(before[name], after[name]):
            continue
        if name != "attributes":
            yield name, "", before[name], after[name]
            continue
        old, new = before[name] or {}, after[name] or {}
        for one in sorted({*old, *new}):
            if old.get(one) != new.get(one):
                yield name, one, old.get(one), new.get(one)


def same(before: Any, after: Any) -> bool:
    if isinstance(after, datetime.datetime):
        return isinstance(before, str) and parse_datetime(before) == after
    return before == after


class Names:
    """What the fields and their values are called; of what is gone there is a dash."""

    def __init__(self, values: Iterable[Value]):
        wanted: dict[str, set] = {"owner": set(), "team": set(), "tags": set()}
        attributes = set()
        for name, attribute, *both in values:
            for value in both:
                if name in wanted:
                    wanted[name] |= {*value} if isinstance(value, list) else {value}
            attributes |= {attribute} - {""}
        self.names = {
            name: of_keys(Customer._meta.get_field(name).related_model, keys - {None})
            for name, keys in wanted.items()
        }
        known = CustomAttribute.objects.filter(name__in=attributes) if attributes else ()
        self.labels = {one.name: one.label for one in known}

    def told(self, value: Value) -> Told:
        name, attribute, before, after = value
        if attribute:
            label = self.labels.get(attribute, attribute)
            return Told(label, self.plain(before), self.plain(after))
        found = Customer._meta.get_field(name)
        label = capfirst(str(found.verbose_name))
        if name == "parent":
            return Told(label)
        return Told(label, self.said(found, before), self.said(found, after))

    def said(self, found: models.Field, value: Any) -> str:
        if found.name in self.names:
            names = self.names[found.name]
            keys = value if isinstance(value, list) else [value]
            told = [names[key] for key in keys if key in names]
            return pgettext("between two names", ", ").join(told) or DASH
        if found.choices:
            return str(dict(found.flatchoices).get(value, value))
        if isinstance(found, models.DateTimeField):
            moment = parse_datetime(value) if isinstance(value, str) else value
            return day(moment) if moment else DASH
        return country_name(value) if found.name == "country" and value else self.plain(value)

    def plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        return DASH if value in (None, "") else str(value)


def of_keys(model: type[models.Model], keys: set) -> dict[int, str]:
    return {pk: str(one) for pk, one in model.objects.in_bulk(keys).items()} if keys else {}
