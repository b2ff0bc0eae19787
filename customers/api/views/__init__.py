"""Read and write records. Every object goes through visible_to; a foreign id is 404."""

from customers.api.bulk.views import (
    CustomersInBulk,
    InteractionsInBulk,
    OrdersInBulk,
    ProductsInBulk,
)
from customers.api.views.company import (
    AttributeViewSet,
    CompanyView,
    ExchangeRateViewSet,
    TagViewSet,
    TeamViewSet,
    UserViewSet,
)
from customers.api.views.concerns import ConcernViewSet
from customers.api.views.customers import CustomerViewSet
from customers.api.views.deletions import DeletionViewSet
from customers.api.views.events import EventViewSet
from customers.api.views.interactions import InteractionViewSet
from customers.api.views.keyed import (
    CustomerByExternalId,
    InteractionByExternalId,
    OrderByNumber,
    ProductBySku,
)
from customers.api.views.orders import OrderViewSet
from customers.api.views.products import ProductViewSet
from customers.api.views.scores import ReasonsViewSet, RecommendationViewSet, ScoreViewSet
from customers.api.views.tasks import TaskViewSet
from customers.api.views.tokens import TokenView, TokenViewSet

__all__ = [
    "CustomerByExternalId",
    "ProductBySku",
    "OrderByNumber",
    "InteractionByExternalId",
    "CustomersInBulk",
    "ProductsInBulk",
    "OrdersInBulk",
    "InteractionsInBulk",
    "ConcernViewSet",
    "CustomerViewSet",
    "ProductViewSet",
    "OrderViewSet",
    "InteractionViewSet",
    "EventViewSet",
    "DeletionViewSet",
    "ScoreViewSet",
    "ReasonsViewSet",
    "RecommendationViewSet",
    "TaskViewSet",
    "TokenView",
    "TokenViewSet",
    "AttributeViewSet",
    "CompanyView",
    "ExchangeRateViewSet",
    "TagViewSet",
    "TeamViewSet",
    "UserViewSet",
]
