"""The form in which people put a filter together: what it holds, and what pressing one of its buttons makes of it.

Each item of a filter has a place: ``r`` is the outermost group, ``r-0`` its first item, ``r-0-1`` the second item of
that. The fields of the form are named after it: ``m-r`` how a group joins its items, ``f-r-0`` the field of a
condition, ``k-r-0`` the field it was shown with, ``o-r-0`` its operator, ``v-r-0`` its values.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.filtering import operators as ops
from customers.filtering.checking import may_be_negative, problem_of
from customers.filtering.fields import Field, Fields
from customers.filtering.ready import with_ready
from customers.filtering.tree import ALL, ANY, DEEPEST, MOST, Condition, Group

ROOT = "r"
PLACE = re.compile(r"[fm]-(r(?:-\d{1,2}){0,3})")
LONG_LIST = 8  # choices; from here on they can be searched


@dataclass
class Row:
    """A condition as the form shows it, finished or not."""

    place: str
    condition: Condition
    fields: Fields
    joint: str
    fresh: bool = False

    @cached_property
    def field(self) -> Field | None:
        return self.fields.get(self.condition.field) if self.condition.field else None

    @property
    def operators(self) -> list[dict]:
        here = self.condition.op
        offered = self.field.operators if self.field else ()
        return [{"name": o.name, "label": o.label, "here": o.name == here} for o in offered]

    @property
    def problem(self) -> str:
        """What is wrong with what has been put in; nothing is said of what is still to come."""
        begun = any(value.strip() for value in self.condition.values)
        found = problem_of(self.condition, self.fields) if self.field and begun else None
        return found.text if found else ""

    @property
    def inputs(self) -> list[dict]:
        operator = self.field.operator(self.condition.op) if self.field else None
        if operator is None:
            return []
        if operator.inputs == (ops.CHOICES,):
            return [self._choices()]
        values = [*self.condition.values, "", ""]
        return [
            self._input(kind, values[at], at, len(operator.inputs))
            for at, kind in enumerate(operator.inputs)
        ]

    def _choices(self) -> dict:
        chosen = self.condition.values
        labels = self.fields.labels(self.field, chosen)
        labels |= {value: _("unknown") for value in chosen if value not in labels}
        rows = [{"value": v, "label": label, "here": v in chosen} for v, label in labels.items()]
        names = [str(row["label"]) for row in rows if row["here"]]
        shown = pgettext("between two clauses", ", ").join(names[:3])
        more = f" +{len(names) - 3}" if len(names) > 3 else ""
        return {
            "kind": ops.CHOICES, "options": rows, "long": len(rows) > LONG_LIST,
            "shown": shown + more or _("Choose…"),
        }  # fmt: skip

    def _input(self, kind: str, value: str, at: int, count: int) -> dict:
        before = after = ""
        if kind == ops.DAYS:
            before = _("in the last") if at else ""
            after = pgettext("after a number", "days")
        elif kind == ops.NUMBER:
            units = {
                "percent": "%",
                "points": pgettext("after a number", "points"),
                "money": self.fields.currency,
                "days": pgettext("after a number", "days"),
            }
            after = units.get(self.field.unit, "")
        if at and kind != ops.DAYS:
            before = pgettext("between two figures", "and")
        return {
            "kind": kind, "value": value, "before": before, "after": after, "at": at,
            "keys": self._keys(kind),
        }  # fmt: skip

    def _keys(self, kind: str) -> str:
        """Of a telephone. What is no number is typed as well, and told: a field for numbers alone would swallow it."""
        if kind != ops.DAYS and may_be_negative(self.field):
            return "text"  # the others may have no minus
        return "numeric" if kind == ops.DAYS or self.field.whole else "decimal"


@dataclass
class Box:
    """A group as the form shows it."""

    place: str
    match: str
    items: list
    level: int
    joint: str = ""

    @property
    def may_nest(self) -> bool:
        return self.level < DEEPEST

    @property
    def is_group(self) -> bool:
        return True


@dataclass
class Draft:
    """A filter that is being put together: some of its conditions may be unfinished."""

    group: Group
    fresh: str = ""  # the place of a condition that has just been added

    def box(self, fields: Fields) -> Box:
        return _box(self.group, ROOT, 1, fields, self.fresh)

    @property
    def is_full(self) -> bool:
        return sum(1 for _one in self.group.conditions()) >= MOST


def joint_of(match: str, at: int) -> str:
    if not at:
        return pgettext("before the first condition", "Where")
    return pgettext("condition", "and") if match == ALL else pgettext("condition", "or")


def _box(group: Group, place: str, level: int, fields: Fields, fresh: str, joint: str = "") -> Box:
    items: list = []
    for at, item in enumerate(group.items):
        inner, word = f"{place}-{at}", joint_of(group.match, at)
        if isinstance(item, Group):
            items.append(_box(item, inner, level + 1, fields, fresh, word))
        else:
            items.append(Row(inner, item, fields, word, fresh == inner))
    return Box(place, group.match, items, level, joint)


def is_draft(query) -> bool:
    return f"m-{ROOT}" in query


def read_draft(query, fields: Fields) -> Draft:
    """What the form holds, after the button that was pressed."""
    places = {found[1] for name in query if (found := PLACE.fullmatch(name))}
    draft = Draft(_read(query, ROOT, places, fields))
    action, __, place = query.get("do", "").partition(":")
    if action == "clear":
        return Draft(Group())
    if action == "ready":
        return Draft(with_ready(draft.group, place, fields))
    if action == "drop":
        return Draft(_dropped(draft.group, place.split("-")[1:]))
    if action in ("add", "group") and not draft.is_full:
        new: Condition | Group = Condition("", "")
        if action == "group":
            new = Group(ANY if draft.group.match == ALL else ALL, (new,))
        path = place.split("-")[1:]
        group, at = _added(draft.group, path, new)
        fresh = f"{place}-{at}" + ("-0" if action == "group" else "")
        return Draft(group, fresh)
    return draft


def _read(query, place: str, places: set[str], fields: Fields) -> Group:
    match = query.get(f"m-{place}", ALL)
    inner = [p for p in places if p.rpartition("-")[0] == place]
    items: list[Condition | Group] = []
    for one in sorted(inner, key=lambda p: int(p.rpartition("-")[2]))[:MOST]:
        if f"m-{one}" in query:
            items.append(_read(query, one, places, fields))
        else:
            items.append(_read_row(query, one, fields))
    return Group(match if match in (ALL, ANY) else ALL, tuple(items))


def _read_row(query, place: str, fields: Fields) -> Condition:
    key, op = query.get(f"f-{place}", ""), query.get(f"o-{place}", "")
    values = tuple(value for value in query.getlist(f"v-{place}"))
    field = fields.get(key) if key else None
    if field is None:
        return Condition("", "")
    if query.get(f"k-{place}", key) != key or field.operator(op) is None:
        return Condition(key, field.operators[0].name)
    inputs = field.operator(op).inputs
    if inputs != (ops.CHOICES,):
        values = values[: len(inputs)]
        if len(inputs) == 2 and inputs[1] == ops.DAYS and values[1:] in ((), ("",)):
            values = (values[0] if values else "", "90")
    return Condition(key, op, values)


def _dropped(group: Group, path: list[str]) -> Group:
    """Without the item at a path; a group that is left empty goes too."""
    if not path or not path[0].isdigit() or int(path[0]) >= len(group.items):
        return group
    at = int(path[0])
    item = group.items[at]
    if len(path) > 1 and isinstance(item, Group) and (inner := _dropped(item, path[1:])).items:
        return Group(group.match, (*group.items[:at], inner, *group.items[at + 1 :]))
    return group.without(at)


def _added(group: Group, path: list[str], new: Condition | Group) -> tuple[Group, int]:
    """With an item more in the group at a path; and where it stands there."""
    at = int(path[0]) if path and path[0].isdigit() else -1
    item = group.items[at] if 0 <= at < len(group.items) else None
    if isinstance(item, Group):
        inner, place = _added(item, path[1:], new)
        return Group(group.match, (*group.items[:at], inner, *group.items[at + 1 :])), place
    return Group(group.match, (*group.items, new)), len(group.items)
