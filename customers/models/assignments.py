"""Who has taken on which message."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.interactions import Interaction


class MessageAssignment(models.Model):
    """One colleague at most looks after a message; a row without one was handed back."""

    interaction = models.OneToOneField(
        Interaction, models.CASCADE, primary_key=True, related_name="assignment"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="assigned_messages",
        verbose_name=_("assigned to"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.assignee or '–'}"

    @property
    def customer_id(self) -> int | None:
        return self.interaction.customer_id
