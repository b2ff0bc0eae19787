"""Who changed what."""

from django.contrib import admin

from customers import models
from customers.admin.base import ReadOnlyAdmin, ReadOnlyInline


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
