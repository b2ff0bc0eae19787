"""Products, and what they cost before."""

from django import forms
from django.contrib import admin

from customers import models, product_names
from customers.admin.base import ADMIN, BigAdmin, ReadOnlyAdmin, stored_fields
from customers.changing import open_change_set
from customers.editing import edit_product


class ProductForm(forms.ModelForm):
    def clean_also_called(self) -> str:
        lines = self.cleaned_data["also_called"].replace("\r\n", "\n").split("\n")
        return product_names.as_text(lines)


@admin.register(models.Product)
class ProductAdmin(BigAdmin):
    form = ProductForm
    list_display = ["name", "sku", "category", "price", "currency", "in_stock", "archived_at"]
    list_filter = ["in_stock", "category"]
    search_fields = ["name", "also_called", "sku", "category"]
    readonly_fields = ["recorded_at", "updated_at"]

    def save_model(self, request, product, form, change):
        if change:
            edit_product(product, stored_fields(form), request.user, ADMIN)
        else:
            product.recorded_in = open_change_set(ADMIN, request.user)
            product.save()


@admin.register(models.ProductValue)
class ProductValueAdmin(ReadOnlyAdmin):
    list_display = ["product", "field", "value", "valid_from", "recorded_at"]
    list_select_related = ["product"]
    search_fields = ["product__name", "product__sku"]
