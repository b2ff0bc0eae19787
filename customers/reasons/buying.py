"""Reasons that lie in what a customer buys, how often, and for how much. One function per code, named after it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.reasons.words import Words, clauses, gap_in_days
from customers.wording import amount, money, percent


def recency(f: dict, w: Words) -> str:
    if f.get("days") is None:
        return _("No order yet")
    silence = ngettext("No order for %(n)s day", "No order for %(n)s days", f["days"])
    gap = gap_in_days(f, "usual_gap")
    usual = _("usual gap %(n)s") % {"n": amount(gap)} if gap else ""
    if f["days"] < 1:
        silence = _("Last order today")
    elif gap and f["days"] <= gap:
        silence = ngettext("Last order %(n)s day ago", "Last order %(n)s days ago", f["days"])
    return clauses(silence % {"n": amount(f["days"])}, usual)


def frequency(f: dict, w: Words) -> str:
    year, ever = f.get("orders") or 0, f.get("orders_all") or 0
    text = ngettext("%(n)s order in 12 months", "%(n)s orders in 12 months", year)
    return clauses(
        text % {"n": amount(year)},
        _("%(n)s in all") % {"n": amount(ever)} if ever != year else "",
    )


def rhythm(f: dict, w: Words) -> str:
    gap, longest = (gap_in_days(f, name) for name in ("usual_gap", "longest_gap"))
    if gap is None:
        return _("No rhythm yet: fewer than two orders")
    text = ngettext("Orders about every %(n)s day", "Orders about every %(n)s days", gap) % {
        "n": amount(gap)
    }
    return clauses(text, _("longest break %(n)s") % {"n": amount(longest)} if longest else "")


def order_trend(f: dict, w: Words) -> str:
    recent, before = f.get("recent") or 0, f.get("before") or 0
    text = ngettext("%(n)s order in the last 90 days", "%(n)s orders in the last 90 days", recent)
    return clauses(
        text % {"n": amount(recent)}, _("%(n)s in the 90 before") % {"n": amount(before)}
    )


def season(f: dict, w: Words) -> str:
    count = f.get("orders") or 0
    if not count:
        return _("No order at this time last year")
    text = ngettext(
        "%(n)s order at this time last year", "%(n)s orders at this time last year", count
    )
    return text % {"n": amount(count)}


def spend(f: dict, w: Words) -> str:
    text = _("%(sum)s spent in 12 months") % {"sum": money(f.get("spend") or 0, w.currency)}
    if not f.get("order_value"):
        return text
    return clauses(
        text, _("%(sum)s per order on average") % {"sum": money(f["order_value"], w.currency)}
    )


def spend_trend(f: dict, w: Words) -> str:
    return clauses(
        _("%(sum)s spent in the last 90 days") % {"sum": money(f.get("recent") or 0, w.currency)},
        _("%(sum)s in the 90 before") % {"sum": money(f.get("before") or 0, w.currency)},
    )


def price(f: dict, w: Words) -> str:
    each, below = f.get("unit_price"), f.get("below") or 0
    if each is None:
        return _("No prices of single items are known")
    text = _("%(sum)s per item on average") % {"sum": money(each, w.currency, 2)}
    less = _("%(share)s below the highest price paid") % {"share": percent(below)}
    return clauses(text, less if below >= 0.01 else "")


def breadth(f: dict, w: Words) -> str:
    products, categories = f.get("products") or 0, f.get("categories") or 0
    text = ngettext("%(n)s different product", "%(n)s different products", products)
    kinds = ngettext("%(n)s category", "%(n)s categories", categories) if categories else ""
    return clauses(
        text % {"n": amount(products)}, kinds % {"n": amount(categories)} if kinds else ""
    )


def returns(f: dict, w: Words) -> str:
    count, share = f.get("returns") or 0, f.get("share")
    if not count:
        return _("Never sent anything back")
    text = ngettext("%(n)s return", "%(n)s returns", count) % {"n": amount(count)}
    return clauses(
        text, _("%(share)s of the money spent") % {"share": percent(share)} if share else ""
    )


BUYING = (
    recency,
    frequency,
    rhythm,
    order_trend,
    season,
    spend,
    spend_trend,
    price,
    breadth,
    returns,
)
