"""A cell's text as a value of its field, or a reason why not.

Values are what the staging file can hold (text, whole numbers, None); the kinds turn them into Decimal and time again.
"""

import datetime
import math
import zoneinfo
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from customers.editing import clean_value
from customers.importing.errors import BadValue
from customers.models import CustomAttribute
from customers.moments import is_to_come

Convert = Callable[[str], str | int | None]

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
WORDS = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "是", "有"), 1),
    **dict.fromkeys(("no", "n", "false", "f", "0", "否", "无"), 0),
}


def text(limit: int) -> Convert:
    """Text of at most so many characters."""

    def convert(cell: str) -> str:
        if len(cell) > limit:
            raise BadValue(_("longer than %(n)s characters") % {"n": limit})
        return cell

    return convert


def number(decimal_mark: str = ".", whole_digits: int = 10) -> Convert:
    """A finite decimal number, as text that Decimal reads."""

    def convert(cell: str) -> str:
        plain = cell.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if decimal_mark == ",":
            plain = plain.replace(".", "").replace(",", ".")
        try:
            value = Decimal(plain)
        except InvalidOperation:
            raise BadValue(_("not a number")) from None
        if "_" in plain or not value.is_finite():
            raise BadValue(_("not a number"))
        if value and value.adjusted() >= whole_digits:
            raise BadValue(_("the number is too large"))
        return str(value)

    return convert


def price(decimal_mark: str = ".") -> Convert:
    """A number not below zero."""
    decimal = number(decimal_mark)

    def convert(cell: str) -> str:
        text = decimal(cell)
        if Decimal(text) < 0:
            raise BadValue(_("below zero"))
        return text

    return convert


def whole(low: int, high: int) -> Convert:
    """A whole number between two bounds."""
    decimal = number()

    def convert(cell: str) -> int:
        value = Decimal(decimal(cell))  # type: ignore[arg-type]
        if value != int(value):
            raise BadValue(_("not a whole number"))
        if not low <= value <= high:
            raise BadValue(_("not between %(low)s and %(high)s") % {"low": low, "high": high})
        return int(value)

    return convert


def boolean(cell: str) -> int:
    try:
        return WORDS[cell.lower()]
    except KeyError:
        raise BadValue(_("neither yes nor no")) from None


def choice(*allowed: str) -> Convert:
    """One of the words, whatever their case."""

    def convert(cell: str) -> str:
        word = cell.lower()
        if word not in allowed:
            raise BadValue(_("none of: %(words)s") % {"words": ", ".join(allowed)})
        return word

    return convert


def currency(cell: str) -> str:
    code = cell.upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise BadValue(_("not a currency code of three letters"))
    return code


def email(cell: str) -> str:
    try:
        validate_email(cell)
    except ValidationError:
        raise BadValue(_("not an e-mail address")) from None
    return text(254)(cell)  # type: ignore[return-value]


def moment(zone: zoneinfo.ZoneInfo, pattern: str = "") -> Convert:
    """Microseconds since 1970 (UTC). Times without a zone are local times of ``zone``.

    A local time that a clock change skipped is refused; of one that came twice the first is taken. A date alone is the
    day's first moment.
    """

    def convert(cell: str) -> int:
        try:
            value = (
                datetime.datetime.strptime(cell, pattern)
                if pattern
                else datetime.datetime.fromisoformat(cell)
            )
        except ValueError:
            raise BadValue(_("not a date or time in the expected form")) from None
        if value.tzinfo is None:
            value = value.replace(tzinfo=zone)
            back = value.astimezone(datetime.UTC).astimezone(zone)
            moved = back.replace(tzinfo=None) != value.replace(tzinfo=None)
            if moved and value.time() != datetime.time.min:
                raise BadValue(_("this local time never was: the clocks went forward"))
        if not 1900 <= value.year <= 2200:
            raise BadValue(_("the year is not between 1900 and 2200"))
        return (value.astimezone(datetime.UTC) - EPOCH) // MICROSECOND

    return convert


def past(convert: Convert) -> Convert:
    """A moment that has happened, as :func:`moment` gives it."""

    def checked(cell: str) -> str | int | None:
        value = convert(cell)
        if is_to_come(at(value)):  # type: ignore[arg-type]
            raise BadValue(_("lies in the future"))
        return value

    return checked


def at(microseconds: int) -> datetime.datetime:
    """The time behind :func:`moment`'s number."""
    return EPOCH + microseconds * MICROSECOND


def attribute(type_: str, decimal_mark: str = ".") -> Convert:
    """A custom attribute's value, as text that :func:`attribute_value` reads."""
    numbers = number(decimal_mark)

    def convert(cell: str) -> str | int:
        match type_:
            case CustomAttribute.Type.BOOLEAN:
                return boolean(cell)
            case CustomAttribute.Type.NUMBER:
                return numbers(cell)  # type: ignore[return-value]
        try:
            return clean_value(type_, cell)
        except ValueError:
            if type_ == CustomAttribute.Type.DATE:
                raise BadValue(_("not a date like 2026-12-31")) from None
            raise BadValue(_("longer than %(n)s characters") % {"n": 1000}) from None

    return convert


def attribute_value(type_: str, stored: str | int):
    """The value as JSON holds it on the customer."""
    if type_ in (CustomAttribute.Type.NUMBER, CustomAttribute.Type.BOOLEAN):
        value = clean_value(type_, stored)
        assert not (isinstance(value, float) and not math.isfinite(value))
        return value
    return stored
