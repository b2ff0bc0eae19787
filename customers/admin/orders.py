"""Orders and browsing: written by imports and the API, read here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers import models
from customers.admin.base import ReadOnlyAdmin, ReadOnlyInline, among


def currencies():
    known = set(models.ExchangeRate.objects.order_by().values_list("currency", flat=True))
    return [(code, code) for code in sorted(known | {models.Company.current().base_currency})]


def kinds():
    event = models.Event
    return [(kind, kind) for kind in (event.PAGE, event.PRODUCT_VIEW, event.SEARCH, event.CART)]


class OrderLineInline(ReadOnlyInline):
    model = models.OrderLine
    fields = ["position", "product", "description", "quantity", "unit_price", "amount"]


@admin.register(models.Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "source", "kind", "customer", "occurred_at", "amount", "currency"]
    list_filter = ["kind", among("currency", _("currency"), currencies)]
    list_select_related = ["customer"]
    sortable_by = ["occurred_at"]
    search_fields = ["=number", "customer__name"]
    inlines = [OrderLineInline]


@admin.register(models.Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "customer", "kind", "subject", "product", "seconds"]
    list_filter = [among("kind", _("kind"), kinds)]
    list_select_related = ["customer", "product"]
    # As they came in: by their own time no index goes over everybody's.
    ordering = ["-pk"]
    sortable_by: list[str] = []
    search_fields = ["customer__name"]
