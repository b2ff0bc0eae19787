"""Products: everybody reads, managers and admins write."""

from django.db import transaction
from rest_framework import viewsets

from customers.api import filters
from customers.api.door import ChangeOne
from customers.api.pagination import BY_ID, FOLLOWED, UPDATED
from customers.api.permissions import AdminsDelete, ManagersWrite
from customers.api.serializers import (
    ProductSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.api.views.keeping import Kept
from customers.changing import open_change_set
from customers.editing import edit_product
from customers.models import (
    Product,
)
from customers.paging import Sort


class ProductViewSet(Kept, ChangeOne, CreateListRetrieve):
    serializer_class = ProductSerializer
    counted_as = "products"
    orderings = BY_ID | {
        "name": Sort("name", False, ties_follow=True, nullable=False),
        "updated_at": UPDATED,
    }
    followed = FOLLOWED
    filterset_class = filters.ProductFilter
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersWrite, AdminsDelete]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    queryset = Product.objects.all()

    @transaction.atomic
    def perform_create(self, serializer) -> None:
        serializer.save(recorded_in=open_change_set(API, self.request.user))

    def perform_update(self, serializer) -> None:
        product = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(product, name, value)
        edit_product(product, serializer.validated_data, self.request.user, API)
