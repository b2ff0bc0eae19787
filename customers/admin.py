"""The admin site: for admins, to look things up and to keep what has no page of its own.

Orders, browsing, totals and scores are written by imports, the API and the models, so they are read here.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.paginator import Paginator
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from customers import models
from customers.changing import open_change_set, previous_values, record_changes
from customers.editing import clean_attributes, edit_customer, edit_product
from customers.models import ChangeSet
from customers.recording import record_customer, record_interaction, record_task
from customers.signals import announce

ADMIN = ChangeSet.Source.ADMIN


class CappedPaginator(Paginator):
    """Counting millions of rows for a page number nobody turns to would take seconds."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.MOST].count()


class BigAdmin(admin.ModelAdmin):
    """Tables that may hold millions of rows."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50


class ReadOnlyAdmin(BigAdmin):
    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


def stored_fields(form) -> list[str]:
    """Changed fields that stand in the row itself."""
    columns = {f.name for f in form.instance._meta.concrete_fields}
    return [name for name in form.changed_data if name in columns]


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
        self._set_archived(request, queryset.filter(archived_at=None), timezone.now())

    @admin.action(description=_("Bring back from the archive"), permissions=["change"])
    def bring_back(self, request, queryset):
        self._set_archived(request, queryset.exclude(archived_at=None), None)

    def _set_archived(self, request, customers, when) -> None:
        for customer in customers:
            customer.archived_at = when
            edit_customer(customer, ["archived_at"], request.user, ADMIN)

    def save_model(self, request, customer, form, change):
        if change:
            edit_customer(customer, stored_fields(form), request.user, ADMIN)
        else:
            record_customer(customer, request.user, ADMIN)


class RecordedAdmin(BigAdmin):
    """Rows of people: what they were before is kept."""

    def record(self, row, request):
        row.save()

    @transaction.atomic
    def save_model(self, request, row, form, change):
        fields = stored_fields(form)
        if not change:
            self.record(row, request)
        elif fields:
            before = {row.pk: previous_values(row, fields)}
            record_changes(open_change_set(ADMIN, request.user), type(row), before)
            row.save()
        announce([getattr(row, "customer_id", None)])


@admin.register(models.Interaction)
class InteractionAdmin(RecordedAdmin):
    list_display = [
        "occurred_at",
        "customer",
        "channel",
        "direction",
        "rating",
        "subject",
        "author",
    ]
    list_display_links = ["occurred_at", "customer"]
    list_filter = ["channel", "direction", "rating", "language"]
    list_select_related = ["customer", "author"]
    search_fields = ["subject", "text", "customer__name", "=external_id"]
    autocomplete_fields = ["customer", "order", "product", "author"]
    readonly_fields = ["recorded_at"]

    def record(self, row, request):
        record_interaction(row, request.user, ADMIN)


@admin.register(models.Task)
class TaskAdmin(RecordedAdmin):
    list_display = ["title", "customer", "assignee", "due_on", "done_at"]
    list_filter = ["due_on", "done_at", "assignee"]
    list_select_related = ["customer", "assignee"]
    search_fields = ["title", "customer__name"]
    autocomplete_fields = ["customer", "assignee"]
    readonly_fields = ["created_by", "recorded_at"]

    def record(self, row, request):
        record_task(row, request.user, ADMIN)


@admin.register(models.Product)
class ProductAdmin(BigAdmin):
    list_display = ["name", "sku", "category", "price", "currency", "in_stock", "archived_at"]
    list_filter = ["in_stock", "category"]
    search_fields = ["name", "sku", "category"]
    readonly_fields = ["recorded_at", "updated_at"]

    def save_model(self, request, product, form, change):
        if change:
            edit_product(product, stored_fields(form), request.user, ADMIN)
        else:
            product.recorded_in = open_change_set(ADMIN, request.user)
            product.save()


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


@admin.register(models.CustomerScore)
class CustomerScoreAdmin(ReadOnlyAdmin):
    list_display = [
        "customer",
        "churn_risk",
        "churn_reason",
        "churn_scored_at",
        "segment",
        "cluster",
    ]
    list_filter = ["segment"]
    list_select_related = ["customer"]
    search_fields = ["customer__name", "customer__email"]


@admin.register(models.ScoreReasons)
class ScoreReasonsAdmin(ReadOnlyAdmin):
    list_display = ["customer", "churn"]
    list_select_related = ["customer"]
    search_fields = ["customer__name"]


@admin.register(models.Recommendation)
class RecommendationAdmin(ReadOnlyAdmin):
    list_display = ["customer", "rank", "product", "why", "because", "score"]
    list_filter = ["why"]
    list_select_related = ["customer", "product", "because"]
    search_fields = ["customer__name", "product__name"]


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


@admin.register(models.ProductValue)
class ProductValueAdmin(ReadOnlyAdmin):
    list_display = ["product", "field", "value", "valid_from", "recorded_at"]
    list_select_related = ["product"]
    search_fields = ["product__name", "product__sku"]


class ChangeInline(ReadOnlyInline):
    model = models.Change
    fields = ["model", "object_id", "previous"]
    MOST = 100

    def get_queryset(self, request):
        # An import changes thousands of rows; nobody reads them one below the other.
        changes = super().get_queryset(request)
        parent = request.resolver_match.kwargs.get("object_id")
        first = changes.filter(change_set=parent).order_by("pk")[: self.MOST]
        return changes.filter(pk__in=list(first.values_list("pk", flat=True)))


@admin.register(models.ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    list_display = ["at", "source", "actor", "note"]
    list_filter = ["source"]
    list_select_related = ["actor"]
    search_fields = ["note", "actor__username"]
    inlines = [ChangeInline]


@admin.register(models.Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ["name", "shares_customers"]
    list_filter = ["shares_customers"]
    search_fields = ["name"]


@admin.register(models.User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "email", "role", "is_active"]
    list_filter = ["role", "teams", "is_active"]
    autocomplete_fields = ["teams"]
    filter_horizontal: list[str] = []
    readonly_fields = ["last_login", "date_joined"]
    # Rights follow the role, so the groups and permissions of Django are not shown.
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "time_zone"]}),
        (_("Rights"), {"fields": ["role", "teams", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Rights"), {"fields": ["role", "teams"]}),
    ]

    def save_model(self, request, user, form, change):
        if "role" in form.changed_data:
            user.is_superuser = user.role == models.User.Role.ADMIN
        super().save_model(request, user, form, change)


@admin.register(models.Tag)
class TagAdmin(admin.ModelAdmin):
    search_fields = ["name"]


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


admin.site.site_header = admin.site.site_title = _("Perennial administration")
admin.site.index_title = _("Records and settings")
