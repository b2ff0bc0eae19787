"""What was deleted, for systems that keep a copy: which record it was, and nothing of what it said."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers


class DeletionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeletionQuerySet":
        """Those of records this user would see: products, and what was theirs to see when it went."""
        if user.is_admin:
            return self.all()
        return self.filter(Q(kind=Deletion.Kind.PRODUCT) | visible_customers(user))

    def forget_old(self, most: int = 2000) -> None:
        """Some at a time: whoever else writes waits for no long delete."""
        some = self.filter(deleted_at__lt=kept_since()).order_by("deleted_at", "pk")
        self.filter(pk__in=list(some.values_list("pk", flat=True)[:most]))._raw_delete(self.db)


class Deletion(models.Model):
    """Written by the database itself (see customers.deletions). Owner and team are those of the customer."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        PRODUCT = "product", _("Product")
        ORDER = "order", _("Order")
        INTERACTION = "interaction", _("Interaction")

    kind = models.CharField(max_length=11, choices=Kind)
    object_id = models.BigIntegerField()
    source = models.CharField(max_length=50)
    key = models.CharField(max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    team = models.ForeignKey(
        "Team", models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    deleted_at = models.DateTimeField()

    objects = DeletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")
        indexes = [models.Index(fields=["deleted_at", "id"], name="deletion_when")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


def kept_since() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=settings.DELETIONS_DAYS)
