"""What somebody has promised to do."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models.changes import Recorded
from customers.models.customers import Customer


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TaskQuerySet":
        """Tasks of visible customers, and one's own that belong to no customer."""
        mine = Q(assignee=user.pk) | Q(created_by=user.pk)
        return self.filter(
            visible_customers(user, "customer__") & Q(customer__isnull=False)
            | Q(customer=None) & mine
        )

    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)


class Task(Recorded):
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("customer"),
    )
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("assigned to"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["assignee", "due_on"], condition=Q(done_at=None), name="task_open")
        ]

    def __str__(self) -> str:
        return self.title
