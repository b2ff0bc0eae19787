"""What was found in the data before anything was learnt from it, in plain words; and what an admin may say to it.

The findings are those of insights.ml.checks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from customers.models import Company, CustomAttribute
from customers.reasons import ATTRIBUTE
from customers.wording import amount, percent, sentences
from insights.figures import date_of

Found = dict[str, Any]

# What the families of features are about.
TOPICS = {
    "recency": gettext_lazy("time since the last order"),
    "frequency": gettext_lazy("number of orders"),
    "rhythm": gettext_lazy("rhythm of orders"),
    "order_trend": gettext_lazy("trend of orders"),
    "season": gettext_lazy("orders at this time last year"),
    "spend": gettext_lazy("spending"),
    "spend_trend": gettext_lazy("trend of spending"),
    "price": gettext_lazy("prices paid"),
    "breadth": gettext_lazy("products and categories"),
    "returns": gettext_lazy("returns"),
    "browsing": gettext_lazy("visits to the shop"),
    "looking": gettext_lazy("looking without buying"),
    "conversations": gettext_lazy("conversations"),
    "complaints": gettext_lazy("complaints"),
    "ratings": gettext_lazy("ratings"),
    "service": gettext_lazy("how fast messages are answered"),
    "voice": gettext_lazy("how messages felt"),
    "tenure": gettext_lazy("time as a customer"),
    "country": gettext_lazy("country"),
    "language": gettext_lazy("language"),
    "customer_kind": gettext_lazy("kind of customer"),
}
FEW_MONTHS = 12


@dataclass(frozen=True)
class Check:
    """One finding. ``state``: ok, or what is worth a look (look)."""

    sentence: str
    state: str = "ok"

    @property
    def icon(self) -> str:
        return "check" if self.state == "ok" else "info-circle"


@dataclass(frozen=True)
class Leak:
    """A column that alone tells who leaves: left out, or used because an admin said so."""

    column: str
    label: str
    auc: str
    used: bool
    confirmed: bool

    @property
    def sentence(self) -> str:
        told = _(
            "“%(label)s” alone tells who leaves almost without error (ROC-AUC %(auc)s). What does is most often"
            " noted only after a customer has left, and then it says nothing about those who are still here."
        )
        return sentences(told % {"label": self.label, "auc": self.auc}, self.state)

    @property
    def state(self) -> str:
        if self.used and self.confirmed:
            return _("It is used, because an admin has said that it is known before.")
        if self.used:
            return _("It is used for now; the next training leaves it out.")
        if self.confirmed:
            return _("It was left out; the next training uses it.")
        return _("It is left out.")


@dataclass(frozen=True)
class Checks:
    checks: list[Check]
    leaks: list[Leak]


def checks_of(summary: Found, facts: Found | None = None) -> Checks | None:
    """Of a training's summary, or of what is told of one that had too little data; None where nothing is told."""
    found = summary.get("checks") or (facts or {}).get("data")
    if not found:
        return None
    labels = dict(CustomAttribute.objects.values_list("name", "label"))
    return Checks(list(all_checks(found, labels)), list(all_leaks(found, labels)))


def all_leaks(found: Found, labels: dict[str, str]) -> Iterable[Leak]:
    told = found.get("leaks", [])
    confirmed = set(Company.current().churn_confirmed_columns) if told else set()
    for one in told:
        column = one["column"]
        label = label_of(column, labels)
        yield Leak(column, label, amount(one["auc"], 3), one["used"], column in confirmed)


def all_checks(found: Found, labels: dict[str, str]) -> Iterable[Check]:
    yield from how_much(found)
    if "columns" not in found:
        return
    text = ngettext(
        "%(columns)s figure of each customer is learnt from; %(missing)s of all entries are unknown.",
        "%(columns)s figures of each customer are learnt from; %(missing)s of all entries are unknown.",
        found["columns"],
    )
    missing = percent(found["missing_share"])
    yield Check(text % {"columns": amount(found["columns"]), "missing": missing})
    if found["sparse"]:
        listed = listing(
            pgettext("what and how much of it", "%(what)s (%(share)s)")
            % {"what": label_of(one["code"], labels), "share": percent(one["share"])}
            for one in found["sparse"]
        )
        yield Check(_("Unknown of most customers: %(list)s.") % {"list": listed}, "look")
    if found["silent"]:
        listed = listing(label_of(code, labels) for code in found["silent"])
        words = _("The same for everybody, and so of no use here: %(list)s.")
        yield Check(words % {"list": listed}, "look")
    if found["identities"]:
        listed = listing(label_of(column, labels) for column in found["identities"])
        words = _("Left out, because almost every customer has another value: %(list)s.")
        yield Check(words % {"list": listed}, "look")
    if not found["leaks"]:
        yield Check(_("Nothing gives the outcome away: no single column tells alone who leaves."))


def how_much(found: Found) -> Iterable[Check]:
    """Customers, orders, months: enough to learn a year's seasons, or not."""
    if not found["orders"]:
        if "learnt_from" in found:
            count = found["learnt_from"]
            text = ngettext(
                "%(n)s customer whose outcome is known; no orders.",
                "%(n)s customers whose outcome is known; no orders.",
                count,
            )
            yield Check(text % {"n": amount(count)})
        else:
            yield Check(_("There are no orders yet."), "look")
        return
    text = _("%(orders)s orders of %(customers)s customers, %(since)s to %(until)s: %(months)s.")
    months = ngettext("%(n)s month", "%(n)s months", found["months"])
    yield Check(
        text
        % {
            "orders": amount(found["orders"]),
            "customers": amount(found["customers"]),
            "since": date_of(found["since"]),
            "until": date_of(found["until"]),
            "months": months % {"n": amount(found["months"])},
        }
    )
    if found["months"] < FEW_MONTHS:
        words = _(
            "Less than a year of orders: what a season does cannot be told apart from customers leaving."
        )
        yield Check(words, "look")


def label_of(code: str, labels: dict[str, str]) -> str:
    """Of a family of features, or of a custom attribute as the company calls it."""
    if code.startswith(ATTRIBUTE):
        name = code.removeprefix(ATTRIBUTE)
        return labels.get(name, name)
    return str(TOPICS.get(code, code))


def listing(parts: Iterable[str]) -> str:
    return pgettext("between items of a list", ", ").join(parts)
