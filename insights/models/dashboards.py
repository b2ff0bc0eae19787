"""What the dashboards of churn and of teams add up, stored so that a page reads a few thousand rows of sums."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models import Customer, Team


class PerOwnerQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PerOwnerQuerySet":
        """The gate of customers.access itself: each row stands for customers of one owner and one team."""
        return self.filter(visible_customers(user))


class PerOwner(models.Model):
    """Sums over the customers of one owner in one team; either may be nobody."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+", db_index=False)
    customers = models.PositiveIntegerField()

    objects = PerOwnerQuerySet.as_manager()

    class Meta:
        abstract = True


class ChurnTotals(PerOwner):
    """How the churn risk is spread, in twentieths (0: under 5 %), with the money behind it.

    ``reason`` is the code of what did most, for those at high risk; others have none. ``expected`` is what the value
    model expects of them in 12 months.
    """

    STEPS = 20

    step = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=120, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    expected = models.DecimalField(max_digits=18, decimal_places=2)
    risk_sum = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["owner", "team"], name="churn_totals_of")]

    def __str__(self) -> str:
        return f"{self.step} {self.reason} {self.customers}"


class CohortTotals(PerOwner):
    """How many of those who first ordered in ``cohort`` ordered in ``month`` (months of UTC, by their first day)."""

    cohort = models.DateField()
    month = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["owner", "team"], name="cohort_totals_of")]

    def __str__(self) -> str:
        return f"{self.cohort:%Y-%m} {self.month:%Y-%m} {self.customers}"


class RescueQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RescueQuerySet":
        return self.filter(visible_customers(user, "customer__"))


class Rescue(models.Model):
    """A customer at high risk, as published the day before at the latest, ordered again; ``owner`` as it was then."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    day = models.DateField(_("day"))
    risk_before = models.FloatField(_("churn risk before"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)

    objects = RescueQuerySet.as_manager()

    class Meta:
        verbose_name = _("rescued customer")
        verbose_name_plural = _("rescued customers")
        constraints = [models.UniqueConstraint(fields=["customer", "day"], name="one_rescue_a_day")]
        indexes = [models.Index(fields=["owner", "day"], name="rescue_of")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"


class PersonDay(models.Model):
    """What one person did on one day (UTC) for the customers of one team, ``owned`` by somebody or not.

    Hours are sums, from a message of a customer to the first answer to it; ``answered`` is how many of these.
    """

    FIGURES = (
        "talks", "calls", "tasks", "tasks_in_time", "answered", "answer_hours", "complaints", "complaint_hours",
        "rescued", "rescued_value",
    )  # fmt: skip

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+", db_index=False)
    owned = models.BooleanField(default=False)
    talks = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    tasks = models.PositiveIntegerField(default=0)
    tasks_in_time = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    answer_hours = models.FloatField(default=0)
    complaints = models.PositiveIntegerField(default=0)
    complaint_hours = models.FloatField(default=0)
    rescued = models.PositiveIntegerField(default=0)
    rescued_value = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        indexes = [models.Index(fields=["day", "person"], name="person_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"
