"""Publishing a version: asked for here, done by a worker, followed under publish-requests."""

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from customers.api.door import Door, RetrieveOne
from customers.api.errors import Conflict
from insights.api.filters import PublishRequestFilter
from insights.api.permissions import ManagersReadAdminsAct
from insights.api.serializers import PublishRequestSerializer
from insights.models import ModelVersion, PublishRequest, TrainingRun
from insights.progress import refusal_sentence
from insights.requesting import NotPublishable, request_publishing


class PublishRequestViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    """What was asked to be published, and what has become of it. Managers and admins read."""

    serializer_class = PublishRequestSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersReadAdminsAct]
    filterset_class = PublishRequestFilter
    queryset = PublishRequest.objects.select_related("requested_by")


def ask_for(version: ModelVersion, request) -> Response:
    """202 with the request, and where to look for its end."""
    try:
        one = request_publishing(version, TrainingRun.Origin.API, request.user)
    except NotPublishable as refusal:
        raise Conflict(refusal_sentence(version, refusal.code), refusal.code) from refusal
    response = Response(PublishRequestSerializer(one).data, status=status.HTTP_202_ACCEPTED)
    response["Location"] = reverse("api-publish-request-detail", args=[one.pk])
    return response


def version_before(kind: str) -> ModelVersion:
    """The one that was published before the champion, whichever number it has; its scores are still kept."""
    of_kind = ModelVersion.objects.filter(kind=kind)
    champion = of_kind.filter(is_champion=True).exists()
    before = of_kind.filter(kept=True, published_at__isnull=False, is_champion=False)
    version = before.order_by("-published_at", "-number").first() if champion else None
    if version is None:
        raise NotFound(_("There is no earlier version to go back to."))
    return version
