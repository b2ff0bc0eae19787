"""Lists that people keep: a filter with its columns and order, under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models.changes import Recorded
from customers.models.people import Team, User


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SavedViewQuerySet":
        """One's own, those of one's teams (of all teams for admins) and those for everyone. Each shows its reader no
        more customers than any other list."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        kept = self.filter(deleted_at=None)
        shared = Q(audience=SavedView.Audience.EVERYONE)
        if user.is_admin:
            shared |= Q(audience=SavedView.Audience.TEAM)
        else:
            shared |= Q(audience=SavedView.Audience.TEAM, team__in=user.teams.all())
        return kept.filter(Q(owner=user) | shared)

    def changeable_by(self, user) -> "SavedViewQuerySet":
        """One's own; what is shared with a team also for its managers; what is shared at all for admins."""
        mine = Q(owner=user)
        if user.is_admin:
            mine |= ~Q(audience=SavedView.Audience.PRIVATE)
        elif user.is_manager:
            mine |= Q(audience=SavedView.Audience.TEAM, team__in=user.teams.all())
        return self.visible_to(user).filter(mine)


class SavedView(Recorded):
    """``filter`` of a list of customers is a tree of conditions, of the other lists the values by the filter's name."""

    class Page(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        ORDERS = "orders", _("Orders")
        INTERACTIONS = "interactions", _("Conversations")

    class Audience(models.TextChoices):
        PRIVATE = "private", _("Only me")
        TEAM = "team", _("A team")
        EVERYONE = "everyone", _("Everyone")

    page = models.CharField(
        _("list"), max_length=12, choices=Page, default=Page.CUSTOMERS, editable=False
    )
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="saved_views",
        verbose_name=_("owner"),
    )
    audience = models.CharField(
        _("who sees it"), max_length=8, choices=Audience, default=Audience.PRIVATE
    )
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
        verbose_name=_("team"),
    )
    default_for = models.CharField(_("first page of"), max_length=10, choices=User.Role, blank=True)
    search = models.CharField(_("search"), max_length=200, blank=True)
    filter = models.JSONField(_("filter"), default=dict, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    sort = models.CharField(_("order"), max_length=20, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | ~Q(audience="team"),
                name="team_view_names_its_team",
            ),
            models.UniqueConstraint(
                fields=["default_for"],
                condition=~Q(default_for="") & Q(deleted_at=None),
                name="one_first_page_per_role",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        if self.page == self.Page.CUSTOMERS:
            return reverse("view", args=[self.pk])
        return f"{reverse(self.page)}?view={self.pk}"
