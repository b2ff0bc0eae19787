"""Why a score is what it is, in sentences: codes and facts as they were stored, said in the reader's language.

The codes and the facts each carries are those of the learners (see insights.ml.explain); a fact that is not known
is None.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.countries import country_name
from customers.models import Customer, concern_word
from customers.wording import amount, money, percent, span, whole_days

MOST = 5
ATTRIBUTE = "attribute:"


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


def latest(since: int | None) -> str:
    """When the latest of several happened."""
    if since is None:
        return ""
    if since < 1:
        return _("the latest today")
    return ngettext("the latest %(n)s day ago", "the latest %(n)s days ago", since) % {
        "n": amount(since)
    }


def browsing(f: dict, w: Words) -> str:
    visits, since = f.get("visits") or 0, f.get("days_since_visit")
    if since is None:
        return _("No visit to the shop is known")
    text = ngettext("%(n)s visit in 90 days", "%(n)s visits in 90 days", visits)
    if not visits:
        return clauses(_("No visit in 90 days"), latest(since))
    return clauses(text % {"n": amount(visits)}, latest(since))


def looking(f: dict, w: Words) -> str:
    views, carts = f.get("views") or 0, f.get("carts") or 0
    if not views:
        return _("No product viewed since the last order")
    text = ngettext(
        "%(n)s product viewed since the last order",
        "%(n)s products viewed since the last order",
        views,
    )
    put = ngettext("%(n)s put into the cart", "%(n)s put into the cart", carts)
    return clauses(text % {"n": amount(views)}, put % {"n": amount(carts)} if carts else "")


def conversations(f: dict, w: Words) -> str:
    count = f.get("count") or 0
    if not count:
        return _("No conversation in 90 days")
    text = ngettext("%(n)s conversation in 90 days", "%(n)s conversations in 90 days", count)
    return text % {"n": amount(count)}


def complaints(f: dict, w: Words) -> str:
    count, since = f.get("count") or 0, f.get("days_since")
    if not count:
        return _("No complaint in 12 months")
    text = ngettext("%(n)s complaint in 12 months", "%(n)s complaints in 12 months", count)
    return clauses(text % {"n": amount(count)}, latest(since))


def ratings(f: dict, w: Words) -> str:
    last, low = f.get("last"), f.get("low") or 0
    if last is None:
        return _("No rating given")
    text = _("Latest rating %(n)s of 5") % {"n": amount(last)}
    poor = ngettext("%(n)s poor one in 12 months", "%(n)s poor ones in 12 months", low)
    return clauses(text, poor % {"n": amount(low)} if low else "")


def service(f: dict, w: Words) -> str:
    hours, waiting = f.get("hours"), f.get("waiting") or 0
    text = ngettext("%(n)s message without an answer", "%(n)s messages without an answer", waiting)
    unanswered = text % {"n": amount(waiting)} if waiting else ""
    if hours is None:
        return unanswered or _("No message that asked for an answer")
    if hours < 1:
        return clauses(_("Answers within the hour"), unanswered)
    text = ngettext("Answers after %(n)s hour", "Answers after %(n)s hours", round(hours))
    return clauses(text % {"n": amount(hours)}, unanswered)


def voice(f: dict, w: Words) -> str:
    """2 complaints about late delivery in 90 days, the last one unanswered for 31 hours"""
    count, about, waiting = (f.get(name) or 0 for name in ("count", "about", "waiting"))
    if not count:
        last = f.get("last")
        if last is None:
            return _("No message that says how they feel")
        return _("Latest message friendly") if last > 0 else _("No unhappy message in 90 days")
    text = ngettext(
        "%(n)s unhappy message in 90 days", "%(n)s unhappy messages in 90 days", count
    ) % {"n": amount(count)}
    if f.get("reason") and about == count:
        text = ngettext(
            "%(n)s complaint about %(reason)s in 90 days",
            "%(n)s complaints about %(reason)s in 90 days",
            count,
        ) % {"n": amount(count), "reason": concern_word(str(f["reason"])).lower()}
    elif f.get("reason"):
        text = clauses(
            text,
            _("%(n)s of them about %(reason)s")
            % {"n": amount(about), "reason": concern_word(str(f["reason"])).lower()},
        )
    if not waiting or f.get("hours") is None:
        return text
    since = span(datetime.timedelta(hours=f["hours"]))
    return clauses(text, _("the last unanswered for %(time)s") % {"time": since})


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


def said(value) -> str:
    """One attribute value for people."""
    if value is None or value == "":
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return amount(value, 0 if float(value).is_integer() else 2)
    return str(value)


def others(f: dict, w: Words) -> str:
    count = f.get("count") or 0
    return ngettext("%(n)s smaller reason", "%(n)s smaller reasons", count) % {"n": amount(count)}


SENTENCES: dict[str, Callable[[dict, Words], str]] = {
    f.__name__: f
    for f in (
        recency, frequency, rhythm, order_trend, season, spend, spend_trend, price, breadth, returns, browsing,
        looking, conversations, complaints, ratings, service, voice, tenure, country, language, customer_kind,
        others,
    )
}  # fmt: skip


def sentence(reason: dict, words: Words) -> str:
    """One reason as a sentence; a code nobody has words for is shown as it is, never hidden."""
    code, facts = reason["code"], reason.get("facts") or {}
    if code.startswith(ATTRIBUTE):
        return attribute(code, facts, words)
    say = SENTENCES.get(code)
    return say(facts, words) if say else code.replace("_", " ").capitalize()


def recommendation(offer, words: Words) -> str:
    """Why a product is recommended."""
    facts = offer.facts or {}
    match offer.why:
        case "bought_with" if offer.because:
            name, share = offer.because.name, facts.get("share")
            if share and share >= 0.01:
                often = _("Bought with %(product)s by %(n)s in 100")
                return often % {"product": name, "n": amount(share * 100)}
            return _("Bought with %(product)s") % {"product": name}
        case "bought_after" if offer.because:
            name, share = offer.because.name, facts.get("share")
            if share and share >= 0.01:
                often = _("Bought after %(product)s by %(n)s in 100")
                return often % {"product": name, "n": amount(share * 100)}
            return _("Bought after %(product)s") % {"product": name}
        case "goes_with" if offer.because:
            return _("Fits what was bought, above all %(product)s") % {
                "product": offer.because.name
            }
        case "alike" if offer.because:
            return _("Similar to %(product)s") % {"product": offer.because.name}
        case "similar" if offer.because:
            return _("New, similar to %(product)s") % {"product": offer.because.name}
        case "reorder":
            late, usual = facts.get("days_late"), facts.get("usual_days")
            when = _("Reorder is due")
            if late and late >= 1:
                when = ngettext("Reorder is %(n)s day late", "Reorder is %(n)s days late", late)
                when %= {"n": amount(late)}
            every = ngettext("usual gap %(n)s day", "usual gap %(n)s days", usual or 0)
            return clauses(when, every % {"n": amount(usual)} if usual else "")
    buyers, span = facts.get("buyers_recent"), facts.get("days")
    if buyers and span:
        text = ngettext(
            "Bought by %(n)s customer in the last %(days)s days",
            "Bought by %(n)s customers in the last %(days)s days",
            buyers,
        )
        return text % {"n": amount(buyers), "days": amount(span)}
    return _("Popular with all customers")
