"""What the API takes and gives. Fields are named one by one; customers are looked up among the visible ones."""

from customers.api.serializers.alike import AlikeQuery, AlikeSerializer
from customers.api.serializers.customers import CustomerSerializer
from customers.api.serializers.events import EventSerializer
from customers.api.serializers.interactions import InteractionSerializer
from customers.api.serializers.orders import OrderSerializer
from customers.api.serializers.products import ProductSerializer
from customers.api.serializers.readings import (
    AssignmentSerializer,
    CorrectionSerializer,
    ReadingSerializer,
)
from customers.api.serializers.scores import (
    ReasonsSerializer,
    RecommendationSerializer,
    ScoreSerializer,
)

__all__ = [
    "AlikeQuery",
    "AlikeSerializer",
    "CustomerSerializer",
    "ProductSerializer",
    "OrderSerializer",
    "InteractionSerializer",
    "EventSerializer",
    "ReadingSerializer",
    "AssignmentSerializer",
    "CorrectionSerializer",
    "ScoreSerializer",
    "ReasonsSerializer",
    "RecommendationSerializer",
]
