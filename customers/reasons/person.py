"""Reasons that lie in who the customer is, the company's own attributes among them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.countries import country_name
from customers.models import Customer
from customers.reasons.words import Words, days, said
from customers.wording import amount

ATTRIBUTE = "attribute:"  # what their codes begin with


def tenure(f: dict, w: Words) -> str:
    if f.get("days") is None:
        return _("Not known since when a customer")
    months = round(f["days"] / 30.4)
    if months < 2:
        return _("Customer for %(time)s") % {"time": days(f["days"])}
    text = ngettext("Customer for %(n)s month", "Customer for %(n)s months", months)
    return text % {"n": amount(months)}


def customer_kind(f: dict, w: Words) -> str:
    kinds = dict(Customer.Kind.choices)
    return _("Kind: %(value)s") % {"value": kinds.get(f.get("value"), f.get("value") or "–")}


def country(f: dict, w: Words) -> str:
    return _("Country: %(value)s") % {
        "value": country_name(said(f.get("value"))) if f.get("value") else "–"
    }


def language(f: dict, w: Words) -> str:
    return _("Language: %(value)s") % {"value": f.get("value") or "–"}


PERSON = (tenure, customer_kind, country, language)


def attribute(code: str, f: dict, w: Words) -> str:
    name = f.get("name") or code.removeprefix(ATTRIBUTE)
    label = (w.labels or {}).get(name) or name.replace("_", " ").capitalize()
    if f.get("days_ago") is not None:
        ago = ngettext("%(n)s day ago", "%(n)s days ago", f["days_ago"])
        value = ago % {"n": amount(f["days_ago"])}
    else:
        value = said(f.get("value"))
    return pgettext("attribute and value", "%(label)s: %(value)s") % {
        "label": label,
        "value": value,
    }
