"""Training runs and model versions: managers read them, admins train, stop, publish and roll back."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api.door import Door, RetrieveOne
from customers.api.errors import Conflict
from customers.api.known import NothingSerializer
from customers.api.permissions import TRAIN
from insights.api.filters import ModelVersionFilter
from insights.api.permissions import ManagersReadAdminsAct
from insights.api.serializers import (
    ModelVersionSerializer,
    PublishRequestSerializer,
    RollBackSerializer,
    TrainingRunSerializer,
)
from insights.api.views.publishing import ask_for, version_before
from insights.models import ModelVersion, TrainingRun
from insights.requesting import request_stop, request_training


class TrainingRunViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    post_scopes = TRAIN
    serializer_class = TrainingRunSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersReadAdminsAct]
    filterset_fields = ["kind", "status", "outcome"]
    queryset = TrainingRun.objects.select_related("requested_by")

    @extend_schema(
        responses={
            202: OpenApiResponse(
                TrainingRunSerializer, description="A new run waits in the queue."
            ),
            200: OpenApiResponse(
                TrainingRunSerializer,
                description="One of this kind waits or is under way: this is it, no second one is queued.",
            ),
        }
    )
    def create(self, request) -> Response:
        """Ask for a training; where one of this kind is under way, the answer is that one."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        kind = serializer.validated_data["kind"]
        run = request_training(kind, TrainingRun.Origin.API, request.user)
        code = status.HTTP_202_ACCEPTED if run.is_new else status.HTTP_200_OK
        return Response(self.get_serializer(run).data, status=code)

    @extend_schema(request=None, responses={202: TrainingRunSerializer})
    @action(detail=True, methods=["post"], filterset_fields=None)
    def stop(self, request, pk=None) -> Response:
        """Ask a waiting or running training to stop."""
        run = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        if not request_stop(run):
            raise Conflict(_("This training has ended: there is nothing to stop."), "not_active")
        run.refresh_from_db()
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)


class ModelVersionViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    post_scopes = TRAIN
    serializer_class = ModelVersionSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersReadAdminsAct]
    filterset_class = ModelVersionFilter
    queryset = ModelVersion.objects.all()

    @extend_schema(request=None, responses={202: PublishRequestSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def publish(self, request, pk=None) -> Response:
        """Ask for this version to become champion; a worker brings its scores to every customer."""
        version = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return ask_for(version, request)

    @extend_schema(request=RollBackSerializer, responses={202: PublishRequestSerializer})
    @action(detail=False, methods=["post"], url_path="roll-back", filterset_class=None)
    def roll_back(self, request) -> Response:
        """Ask for the version that was published before the champion to be published again."""
        serializer = RollBackSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return ask_for(version_before(serializer.validated_data["kind"]), request)
