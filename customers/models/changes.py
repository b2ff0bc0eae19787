"""Who changed what, from where and when: history and undo read it, every write path fills it.

What a change set created carries its id in ``recorded_in``; what it changed has its previous values in
:class:`Change`, one row per object. So a bulk import of a million events costs one row here.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeSet(models.Model):
    class Source(models.TextChoices):
        PAGE = "page", _("Page")
        API = "api", _("API")
        IMPORT = "import", _("Import")
        ADMIN = "admin", _("Admin site")
        DEMO = "demo", _("Demo data")
        SYSTEM = "system", _("System")

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    source = models.CharField(_("from"), max_length=10, choices=Source)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.at:%Y-%m-%d %H:%M}"


class Change(models.Model):
    """The values an object had before a change set touched it."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes")
    model = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    previous = models.JSONField()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(fields=["model", "object_id", "-id"], name="change_of_object")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class Recorded(models.Model):
    """Facts know when, and by which change set, they were recorded."""

    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_in = models.ForeignKey(
        ChangeSet,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded in"),
    )

    class Meta:
        abstract = True
