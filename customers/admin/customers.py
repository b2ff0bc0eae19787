"""Customers, and what they were before."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers import models
from customers.admin.base import ADMIN, BigAdmin, ReadOnlyAdmin, ReadOnlyInline, stored_fields
from customers.archiving import archive, restore
from customers.editing import clean_attributes, edit_customer
from customers.recording import record_customer


class CustomerForm(forms.ModelForm):
    def clean_attributes(self):
        values = self.cleaned_data["attributes"] or {}
        if not isinstance(values, dict):
            raise forms.ValidationError(_("Names and values in braces, please."))
        try:
            return clean_attributes(values)
        except forms.ValidationError as error:
            problems = [f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()]
            raise forms.ValidationError(problems) from error


class ExternalIdInline(admin.TabularInline):
    model = models.ExternalId
    extra = 0


class ScoreInline(ReadOnlyInline):
    model = models.CustomerScore
    fields = ["churn_risk", "churn_scored_at", "segment", "segments_scored_at"]
    verbose_name_plural = _("scores")


@admin.register(models.Customer)
class CustomerAdmin(BigAdmin):
    form = CustomerForm
    list_display = ["name", "company", "lifecycle", "owner", "team", "country", "risk", "segment"]
    list_filter = [
        "lifecycle",
        "kind",
        "team",
        "score__segment",
        "profiling_refused",
        "archived_at",
    ]
    list_select_related = ["owner", "team", "score"]
    search_fields = ["name", "company", "email", "=external_ids__external_id"]
    autocomplete_fields = ["owner", "team", "tags"]
    readonly_fields = ["recorded_at", "updated_at"]
    inlines = [ExternalIdInline, ScoreInline]

    @admin.display(description=_("churn risk"), ordering="score__churn_risk")
    def risk(self, customer):
        risk = getattr(getattr(customer, "score", None), "churn_risk", None)
        return None if risk is None else f"{risk:.0%}"

    @admin.display(description=_("segment"), ordering="score__segment")
    def segment(self, customer):
        score = getattr(customer, "score", None)
        return score.get_segment_display() if score else None

    actions = ["archive", "bring_back"]

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # archived, not deleted: what was learnt from a customer stays explainable

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request, queryset):
        for customer in queryset.filter(archived_at=None):
            archive(customer, request.user, ADMIN)

    @admin.action(description=_("Bring back from the archive"), permissions=["change"])
    def bring_back(self, request, queryset):
        for customer in queryset.exclude(archived_at=None):
            restore(customer, request.user, ADMIN)

    def get_changeform_initial_data(self, request):
        return {"lifecycle": models.Customer.Lifecycle.LEAD} | super().get_changeform_initial_data(
            request
        )

    def save_model(self, request, customer, form, change):
        if change:
            edit_customer(customer, stored_fields(form), request.user, ADMIN)
        else:
            record_customer(customer, request.user, ADMIN)


@admin.register(models.CustomerTotals)
class CustomerTotalsAdmin(ReadOnlyAdmin):
    list_display = ["customer", "orders", "returns", "value", "last_order_at", "usual_gap_days"]
    list_select_related = ["customer"]
    search_fields = ["customer__name"]


@admin.register(models.CustomerValue)
class CustomerValueAdmin(ReadOnlyAdmin):
    list_display = ["customer", "field", "value", "valid_from", "recorded_at"]
    list_select_related = ["customer"]
    search_fields = ["customer__name", "=field"]


@admin.register(models.Tag)
class TagAdmin(admin.ModelAdmin):
    search_fields = ["name"]
