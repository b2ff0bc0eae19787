"""Training runs and model versions: managers read them, admins train and stop."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.response import Response

from customers.api.door import Door, RetrieveOne
from customers.api.permissions import TRAIN
from customers.models import User
from insights.api.serializers import ModelVersionSerializer, TrainingRunSerializer
from insights.models import ModelVersion, TrainingRun
from insights.requesting import request_stop, request_training


class ManagersReadAdminsTrain(BasePermission):
    def has_permission(self, request, view) -> bool:
        reading = request.method in SAFE_METHODS
        return request.user.role == User.Role.ADMIN or (
            reading and request.user.role == User.Role.MANAGER
        )


class TrainingRunViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    post_scopes = TRAIN
    serializer_class = TrainingRunSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersReadAdminsTrain]
    filterset_fields = ["kind", "status", "outcome"]
    queryset = TrainingRun.objects.select_related("requested_by")

    @extend_schema(responses={202: TrainingRunSerializer})
    def create(self, request) -> Response:
        """Ask for a training; where one of this kind is under way, the answer is that one."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        kind = serializer.validated_data["kind"]
        run = request_training(kind, TrainingRun.Origin.API, request.user)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: TrainingRunSerializer})
    @action(detail=True, methods=["post"], filterset_fields=None)
    def stop(self, request, pk=None) -> Response:
        """Ask a waiting or running training to stop."""
        run = self.get_object()
        request_stop(run)
        run.refresh_from_db()
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)


class ModelVersionViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    serializer_class = ModelVersionSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersReadAdminsTrain]
    filterset_fields = ["kind", "is_champion"]
    queryset = ModelVersion.objects.all()
