"""What the sentences are made of: clauses, days, moments and values as people say them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.wording import amount, whole_days


@dataclass(frozen=True)
class Words:
    """What a sentence needs besides its facts: the base currency, and the labels of custom attributes."""

    currency: str = ""
    labels: dict[str, str] | None = None


def clauses(*parts: str) -> str:
    return pgettext("between two clauses", ", ").join(p for p in parts if p)


def days(count) -> str:
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": amount(count)}


def gap_in_days(f: dict, name: str) -> int | None:
    return None if f.get(name) is None else whole_days(f[name])


def latest(since: int | None) -> str:
    """When the latest of several happened."""
    if since is None:
        return ""
    if since < 1:
        return _("the latest today")
    return ngettext("the latest %(n)s day ago", "the latest %(n)s days ago", since) % {
        "n": amount(since)
    }


def said(value) -> str:
    """One attribute value for people."""
    if value is None or value == "":
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return amount(value, 0 if float(value).is_integer() else 2)
    return str(value)
