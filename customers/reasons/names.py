"""What a reason is about, in a word or two: for lists to choose from and for sums over many customers."""

from django.utils.translation import gettext_lazy as _

from customers.reasons.person import ATTRIBUTE

NAMES = {
    "recency": _("Time since the last order"),
    "frequency": _("Number of orders"),
    "rhythm": _("Rhythm of orders"),
    "order_trend": _("Fewer orders than before"),
    "season": _("Time of the year"),
    "spend": _("Money spent"),
    "spend_trend": _("Less spent than before"),
    "price": _("Prices"),
    "breadth": _("Range of products"),
    "returns": _("Returns"),
    "browsing": _("Visits to the shop"),
    "looking": _("Looked without buying"),
    "conversations": _("Conversations"),
    "complaints": _("Complaints"),
    "ratings": _("Ratings"),
    "service": _("Service"),
    "voice": _("What they write"),
    "tenure": _("Time as a customer"),
    "customer_kind": _("Kind of customer"),
    "country": _("Country"),
    "language": _("Language"),
}


def reason_name(code: str, labels: dict[str, str] | None = None) -> str:
    """``labels``: those of custom attributes, by their name."""
    if code.startswith(ATTRIBUTE):
        name = code.removeprefix(ATTRIBUTE)
        return (labels or {}).get(name) or name.replace("_", " ").capitalize()
    return str(NAMES.get(code) or code.replace("_", " ").capitalize())
