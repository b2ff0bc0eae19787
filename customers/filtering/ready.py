"""Conditions that people often ask for, put into a filter with one press and edited there like any other."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.filtering.fields import OF_ATTRIBUTE, Fields
from customers.filtering.tree import ALL, MOST, Condition, Group
from customers.filtering.wording import days_in_words
from customers.models import CustomAttribute
from customers.wording import money

SILENT, WORTH, QUIET, SOON, AHEAD = 60, 1000, 90, 14, 30
MUCH = 10  # points of churn risk, in 30 days
GOT_WORSE = Condition("risk_change", "rose", (str(MUCH),))
DATES = 3  # custom attributes
YEARLY = r"birth|anniversar|jubilee|生日|出生|纪念|周年"


@dataclass(frozen=True)
class Ready:
    key: str
    label: str
    items: tuple[Condition, ...]


def ready_for(fields: Fields) -> list[Ready]:
    """What the list itself offers, or else what is asked of customers, for this reader: who sees only customers of
    somebody is not asked about those of nobody."""
    if fields.often is not None:
        return [Ready(key, str(label), items) for key, label, items in fields.often]
    risky = Condition("risk", "gte", ("60",))
    found = [
        Ready(
            "silent",
            _("No order for %(days)s") % {"days": days_in_words(SILENT)},
            (Condition("last_order", "over", (str(SILENT),)),),
        ),
        Ready(
            "worth",
            _("High risk and worth more than %(amount)s")
            % {"amount": money(WORTH, fields.currency, 0)},
            (risky, Condition("value", "gt", (str(WORTH),))),
        ),
        Ready(
            "worse",
            _("Churn risk up by %(n)s points or more in 30 days") % {"n": MUCH},
            (GOT_WORSE,),
        ),
        Ready(
            "untended",
            _("High risk and no open task"),
            (risky, Condition("open_tasks", "eq", ("0",))),
        ),
        Ready("complaint", _("Complaint unanswered"), (Condition("complaints", "gte", ("1",)),)),
        Ready(
            "quiet",
            _("Not contacted for %(days)s") % {"days": days_in_words(QUIET)},
            (Condition("contacts_in", "eq", ("0", str(QUIET))),),
        ),
        Ready("overdue", _("Order overdue"), (Condition("overdue", "gte", ("1",)),)),
        Ready(
            "soon",
            _("Next order expected in %(days)s") % {"days": days_in_words(SOON)},
            (Condition("next_order", "next", (str(SOON),)),),
        ),
    ]
    if fields.user.is_manager or fields.user.is_admin:
        found.append(Ready("nobody", _("No owner"), (Condition("owner", "empty"),)))
    dates = [one for one in fields.attributes if one.type == CustomAttribute.Type.DATE]
    return found + [_ahead(one) for one in dates[:DATES]]


def _ahead(one: CustomAttribute) -> Ready:
    """A renewal, a birthday: of this the year does not matter."""
    words = {"field": one.label, "days": days_in_words(AHEAD)}
    key = OF_ATTRIBUTE + one.name
    comes_again = re.search(YEARLY, f"{one.name} {one.label}", re.IGNORECASE)
    item = Condition(key, "yearly" if comes_again else "next", (str(AHEAD),))
    return Ready(key, _("%(field)s in the next %(days)s") % words, (item,))


def still_ready(group: Group, fields: Fields) -> list[Ready]:
    """Those that the filter does not hold yet and has room for."""
    there = set(group.conditions())
    room = MOST - sum(1 for _one in group.conditions())
    return [
        one
        for one in ready_for(fields)
        if not there.issuperset(one.items) and len(one.items) <= room
    ]


def with_ready(group: Group, key: str, fields: Fields) -> Group:
    """With one of them: beside "and" each of its conditions stands alone, beside "or" they are a group."""
    one = next((one for one in still_ready(group, fields) if one.key == key), None)
    if one is None:
        return group
    if group.match == ALL or not group:
        new = tuple(item for item in one.items if item not in group.items)
        return Group(ALL, (*group.items, *new))
    together = one.items if len(one.items) == 1 else (Group(ALL, one.items),)
    return Group(group.match, (*group.items, *together))
