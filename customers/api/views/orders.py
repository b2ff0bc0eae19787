"""Orders are added and read."""

from customers.api import filters
from customers.api.pagination import BY_ID, OCCURRED
from customers.api.permissions import ADD_FACTS
from customers.api.serializers import (
    OrderSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.models import (
    Order,
    OrderLine,
)
from customers.recording import record_order


class OrderViewSet(CreateListRetrieve):
    serializer_class = OrderSerializer
    post_scopes = ADD_FACTS
    orderings = BY_ID | {"occurred_at": OCCURRED}
    filterset_class = filters.OrderFilter
    queryset = Order.objects.none()

    def get_queryset(self):
        return Order.objects.visible_to(self.request.user).prefetch_related("lines__product")

    def perform_create(self, serializer) -> None:
        data = dict(serializer.validated_data)
        lines = [OrderLine(**line) for line in data.pop("lines", [])]
        order = record_order(Order(**data), lines, self.request.user, API)
        serializer.instance = self.get_queryset().get(pk=order.pk)
