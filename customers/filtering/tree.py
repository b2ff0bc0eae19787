"""What a filter is: groups of conditions, each group all or any of its items, nested a few levels deep.

In the address bar it reads ``all(risk:gte:60,any(segment:in:at_risk~lost,last_order:over:60))``: a field, an operator
and its values. In storage it is JSON of the same shape. Neither is trusted: see checking.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

ALL, ANY = "all", "any"
DEEPEST, MOST = 3, 30  # levels of groups, conditions
LONGEST = 5000  # characters of an address; an honest one has a few hundred
# What separates the parts; within a value it is written as %28 and so on.
RESERVED = re.compile(r"[%(),:~]")
TOKEN = re.compile(r"[(),]|[^(),]+")


@dataclass(frozen=True)
class Condition:
    """``values`` as text: numbers in decimal notation, dates as 2026-05-31, codes and ids."""

    field: str
    op: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    match: str = ALL
    items: tuple["Condition | Group", ...] = ()

    def conditions(self) -> Iterator[Condition]:
        for item in self.items:
            if isinstance(item, Condition):
                yield item
            else:
                yield from item.conditions()

    def without(self, place: int) -> "Group":
        return Group(self.match, self.items[:place] + self.items[place + 1 :])

    def __bool__(self) -> bool:
        return bool(self.items)


EVERYBODY = Group()


class Unreadable(ValueError):
    """The text is no filter."""


def write(group: Group) -> str:
    """As it stands in an address; an empty text for everybody."""
    return _write(group) if group else ""


def _write(item: Condition | Group) -> str:
    if isinstance(item, Group):
        return f"{item.match}({','.join(_write(one) for one in item.items)})"
    parts = [item.field, item.op]
    if item.values:
        parts.append("~".join(_escaped(value) for value in item.values))
    return ":".join(parts)


def _escaped(value: str) -> str:
    return RESERVED.sub(lambda found: f"%{ord(found[0]):02X}", value)


def parse(text: str) -> Group:
    """The filter of an address; raises Unreadable."""
    if not text.strip():
        return EVERYBODY
    if len(text) > LONGEST or "\x00" in text:
        raise Unreadable(text[:80])
    tokens = TOKEN.findall(text)
    group, end = _read_group(tokens, 0)
    if end != len(tokens):
        raise Unreadable(text[:80])
    return group


def _read_group(tokens: list[str], at: int, level: int = 1) -> tuple[Group, int]:
    """The group that begins at a token, and where it has ended."""
    if (
        level > DEEPEST
        or tokens[at : at + 1] not in ([ALL], [ANY])
        or tokens[at + 1 : at + 2] != ["("]
    ):
        raise Unreadable(" ".join(tokens[at : at + 2]))
    match, at = tokens[at], at + 2
    items: list[Condition | Group] = []
    while tokens[at : at + 1] != [")"]:
        if items:
            if tokens[at : at + 1] != [","]:
                raise Unreadable(" ".join(tokens[at : at + 2]))
            at += 1
        if tokens[at + 1 : at + 2] == ["("]:
            group, at = _read_group(tokens, at, level + 1)
            items.append(group)
        else:
            items.append(_read_condition(tokens[at] if at < len(tokens) else ""))
            at += 1
    return Group(match, tuple(items)), at + 1


def _read_condition(token: str) -> Condition:
    field, mark, rest = token.partition(":")
    op, __, values = rest.partition(":")
    if not mark or not field or not op:
        raise Unreadable(token)
    return Condition(field, op, tuple(unquote(one) for one in values.split("~")) if values else ())


def to_json(item: Condition | Group) -> dict:
    if isinstance(item, Group):
        return {item.match: [to_json(one) for one in item.items]}
    return {"field": item.field, "op": item.op, "values": list(item.values)}


def from_json(stored) -> Group:
    """The filter that :func:`to_json` has written; raises Unreadable."""
    group = _from_json(stored or {ALL: []}, 1)
    if not isinstance(group, Group):
        raise Unreadable(str(stored)[:80])
    return group


def _from_json(stored, level: int) -> Condition | Group:
    match stored:
        case {"field": str(field), "op": str(op), "values": list(values)}:
            return Condition(field, op, tuple(str(value) for value in values))
        case {"all": list(items)} | {"any": list(items)} if level <= DEEPEST:
            read = tuple(_from_json(item, level + 1) for item in items)
            return Group(ALL if ALL in stored else ANY, read)
    raise Unreadable(str(stored)[:80])
