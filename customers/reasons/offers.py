"""Why a product is recommended."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.reasons.words import Words, clauses
from customers.wording import amount


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
            return reorder(facts)
    buyers, span = facts.get("buyers_recent"), facts.get("days")
    if buyers and span:
        text = ngettext(
            "Bought by %(n)s customer in the last %(days)s days",
            "Bought by %(n)s customers in the last %(days)s days",
            buyers,
        )
        return text % {"n": amount(buyers), "days": amount(span)}
    return _("Popular with all customers")


def reorder(facts: dict) -> str:
    """How late a product is that is bought again and again, and whose gap between purchases says so."""
    late, usual = facts.get("days_late"), facts.get("usual_days")
    when = _("Reorder is due")
    if late and late >= 1:
        when = ngettext("Reorder is %(n)s day late", "Reorder is %(n)s days late", late)
        when %= {"n": amount(late)}
    if facts.get("own") is False:
        every = ngettext(
            "others buy it again after %(n)s day",
            "others buy it again after %(n)s days",
            usual or 0,
        )
    else:
        every = ngettext("usual gap %(n)s day", "usual gap %(n)s days", usual or 0)
    return clauses(when, every % {"n": amount(usual)} if usual else "")
