"""What somebody is told of: in the product, by e-mail, or both."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models.customers import Customer
from customers.models.interactions import Interaction
from customers.models.tasks import Task


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user) -> "NotificationQuerySet":
        """One's own, as long as one may see the customer they are about."""
        # "Or everything", as it is for admins, would be no condition beside the other.
        seen = Q(customer__isnull=False) & visible_customers(user, "customer__")
        seen |= Q(customer=None)
        return self.filter(seen, user=user.pk, in_app=True)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """Codes and facts, never sentences: they are made in the reader's language when they are read."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("A task was assigned to me")
        REMINDER = "reminder", _("A task is due")
        MENTION = "mention", _("Somebody mentioned me")
        GIVEN = "given", _("A customer was given to me")
        HANDED = "handed", _("A message was handed to me to answer")
        RISK = "risk", _("The risk of one of my customers rose much")
        COMPLAINT = "complaint", _("One of my customers complained")
        FOLLOWED = "followed", _("Something happened to a customer I follow")

    class Mail(models.TextChoices):
        NONE = "none"
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    # The same thing is said once, however often and by how many processes it is noticed.
    key = models.CharField(max_length=80)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="+")
    interaction = models.ForeignKey(Interaction, models.CASCADE, null=True, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    in_app = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=7, choices=Mail, default=Mail.NONE)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_after = models.DateTimeField(null=True)  # whoever sends it has it to himself until then

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="one_notification_of_each")
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_of"),
            models.Index(fields=["at"], name="notification_at"),
            models.Index(
                fields=["user"], condition=Q(read_at=None, in_app=True), name="notification_unread"
            ),
            models.Index(
                fields=["mail_after"], condition=Q(mail="waiting"), name="notification_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.key}"

    @property
    def was_heard(self) -> bool:
        """Whether it was read, or sent by e-mail, or somebody is just sending it."""
        being_sent = self.mail == self.Mail.WAITING and self.mail_after > timezone.now()
        return bool(self.read_at) or self.mail == self.Mail.SENT or being_sent
