"""A filter as a condition of the database; all of it has been checked before."""

from functools import reduce
from operator import and_, or_

from django.db.models import Q

from customers.filtering.checking import values_of
from customers.filtering.fields import Fields
from customers.filtering.options import ME
from customers.filtering.sources import OfReader
from customers.filtering.tree import ALL, Condition, Group


def where(group: Group, fields: Fields) -> Q:
    """The customers that the filter selects, as a condition. Archived ones only where it asks about archiving."""
    return _where(group, fields) if group else Q()


def _where(item: Condition | Group, fields: Fields) -> Q:
    if isinstance(item, Group):
        join = and_ if item.match == ALL else or_
        return reduce(join, (_where(one, fields) for one in item.items))
    field = fields.get(item.field)
    assert field is not None, "checked before"
    values = values_of(field, item, fields.asking)
    source = field.source
    if isinstance(source, OfReader):
        source = source.for_reader(fields.user)
    return field.operator(item.op).holds(source, values, fields.asking)


def asks_about_archiving(group: Group) -> bool:
    return any(condition.field == "archived" for condition in group.conditions())


# What stands beside the totals and scores that lists are sorted by: see striding.
BESIDE = {
    "owner": "totals__owner_key",
    "team": "totals__team_key",
    "lifecycle": "totals__lifecycle",
    "segment": "score__segment",
}


def narrowing_of(group: Group, fields: Fields) -> tuple[dict, bool]:
    """(what must hold of the columns beside those that lists are sorted by, whether more than that is asked)."""
    if not group:
        return {}, False
    if group.match != ALL and len(group.items) > 1:
        return {}, True
    near, further = {}, False
    for item in group.items:
        plain = isinstance(item, Condition) and item.op == "in" and item.field in BESIDE
        if not plain or BESIDE[item.field] in near or len(item.values) != 1:
            further = True
            continue
        value = item.values[0]
        if item.field in ("owner", "team"):
            value = fields.user.pk if value == ME else int(value)
        near[BESIDE[item.field]] = value
    return near, further
