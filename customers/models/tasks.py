"""What somebody has promised to do, when, how often, and what came of it."""

import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models.changes import Recorded
from customers.models.customers import Customer

OPEN = Q(done_at=None)
MORNING = datetime.time(9)  # when one is reminded of what has a day and no time


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

    def done(self) -> "TaskQuerySet":
        return self.filter(done_at__isnull=False)

    def done_lately(self, days: int) -> "TaskQuerySet":
        return self.filter(done_at__gt=timezone.now() - datetime.timedelta(days=days))

    def active(self) -> "TaskQuerySet":
        """Without those of archived customers."""
        return self.exclude(customer__archived_at__isnull=False)

    def overdue(self, today: datetime.date) -> "TaskQuerySet":
        return self.open().filter(due_on__lt=today)


class Task(Recorded):
    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        WON_BACK = "won_back", _("Won back")
        LOST = "lost", _("Lost")
        OTHER = "other", _("Something else")

    class Repeat(models.TextChoices):
        DAILY = "daily", _("Days")
        WEEKLY = "weekly", _("Weeks")
        MONTHLY = "monthly", _("Months")

    class Remind(models.IntegerChoices):
        THEN = 0, _("When it is due")
        QUARTER = 15, _("15 minutes before")
        HOUR = 60, _("1 hour before")
        DAY = 24 * 60, _("1 day before")
        WEEK = 7 * 24 * 60, _("1 week before")

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("customer"),
    )
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True, max_length=10_000)
    due_on = models.DateField(_("due"), null=True, blank=True)
    # On the clock of whom it is assigned to.
    due_time = models.TimeField(_("time"), null=True, blank=True)
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
    remind = models.PositiveIntegerField(_("remind"), choices=Remind, null=True, blank=True)
    # The moment that ``remind`` comes to, kept so that an index finds it; and whether it has been said.
    remind_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    repeat = models.CharField(_("repeats every"), max_length=8, choices=Repeat, blank=True)
    repeat_every = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    # The first day of a series: what falls on a 31st does so again after a February.
    repeat_from = models.DateField(null=True, blank=True, editable=False)
    follows = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="next"
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("done by"),
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    outcome_note = models.CharField(_("what came of it"), max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["assignee", "due_on"], condition=OPEN, name="task_open"),
            models.Index(fields=["due_on", "id"], condition=OPEN, name="task_due"),
            models.Index(fields=["due_on", "id"], name="task_by_due"),
            models.Index(fields=["assignee", "done_at"], condition=~OPEN, name="task_done"),
            models.Index(fields=["done_at", "id"], condition=~OPEN, name="task_done_all"),
            models.Index(
                fields=["remind_at"],
                condition=OPEN & Q(reminded_at=None, remind_at__isnull=False),
                name="task_remind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.pk])

    def due_at(self, zone: datetime.tzinfo) -> datetime.datetime | None:
        """When it is due on the clock of ``zone``: at its time, else in the morning."""
        if self.due_on is None:
            return None
        return datetime.datetime.combine(self.due_on, self.due_time or MORNING, zone)

    def set_reminder(self, zone: datetime.tzinfo) -> None:
        """Work out when to remind, on the clock of its assignee; said again only where that moment is another."""
        due, before = self.due_at(zone), self.remind_at
        self.remind_at = None
        if due and self.remind is not None:
            self.remind_at = due.astimezone(datetime.UTC) - datetime.timedelta(minutes=self.remind)
        if self.remind_at != before:
            self.reminded_at = None

    def next_day(self) -> datetime.date | None:
        """The next day of a series: the first one after both its own day and today, counted from where it began."""
        if not self.repeat:
            return None
        first = self.repeat_from or self.due_on or timezone.localdate()
        past, times = max(self.due_on or first, timezone.localdate()), 1
        while (day := first + self.step(times)) <= past:
            times += 1
        return day

    def step(self, times: int) -> relativedelta:
        """So many steps of the series; a month without the day takes its last one."""
        count = times * self.repeat_every
        unit = {"daily": "days", "weekly": "weeks", "monthly": "months"}[self.repeat]
        return relativedelta(**{unit: count})
