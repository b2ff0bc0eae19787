"""``where=``: the conditions that people put together on the list of customers, in the same words."""

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.api.errors import wrong_parameter
from customers.filtering import Fields, check, parse, where
from customers.filtering.tree import Unreadable


def conditions_of(text: str, user) -> Q:
    """As a condition of the database; what the page leaves out and tells of is refused here."""
    fields = Fields(user)
    try:
        group = parse(text)
    except Unreadable as error:
        words = _("This is no filter. A filter reads like all(country:in:SE,value:gte:500).")
        raise wrong_parameter("where", words, "unreadable") from error
    left, problems = check(group, fields)
    if problems:
        raise wrong_parameter("where", " ".join(str(one) for one in problems), "invalid_filter")
    return where(left, fields)
