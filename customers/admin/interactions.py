"""What was said, and what is to be done."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers import models
from customers.admin.base import ADMIN, RecordedAdmin, among
from customers.recording import record_interaction, record_task


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
    list_filter = [
        "channel",
        "direction",
        among("rating", _("rating"), lambda: [(n, str(n)) for n in range(1, 6)]),
        among("language", _("language"), lambda: settings.LANGUAGES),
    ]
    list_select_related = ["customer", "author"]
    # As they came in: by their own time no index goes over everybody's.
    ordering = ["-pk"]
    sortable_by: list[str] = []
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
    # What other columns follow from is changed on the pages.
    exclude = ["remind", "repeat", "repeat_every"]

    def record(self, row, request):
        record_task(row, request.user, ADMIN)
