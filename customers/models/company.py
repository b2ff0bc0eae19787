"""The one company of this installation: its settings, its custom attributes, its exchange rates."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.moments import zone_of


class Company(models.Model):
    """A single row; read it with :meth:`current`."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    base_currency = models.CharField(_("base currency"), max_length=3, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    churn_horizon_days = models.PositiveSmallIntegerField(
        _("churn horizon in days"),
        default=90,
        help_text=_("A customer counts as leaving who will not buy within this many days."),
    )
    churn_label_attribute = models.CharField(
        _("churn label attribute"),
        max_length=100,
        blank=True,
        help_text=_("Name of a custom attribute that says who has left. Empty: learn from orders."),
    )
    churn_label_value = models.CharField(_("value that means left"), max_length=100, blank=True)
    # Columns that look as if they gave the outcome away, which an admin knows to be known before customers leave.
    churn_confirmed_columns = models.JSONField(default=list, editable=False)
    # Of the risks on the pages now, which another setting does not change: 0 where they say who has left at all,
    # null where nothing is published.
    published_horizon_days = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_company")]

    def __str__(self) -> str:
        return self.name or str(_("Company"))

    def clean(self):
        if self.churn_label_attribute and not self.churn_label_value.strip():
            words = _("Say which value of this attribute means that a customer has left.")
            raise ValidationError({"churn_label_value": words})

    @property
    def risk_days(self) -> int:
        """Within how many days the customers at risk are expected to leave; 0 where that has no date."""
        if self.published_horizon_days is not None:
            return self.published_horizon_days
        return 0 if self.churn_label_attribute else self.churn_horizon_days

    @classmethod
    def current(cls) -> "Company":
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def zone(self) -> datetime.tzinfo:
        return zone_of(self.time_zone) or datetime.UTC


class CustomAttribute(models.Model):
    """What a company wants to know of its customers beyond the built-in fields, with a type."""

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")

    name = models.SlugField(_("name"), max_length=100, unique=True)
    label = models.CharField(_("label"), max_length=100)
    type = models.CharField(_("type"), max_length=10, choices=Type, default=Type.TEXT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("Of the type “Choice”: one on each line.")
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "label"]
        verbose_name = _("custom attribute")
        verbose_name_plural = _("custom attributes")

    def __str__(self) -> str:
        return self.label

    @property
    def options(self) -> list[str]:
        """What a person chooses from; none where the company has not said."""
        lines = (line.strip() for line in self.choices.splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class ExchangeRate(models.Model):
    """One unit of ``currency`` in base currency, from ``valid_from`` until the next row."""

    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateField(_("valid from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["currency", "-valid_from"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="one_rate_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from:%Y-%m-%d}: {self.rate.normalize():f}"
