"""Whether somebody who is being written down, or whose details change, may be there already.

Each look-up is one that an index serves among a million customers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, User
from customers.searching import SURELY_DIALLED, digits_of

EMAIL, PHONE, NAME = "email", "phone", "name"
# What is compared, by the fields that it is made of.
MADE_OF = {EMAIL: {"email"}, PHONE: {"phone"}, NAME: {"name", "company"}}
ALIKE = {
    EMAIL: _("the same e-mail"),
    PHONE: _("the same phone number"),
    NAME: _("the same name and company"),
}
ELSEWHERE = {
    EMAIL: _("Somebody else looks after a customer with this e-mail."),
    PHONE: _("Somebody else looks after a customer with this phone number."),
    NAME: _("Somebody else looks after a customer with this name and company."),
}
SHOWN = 3
LOOKED_AT = 50  # of those whose number holds the digits
NEWEST = 50_000  # rows: how far SQLite looks, which has no index for a part of a text


@dataclass(frozen=True)
class Double:
    """Somebody the reader sees, and what is the same; of others (``customer`` None) a sentence that tells no more."""

    customer: Customer | None
    said: list


def doubles_of(person: Customer, changed: Collection[str], user: User) -> list[Double]:
    """Who else has the e-mail, the phone number, or name and company of ``person``, as far as these changed."""
    found: dict[int, list[str]] = {}
    for kind, look in LOOKS.items():
        if not MADE_OF[kind].isdisjoint(changed):
            for pk in look(person):
                found.setdefault(pk, []).append(kind)
    found.pop(person.pk, None)
    if not found:
        return []
    seen = Customer.objects.visible_to(user).filter(pk__in=found).order_by("name", "pk")
    known = {one.pk: one for one in seen}
    unseen = dict.fromkeys(kind for pk in found if pk not in known for kind in found[pk])
    shown = [Double(one, [ALIKE[k] for k in found[one.pk]]) for one in list(known.values())[:SHOWN]]
    return shown + [Double(None, [ELSEWHERE[kind]]) for kind in unseen]


def signature(doubles: Iterable[Double], person: Customer) -> str:
    """What was told of whom: who saves once more has read this, and nothing else."""
    told = [(one.customer and one.customer.pk, [str(w) for w in one.said]) for one in doubles]
    compared = [person.email, person.phone, person.name, person.company]
    return salted_hmac("customers.doubles", repr((told, compared))).hexdigest()


def _with_email(person: Customer) -> Iterable[int]:
    email = person.email
    return _keys(Customer.objects.filter(email__in={email, email.lower()})) if email else []


def _with_phone(person: Customer) -> Iterable[int]:
    """Whose number has the same digits, with or without zeros in front."""
    digits = digits_of(person.phone).lstrip("0")
    if len(digits) < SURELY_DIALLED:
        return []
    rows = Customer.objects.filter(search_words__contains=digits)
    if connection.vendor == "sqlite":
        newest = Customer.objects.aggregate(newest=Max("pk"))["newest"] or 0
        rows = rows.filter(pk__gt=newest - NEWEST)
    numbers = rows.order_by().values_list("pk", "phone")[:LOOKED_AT]
    return [pk for pk, number in numbers if digits_of(number).lstrip("0") == digits]


def _with_name(person: Customer) -> Iterable[int]:
    return _keys(Customer.objects.filter(name=person.name, company=person.company))


def _keys(rows: QuerySet) -> Iterable[int]:
    return rows.order_by().values_list("pk", flat=True)[:LOOKED_AT]


LOOKS = {EMAIL: _with_email, PHONE: _with_phone, NAME: _with_name}
