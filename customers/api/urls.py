from csp.constants import NONCE, SELF
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from customers.api import views
from customers.api.schema import ByFormat
from customers.api.views.documentation import DocumentationView

router = SimpleRouter()
router.register("customers", views.CustomerViewSet, "api-customer")
router.register("products", views.ProductViewSet, "api-product")
router.register("orders", views.OrderViewSet, "api-order")
router.register("interactions", views.InteractionViewSet, "api-interaction")
router.register("tasks", views.TaskViewSet, "api-task")
router.register("concerns", views.ConcernViewSet, "api-concern")
router.register("events", views.EventViewSet, "api-event")
router.register("deletions", views.DeletionViewSet, "api-deletion")
router.register("scores", views.ScoreViewSet, "api-score")
router.register("reasons", views.ReasonsViewSet, "api-reasons")
router.register("recommendations", views.RecommendationViewSet, "api-recommendation")
router.register("attributes", views.AttributeViewSet, "api-attribute")
router.register("tags", views.TagViewSet, "api-tag")
router.register("teams", views.TeamViewSet, "api-team")
router.register("users", views.UserViewSet, "api-user")
router.register("exchange-rates", views.ExchangeRateViewSet, "api-exchange-rate")
router.register("tokens", views.TokenViewSet, "api-personal-token")

# The page's one script and its few styles stand in it: they, and no others, carry this answer's nonce.
ITS_OWN = {"script-src": [SELF, NONCE], "style-src": [SELF, NONCE]}

BULK = {
    "customer": views.CustomersInBulk,
    "product": views.ProductsInBulk,
    "order": views.OrdersInBulk,
    "interaction": views.InteractionsInBulk,
}

KEYED = {
    "customers/by-external-id/<str:source>/<path:external_id>/": (
        views.CustomerByExternalId, "api-customer-keyed",
    ),
    "products/by-sku/<path:sku>/": (views.ProductBySku, "api-product-keyed"),
    "orders/by-number/<str:source>/<path:number>/": (views.OrderByNumber, "api-order-keyed"),
    "interactions/by-external-id/<str:source>/<path:external_id>/": (
        views.InteractionByExternalId, "api-interaction-keyed",
    ),
}  # fmt: skip

urlpatterns = [
    *(
        path(
            address,
            view.as_view(
                {"get": "retrieve", "put": "update"}, basename=name.removesuffix("-keyed")
            ),
            name=name,
        )
        for address, (view, name) in KEYED.items()
    ),
    *(
        path(f"{name}s/bulk/", view.as_view({"post": "create"}), name=f"api-{name}-bulk")
        for name, view in BULK.items()
    ),
    path("company/", views.CompanyView.as_view({"get": "retrieve"}), name="api-company"),
    path("token/", login_not_required(views.TokenView.as_view()), name="api-token"),
    path(
        "schema/", SpectacularAPIView.as_view(content_negotiation_class=ByFormat), name="api-schema"
    ),
    path("docs/", csp_update(ITS_OWN)(DocumentationView.as_view()), name="api-docs"),
    *router.urls,
]
