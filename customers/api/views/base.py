"""What the lists of records have in common."""

from rest_framework import mixins, viewsets

from customers.models import (
    ChangeSet,
)

API = ChangeSet.Source.API


class CreateListRetrieve(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Facts are added and read; they are not changed afterwards."""
