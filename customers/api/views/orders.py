"""Orders are added and read."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api import filters
from customers.api.bulk import examples
from customers.api.bulk.answers import also
from customers.api.bulk.orders import NewOrders, OrderRowSerializer
from customers.api.bulk.taking import take_in
from customers.api.conditions import etag_of
from customers.api.door import address_of
from customers.api.pagination import BY_ID, FOLLOWED, OCCURRED, UPDATED
from customers.api.permissions import ADD_FACTS
from customers.api.serializers import (
    OrderSerializer,
)
from customers.api.views.base import CreateListRetrieve
from customers.models import (
    Order,
)


class OrderViewSet(CreateListRetrieve):
    serializer_class = OrderSerializer
    post_scopes = ADD_FACTS
    orderings = BY_ID | {"occurred_at": OCCURRED, "updated_at": UPDATED}
    followed = FOLLOWED
    filterset_class = filters.OrderFilter
    queryset = Order.objects.none()

    def get_queryset(self):
        return Order.objects.visible_to(self.request.user).prefetch_related("lines__product")

    @extend_schema(
        request=OrderRowSerializer,
        responses={201: OrderSerializer},
        examples=also({"An order": examples.ORDER} | examples.ORDERS),
    )
    def create(self, request, *args, **kwargs) -> Response:
        """By the rules of the many, so that POST, PUT and bulk judge an order alike."""
        batch = take_in(NewOrders(request.user), [request.data], atomic=False)
        if batch.errors:
            raise batch.refused_alone()
        data = self.get_serializer(self.get_queryset().get(pk=batch.ids[0])).data
        headers = {"ETag": etag_of(data), "Location": address_of(self, data)}
        return Response(data, status.HTTP_201_CREATED, headers=headers)
