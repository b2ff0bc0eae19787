"""The people who work with the product, and the teams that divide the company."""

import re

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

HAN = re.compile(r"[\u4e00-\u9fff]")


class Team(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    shares_customers = models.BooleanField(
        _("shares customers"),
        default=False,
        help_text=_("Sales staff of this team see each other's customers."),
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    class Role(models.TextChoices):
        SALES = "sales", _("Sales")
        MANAGER = "manager", _("Manager")
        ADMIN = "admin", _("Admin")

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    OF_ROLE = ("is_superuser", "is_staff")

    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SALES)
    teams = models.ManyToManyField(
        Team, related_name="members", blank=True, verbose_name=_("teams")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    # Kind of notification -> how one is told of it ("app", "email"); what is not there is told as usual.
    told = models.JSONField(default=dict, blank=True, editable=False)
    # Of the secret address of one's calendar feed; the address itself is shown once and kept nowhere.
    calendar_digest = models.CharField(max_length=64, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta(AbstractUser.Meta):
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar_digest"],
                condition=~models.Q(calendar_digest=""),
                name="one_calendar_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Given name first, or, of a Chinese name, the family name first and no space."""
        if HAN.search(self.last_name):
            return f"{self.last_name}{self.first_name}".strip()
        return super().get_full_name()

    def save(self, *args, **kwargs) -> None:
        # The Django admin site is for admins, and only for them.
        self.is_superuser = self.is_superuser or self.role == self.Role.ADMIN
        if self.is_superuser:
            self.role = self.Role.ADMIN
        self.is_staff = self.is_superuser
        super().save(*args, **kwargs)

    def take_rights_of_role(self) -> None:
        """Of a role that was chosen: it decides, whatever the person might do before."""
        self.is_superuser = self.is_staff = self.is_admin

    @property
    def is_manager(self) -> bool:
        return self.role == self.Role.MANAGER

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @property
    def initials(self) -> str:
        if HAN.search(self.last_name):
            return self.get_full_name()[-2:]
        names = [n for n in (self.first_name, self.last_name) if n] or [self.username]
        return "".join(n[0] for n in names).upper()
