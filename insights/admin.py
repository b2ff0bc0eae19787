"""Trainings and their versions in the admin site: to read, to search, and to train again."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from insights.models import ModelVersion, TrainingRun
from insights.requesting import request_training


class ReadOnlyAdmin(admin.ModelAdmin):
    """What a machine wrote is not edited by hand."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.action(description=_("Train the models of these rows again"), permissions=["view"])
def retrain(modeladmin, request, queryset):
    kinds = sorted(set(queryset.order_by().values_list("kind", flat=True)))
    runs = [request_training(kind, TrainingRun.Origin.BUTTON, request.user) for kind in kinds]
    if queued := sum(run.is_new for run in runs):
        words = ngettext("%(count)d training is queued.", "%(count)d trainings are queued.", queued)
        messages.success(request, words % {"count": queued})
    for run in runs:
        if not run.is_new:
            words = _("%(model)s is being trained already, or waits for it; nothing was queued.")
            messages.warning(request, words % {"model": run.get_kind_display()})


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    list_display = [
        "id", "kind", "status", "outcome", "origin", "requested_by", "created_at", "ended_at", "version",
    ]  # fmt: skip
    list_filter = ["kind", "status", "outcome", "origin"]
    list_select_related = ["requested_by", "version"]
    search_fields = ["=id", "error"]
    date_hierarchy = "created_at"
    actions = [retrain]


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "kind", "number", "is_champion", "trained_at", "published_at"]
    list_filter = ["kind", "is_champion"]
    search_fields = ["=number", "checksum"]
    date_hierarchy = "trained_at"
    actions = [retrain]
