"""What the lists of records have in common."""

from rest_framework import mixins, viewsets

from customers.api.door import CreateOne, Door, RetrieveOne
from customers.models import (
    ChangeSet,
)

API = ChangeSet.Source.API


class CreateListRetrieve(
    Door, CreateOne, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet
):
    """Facts are added and read; they are not changed afterwards."""
