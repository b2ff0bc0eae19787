"""Since when the thresholds of the segments stand, and why they were learnt anew where they were, in words."""

from django.utils.translation import gettext as _

from customers.wording import amount, percent, sentences
from insights.figures import Summary, date_of


def thresholds_sentence(summary: Summary) -> str:
    """Empty where the version does not say (those of earlier releases)."""
    told = summary.get("thresholds")
    if not told:
        return ""
    if told["kept"]:
        kept = _(
            "Taken over from the version before, so customers change segment for what they do themselves."
        )
        since = (
            _("They were learnt on %(day)s.") % {"day": date_of(told["as_of"])}
            if told["as_of"]
            else ""
        )
        return sentences(kept, since)
    reasons = {
        "first": _("Learnt for the first time."),
        "asked": _("Learnt anew because an admin asked for it."),
        "terms": _("Learnt anew because the churn horizon or the base currency has changed."),
        "drifted": drifted(told["facts"]),
    }
    later = _("The next trainings keep them.")
    return sentences(reasons.get(told["why"], ""), later)


def drifted(facts: dict) -> str:
    if not facts:
        return ""
    words = {
        "recency": _(
            "Learnt anew because they no longer divided customers: by days since the last order, band %(band)s held"
            " %(now)s instead of %(then)s."
        ),
        "frequency": _(
            "Learnt anew because they no longer divided customers: by number of orders, band %(band)s held"
            " %(now)s instead of %(then)s."
        ),
        "monetary": _(
            "Learnt anew because they no longer divided customers: by money, band %(band)s held %(now)s instead"
            " of %(then)s."
        ),
    }[facts["measure"]]
    told = {"now": percent(facts["now"]), "then": percent(facts["then"])}
    return words % {"band": amount(facts["band"]), **told}
