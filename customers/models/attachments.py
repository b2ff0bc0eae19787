"""Files that belong to something written down about a customer. They lie outside of what the web serves."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models.changes import Recorded
from customers.models.interactions import Interaction


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AttachmentQuerySet":
        return self.filter(visible_customers(user, "interaction__customer__"))


class Attachment(Recorded):
    """``kind`` is the type its content has, whatever its name or the browser says."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.pk])

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "attachments" / self.key.hex[:2] / self.key.hex


@receiver(post_delete, sender=Attachment)
def remove_file(sender, instance: Attachment, **kwargs) -> None:
    """Who is erased, or takes a note back, leaves no file behind."""
    path = instance.path
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
