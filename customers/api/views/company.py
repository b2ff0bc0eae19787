"""What a company calls its things, and who its people are: read by all, over what each may know of."""

from django.db import transaction
from django.db.models import Prefetch
from rest_framework import mixins, viewsets
from rest_framework.response import Response

from customers import archiving
from customers.api import filters
from customers.api.door import ChangeOne, Door, RetrieveOne
from customers.api.permissions import AdminsWrite
from customers.api.serializers.company import (
    AttributeSerializer,
    CompanySerializer,
    ExchangeRateSerializer,
    TagSerializer,
    TeamSerializer,
    UserSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.api.views.keeping import Deleted
from customers.changing import open_change_set, save_changed
from customers.filters import colleagues_of, teams_of
from customers.models import Company, CustomAttribute, ExchangeRate, Tag, Team, User

ADMINS = [*viewsets.GenericViewSet.permission_classes, AdminsWrite]
CHANGING = ["get", "post", "patch", "head", "options"]


class CompanyView(Door, viewsets.GenericViewSet):
    """Its currency, time zone and horizon; admins set them on the settings page."""

    serializer_class = CompanySerializer
    pagination_class = None
    filter_backends: list = []
    queryset = Company.objects.none()

    def retrieve(self, request) -> Response:
        """What amounts and days are counted in."""
        return self.one(self.get_serializer(Company.current()).data)


class Defined(ChangeOne, CreateListRetrieve):
    """Defined by whoever may; who did it stands in the change set."""

    @transaction.atomic
    def perform_create(self, serializer) -> None:
        row = serializer.save()
        open_change_set(API, self.request.user, f"{row._meta.model_name}: {row}")

    def perform_update(self, serializer) -> None:
        row, data = serializer.instance, serializer.validated_data
        for name, value in data.items():
            setattr(row, name, value)
        change_set = open_change_set(API, self.request.user)
        if not save_changed(row, change_set, data):
            change_set.delete()


class AttributeViewSet(Defined):
    serializer_class = AttributeSerializer
    permission_classes = ADMINS
    filterset_class = filters.AttributeFilter
    http_method_names = CHANGING
    lookup_field = "name"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    queryset = CustomAttribute.objects.all()


class TagViewSet(Defined):
    """Everybody makes tags, as on the pages."""

    serializer_class = TagSerializer
    filterset_class = filters.TagFilter
    http_method_names = ["get", "post", "head", "options"]
    queryset = Tag.objects.all()


class ExchangeRateViewSet(Deleted, Defined):
    """Orders keep the rate that they were stored with."""

    deleting = staticmethod(archiving.delete_rate)

    serializer_class = ExchangeRateSerializer
    permission_classes = ADMINS
    filterset_class = filters.ExchangeRateFilter
    http_method_names = [*CHANGING, "delete"]
    queryset = ExchangeRate.objects.all()


class TeamViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    serializer_class = TeamSerializer
    filterset_class = filters.TeamFilter
    queryset = Team.objects.none()

    def get_queryset(self):
        return teams_of(self.request.user)


class UserViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    serializer_class = UserSerializer
    filterset_class = filters.UserFilter
    queryset = User.objects.none()

    def get_queryset(self):
        user = self.request.user
        known = User.objects.all() if user.is_admin else colleagues_of(user)
        # By their keys: what is prefetched is joined to the people once more.
        seen = Team.objects.filter(pk__in=teams_of(user).values("pk"))
        return known.prefetch_related(Prefetch("teams", seen))
