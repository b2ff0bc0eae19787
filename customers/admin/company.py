"""The company's own settings."""

from django.contrib import admin

from customers import models


@admin.register(models.Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["__str__", "base_currency", "time_zone", "churn_horizon_days"]

    def has_add_permission(self, request) -> bool:
        return not models.Company.objects.exists()

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(models.CustomAttribute)
class CustomAttributeAdmin(admin.ModelAdmin):
    list_display = ["label", "name", "type", "position"]
    list_filter = ["type"]
    search_fields = ["name", "label"]


@admin.register(models.ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):
    list_display = ["currency", "valid_from", "rate"]
    list_filter = ["currency"]
    search_fields = ["=currency"]
