"""Who the customers are."""

import datetime

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models.changes import Recorded
from customers.models.overdue import days_overdue
from customers.models.people import Team
from customers.moments import HAPPENED
from customers.order_numbers import written_out
from customers.searching import SPELT, matching, words_of


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=50, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CustomerQuerySet":
        """Customers this user may see and change; the one gate (see customers.access)."""
        return self.filter(visible_customers(user))

    def active(self) -> "CustomerQuerySet":
        return self.filter(archived_at=None)

    def with_scores(self) -> "CustomerQuerySet":
        """Scores, reasons, outlook and stored totals in the same query."""
        return self.select_related("score", "reasons", "outlook", "totals")

    def at_risk(self) -> "CustomerQuerySet":
        return self.filter(score__churn_risk__gte=HIGH_RISK)

    def not_long_gone(self, days: int) -> "CustomerQuerySet":
        """Without those whose last order is more than ``days`` ago, whole days as in the filters of lists: too late
        for a call to change much."""
        first = timezone.localdate() - datetime.timedelta(days=days)
        begins = timezone.make_aware(datetime.datetime.combine(first, datetime.time()))
        return self.exclude(totals__last_order_at__lt=begins)

    def overdue(self) -> "CustomerQuerySet":
        """Those whose next order should have come by now, with the days that it is late as ``overdue``."""
        return self.annotate(overdue=days_overdue()).filter(overdue__gt=0)

    def update(self, **values):
        assert not values.keys() & {*SPELT}, (
            "what a customer is found by goes with the name: save()"
        )
        return super().update(**values)

    def search(self, text: str) -> "CustomerQuerySet":
        """What customers.searching says of name, company, e-mail and phone, or whose external id or order it is;
        an order's number may have been typed in part, or by its digits."""
        text = text.replace("\x00", "").strip()
        if not text:
            return self
        # Asked for first: one condition over both tables would leave the database without an index for either.
        by_id = ExternalId.objects.filter(external_id=text).values_list("customer_id", flat=True)
        orders = apps.get_model("customers", "Order").objects.order_by()
        of_orders = orders.filter(number__in={text, text.upper()} | written_out(text))
        keys = [
            *by_id.order_by().union(of_orders.values_list("customer_id", flat=True))[:MOST_BY_ID]
        ]
        if len(text) >= NUMBER_FROM and any(c.isdecimal() for c in text):
            begun = models.Q(number__startswith=text) | models.Q(number__startswith=text.upper())
            those = orders.filter(begun).values_list("customer_id", flat=True)[: MOST_BY_ID + 1]
            keys += those if len(those) <= MOST_BY_ID else []  # it may still become any number
        found = matching(text)
        return self.filter(found | models.Q(pk__in=keys) if keys else found)


# The same id or number may stand in several sources, not in more than these.
MOST_BY_ID = 100
NUMBER_FROM = 4  # characters of an order's number, while it is typed
# As a second column it would mislead SQLite, which takes rows without a value to be all different.
NOT_ARCHIVED = models.Q(archived_at__isnull=True)
# Where a figure asks a person to act; the risk meter's levels (0 to 34, 35 to 59, 60 and more percent).
MEDIUM_RISK, HIGH_RISK = 0.35, 0.60


class SearchWords(models.TextField):
    """Worked out whenever a customer is stored."""

    def pre_save(self, instance, add):
        words = words_of(*(getattr(instance, name) for name in SPELT))
        setattr(instance, self.attname, words)
        return words


class Customer(Recorded):
    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    class Lifecycle(models.TextChoices):
        LEAD = "lead", _("Lead")
        PROSPECT = "prospect", _("Prospect")
        ACTIVE = "active", _("Active")
        CHURNED = "churned", _("Churned")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    company = models.CharField(_("company"), max_length=200, blank=True)
    lifecycle = models.CharField(
        _("lifecycle"), max_length=10, choices=Lifecycle, default=Lifecycle.ACTIVE
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("team"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
        limit_choices_to={"kind": "organisation"},
        help_text=_("The organisation a person works for, or that owns this one."),
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="customers", verbose_name=_("tags"))
    attributes = models.JSONField(_("custom attributes"), default=dict, blank=True)
    profiling_refused = models.BooleanField(
        _("profiling refused"),
        default=False,
        help_text=_("No scores are computed for this customer."),
    )
    known_since = models.DateTimeField(
        _("customer since"), null=True, blank=True, validators=HAPPENED
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    search_words = SearchWords(default="", blank=True, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["name", "id"], name="customer_name"),
            models.Index(fields=["owner"], name="customer_owner", condition=NOT_ARCHIVED),
            models.Index(fields=["team"], name="customer_team", condition=NOT_ARCHIVED),
            models.Index(fields=["country"], name="customer_country", condition=NOT_ARCHIVED),
            models.Index(fields=["email"], name="customer_email"),
            models.Index(fields=["known_since", "id"], name="customer_since"),
            models.Index(fields=["updated_at", "id"], name="customer_updated"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, update_fields=None, **kwargs) -> None:
        if update_fields is not None and not {*SPELT}.isdisjoint(update_fields):
            update_fields = [*update_fields, "search_words"]
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("customer", args=[self.pk])

    @property
    def initials(self) -> str:
        """Two letters for the avatar: first and last word's, or the last two characters of a Chinese name."""
        words = self.name.split()
        if not words:
            return "?"
        if len(words) == 1 and not words[0].isascii():
            return words[0][-2:]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class ExternalId(models.Model):
    """The id a customer has in another system; a customer may come from several."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="external_ids")
    source = models.CharField(_("source"), max_length=50)
    external_id = models.CharField(_("external id"), max_length=100)

    class Meta:
        verbose_name = _("external id")
        verbose_name_plural = _("external ids")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="one_customer_per_external_id"
            )
        ]
        indexes = [models.Index(fields=["external_id"], name="external_id_alone")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class CustomerValue(models.Model):
    """What a field or custom attribute was, and since when: append-only, so a snapshot uses what was valid then.

    ``field`` is ``lifecycle`` or the custom attribute's name behind ``attribute:``; ``valid_from`` is empty for
    a value that has always been so as far as anybody knows.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="values")
    field = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    valid_from = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("earlier customer value")
        verbose_name_plural = _("earlier customer values")
        indexes = [models.Index(fields=["customer", "field", "valid_from"], name="customer_value")]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"
