"""Archive and bring back, and delete what nothing speaks of."""

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from customers import archiving
from customers.api.conditions import etag_of
from customers.api.errors import Conflict, PreconditionFailed
from customers.api.known import NothingSerializer
from customers.api.views.base import API


class Deleted:
    """For records that can be deleted; stands before the other bases. ``deleting`` is the verb that does it."""

    deleting = staticmethod(archiving.delete)

    @extend_schema(responses={204: None})
    @transaction.atomic
    def destroy(self, request, pk=None) -> Response:
        """For good, where nothing speaks of it; what was deleted may be deleted again."""
        try:
            row = self.get_object()
        except Http404:
            model = self.get_queryset().model
            if not archiving.was_deleted(model, pk):
                raise
            if "If-Match" in request.headers:
                raise PreconditionFailed() from None
            return Response(status=status.HTTP_204_NO_CONTENT)
        try:
            self.deleting(row, request.user, API)
        except archiving.InUse as used:
            raise Conflict(str(used), "in_use") from used
        return Response(status=status.HTTP_204_NO_CONTENT)


class Kept(Deleted):
    """For records that have ``archived_at``; stands before the other bases."""

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], filterset_class=None)
    def archive(self, request, pk=None) -> Response:
        """Out of the lists on the pages; nothing is lost. Archived already, it stays so since when it was."""
        return self._keep(request, archiving.archive)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], filterset_class=None)
    def restore(self, request, pk=None) -> Response:
        """Back from the archive."""
        return self._keep(request, archiving.restore)

    @transaction.atomic
    def _keep(self, request, verb) -> Response:
        row = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        verb(row, request.user, API)
        data = self.get_serializer(self.get_queryset().get(pk=row.pk)).data
        return Response(data, headers={"ETag": etag_of(data)})
