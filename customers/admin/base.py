"""What the lists and forms of several nouns share."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import transaction
from django.utils.functional import cached_property

from customers.changing import open_change_set, previous_values, record_changes
from customers.models import ChangeSet
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


def among(name: str, title, values):
    """A filter by a column whose values are known: the stock one asks a whole table for them. ``values``: a callable
    that returns pairs of value and label."""

    class Among(admin.SimpleListFilter):
        parameter_name = name

        def lookups(self, request, model_admin):
            return list(values())

        def queryset(self, request, queryset):
            return queryset.filter(**{name: self.value()}) if self.value() else queryset

    Among.title = title
    return Among


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
