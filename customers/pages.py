"""The pages of the product in their order: for the navigation, the palette and the help about keys."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from customers.models import User

EVERYBODY = frozenset(User.Role)
MANAGERS = frozenset({User.Role.MANAGER, User.Role.ADMIN})
ADMINS = frozenset({User.Role.ADMIN})
ANALYSIS, ADMINISTRATION = _("Analysis"), _("Administration")


@dataclass(frozen=True)
class Page:
    """``key``: after ``g``, where it is opened without the mouse; ``group``: the heading it stands under."""

    name: str
    words: Any
    icon: str
    key: str = ""
    roles: frozenset[str] = EVERYBODY
    group: Any = ""

    @property
    def url(self) -> str:
        """Empty where another app that makes it is not installed."""
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


PAGES = (
    Page("home", _("Home"), "home", "h"),
    Page("customers", _("Customers"), "users", "c"),
    Page("tasks", _("Tasks"), "checkbox", "t"),
    Page("orders", _("Orders"), "shopping-bag", "o"),
    Page("interactions", _("Conversations"), "message-2", "i"),
    Page("voice", _("Voice"), "messages", "v", group=ANALYSIS),
    Page("churn", _("Churn"), "trending-down", "r", group=ANALYSIS),
    Page("team", _("Team"), "chart-bar", "e", group=ANALYSIS),
    Page("segments", _("Segments"), "chart-pie-2", "s", MANAGERS, ANALYSIS),
    Page("products", _("Products"), "package", "p", group=ANALYSIS),
    Page("models", _("Models"), "flask", "m", MANAGERS, ANALYSIS),
    Page("settings", _("Settings"), "settings", ",", ADMINS, ADMINISTRATION),
    Page("system", _("System"), "activity", "y", ADMINS, ADMINISTRATION),
)


def pages_for(user) -> list[Page]:
    """Those this person may open."""
    return [page for page in PAGES if user.role in page.roles and page.url]
