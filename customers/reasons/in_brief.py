"""The same reasons for the rows of a list: short enough that what matters is not cut off."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from customers.reasons.buying import price, rhythm
from customers.reasons.contact import complaints, looking
from customers.reasons.sentences import sentence
from customers.reasons.words import Words, clauses, gap_in_days
from customers.wording import amount, money, percent


def last_one(since: int | None) -> str:
    if since is None:
        return ""
    if since < 1:
        return _("last one today")
    text = ngettext("last one %(n)s day ago", "last one %(n)s days ago", since)
    return text % {"n": amount(since)}


def brief_rhythm(f: dict, w: Words) -> str:
    gap, longest = (gap_in_days(f, name) for name in ("usual_gap", "longest_gap"))
    if gap is None:
        return rhythm(f, w)
    text = ngettext("Orders every %(n)s day", "Orders every %(n)s days", gap)
    return clauses(
        text % {"n": amount(gap)}, _("at most %(n)s") % {"n": amount(longest)} if longest else ""
    )


def brief_order_trend(f: dict, w: Words) -> str:
    recent, before = f.get("recent") or 0, f.get("before") or 0
    text = ngettext("%(n)s order in 90 days", "%(n)s orders in 90 days", recent)
    return clauses(text % {"n": amount(recent)}, _("%(n)s before") % {"n": amount(before)})


def brief_spend(f: dict, w: Words) -> str:
    text = _("%(sum)s in 12 months") % {"sum": money(f.get("spend") or 0, w.currency)}
    each = f.get("order_value")
    return clauses(text, _("%(sum)s an order") % {"sum": money(each, w.currency)} if each else "")


def brief_spend_trend(f: dict, w: Words) -> str:
    recent, before = (money(f.get(name) or 0, w.currency) for name in ("recent", "before"))
    return clauses(_("%(sum)s in 90 days") % {"sum": recent}, _("%(sum)s before") % {"sum": before})


def brief_browsing(f: dict, w: Words) -> str:
    visits, since = f.get("visits") or 0, f.get("days_since_visit")
    if since is None:
        return _("No visit to the shop is known")
    if not visits:
        text = ngettext("No visit for %(n)s day", "No visit for %(n)s days", since)
        return text % {"n": amount(since)}
    text = ngettext("%(n)s visit in 90 days", "%(n)s visits in 90 days", visits)
    return clauses(text % {"n": amount(visits)}, last_one(since))


def brief_price(f: dict, w: Words) -> str:
    each = f.get("unit_price")
    if each is None:
        return price(f, w)
    below = f.get("below") or 0
    less = _("%(share)s below the highest") % {"share": percent(below)} if below >= 0.01 else ""
    return clauses(_("%(sum)s an item") % {"sum": money(each, w.currency, 2)}, less)


def brief_looking(f: dict, w: Words) -> str:
    return looking({"views": f.get("views")}, w)


def brief_complaints(f: dict, w: Words) -> str:
    count = f.get("count") or 0
    if not count:
        return complaints(f, w)
    text = ngettext("%(n)s complaint", "%(n)s complaints", count)
    return clauses(text % {"n": amount(count)}, last_one(f.get("days_since")))


def brief_ratings(f: dict, w: Words) -> str:
    last, low = f.get("last"), f.get("low") or 0
    if last is None:
        return _("No rating given")
    poor = ngettext("%(n)s poor one", "%(n)s poor ones", low) % {"n": amount(low)}
    return clauses(_("Latest rating %(n)s of 5") % {"n": amount(last)}, poor if low else "")


BRIEF = {
    "rhythm": brief_rhythm,
    "order_trend": brief_order_trend,
    "spend": brief_spend,
    "spend_trend": brief_spend_trend,
    "price": brief_price,
    "browsing": brief_browsing,
    "looking": brief_looking,
    "complaints": brief_complaints,
    "ratings": brief_ratings,
}


def brief_sentence(reason: dict, words: Words) -> str:
    say = BRIEF.get(reason["code"])
    return say(reason.get("facts") or {}, words) if say else sentence(reason, words)


def top_sentence(customer: Customer, words: Words, for_leaving: bool = False) -> str:
    """What did most to bring the churn risk to where it is, for rows; needs ``with_scores()``.

    The first reason of the page may pull the other way, or read as if it did: neither "last order today" nor "16
    different products" explains a high risk. ``for_leaving``: what raises the risk most, also where it is low all in
    all: what keeps a customer does not explain why the risk has risen.
    """
    reasons, score = getattr(customer, "reasons", None), getattr(customer, "score", None)
    if not reasons or not score:
        return ""
    listed = reasons.churn.get("reasons") or []
    top = next((r for r in listed if r["code"] == score.churn_reason), None)
    if for_leaving and (top is None or top["points"] <= 0):
        raising = [reason for reason in listed if reason["points"] > 0]
        top = max(raising, key=lambda reason: reason["points"], default=None)
    return brief_sentence(top, words) if top else ""
