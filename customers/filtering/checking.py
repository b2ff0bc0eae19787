"""Which conditions of a filter hold water: what does not is left out, and said with the name of its field."""

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from customers.filtering import operators as ops
from customers.filtering.fields import MONEY, OWN, PERCENT, POINTS, Field, Fields
from customers.filtering.options import ME
from customers.filtering.tree import DEEPEST, MOST, Condition, Group

LONGEST_TEXT, MOST_VALUES = 100, 50
LARGEST, MOST_DAYS = 10**12, 36_500


@dataclass(frozen=True)
class Problem:
    """``label`` names the field, empty where it is none that we know."""

    label: str
    text: str

    def __str__(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text

    def left_out(self) -> "Problem":
        """The same where the rest of the filter is used without it."""
        return Problem(self.label, _("%(problem)s This was left out.") % {"problem": self.text})


class Unfit(ValueError):
    """The sentence says what is wrong with a value."""


def check(group: Group, fields: Fields) -> tuple[Group, list[Problem]]:
    """What is left of the filter, and what was left out. Groups that are left empty go with their conditions."""
    problems: list[Problem] = []
    left = _checked(group, fields, problems, [MOST], 1)
    return left, problems


def _checked(group: Group, fields: Fields, problems: list, room: list[int], level: int) -> Group:
    items: list[Condition | Group] = []
    for item in group.items:
        if isinstance(item, Group):
            if level == DEEPEST:
                problems.append(Problem("", _("Groups are nested too deep.")))
            elif inner := _checked(item, fields, problems, room, level + 1):
                items.append(inner)
            continue
        problem = problem_of(item, fields)
        if problem is None and not room[0]:
            words = _("There are too many conditions; these are the first %(n)s.") % {"n": MOST}
            problem = Problem("", words)
        if problem:
            if problem not in problems:
                problems.append(problem)
            continue
        room[0] -= 1
        items.append(item)
    return Group(group.match, tuple(items))


def problem_of(condition: Condition, fields: Fields) -> Problem | None:
    field = fields.get(condition.field)
    if field is None:
        words = _("There is no field “%(name)s” to filter by.")
        return Problem("", words % {"name": condition.field[:40]})
    try:
        values_of(field, condition, fields.asking)
        if field.closed and field.operator(condition.op).inputs == (ops.CHOICES,):
            _known(condition.values, dict(fields.options(field)))
    except Unfit as error:
        return Problem(str(field.label), str(error))
    return None


def _known(values: tuple[str, ...], options: dict[str, str]) -> None:
    for value in values:
        if value not in options:
            raise Unfit(_("“%(value)s” is none of the choices.") % {"value": value[:40]})


def values_of(field: Field, condition: Condition, asking) -> list:
    """The values as the field's source takes them; raises Unfit."""
    operator = field.operator(condition.op)
    if operator is None:
        raise Unfit(_("This comparison does not exist here."))
    if operator.inputs == (ops.CHOICES,):
        return [_codes(field, condition.values, asking)]
    if len(condition.values) != len(operator.inputs):
        raise Unfit(_("A value is missing."))
    return [
        _read(field, kind, text)
        for kind, text in zip(operator.inputs, condition.values, strict=True)
    ]


def _codes(field: Field, values: tuple[str, ...], asking) -> list:
    if not values:
        raise Unfit(_("Nothing is chosen."))
    if len(values) > MOST_VALUES:
        raise Unfit(_("At most %(n)s can be chosen.") % {"n": MOST_VALUES})
    found = []
    for text in values:
        if field.people and text == ME:
            found.append(asking.user.pk)
            continue
        if field.value is int and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Unfit(_("“%(value)s” is none of the choices.") % {"value": text[:40]})
        try:
            found.append(field.value(_text(text)))
        except ValueError:
            raise Unfit(_("“%(value)s” is none of the choices.") % {"value": text[:40]}) from None
    return found


def may_be_negative(field: Field) -> bool:
    return field.unit == MONEY or field.group == OWN


def _read(field: Field, kind: str, text: str):
    match kind:
        case ops.TEXT:
            return _text(text)
        case ops.DATE:
            return _day(text)
        case ops.DAYS:
            return int(_number(text, whole=True, lowest=0, largest=MOST_DAYS))
    number = _number(text, field.whole, None if may_be_negative(field) else 0)
    if field.unit == PERCENT and number > 100:
        raise Unfit(_("A percentage lies between 0 and 100."))
    if field.unit == POINTS and number > 100:
        raise Unfit(_("Points lie between 0 and 100."))
    return field.value(text.strip())


def _text(text: str) -> str:
    if not text.strip():
        raise Unfit(_("A value is missing."))
    if len(text) > LONGEST_TEXT:
        raise Unfit(_("At most %(n)s characters can be compared.") % {"n": LONGEST_TEXT})
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise Unfit(_("This text holds a character that no text can hold."))
    return text


def _day(text: str) -> datetime.date:
    if not text.strip():
        raise Unfit(_("A date is missing."))
    try:
        day = datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise Unfit(_("“%(value)s” is no date.") % {"value": text[:40]}) from None
    if not 1900 <= day.year < 3000:
        raise Unfit(_("“%(value)s” is no date.") % {"value": text[:40]})
    return day


def _number(text: str, whole: bool, lowest: int | None = None, largest: int = LARGEST) -> Decimal:
    text = text.strip()
    if not text:
        raise Unfit(_("A number is missing."))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unfit(_("“%(value)s” is no number.") % {"value": text[:40]}) from None
    if len(text) > 20 or not text.isascii() or not number.is_finite() or math.isinf(float(number)):
        raise Unfit(_("“%(value)s” is no number.") % {"value": text[:40]})
    if whole and (number != number.to_integral_value() or not text.lstrip("+-").isdigit()):
        raise Unfit(_("“%(value)s” is no whole number.") % {"value": text[:40]})
    if lowest is not None and number < lowest:
        raise Unfit(_("The number is too small."))
    if abs(number) > largest:
        raise Unfit(_("The number is too large."))
    return number
