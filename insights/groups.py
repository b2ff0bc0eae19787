"""Bands and behaviour groups of the segments model, in words: what a band spans, what sets a group apart."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.wording import amount, money, percent
from insights.verdicts import Summary

BANDS = (1, 2, 3, 4, 5)


def band_labels(summary: Summary) -> dict[str, dict[int, str]]:
    """What each band in use spans: ``{"recency": {1: "> 180", …}, "frequency": {1: "1", 2: "2–3", …}}``."""
    bands = summary.get("bands", {})
    plain = {band: str(band) for band in BANDS}
    return {
        "recency": spans_down(bands["recency_days"], bands["recency_numbers"]) if bands else plain,
        "frequency": spans_up(bands["orders"], bands["orders_numbers"]) if bands else plain,
    }


def spans_down(edges: list[float], numbers: list[int]) -> dict[int, str]:
    """Days: the first number is the longest silence; number i reaches down to more than edge i."""
    days = [round(edge) for edge in edges]
    if not days:
        return {numbers[0]: _("all")}
    spans = [f"> {amount(days[0])}"]
    spans += [span(low + 1, high) for high, low in zip(days, days[1:], strict=False)]
    return dict(zip(numbers, [*spans, f"≤ {amount(days[-1])}"], strict=True))


def spans_up(edges: list[float], numbers: list[int]) -> dict[int, str]:
    """Orders: number i begins at edge i − 1 and ends before edge i; the first begins at one order."""
    starts = [1, *(round(edge) for edge in edges)]
    if len(starts) == 1:
        return {numbers[0]: _("all")}
    spans = [span(low, high - 1) for low, high in zip(starts, starts[1:], strict=False)]
    return dict(zip(numbers, [*spans, f"{amount(starts[-1])}+"], strict=True))


def span(low: int, high: int) -> str:
    return amount(low) if low >= high else f"{amount(low)}–{amount(high)}"


def groups_of(
    summary: Summary, currency: str, counts: Mapping[int, int], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The published behaviour groups, named and described by what sets them apart, the largest first.

    ``counts``: how many of the reader's customers are in each; whoever else is in it is not theirs to know.
    ``names``: those that people gave.
    """
    told = [one | {"here": counts.get(one["cluster"], 0)} for one in summary.get("clusters", [])]
    told = [one for one in told if one["n"]]
    everybody = sum(one["here"] for one in told)
    return [
        {
            "number": one["cluster"],
            "name": names.get(one["cluster"]) or name_of(one["traits"]),
            "given": names.get(one["cluster"], ""),
            "found": name_of(one["traits"]),
            "share": one["here"] / everybody if everybody else None,
            "description": described(one, currency),
            "url": f"{reverse('customers')}?{urlencode({'group': one['cluster']})}",
            "alike_url": reverse("group-alike", args=[one["cluster"]]),
        }
        for one in sorted(told, key=lambda one: -one["here"])
    ]


def described(group: dict, currency: str) -> str:
    """What sets the group apart, as a sentence."""
    return _("; ").join(trait(fact, currency) for fact in group["traits"])


def name_of(traits: list[dict]) -> str:
    """The two most telling traits, as a name: Frequent buyers, large orders."""
    return joined([short(one) for one in traits[:2]])


def joined(names: list[str]) -> str:
    return _(", ").join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def short(fact: dict) -> str:
    names = {
        ("recency_days", "low"): _("Bought lately"),
        ("recency_days", "high"): _("Silent for long"),
        ("orders_all", "high"): _("Frequent buyers"),
        ("orders_all", "low"): _("Few orders"),
        ("order_value", "high"): _("Large orders"),
        ("order_value", "low"): _("Small orders"),
        ("gap_median", "low"): _("Short gaps"),
        ("gap_median", "high"): _("Long gaps"),
        ("first_sale_days", "high"): _("With you for long"),
        ("first_sale_days", "low"): _("New to you"),
        ("orders_trend", "high"): _("Ordering more"),
        ("orders_trend", "low"): _("Ordering less"),
        ("categories_all", "high"): _("Buy across the range"),
        ("categories_all", "low"): _("Buy from one category"),
        ("lines_per_order", "high"): _("Many products an order"),
        ("lines_per_order", "low"): _("Few products an order"),
        ("returned_share", "high"): _("Send much back"),
        ("returned_share", "low"): _("Send little back"),
        ("visits_90", "high"): _("Browse often"),
        ("visits_90", "low"): _("Hardly browse"),
        ("conversations_365", "high"): _("Talk to you often"),
        ("conversations_365", "low"): _("Hardly talk to you"),
        ("complaints_365", "high"): _("Complain"),
        ("complaints_365", "low"): _("Do not complain"),
    }
    return names.get((fact["code"], fact["direction"]), fact["code"])


def trait(fact: dict, currency: str) -> str:
    """``last order 12 days ago, usual 45``: the middle customer of the group beside everybody's."""
    wordings: dict[str, tuple[str, Callable[[float], str]]] = {
        "recency_days": (_("last order %(here)s days ago, usual %(all)s"), amount),
        "orders_all": (_("orders so far %(here)s, usual %(all)s"), amount),
        "order_value": (
            _("%(here)s an order, usual %(all)s"),
            lambda value: money(value, currency),
        ),
        "gap_median": (_("%(here)s days between orders, usual %(all)s"), amount),
        "first_sale_days": (_("first order %(here)s days ago, usual %(all)s"), amount),
        "categories_all": (_("categories bought %(here)s, usual %(all)s"), amount),
        "lines_per_order": (_("%(here)s products an order, usual %(all)s"), tenths),
        "returned_share": (_("%(here)s of the money sent back, usual %(all)s"), percent),
        "visits_90": (_("visits in 90 days %(here)s, usual %(all)s"), amount),
        "conversations_365": (_("conversations in a year %(here)s, usual %(all)s"), amount),
        "complaints_365": (_("complaints in a year %(here)s, usual %(all)s"), amount),
    }
    words, show = wordings.get(fact["code"], ("", amount))
    here, everybody = show(fact["facts"]["typical"]), show(fact["facts"]["overall"])
    # Where the middle customers are alike, the difference lies among the others: no figures then.
    if not words or here == everybody:
        name = short(fact)
        return name[:1].lower() + name[1:]
    return words % {"here": here, "all": everybody}


def tenths(value: float) -> str:
    return amount(value, 1)
