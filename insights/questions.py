"""What each model answers, and the plain rule it must beat, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights.models import Kind

RULES = {
    Kind.CHURN: gettext_lazy("The plain rule: the longer ago the last order, the higher the risk."),
    Kind.SEGMENTS: gettext_lazy(
        "The eight names are the plain rule itself, so that a name means the same next month."
    ),
    Kind.PRODUCTS: gettext_lazy("The plain rule: recommend what sells most at the moment."),
    Kind.VALUE: gettext_lazy(
        "The plain rule: everybody goes on spending as in the last 90 days, and who was silent as the silent do."
    ),
    Kind.SENTIMENT: gettext_lazy(
        "The plain rule: the built-in word lists, which have learnt nothing from your messages."
    ),
    Kind.INTENT: gettext_lazy(
        "The plain rule: the built-in wordings, which have learnt nothing from your messages."
    ),
}


def question(kind: str, days: int) -> str:
    """What the model answers; churn is about so many days, or (0) about who has left at all."""
    leaving = _("Who will not buy again in the next %(days)d days?") % {"days": days}
    questions = {
        Kind.CHURN: leaving if days else _("Which customers will leave?"),
        Kind.SEGMENTS: _("Which customers behave alike?"),
        Kind.PRODUCTS: _("What will each customer buy next?"),
        Kind.VALUE: _("What will each customer spend, and when do they order next?"),
        Kind.SENTIMENT: _("How do customers feel when they write?"),
        Kind.INTENT: _("What do customers want when they write?"),
    }
    return questions[Kind(kind)]
