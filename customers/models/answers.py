"""What was answered to a request that carried a key, so that the same request sent again is not done again."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = datetime.timedelta(hours=24)


class KeyedAnswerQuerySet(models.QuerySet):
    def outdated(self) -> "KeyedAnswerQuerySet":
        return self.filter(created_at__lt=timezone.now() - KEPT)

    def forget_outdated(self, most: int = 2000) -> None:
        """Some at a time: whoever else writes waits for no long delete."""
        some = self.outdated().order_by("created_at").values_list("pk", flat=True)[:most]
        self.filter(pk__in=list(some)).delete()


class KeyedAnswer(models.Model):
    """Written in the transaction that did the work: there is no answer without the work, nor work without it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    objects = KeyedAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("keyed answer")
        verbose_name_plural = _("keyed answers")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key_and_person")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_outdated(self) -> bool:
        return self.created_at < timezone.now() - KEPT
