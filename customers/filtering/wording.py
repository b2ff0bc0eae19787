"""A filter in words: one sentence, in the reader's language."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from customers.countries import country_name
from customers.filtering import operators as ops
from customers.filtering.fields import Field, Fields
from customers.filtering.tree import ALL, Condition, Group
from customers.wording import amount, day, money, spaced

# Fields of yes and no that have words of their own: among other conditions, and as the whole sentence.
PLAINLY = {
    ("archived", "yes"): (gettext_lazy("archived"), gettext_lazy("Archived customers.")),
    ("archived", "no"): (gettext_lazy("not archived"), gettext_lazy("Customers that are not archived.")),
    ("refused", "yes"): (gettext_lazy("profiling refused"), gettext_lazy("Customers who refused profiling.")),
    ("refused", "no"): (
        gettext_lazy("profiling not refused"), gettext_lazy("Customers who did not refuse profiling."),
    ),
    ("followed", "yes"): (gettext_lazy("followed by me"), gettext_lazy("Customers that I follow.")),
    ("followed", "no"): (gettext_lazy("not followed by me"), gettext_lazy("Customers that I do not follow.")),
    ("unanswered", "yes"): (gettext_lazy("unanswered"), gettext_lazy("Unanswered conversations.")),
    ("unanswered", "no"): (
        gettext_lazy("not waiting for an answer"), gettext_lazy("Conversations that wait for no answer."),
    ),
    ("files", "yes"): (gettext_lazy("with a file"), gettext_lazy("Conversations with a file.")),
    ("files", "no"): (gettext_lazy("without a file"), gettext_lazy("Conversations without a file.")),
}  # fmt: skip


def sentence_of(group: Group, fields: Fields) -> str:
    """``Customers that fit: churn risk …``; empty for everybody."""
    if not group:
        return ""
    alone = group.items[0] if len(group.items) == 1 else None
    if isinstance(alone, Condition) and (alone.field, alone.op) in PLAINLY:
        return str(PLAINLY[alone.field, alone.op][1])
    return spaced(str(fields.fit) % {"conditions": in_words(group, fields)})


def in_words(item: Condition | Group, fields: Fields, inner: bool = False) -> str:
    if isinstance(item, Condition):
        return condition_in_words(item, fields)
    joint = (
        pgettext("between two conditions", " and ")
        if item.match == ALL
        else pgettext("between two conditions", " or ")
    )
    said = joint.join(in_words(one, fields, inner=True) for one in item.items)
    if inner and len(item.items) > 1:
        return _("(%(conditions)s)") % {"conditions": said}
    return said


def condition_in_words(condition: Condition, fields: Fields) -> str:
    """``Churn risk at least 60%``."""
    field = fields.get(condition.field)
    assert field is not None, "checked before"
    if (field.key, condition.op) in PLAINLY:
        return str(PLAINLY[field.key, condition.op][0])
    operator = field.operator(condition.op)
    name, values = str(field.label), _values(field, operator, condition, fields)
    if field.things:
        days = values[1] if len(values) > 1 else ""
        count = {"count": int(condition.values[0]), "n": values[0], "days": days}
        return spaced(str(operator.counted) % {"things": field.things % count})
    if field.said:
        name = str(field.said) % {"days": values.pop()}
    said = dict(zip("ab", values, strict=False)) | {"field": name}
    return spaced(str(operator.words) % said)


def _values(field: Field, operator, condition: Condition, fields: Fields) -> list[str]:
    if operator.inputs == (ops.CHOICES,):
        labels = fields.labels(field, condition.values)
        unknown = _("unknown") if field.value is int else ""
        called = country_name if field.key == "country" else str  # of one that nobody has any more
        names = [str(labels.get(value) or unknown or called(value)) for value in condition.values]
        return [pgettext("between two choices", " or ").join(names)]
    return [
        _said(field, kind, value, fields)
        for kind, value in zip(operator.inputs, condition.values, strict=True)
    ]


def days_in_words(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": amount(days)}


def _said(field: Field, kind: str, value: str, fields: Fields) -> str:
    match kind:
        case ops.TEXT:
            return value
        case ops.DATE:
            return day(datetime.date.fromisoformat(value))
        case ops.DAYS:
            return days_in_words(int(value))
    digits = len(value.partition(".")[2])
    match field.unit:
        case "percent":
            return f"{amount(value, digits)}%"
        case "points":
            number = int(value) if value.isdigit() else 2
            return ngettext("%(n)s point", "%(n)s points", number) % {"n": amount(value, digits)}
        case "money":
            return money(value, fields.currency, digits)
        case "days":
            return (
                days_in_words(int(value))
                if not digits
                else _("%(n)s days") % {"n": amount(value, digits)}
            )
    return amount(value, digits)
