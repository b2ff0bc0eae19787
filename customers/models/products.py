"""What the company sells."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models.changes import Recorded
from customers.product_names import as_lines


class Product(Recorded):
    sku = models.CharField(_("SKU"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    also_called = models.TextField(
        _("also called"),
        blank=True,
        help_text=_(
            "Other names, one a line, such as the one in another language. "
            "Messages that say one of them are about this product."
        ),
    )
    category = models.CharField(_("category"), max_length=100, blank=True)
    description = models.TextField(_("description"), blank=True)
    price = models.DecimalField(
        _("price"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    in_stock = models.BooleanField(_("in stock"), default=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["name", "id"], name="product_name"),
            models.Index(fields=["category"], name="product_category"),
            models.Index(fields=["updated_at", "id"], name="product_updated"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])

    @property
    def other_names(self) -> list[str]:
        return as_lines(self.also_called)


class ProductValue(models.Model):
    """Price and stock as they were, and since when; append-only."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="values")
    field = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    valid_from = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("earlier product value")
        verbose_name_plural = _("earlier product values")
        indexes = [models.Index(fields=["product", "field", "valid_from"], name="product_value")]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"


class ProductSum(models.Model):
    """What of a product was sold and said in the last ``DAYS`` days, to and by the customers of one owner and team:
    so that a list of products adds up what its reader may see. Made anew every hour or night."""

    DAYS = 90

    product = models.ForeignKey(Product, models.CASCADE, related_name="sums", db_index=False)
    team = models.ForeignKey("Team", models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    sold = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    returned = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    messages = models.PositiveIntegerField(default=0)
    negative = models.PositiveIntegerField(default=0)
    buyers = models.PositiveIntegerField(default=0)  # customers of the last twelve months

    class Meta:
        verbose_name = verbose_name_plural = _("sums of a product")
        indexes = [models.Index(fields=["product", "team", "owner"], name="product_sum")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.sold}"


class ProductMonth(models.Model):
    """What of a product was sold in one calendar month (UTC) to the customers of one owner and team, of the last twelve
    months. Made anew every hour or night."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="months", db_index=False)
    team = models.ForeignKey("Team", models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    month = models.DateField()
    orders = models.PositiveIntegerField()
    units = models.DecimalField(max_digits=16, decimal_places=3)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    returned = models.DecimalField(max_digits=16, decimal_places=3)

    class Meta:
        verbose_name = verbose_name_plural = _("months of a product")
        indexes = [models.Index(fields=["product", "month"], name="product_month")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.month:%Y-%m}: {self.units}"


class ProductBuyer(models.Model):
    """Who of the customers of one owner and team bought a product most often in the last twelve months; the first
    ``MOST`` of each. Made anew every hour or night."""

    MOST = 10

    product = models.ForeignKey(Product, models.CASCADE, related_name="buyers")
    customer = models.ForeignKey("Customer", models.CASCADE, related_name="+")
    bought = models.PositiveIntegerField()  # orders
    units = models.DecimalField(max_digits=16, decimal_places=3)
    spent = models.DecimalField(max_digits=16, decimal_places=2)
    last = models.DateTimeField()

    class Meta:
        verbose_name = _("buyer of a product")
        verbose_name_plural = _("buyers of a product")

    def __str__(self) -> str:
        return f"{self.product_id} {self.customer_id}: {self.bought}"
