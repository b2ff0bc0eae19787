"""What the company sells."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models.changes import Recorded


class Product(Recorded):
    sku = models.CharField(_("SKU"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
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
