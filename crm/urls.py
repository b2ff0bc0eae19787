"""Where every address begins. Each app lists its own pages; the API stands under /api/v1/."""

from django.contrib import admin
from django.urls import include, path

handler500 = "crm.operations.views.errors.failed"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("customers.api.urls")),
    path("api/v1/", include("insights.api.urls")),
    path("", include("crm.operations.urls")),
    path("", include("insights.urls")),
    path("", include("customers.urls")),
]
