"""What was deleted, for systems that keep a copy."""

import datetime

from rest_framework import mixins, viewsets

from customers.api import filters
from customers.api.door import Door
from customers.api.serializers.deletions import DeletionSerializer
from customers.models import Deletion
from customers.paging import Sort


class DeletionViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = DeletionSerializer
    filterset_class = filters.DeletionFilter
    orderings = {
        "deleted_at": Sort("deleted_at", True, datetime.datetime, ties_follow=True, nullable=False)
    }
    followed = {"recorded_from": "deleted_at"}
    queryset = Deletion.objects.none()

    def get_queryset(self):
        return Deletion.objects.visible_to(self.request.user)
