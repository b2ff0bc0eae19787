"""Orders and browsing: written by imports and the API, read here."""

from django.contrib import admin

from customers import models
from customers.admin.base import ReadOnlyAdmin, ReadOnlyInline


class OrderLineInline(ReadOnlyInline):
    model = models.OrderLine
    fields = ["position", "product", "description", "quantity", "unit_price", "amount"]


@admin.register(models.Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "source", "kind", "customer", "occurred_at", "amount", "currency"]
    list_filter = ["kind", "currency", "source"]
    list_select_related = ["customer"]
    search_fields = ["=number", "customer__name"]
    inlines = [OrderLineInline]


@admin.register(models.Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "customer", "kind", "subject", "product", "seconds"]
    list_filter = ["kind"]
    list_select_related = ["customer", "product"]
    search_fields = ["customer__name"]
