"""What the models say: read here, written by nobody but them."""

from django.contrib import admin

from customers import models
from customers.admin.base import ReadOnlyAdmin


@admin.register(models.CustomerScore)
class CustomerScoreAdmin(ReadOnlyAdmin):
    list_display = [
        "customer",
        "churn_risk",
        "churn_reason",
        "churn_scored_at",
        "segment",
        "cluster",
        "expected_value",
    ]
    list_filter = ["segment"]
    list_select_related = ["customer"]
    search_fields = ["customer__name", "customer__email"]


@admin.register(models.ScoreReasons)
class ScoreReasonsAdmin(ReadOnlyAdmin):
    list_display = ["customer", "churn"]
    list_select_related = ["customer"]
    search_fields = ["customer__name"]


@admin.register(models.Outlook)
class OutlookAdmin(ReadOnlyAdmin):
    list_display = [
        "customer",
        "spend_90",
        "spend_365_low",
        "spend_365_high",
        "stays_365",
        "next_on",
        "within_30",
    ]
    list_select_related = ["customer"]
    search_fields = ["customer__name"]


@admin.register(models.Recommendation)
class RecommendationAdmin(ReadOnlyAdmin):
    list_display = ["customer", "rank", "product", "why", "because", "score"]
    list_filter = ["why"]
    list_select_related = ["customer", "product", "because"]
    search_fields = ["customer__name", "product__name"]
