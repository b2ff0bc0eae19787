"""Reasons that lie in visits, conversations, complaints and messages. One function per code, named after it."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import concern_word
from customers.reasons.words import Words, clauses, latest
from customers.wording import amount, span


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
    time = span(datetime.timedelta(hours=hours))
    return clauses(_("Answers after %(time)s") % {"time": time}, unanswered)


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


CONTACT = (browsing, looking, conversations, complaints, ratings, service, voice)
